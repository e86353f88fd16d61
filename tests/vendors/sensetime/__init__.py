"""The client of SenseTime nodes."""
