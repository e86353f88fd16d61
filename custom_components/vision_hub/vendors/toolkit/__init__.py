"""What vendors share to talk to hubs: connections, lists in pages, lenient readers."""
