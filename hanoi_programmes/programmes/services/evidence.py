"""What a verdict does to evidence, the day it makes the completion's, and files no row names."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.core.files.storage import default_storage
from django.db.models import Max, Q, QuerySet

from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import Evidence, Task
from hanoi_programmes.programmes.rules import Judgement

_Verdict = Evidence.Verdict
# Where files of evidence lie, each in a folder named by its first two characters.
FOLDER = "evidence"


def settle(task: Task, judged: Mapping[int, Judgement], act: Act, *, rest: _Verdict) -> list[int]:
    """Write the verdicts on the waiting items; those not judged get `rest`. The keys accepted."""
    waiting = list(task.evidence.filter(verdict=_Verdict.WAITING).order_by("pk"))
    for item in waiting:
        said = judged.get(item.pk)
        kind = rest if said is None else _kind(said)
        item.verdict, item.verdict_note = kind, said.note if said else ""
        item.verdict_by, item.verdict_on = act.by, act.on
    fields = ["verdict", "verdict_note", "verdict_by", "verdict_on"]
    Evidence.objects.bulk_update(waiting, fields)
    return [item.pk for item in waiting if item.verdict == _Verdict.ACCEPTED]


def _kind(said: Judgement) -> _Verdict:
    return _Verdict.ACCEPTED if said.is_accepted else _Verdict.RETURNED


def completion_day(task: Task, accepted_now: list[int]) -> date | None:
    """The newest accepted document's day between issue and submission, else the submission's.

    What was accepted in an earlier round of the same completion counts too; a document from before
    a reopening does not: it dates the old completion.
    """
    good = _of_this_completion(task, accepted_now)
    within = good.filter(document_date__range=(task.issued_on, task.submitted_on))
    newest: date | None = within.aggregate(newest=Max("document_date"))["newest"]
    return newest or task.submitted_on


def _of_this_completion(task: Task, accepted_now: list[int]) -> QuerySet[Evidence]:
    good = task.evidence.filter(verdict=_Verdict.ACCEPTED)
    reopened = task.events.filter(kind="reopen").aggregate(last=Max("at"))["last"]
    if reopened is None:
        return good
    return good.filter(Q(pk__in=accepted_now) | Q(report__at__gt=reopened))


def summary(judged: Mapping[int, Judgement]) -> str:
    """What the history says of several items: "2 minh chứng đạt, 1 trả lại"; of one, nothing."""
    if len(judged) < 2:
        return ""
    good = sum(item.is_accepted for item in judged.values())
    return f"{good} minh chứng đạt, {len(judged) - good} trả lại"


def sweep(before: datetime) -> int:
    """Delete files last written before the moment that no evidence names; how many they were.

    Such a file is left by a process that ended between storing it and writing its row. A younger
    one may belong to a row that is not committed yet.
    """
    old = [name for name in _files() if default_storage.get_modified_time(name) < before]
    if not old:
        return 0
    named = set(Evidence.objects.exclude(file="").values_list("file", flat=True).iterator())
    orphans = [name for name in old if name not in named]
    for name in orphans:
        default_storage.delete(name)
    return len(orphans)


def _files() -> Iterator[str]:
    if not default_storage.exists(FOLDER):
        return
    for folder in default_storage.listdir(FOLDER)[0]:
        place = f"{FOLDER}/{folder}"
        yield from (f"{place}/{name}" for name in default_storage.listdir(place)[1])
