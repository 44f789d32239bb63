"""What an illustrative life leaves behind: reports, evidence, obstacles, spans, events."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.programmes.models import (
    FOREVER,
    ActionProgramme,
    Direction,
    Event,
    Evidence,
    Extension,
    Obstacle,
    Participant,
    ProgressReport,
    Situation,
    Task,
    TaskSpan,
)
from hanoi_programmes.programmes.services.asking import questions_of, requests_of
from hanoi_programmes.programmes.services.stories import Kind, Step, Story
from hanoi_programmes.programmes.states import MOVES, State

_BATCH = 2_000
_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@dataclass(slots=True)
class Stage:
    """Who and what the tasks refer to, looked up once."""

    on: date
    programmes: dict[str, ActionProgramme]
    groups: dict[tuple[str, int], int]
    units: dict[str, Unit]
    commune_units: dict[str, list[Unit]]
    officers: dict[int, User]
    heads: dict[int, User]
    office: User
    leader: User


@dataclass(slots=True)
class Life:
    """One task with its content and its dated steps, before and after it is stored."""

    task: Task
    row: dict[str, Any]
    story: Story
    steps: list[Step]
    random: Random
    extended_on: date | None = None
    words: dict[str, Any] = field(default_factory=dict)
    children: list["Life"] = field(default_factory=list)


@dataclass(slots=True)
class Rows:
    """Rows to be stored in bulk, in the order of their dependence."""

    participants: list[Participant] = field(default_factory=list)
    spans: list[TaskSpan] = field(default_factory=list)
    reports: list[ProgressReport] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    directions: list[Direction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def shift(on: date, days: int | None) -> date | None:
    return None if days is None else on + timedelta(days=days)


def fill(text: str, words: dict[str, Any]) -> str:
    """Put words into a sentence of the data file; numbers with points."""
    goal, done = words.get("goal") or 0, words.get("done") or 0
    known = {"area": "", "n": 1, "goal": goal, "done": done, "rest": max(goal - done, 0)} | words
    shown = {k: f"{v:,}".replace(",", ".") if isinstance(v, int) else v for k, v in known.items()}
    return text.format(**shown)


def told(lives: list[Life], stage: Stage) -> Rows:
    """Everything that hangs on the stored tasks."""
    rows = Rows()
    for life in lives:
        _Teller(life, stage, rows).tell()
    return rows


@dataclass(slots=True)
class _Teller:
    """Turns the steps of one life into reports, evidence, obstacles, spans and events."""

    life: Life
    stage: Stage
    rows: Rows
    said: int = 0

    def tell(self) -> None:
        """Add the rows of this life."""
        task = self.life.task
        for code in self.life.row.get("partners", []):
            unit = self.stage.units[code]
            self.rows.participants.append(Participant(task=task, unit=unit, part="partner"))
        self._spans()
        for index, step in enumerate(self.life.steps):
            self._step(step, index)
        self._extension()
        self._asked()
        self._obstacles()

    def _unit_user(self) -> User:
        unit = self.life.task.lead_unit_id or 0
        return self.stage.officers.get(unit) or self.stage.heads.get(unit) or self.stage.office

    def _verifier(self) -> User:
        parent = self.life.task.parent
        unit = parent.lead_unit_id if parent else None
        return self.stage.heads.get(unit or 0, self.stage.office)

    def _step(self, step: Step, index: int) -> None:
        own = step.kind in {Kind.ACKNOWLEDGE, Kind.REPORT, Kind.SUBMIT}
        by = self._unit_user() if own else self._verifier()
        at = self._moment(step.day, index)
        report = self._report(step, at, by) if step.kind in {Kind.REPORT, Kind.SUBMIT} else None
        note = self.life.task.return_reason if step.kind is Kind.RETURN else ""
        told = "Cập nhật tiến độ" if step.kind is Kind.REPORT else MOVES[step.kind].told
        if report:
            note = report.text
            told = "Không phát sinh trong kỳ" if report.situation == Situation.NOTHING else told
        self.rows.events.append(
            Event(
                task=self.life.task, kind=step.kind, told=told, by=by, at=at, on=step.day, note=note
            )
        )

    def _moment(self, day: date, index: int) -> datetime:
        """Office hours; minute by minute early on the day of loading, so that nothing lies ahead of
        the clock and what came later that day is told as later."""
        minute = self.life.random.randint(0, 59)
        early = day >= self.stage.on
        at = time(0, min(index, 59)) if early else time(8 + index % 9, minute)
        return datetime.combine(day, at, tzinfo=_HANOI)

    def _report(self, step: Step, at: datetime, by: User) -> ProgressReport:
        text = self._sentence(is_last=step is self._last_report())
        report = ProgressReport(
            task=self.life.task,
            by=by,
            on=step.day,
            at=at,
            situation=self._situation(step, text),
            text="" if text is None else text,
            count=self._count(step),
        )
        self.rows.reports.append(report)
        if step.kind is Kind.SUBMIT:
            self._paper(report, step.day)
        return report

    def _last_report(self) -> Step | None:
        told = [step for step in self.life.steps if step.kind in {Kind.REPORT, Kind.SUBMIT}]
        return told[-1] if told else None

    @staticmethod
    def _situation(step: Step, text: str | None) -> Situation:
        if step.kind is Kind.SUBMIT:
            return Situation.DONE
        return Situation.NOTHING if text is None else Situation.DOING

    def _sentence(self, *, is_last: bool) -> str | None:
        """The next sentence of the story, the last one for the last report; None: nothing arose."""
        sentences: list[str] = self.life.row["progress"]
        self.said += 1
        if is_last:
            return fill(sentences[-1], self.life.words)
        before = [*sentences[:-1], *self.life.row.get("also", [])]
        return fill(before[self.said - 1], self.life.words) if self.said <= len(before) else None

    def _count(self, step: Step) -> int | None:
        task, story = self.life.task, self.life.story
        if not task.count_goal:
            return None
        end = (story.done_on or story.on) - story.issued_on
        share = (step.day - story.issued_on) / end if end else 1
        return int(self.life.words.get("done", 0) * min(share, 1))

    def _paper(self, report: ProgressReport, day: date) -> None:
        task = self.life.task
        papers = self.life.row["evidence"] or [{"number": "{n}/BC", "subject": task.product}]
        verdict = {State.COMPLETED: "accepted", State.IN_PROGRESS: "returned"}.get(
            State(task.state), "waiting"
        )
        number = fill(
            papers[0]["number"], self.life.words | {"n": self.life.random.randint(11, 480)}
        )
        self.rows.evidence.append(
            Evidence(
                task=task,
                report=report,
                document_number=number,
                document_date=day,
                document_issuer=task.lead_unit.name if task.lead_unit else "",
                verdict=verdict,
                verdict_by=None if verdict == "waiting" else self._verifier(),
                verdict_on=None if verdict == "waiting" else self.life.steps[-1].day,
            )
        )

    def _spans(self) -> None:
        """One span from each change of state or deadline to the next; the last one holds."""
        days = {step.day: step.state for step in self.life.steps}
        extended = self.life.extended_on
        starts = [day for day in days if days[day] != self._state_before(days, day)]
        if extended and days:
            starts = sorted({*starts, max(extended, min(days))})
        ends = [*starts[1:], FOREVER]
        for start, end in zip(starts, ends, strict=bool(starts)):
            state = days.get(start) or self._state_before(days, start) or State.ASSIGNED
            self.rows.spans.append(self._span(start, end, state))

    def _span(self, start: date, end: date, state: str) -> TaskSpan:
        task, extended = self.life.task, self.life.extended_on
        before = extended is not None and start < extended
        return TaskSpan(
            task=task,
            starts_on=start,
            ends_on=end,
            state=state,
            lead_unit_id=task.lead_unit_id,
            deadline=task.original_deadline if before else task.deadline,
            original_deadline=task.original_deadline,
            completed_on=task.completed_on if state == State.COMPLETED else None,
        )

    @staticmethod
    def _state_before(days: dict[date, State], day: date) -> State | None:
        earlier = [d for d in days if d < day]
        return days[max(earlier)] if earlier else None

    def _extension(self) -> None:
        task, day = self.life.task, self.life.extended_on
        if not day or not task.deadline or not task.original_deadline:
            return
        change = [f"{task.original_deadline:%d/%m/%Y}", f"{task.deadline:%d/%m/%Y}"]
        self.rows.events.append(
            Event(
                task=task,
                kind="extend",
                told="Gia hạn",
                note=" → ".join(change),
                changes={"deadline": change},
                by=self._verifier(),
                at=self._moment(day, 2),
                on=day,
            )
        )

    def _asked(self) -> None:
        """Requests for more time, and what a leader asked."""
        life, on = self.life, self.stage.on
        self.rows.extensions += requests_of(
            life.task,
            life.row,
            on,
            by=self._unit_user(),
            decider=self._verifier(),
            extended_on=life.extended_on,
        )
        leader = self.stage.leader
        asked = list(questions_of(life.task, on, by=leader, unit_user=self._unit_user()))
        self.rows.directions += asked
        for row in asked:
            told = f"{row.get_kind_display()} gửi {row.unit.short_name}"
            self._direction_event("direct", told, row.text, leader, row.on)
            if row.answered_on:
                told = f"Trả lời {row.get_kind_display().lower()}"
                self._direction_event(
                    "answer", told, row.answer, self._unit_user(), row.answered_on
                )

    def _direction_event(self, kind: str, told: str, note: str, by: User, day: date) -> None:
        at = self._moment(day, 3)
        task = self.life.task
        self.rows.events.append(
            Event(task=task, kind=kind, told=told, by=by, at=at, on=day, note=note)
        )

    def _obstacles(self) -> None:
        task, story = self.life.task, self.life.story
        if task.parent_id and story.key != "blocked":
            return
        for row in self.life.row["obstacles"][: None if not task.parent_id else 1]:
            raised = max(story.on + timedelta(days=row["raised_offset_days"]), story.issued_on)
            self.rows.obstacles.append(
                Obstacle(
                    task=task,
                    by=self._unit_user(),
                    raised_on=raised,
                    text=fill(row["text"], self.life.words),
                    cause=row["cause"],
                    decider=self.stage.units.get(row["decider"] or ""),
                    decider_text=row["decider_text"],
                    proposal=row["proposal"],
                    wanted_by=shift(story.on, row["wanted_by_offset_days"]),
                    resolved_on=shift(story.on, row["resolved_offset_days"]),
                    decision=row["decision"],
                    decided_by=self._decider(row) if row["resolved_offset_days"] else None,
                )
            )
            self._obstacle_event(raised, row)

    def _decider(self, row: dict[str, Any]) -> User:
        unit = self.stage.units.get(row["decider"] or "")
        return self.stage.heads.get(unit.pk if unit else 0, self.stage.office)

    def _obstacle_event(self, raised: date, row: dict[str, Any]) -> None:
        self.rows.events.append(
            Event(
                task=self.life.task,
                kind="report",
                told="Báo vướng mắc",
                by=self._unit_user(),
                at=self._moment(raised, 0),
                on=raised,
                note=f"Cấp quyết định: {row['decider_text']}",
            )
        )


def store(rows: Rows) -> None:
    """Write everything, in the order of dependence."""
    Participant.objects.bulk_create(rows.participants, batch_size=_BATCH)
    TaskSpan.objects.bulk_create(rows.spans, batch_size=_BATCH)
    ProgressReport.objects.bulk_create(rows.reports, batch_size=_BATCH)
    Evidence.objects.bulk_create(rows.evidence, batch_size=_BATCH)
    Obstacle.objects.bulk_create(rows.obstacles, batch_size=_BATCH)
    Extension.objects.bulk_create(rows.extensions, batch_size=_BATCH)
    Direction.objects.bulk_create(rows.directions, batch_size=_BATCH)
    Event.objects.bulk_create(rows.events, batch_size=_BATCH)
