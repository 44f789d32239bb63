"""Who may urge, who may look after the machines, and when these need somebody: verdicts only."""

from hanoi_programmes.reminders.rules.machines import may_keep_machines
from hanoi_programmes.reminders.rules.urging import is_urgeable, may_follow, may_urge

__all__ = ["is_urgeable", "may_follow", "may_keep_machines", "may_urge"]
