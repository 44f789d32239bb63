"""Reference data: resolutions, groups, targets, programmes, documents, known tasks."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import (
    ActionProgramme,
    Document,
    Resolution,
    Target,
    Task,
    TaskGroup,
)
from hanoi_programmes.programmes.states import State

DATA = Path(__file__).parent.parent / "data"


def read(name: str) -> dict[str, Any]:
    """A data file of programmes."""
    content: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    return content


@transaction.atomic
def load_programmes() -> dict[str, int]:
    """Write resolutions, programmes and what hangs on them from the data files; safe to repeat.

    The tasks known from public sources stay drafts: their results are unknown, and a task that
    nobody issued in this system cannot be late.
    """
    for row in read("resolutions.json")["resolutions"]:
        _load_resolution(row)
    for row in read("programmes.json")["programmes"]:
        _load_programme(row)
    return {
        "resolutions": Resolution.objects.count(),
        "programmes": ActionProgramme.objects.count(),
        "groups": TaskGroup.objects.count(),
        "targets": Target.objects.count(),
        "documents": Document.objects.count(),
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _sourced(row: dict[str, Any]) -> dict[str, str]:
    return {"source": row["source"], "confidence": row["confidence"]}


def _load_resolution(row: dict[str, Any]) -> None:
    names = ("number", "title", "short", "issuer", "field", "summary")
    fields = {name: row[name] for name in names} | _sourced(row)
    resolution, _ = Resolution.objects.update_or_create(
        key=row["key"], defaults=fields | {"issued_on": date.fromisoformat(row["issued_on"])}
    )
    for target in row["targets"]:
        _load_target(target, resolution=resolution)


def _load_target(row: dict[str, Any], **owner: Resolution | ActionProgramme) -> None:
    names = ("name", "operator", "value", "value_max", "year")
    texts = {name: row[name] or "" for name in ("text", "unit", "note")}
    fields = {name: row[name] for name in names} | texts | _sourced(row) | owner
    Target.objects.update_or_create(code=row["code"], defaults=fields)


def _load_programme(row: dict[str, Any]) -> None:
    names = ("title", "issuer", "status", "note")
    fields = {name: row[name] for name in names} | _sourced(row)
    fields |= {
        "number": row["number"] or "",
        "issued_on": _day(row["issued_on"]),
        "resolution": Resolution.objects.get(key=row["resolution"]),
    }
    programme, _ = ActionProgramme.objects.update_or_create(key=row["key"], defaults=fields)
    for group in row["groups"]:
        TaskGroup.objects.update_or_create(
            programme=programme,
            number=group["number"],
            defaults={"heading": group["heading"]} | _sourced(group),
        )
    for document in row["documents"]:
        _load_document(programme, document)
    for target in row["targets"]:
        _load_target(target, programme=programme)
    for task in row["tasks"]:
        _load_known_task(programme, task)


def _load_document(programme: ActionProgramme, row: dict[str, Any]) -> None:
    Document.objects.update_or_create(
        programme=programme,
        number=row["number"],
        defaults={
            "issuer": row["issuer"],
            "issued_on": _day(row["issued_on"]),
            "subject": row["subject"],
        }
        | _sourced(row),
    )


def _load_known_task(programme: ActionProgramme, row: dict[str, Any]) -> None:
    """A task named in a public source, as a draft; what the office issued stays as it is."""
    deadline = _day(row["deadline"])
    precise = row["deadline_kind"] if deadline else ""
    fields = {
        "programme": programme,
        "task_group": programme.groups.get(number=row["group"]),
        "text": row["title"],
        "product": row["deliverable"] or "",
        "lead_unit": Unit.objects.filter(code=row["lead"] or "").first(),
        "source_document": row["origin"],
        "starts_on": _day(row["start"]),
        "deadline_text": row["deadline_text"] or "",
        "deadline": deadline,
        "original_deadline": deadline,
        "precision": precise,
        "rhythm": row["rhythm"] or "",
        "state": State.DRAFT,
    } | _sourced(row)
    Task.objects.get_or_create(code=row["code"], defaults=fields)
