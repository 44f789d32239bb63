"""With whom a task past its deadline lies on a day, read as `charges` reads it: lists and figures.

Each such task lies in one place: with the verifier while it is submitted, else with who has to
decide what the unit asked for (an obstacle, or more time asked for in time), else with the unit.
"""

from datetime import date

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from hanoi_programmes.programmes.models import Extension, Obstacle, Referral
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.timeliness import Group, Side


def past_deadline(rows: TaskQuerySet, on: date) -> TaskQuerySet:
    """Neither done nor suspended, and past the deadline of the day; after `with_group_on`."""
    submitted = Q(group=Group.AWAITING, due__lt=on)
    return rows.filter(Q(group=Group.OVERDUE) | submitted)


def stuck_at(rows: TaskQuerySet, side: Side, on: date) -> TaskQuerySet:
    """Those of them that lie with this side on the day; after `with_group_on`."""
    late = past_deadline(rows, on)
    if side == Side.VERIFIER:
        return late.in_groups(Group.AWAITING)
    late = late.in_groups(Group.OVERDUE)
    asked = waits_for_decision(on)
    return late.filter(asked) if side == Side.DECIDER else late.exclude(asked)


def waits_for_decision(on: date) -> Q:
    """On the day somebody else than the lead unit had still to decide what it asked for."""
    # Asked of each late task, by index: the list of all that is asked anywhere reads every task.
    obstacles, requests = (
        rows.filter(task=OuterRef("pk")) for rows in (_obstacles(on), _requests(on))
    )
    return Q(Exists(obstacles)) | Q(Exists(requests))


def _obstacles(on: date) -> QuerySet[Obstacle]:
    """Undecided on the day, and before another body than the lead unit then."""
    undecided = Q(resolved_on__isnull=True) | Q(resolved_on__gt=on)
    rows = Obstacle.objects.filter(undecided, raised_on__lte=on, is_withdrawn=False).order_by()
    # Who passed it on after the day still had it on the day.
    later = Referral.objects.filter(obstacle=OuterRef("pk"), on__gt=on).order_by("on", "pk")
    holder = Case(
        When(Exists(later), then=Subquery(later.values("unit")[:1])),
        default=F("decider"),
        output_field=BigIntegerField(),
    )
    asked = rows.annotate(holder=holder)
    return asked.filter(Q(holder__isnull=True) | ~Q(holder=OuterRef("lead_unit")))


def _requests(on: date) -> QuerySet[Extension]:
    """For more time, asked for before the deadline had passed and not answered on the day."""
    undecided = Q(decided_on__isnull=True) | Q(decided_on__gt=on)
    rows = Extension.objects.filter(undecided, Q(asked_on__lte=on) & Q(asked_on__lte=F("deadline")))
    return rows.exclude(answer=Extension.Answer.WITHDRAWN).order_by()
