"""What a user can have a hub do."""
