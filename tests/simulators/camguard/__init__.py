"""Tests of the virtual CamGuard server."""
