"""Who is answerable where, and who may do what with units, posts and accounts: verdicts only."""

from hanoi_programmes.people.rules.merging import may_merge, may_merge_areas, may_merge_units
from hanoi_programmes.people.rules.places import (
    calendar_exceptions,
    head_of,
    heads_of,
    is_head,
    may_see_programmes,
    works_for,
)

__all__ = [
    "calendar_exceptions",
    "head_of",
    "heads_of",
    "is_head",
    "may_merge",
    "may_merge_areas",
    "may_merge_units",
    "may_see_programmes",
    "works_for",
]
