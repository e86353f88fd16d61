"""Tests of what keeps alarms."""
