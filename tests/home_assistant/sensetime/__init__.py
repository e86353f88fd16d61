"""A SenseTime node in Home Assistant."""
