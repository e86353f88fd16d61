"""Tests of Vision Hub."""
