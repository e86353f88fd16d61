"""Tests of the client of CamGuard servers."""
