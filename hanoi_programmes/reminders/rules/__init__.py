"""Who may settle rungs, urge, or look after the machines, and when these need somebody."""

from hanoi_programmes.reminders.rules.ladder import may_edit_ladder, may_see_ladder
from hanoi_programmes.reminders.rules.machines import may_keep_machines
from hanoi_programmes.reminders.rules.urging import is_urgeable, may_follow, may_urge

__all__ = [
    "is_urgeable",
    "may_edit_ladder",
    "may_follow",
    "may_keep_machines",
    "may_see_ladder",
    "may_urge",
]
