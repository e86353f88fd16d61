"""Tests of the virtual boxes."""
