"""Tests of the virtual Uniview box."""
