"""Tests of the alarm pipeline."""
