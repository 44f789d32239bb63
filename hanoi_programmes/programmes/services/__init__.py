"""The only writers of programmes: each function is one transaction and records one event."""
