"""What saved views look like beside the list and in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db.models import QuerySet

from hanoi_programmes.people.models import Area, Axis, Unit
from hanoi_programmes.programmes.models import ActionProgramme, Resolution, SavedView, TaskGroup
from hanoi_programmes.programmes.querysets import Choice

# How the rows are laid out is no condition: alone it makes no filter.
_LAYOUT = frozenset({"order", "columns"})
# Which page, of which size, is the reader's moment, not the filter.
_PASSING = frozenset({"page", "per", "ticked"})

# Conditions whose values are keys of rows; all others say themselves.
PLACES = frozenset({"resolution", "programme", "field", "axis", "area", "unit"})


@dataclass(frozen=True, slots=True)
class SavedLink:
    """One saved view in the strip; `count` is None until it is asked for."""

    view: SavedView
    is_current: bool
    is_own: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """The saved part of the strip: links, the list's own conditions, and what can be done."""

    links: list[SavedLink]
    query: str
    is_counted: bool = False

    @property
    def current(self) -> SavedLink | None:
        """The first view that asks what the list shows."""
        return next((link for link in self.links if link.is_current), None)

    @property
    def may_save(self) -> bool:
        """Whether the list is filtered, and not by what already has a name."""
        return bool(self.query) and self.current is None


def kept_query(raw: Mapping[str, Sequence[str]]) -> str:
    """The conditions of a list's address as they are kept; "" when it asks nothing."""
    kept = {name: [v for v in raw[name] if v] for name in raw if name not in _PASSING}
    kept = {name: values for name, values in kept.items() if values}
    return urlencode(kept, doseq=True) if set(kept) - _LAYOUT else ""


def is_same(query: str, other: str) -> bool:
    """Whether two query strings ask the same, in whatever order."""
    return sorted(parse_qsl(query)) == sorted(parse_qsl(other))


def place_names(choices: Iterable[Choice]) -> dict[tuple[str, str], str]:
    """What the keys of many choices stand for, by condition and key; a query each kind."""
    asked: dict[str, set[str]] = {}
    for choice in choices:
        for name, key in choice.conditions.items():
            asked.setdefault(name, set()).add(key)
    found: dict[tuple[str, str], str] = {}
    for name, (column, rows) in _kinds().items():
        if keys := asked.get(name):
            named = rows.filter(**{f"{column}__in": keys})
            found |= {(name, getattr(row, column)): str(row) for row in named}
    if keys := asked.get("field"):
        found |= {("field", key): words for key, words in _groups(keys) if key in keys}
    return found


def _kinds() -> dict[str, tuple[str, QuerySet]]:  # type: ignore[type-arg]  # rows of several models
    return {
        "resolution": ("key", Resolution.objects.all()),
        "programme": ("key", ActionProgramme.objects.select_related("resolution")),
        "unit": ("code", Unit.objects.all()),
        "area": ("code", Area.objects.all()),
        "axis": ("code", Axis.objects.all()),
    }


def _groups(keys: Iterable[str]) -> Iterable[tuple[str, str]]:
    programmes = {key.rpartition("-")[0] for key in keys}
    rows = TaskGroup.objects.filter(programme__key__in=programmes).select_related("programme")
    return [(f"{row.programme.key}-{row.number}", str(row)) for row in rows]
