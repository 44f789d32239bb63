"""What the policy looks at, read from the database in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from hanoi_programmes.people.models import Holding, User
from hanoi_programmes.people.roles import SEE_ALL, SEE_BY_UNIT, Role
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.reminders.policy import People, TaskFacts

# In the order of the fields of `TaskFacts`.
_FIELDS = (
    "pk",
    "state",
    "deadline",
    "issued_on",
    "submitted_on",
    "last_report_on",
    "officer_id",
    "lead_unit_id",
    "lead_unit__path",
    "lead_unit__parent_id",
    "parent__lead_unit_id",
    "above_path",
    "is_citys",
)
_CHUNK = 2000


def facts_of(tasks: TaskQuerySet) -> Iterator[TaskFacts]:
    """The facts of tasks with a lead unit, streamed: memory does not grow with their number."""
    rows = tasks.filter(lead_unit__isnull=False).annotate(
        above_path=Coalesce("parent__lead_unit__path", Value("")),
        is_citys=Q(parent__isnull=True),
    )
    # In one order everywhere: two planners wait for each other and cannot lock crosswise.
    for row in rows.order_by("pk").values_list(*_FIELDS).iterator(chunk_size=_CHUNK):
        yield TaskFacts(*row)


def facts_by_id(ids: set[int]) -> dict[int, TaskFacts]:
    """The facts of a few tasks."""
    return {facts.pk: facts for facts in facts_of(Task.objects.filter(pk__in=ids))}


def people_on(on: date, *, among: set[int] | None = None) -> People:
    """Everybody active with a say in programmes, and who heads which unit on the day.

    `among` reads these people only: enough to ask of one of them whether they are still meant.
    """
    users = User.objects.filter(is_active=True, role__in=SEE_ALL | SEE_BY_UNIT)
    held = Holding.objects.of_heads().held(on)
    if among is not None:
        users, held = users.filter(pk__in=among), held.filter(user__in=among)
    by_role: dict[str, set[int]] = defaultdict(set)
    officers: dict[int, set[int]] = defaultdict(set)
    places: dict[int, str] = {}
    for pk, role, unit_id, path in users.values_list("pk", "role", "unit_id", "unit__path"):
        by_role[role].add(pk)
        places[pk] = "" if role in SEE_ALL else path
        if role == Role.OFFICER and unit_id:
            officers[unit_id].add(pk)
    return People(
        officers={unit: frozenset(members) for unit, members in officers.items()},
        heads=dict(held.values_list("post__unit_id", "user_id")),
        office=frozenset(by_role[Role.OFFICE]),
        leaders=frozenset(by_role[Role.LEADER]),
        places=places,
    )
