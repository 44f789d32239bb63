"""Tasks below that go along when a task is suspended, resumed or cancelled: one act, set-based."""

from django.db.models import F

from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.services.history import record_many
from hanoi_programmes.programmes.states import Move, State


def followers_of(task: Task, step: Move) -> TaskQuerySet:
    """The tasks below, at any depth, from whose state the move may be made; none if it carries no
    others."""
    return followers_of_all([task], step)


def followers_of_all(tasks: list[Task], step: Move) -> TaskQuerySet:
    """Those below any of the tasks; the tasks themselves are not among them."""
    if not step.carries:
        return Task.objects.none()
    rows = Task.objects.below(*tasks).filter(state__in=step.sources)
    return rows.exclude(pk__in=[task.pk for task in tasks])


def carry(task: Task, step: Move, *, act: Act, note: str) -> int:
    """Make the move on all followers, each with its own event; returns how many they were.

    The caller has locked the task and asked the rules; every move that carries is the office's.
    """
    rows = followers_of(task, step).select_for_update(of=("self",), no_key=True).order_by("pk")
    followers = list(rows)
    if not followers:
        return 0
    ids = [follower.pk for follower in followers]
    Task.objects.filter(pk__in=ids).update(state=step.target, version=F("version") + 1)
    told = {}
    for follower in followers:
        changes = {"state": [State(follower.state).label, step.target.label]}
        told[follower.pk] = Told(step.name, f"{step.told} theo {task.code}", note, changes)
        follower.state = step.target
    record_many(followers, act, told)
    return len(followers)
