"""Tests of the virtual IVM cloud."""
