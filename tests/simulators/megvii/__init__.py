"""Tests of the virtual MegBox."""
