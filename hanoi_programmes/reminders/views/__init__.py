"""What the edge answers about reminders, one file a matter."""
