"""Holds the integration, as Home Assistant looks for it."""
