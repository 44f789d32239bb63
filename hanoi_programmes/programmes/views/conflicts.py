"""Two people on the same task: what each wrote, field by field, and a choice before it goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpResponse, QueryDict
from django.utils.timezone import localdate

from hanoi_programmes.people.http import Request
from hanoi_programmes.programmes.forms import ReportForm
from hanoi_programmes.programmes.models import ProgressReport, Task
from hanoi_programmes.programmes.services.conflicts import MINE, THEIRS, Clash, decided, three_way
from hanoi_programmes.programmes.shapes import line
from hanoi_programmes.ui.htmx import template

_FIELDS = ("text", "next_step", "count", "percent")


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that both filled in, each in another way."""

    name: str
    label: str
    theirs: Any
    mine: Any
    both: bool


def conflict(request: Request, task: Task, form: ReportForm, entry: ProgressReport) -> HttpResponse:
    """The screen of the later one: who reported meanwhile, what differs; nothing is written yet."""
    context = {
        "task": task,
        "entry": entry,
        "line": line(task, on=localdate()),
        "differences": list(_differences(form, entry)),
        "carried": list(_carried(form, entry)),
        "has_files": bool(form.cleaned_data["papers"]),
        "report_form": form,
    }
    page, fragment = "programmes/conflict_page.html", "programmes/_conflict.html"
    return template(request, page, fragment, context, status=409)


def _differences(form: ReportForm, entry: ProgressReport) -> Iterator[Difference]:
    for clash in _clashes(form.cleaned_data, entry):
        label = str(form.fields[clash.name].label)
        yield Difference(clash.name, label, clash.theirs, clash.mine, clash.is_text)


def _clashes(mine: dict[str, Any], entry: ProgressReport) -> tuple[Clash, ...]:
    """Against an empty form: what only one of the two filled in is no clash, and stays theirs."""
    wanted = {name: mine[name] for name in _FIELDS}
    theirs = {name: getattr(entry, name) for name in _FIELDS}
    opened = {name: "" if name in {"text", "next_step"} else None for name in _FIELDS}
    return three_way(opened, theirs, wanted).clashes


def _carried(form: ReportForm, entry: ProgressReport) -> Iterator[tuple[str, str]]:
    """All that was sent, to be sent again, with the other's report as seen."""
    left_out = {"csrfmiddlewaretoken", "seen"}
    for name, values in cast("QueryDict", form.data).lists():
        if name not in left_out and not name.startswith("choose-"):
            yield from ((name, value) for value in values)
    yield "seen", str(entry.pk)


def decided_fields(request: Request, task: Task) -> QueryDict:
    """What was sent, or after a conflict what its reader chose of the two."""
    data = request.POST.copy()
    chosen = {name: data[f"choose-{name}"] for name in _FIELDS if f"choose-{name}" in data}
    seen = data.get("seen", "")
    if not chosen or not (seen.isascii() and seen.isdigit() and len(seen) < 19):
        return data
    entry = task.reports.filter(pk=int(seen)).first()
    for name, choice in chosen.items() if entry else ():
        theirs, mine = getattr(entry, name), data.get(name, "")
        if choice == THEIRS or (choice != MINE and mine):
            value = decided(Clash(name, "", theirs, mine), str(choice))
            data[name] = "" if value is None else str(value)
    return data
