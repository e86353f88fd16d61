"""Tests of the Uniview client."""
