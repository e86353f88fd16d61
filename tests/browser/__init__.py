"""The demo as a user meets it."""
