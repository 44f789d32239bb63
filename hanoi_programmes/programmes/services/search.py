"""Search over tasks, units and documents: reads only, and only what its reader may see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    Model,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)

from hanoi_programmes.lib.text import fold, words_of
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.models.folded import Folded, Joined
from hanoi_programmes.people.roles import Level
from hanoi_programmes.programmes.models import (
    ActionProgramme,
    Document,
    Evidence,
    Resolution,
    Task,
)
from hanoi_programmes.programmes.shapes import Line, lines

# Shorter than this, everything matches.
SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Paper:
    """A document in the results: number, what it is about, and the kind of its page.

    `page` is resolution, programme or task; `key` names which one.
    """

    number: str
    about: str
    meta: str
    page: str
    key: str | int


@dataclass(slots=True)
class Found:
    """What a search found, group by group: the best rows, and how many there are in all."""

    words: list[str]
    tasks: list[Line] = field(default_factory=list)
    task_count: int = 0
    # More tasks than are counted: `task_count` is then the number that they exceed.
    tasks_exceed: bool = False
    units: list[Unit] = field(default_factory=list)
    unit_count: int = 0
    papers: list[Paper] = field(default_factory=list)
    paper_count: int = 0

    @property
    def is_asked(self) -> bool:
        """Whether there is enough to search for."""
        return bool(self.words)

    @property
    def count(self) -> int:
        """In all groups together."""
        return self.task_count + self.unit_count + self.paper_count


def search(query: str, *, user: User, on: date, most: int) -> Found:
    """The best `most` of each kind; nothing for a query that is too short."""
    words = words_of(query)
    if not user.is_active or len("".join(words)) < SHORTEST:
        return Found([])
    found = Found(words)
    whole = " ".join(fold(query).split())
    found.units, found.unit_count = _units(query, whole, user, most)
    if user.sees_all or user.sees_by_unit:
        keys, rank, found.tasks_exceed = _candidates(query, whole, user, most)
        found.task_count = min(len(keys), settings.SEARCH_COUNTS_TO)
        found.tasks = _tasks(keys, rank, on, most)
        found.papers, found.paper_count = _papers(words, user, most)
    return found


def _best(rows: QuerySet[Any], most: int) -> tuple[list[int], int]:
    """The keys of the first rows and the number of all, in one query that reads nothing wide."""
    first = list(rows.annotate(all=Window(Count("*"))).values_list("pk", "all")[:most])
    return [pk for pk, _ in first], first[0][1] if first else 0


def _in_order(rows: Iterable[Any], keys: list[int]) -> list[Any]:
    place = {key: n for n, key in enumerate(keys)}
    return sorted(rows, key=lambda row: place[row.pk])


def _rank(*conditions: Q) -> Case:
    """0 for rows of the first condition, 1 of the second …: what is exact comes first."""
    whens = (When(condition, then=Value(n)) for n, condition in enumerate(conditions))
    return Case(*whens, default=Value(len(conditions)), output_field=IntegerField())


def _candidates(query: str, whole: str, user: User, most: int) -> tuple[list[int], Case, bool]:
    """The keys to rank, how, and whether there are more than are counted.

    A word that stands in most tasks costs no more than another: the newest of its tasks are
    ranked, and beside them whatever an index finds at once, the code and the city's own tasks.
    """
    city = Q(parent__isnull=True)
    phrase = [city & Q(search__contains=whole)] if " " in whole else []
    rank = _rank(
        Q(search__startswith=f"{whole} "),
        Q(search__endswith=f" {whole}"),
        Q(search__startswith=whole),
        *phrase,
        city,
    )
    rows = Task.objects.visible_to(user).matching(query)
    # Newest first by the index of keys, until there are enough. Of the few that a ward may see that
    # index tells nothing: put like this, the door is asked first.
    of_ward = user.unit is not None and user.unit.level == Level.COMMUNE
    newest = rows.order_by(-F("pk") if of_ward else "-pk").values_list("pk", flat=True)
    keys = list(newest[: settings.SEARCH_COUNTS_TO + 1])
    exceeds = len(keys) > settings.SEARCH_COUNTS_TO
    if exceeds:
        first = rows.filter(Q(code__startswith=whole.upper()) | city).order_by(*_by_rank(rank))
        keys += first.values_list("pk", flat=True)[:most]
    return keys, rank, exceeds


def _by_rank(rank: Case) -> tuple[Any, ...]:
    return rank, F("issued_on").desc(nulls_last=True), "pk"


def _tasks(keys: list[int], rank: Case, on: date, most: int) -> list[Line]:
    """By code or number, then the city's own tasks, first those with the words in this order."""
    if not keys:
        return []
    rows = Task.objects.filter(pk__in=keys).order_by(*_by_rank(rank))
    best = list(rows.values_list("pk", flat=True)[:most])
    shown = Task.objects.filter(pk__in=best).with_group(on).select_related("lead_unit")
    return lines(_in_order(shown, best), on=on)


def _units(query: str, whole: str, user: User, most: int) -> tuple[list[Unit], int]:
    rows = Unit.objects.visible_to(user).matching(query)
    exact = _rank(Q(search__startswith=f"{whole} "), Q(search__endswith=f" {whole}"))
    keys, count = _best(rows.order_by(exact, "-is_active", "level", "sort_key"), most)
    return _in_order(Unit.objects.filter(pk__in=keys).select_related("axis", "area"), keys), count


def _papers(words: list[str], user: User, most: int) -> tuple[list[Paper], int]:
    """Resolutions and programmes, then documents under them, then what was given as evidence."""
    found: list[Paper] = []
    count = 0
    for rows, shape in _SHELVES:
        shelf = rows(user, words)
        keys, number = _best(_folded(shelf, words), most)
        count += number
        if len(found) < most and keys:
            model: type[Model] = shelf.model
            related: QuerySet[Any] = model._default_manager.filter(pk__in=keys)
            related = related.select_related(*_RELATED[model])
            found += [shape(row) for row in _in_order(related, keys)]
    return found[:most], count


def _folded(rows: QuerySet[Any], words: list[str]) -> QuerySet[Any]:
    text = Folded(Joined(*_COLUMNS[rows.model]))
    asked = (Q(folded__contains=word) for word in words)
    matching: QuerySet[Any] = rows.alias(folded=text).filter(*asked).order_by("-pk")
    return matching


def _evidence(user: User, words: list[str]) -> QuerySet[Evidence]:
    rows = Evidence.objects.order_by()
    if user.sees_all:
        return rows
    tasks = Task.objects.visible_to(user)
    # Who sees by unit pays for the door once a task: so only tasks with such evidence, if few.
    keys = list(_folded(rows, words).values_list("task", flat=True)[: settings.SEARCH_COUNTS_TO])
    if len(keys) < settings.SEARCH_COUNTS_TO:
        return rows.filter(task__in=list(tasks.filter(pk__in=keys).values_list("pk", flat=True)))
    return rows.filter(task__in=tasks)


def _dated(issuer: str, day: date | None) -> str:
    return f"{issuer}, {day:%d/%m/%Y}" if day else issuer


_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Resolution: ("number", "title", "short"),
    ActionProgramme: ("number", "title"),
    Document: ("number", "issuer", "subject"),
    Evidence: ("document_number", "document_issuer", "name"),
}
_RELATED: dict[type[Model], tuple[str, ...]] = {
    Resolution: (),
    ActionProgramme: (),
    Document: ("programme",),
    Evidence: ("task",),
}
_SHELVES: tuple[tuple[Callable[[User, list[str]], QuerySet[Any]], Callable[[Any], Paper]], ...] = (
    (
        lambda _user, _words: Resolution.objects.all(),
        lambda r: Paper(str(r), r.title, _dated(r.issuer, r.issued_on), "resolution", r.key),
    ),
    (
        lambda user, _words: ActionProgramme.objects.visible_to(user),
        lambda p: Paper(str(p), p.title, _dated(p.issuer, p.issued_on), "programme", p.key),
    ),
    (
        lambda _user, _words: Document.objects.all(),
        lambda d: Paper(
            d.number, d.subject, _dated(d.issuer, d.issued_on), "programme", d.programme.key
        ),
    ),
    (
        _evidence,
        lambda e: Paper(
            str(e),
            f"Minh chứng của {e.task.code}",
            _dated(e.document_issuer, e.document_date),
            "task",
            e.task_id,
        ),
    ),
)
