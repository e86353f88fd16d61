"""What all vendors read hubs with."""
