"""A vendor is added as the guide says."""
