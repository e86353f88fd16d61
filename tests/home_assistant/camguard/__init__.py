"""A CamGuard server in Home Assistant."""
