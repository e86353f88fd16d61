"""Tests of what vendors share."""
