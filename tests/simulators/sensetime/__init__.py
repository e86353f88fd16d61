"""Tests of the virtual SenseTime node."""
