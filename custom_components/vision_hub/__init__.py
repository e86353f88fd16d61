"""Vision Hub: AI video boxes in Home Assistant."""
