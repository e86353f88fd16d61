"""A MegBox in Home Assistant."""
