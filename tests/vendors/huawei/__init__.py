"""Tests of the client of Huawei's cloud."""
