"""Who is answerable where, and who may do what with units, posts and accounts: verdicts only."""

from hanoi_programmes.people.rules.accounts import (
    may_change_account,
    may_change_password,
    may_place,
)
from hanoi_programmes.people.rules.calendar import (
    days_of,
    may_keep_calendar,
    may_set_day,
    may_touch,
    special_day,
    years_kept,
)
from hanoi_programmes.people.rules.inspecting import may_inspect, may_see_readings
from hanoi_programmes.people.rules.merging import may_merge, may_merge_areas, may_merge_units
from hanoi_programmes.people.rules.places import (
    calendar_exceptions,
    head_of,
    heads_of,
    holdings_in,
    is_head,
    may_see_programmes,
    sees_work_of,
    works_for,
)
from hanoi_programmes.people.rules.posts import (
    held_by,
    may_add_head_post,
    may_appoint,
    may_end,
    may_keep_places,
    may_name_post,
    may_withdraw,
    overlapping,
    span,
)

__all__ = [
    "calendar_exceptions",
    "days_of",
    "head_of",
    "heads_of",
    "held_by",
    "holdings_in",
    "is_head",
    "may_add_head_post",
    "may_appoint",
    "may_change_account",
    "may_change_password",
    "may_end",
    "may_inspect",
    "may_keep_calendar",
    "may_keep_places",
    "may_merge",
    "may_merge_areas",
    "may_merge_units",
    "may_name_post",
    "may_place",
    "may_see_programmes",
    "may_see_readings",
    "may_set_day",
    "may_touch",
    "may_withdraw",
    "overlapping",
    "sees_work_of",
    "span",
    "special_day",
    "works_for",
    "years_kept",
]
