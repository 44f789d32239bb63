"""Pages about programmes and tasks: fetch through the door, call one service, render."""
