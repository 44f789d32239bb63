"""What other programs read: the calendar feed."""
