"""What Vision Hub costs, measured beside what Home Assistant costs by itself."""
