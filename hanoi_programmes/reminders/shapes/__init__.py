"""What pages show of reminders: the thread of a task, rows of what is to be urged."""

from hanoi_programmes.reminders.shapes.pressing import Pressing, Waiting, pressing_rows
from hanoi_programmes.reminders.shapes.thread import Entry, Reached, Said, reached, thread

__all__ = [
    "Entry",
    "Pressing",
    "Reached",
    "Said",
    "Waiting",
    "pressing_rows",
    "reached",
    "thread",
]
