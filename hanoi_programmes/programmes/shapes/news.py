"""What others did lately with a unit's tasks: the newest events, as the first page tells them."""

from datetime import date, timedelta

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Event
from hanoi_programmes.programmes.querysets import TaskQuerySet

# What is worth a look, and the colour of its dot; daily reports of others are not news.
TONES = {
    "issue": "run", "reassign": "run", "accept": "done", "return": "soon", "suspend": "soon",
    "resume": "run", "cancel": "soon", "reopen": "soon", "insist": "soon", "extend": "run",
    "extend-refuse": "soon", "change": "run", "decide": "done", "direct": "late",
    "direct-close": "done", "urge": "late",
}  # fmt: skip


# What is older is no news; the task's own page tells all of it.
SINCE = timedelta(days=60)


def news(tasks: TaskQuerySet, user: User, *, on: date, limit: int) -> list[tuple[str, Event]]:
    """Tone and event, newest first, by others on the tasks that the reader's unit leads.

    `tasks` are those that the reader may see. Who sees all has the lists of the page instead.
    """
    if not user.sees_by_unit:
        return []
    own = tasks.led_by(user.unit).order_by().values("pk")
    recent = Event.objects.filter(task__in=own, kind__in=TONES, on__gte=on - SINCE)
    rows = recent.exclude(by__unit=user.unit_id)
    newest = rows.select_related("task", "by__unit").order_by("-at", "-pk")[:limit]
    return [(TONES[event.kind], event) for event in newest]
