"""The query string of the task list: read, applied to scoped rows, shown as chips, fields."""

from hanoi_programmes.programmes.filters.asked import (
    LEVELS,
    MARKS,
    SPECIALS,
    Chip,
    TaskFilter,
    task_counts,
)
from hanoi_programmes.programmes.filters.drawn import FilterForm

__all__ = ["LEVELS", "MARKS", "SPECIALS", "Chip", "FilterForm", "TaskFilter", "task_counts"]
