"""Reporting progress: text, count, evidence, obstacle; and submission when the work is done."""

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.core.files.base import File
from django.db import transaction
from django.db.models import F

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes import rules
from hanoi_programmes.programmes.models import (
    Evidence,
    Obstacle,
    ProgressReport,
    Situation,
    Task,
)
from hanoi_programmes.programmes.rules import Given
from hanoi_programmes.programmes.services.drafts import drop
from hanoi_programmes.programmes.services.evidence import FOLDER
from hanoi_programmes.programmes.services.history import locked, record, was_done
from hanoi_programmes.programmes.services.tasks import apply_move
from hanoi_programmes.programmes.states import MOVES

_HASH_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Paper:
    """A document named by number and date, as evidence."""

    number: str
    issued_on: date
    issuer: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file whose type was already judged by its content."""

    file: "File[bytes]"
    name: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Hindrance:
    """What stops the work and who must decide."""

    text: str
    decider_text: str
    decider: Unit | None = None
    cause: str = ""
    proposal: str = ""
    wanted_by: date | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """All that one update may carry; only the situation is required."""

    situation: Situation
    text: str = ""
    next_step: str = ""
    count: int | None = None
    percent: int | None = None
    paper: Paper | None = None
    uploads: tuple[Upload, ...] = ()
    hindrance: Hindrance | None = None
    reason: str = ""
    # The newest report when the form was opened: a later one by somebody else must be seen first.
    seen: int | None = None


class Overtaken(Exception):
    """Somebody else has reported since the form was opened: nothing was written."""

    def __init__(self, entry: ProgressReport) -> None:
        super().__init__(entry)
        self.entry = entry


def report(task: Task, update: Update, *, act: Act) -> Task:
    """Write the update and return the task; "done" also submits it for verification.

    Raises `Denied` when the task's state, the person, or missing evidence forbids it. A replayed
    form writes nothing, and a refused one leaves no file behind.
    """
    stored: list[Evidence] = []
    try:
        with transaction.atomic():
            return _report(task, update, act, stored)
    except BaseException:
        # The database forgets by itself; the disk does not.
        for evidence in stored:
            evidence.file.delete(save=False)
        raise


def _report(task: Task, update: Update, act: Act, stored: list[Evidence]) -> Task:
    task = locked(task)
    if was_done(act):
        return task
    if act.by is not None:
        require(rules.may_report(act.by, task, on=act.on))
    _look_for_others(task, update, act)
    entry = _write_report(task, update, act)
    if update.paper:
        _cite(entry, update.paper)
    for upload in update.uploads:
        _store(entry, upload, stored)
    if update.hindrance:
        _raise_obstacle(entry, update.hindrance)
    drop(task, "report", by=act.by)
    if update.situation == Situation.DONE:
        return apply_move(task, MOVES["submit"], act=act, given=Given(reason=update.reason))
    record(task, act, _told(update))
    return task


def _look_for_others(task: Task, update: Update, act: Act) -> None:
    """Raise `Overtaken` by the newest report of another that this form's writer has not seen."""
    if update.seen is None:
        return
    later = task.reports.filter(pk__gt=update.seen).exclude(by=act.by)
    # "Nothing arose" says nothing that could clash.
    entry = later.exclude(situation=Situation.NOTHING).select_related("by__unit").first()
    if entry is not None:
        raise Overtaken(entry)


def nothing_arose(tasks: list[Task], *, act: Act) -> tuple[int, list[str]]:
    """Write "nothing arose this period" for each task that allows it.

    Returns how many were written, and by name and reason those that were not; one refused task does
    not stop the others, since each is a transaction and an event of its own.
    """
    refused: list[str] = []
    for task in tasks:
        try:
            report(task, Update(Situation.NOTHING), act=act.for_part(task.pk))
        except Denied as refusal:
            refused.append(f"{task.code} “{task.text[:60]}”: {refusal.reason}")
    return len(tasks) - len(refused), refused


def _write_report(task: Task, update: Update, act: Act) -> ProgressReport:
    if act.by is None:
        raise Denied("Cập nhật tiến độ phải do một người của đơn vị chủ trì gửi.")
    entry = ProgressReport.objects.create(
        task=task,
        by=act.by,
        on=act.on,
        at=act.at,
        situation=update.situation,
        text=update.text,
        next_step=update.next_step,
        count=update.count,
        percent=update.percent,
    )
    task.last_report_on = act.on
    Task.objects.filter(pk=task.pk).update(last_report_on=act.on, version=F("version") + 1)
    task.refresh_from_db(fields=["version"])
    return entry


def _cite(entry: ProgressReport, paper: Paper) -> None:
    Evidence.objects.create(
        task=entry.task,
        report=entry,
        document_number=paper.number,
        document_date=paper.issued_on,
        document_issuer=paper.issuer,
    )


def _store(entry: ProgressReport, upload: Upload, stored: list[Evidence]) -> None:
    """Keep the file under a random name; the name it came with is only shown."""
    evidence = Evidence(
        task=entry.task,
        report=entry,
        name=safe_name(upload.name),
        size=upload.file.size,
        sha256=_sha256(upload.file),
        content_type=upload.content_type,
    )
    stored.append(evidence)
    random = uuid4().hex
    evidence.file.save(f"{FOLDER}/{random[:2]}/{random}", upload.file, save=False)
    evidence.save()


def safe_name(name: str) -> str:
    """The last part of a name without control or direction characters; at most 200 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    return shown[-200:] or "tep"


def _sha256(file: "File[bytes]") -> str:
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks(_HASH_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def _raise_obstacle(entry: ProgressReport, hindrance: Hindrance) -> None:
    Obstacle.objects.create(
        task=entry.task,
        report=entry,
        by=entry.by,
        raised_on=entry.on,
        text=hindrance.text,
        cause=hindrance.cause,
        decider=hindrance.decider,
        decider_text=hindrance.decider_text,
        proposal=hindrance.proposal,
        wanted_by=hindrance.wanted_by,
    )


def _told(update: Update) -> Told:
    words = {
        Situation.NOTHING: "Không phát sinh trong kỳ",
        Situation.STUCK: "Báo vướng mắc",
    }.get(update.situation, "Cập nhật tiến độ")
    note = update.hindrance.text if update.hindrance else update.text
    said = {"count": update.count, "percent": update.percent}
    changes = {name: [None, value] for name, value in said.items() if value is not None}
    return Told("report", words, note, changes)
