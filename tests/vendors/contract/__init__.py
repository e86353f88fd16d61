"""Tests of what every vendor keeps to."""
