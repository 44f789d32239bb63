"""The planner: writes the day's rungs into the ledger, with notices and mails, in one transaction.

Any number of planners may run, any number of times: the ledger's unique key lets each row in once,
and a row brings its notice and its place in a mail with it, or none of the three is there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, Q
from django.db.models.functions import Left

from hanoi_programmes.lib.dates import is_working_day
from hanoi_programmes.people.rules import calendar_exceptions
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Notice, Reminder
from hanoi_programmes.reminders.policy import Exceptions, Fallen, People, TaskFacts, Window
from hanoi_programmes.reminders.services.roster import facts_of, people_on
from hanoi_programmes.reminders.states import MailState

# The calendar is read so far around the window: holidays move a rung by less.
_MARGIN = timedelta(days=40)
_TEXT = 300


@dataclass(frozen=True, slots=True)
class Planned:
    """What a run of the planner added; `nobody` counts rungs that have nobody to tell."""

    reminders: int = 0
    mails: int = 0
    nobody: int = 0


def is_planned(on: date) -> bool:
    """Whether a planner has already written something on the day."""
    return Reminder.objects.filter(planned_on=on).exists()


def plan(*, on: date, at: datetime) -> Planned:
    """Write down what falls today and what fell while no planner ran; nothing on a day off."""
    exceptions = calendar_exceptions(on - policy.LONGEST_CATCH_UP - _MARGIN, on + _MARGIN)
    if not is_working_day(on, exceptions):
        return Planned()
    with transaction.atomic():
        _be_patient()
        draft = _Draft(on, exceptions, people_on(on))
        # In one order everywhere: two planners wait for each other and cannot lock crosswise.
        rows = sorted(draft.rows(), key=_ledger_key)
        Reminder.objects.bulk_create(rows, ignore_conflicts=True)
        return Planned(_ring_bells(on, at), _fill_mails(on), draft.nobody)


def _be_patient() -> None:
    """A second planner waits for the first one's rows instead of failing after the usual 3 s."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '120s'")


def _ledger_key(row: Reminder) -> tuple[int, int, str, date]:
    return (row.task_id, row.recipient_id, row.rung, row.deadline)


class _Draft:
    """The rows that the ledger should hold today, whether it holds them already or not."""

    def __init__(self, on: date, exceptions: Exceptions, people: People) -> None:
        last = Reminder.objects.filter(planned_on__lt=on).aggregate(last=Max("planned_on"))["last"]
        self.last_planned: date | None = last
        self.days: Window = policy.window(on, last)
        self.exceptions = exceptions
        self.people = people
        self.nobody = 0

    def rows(self) -> Iterator[Reminder]:
        """The three ladders over the tasks that stand on them."""
        rungs_of = cache(self._deadline_rungs)
        for facts in facts_of(self._near_deadline()):
            if facts.deadline:
                yield from self._rows_of(facts, rungs_of(facts.deadline))
        updates = tuple(policy.update_rungs(self.days, self.exceptions))
        if updates:
            for facts in facts_of(Task.objects.not_updated(self.days.on)):
                yield from self._rows_of(facts, updates)
        for facts in facts_of(Task.objects.awaiting()):
            if facts.submitted_on:
                waits = policy.verify_rungs(facts.submitted_on, self.days, self.exceptions)
                yield from self._rows_of(facts, tuple(waits))

    def _deadline_rungs(self, deadline: date) -> tuple[Fallen, ...]:
        return tuple(policy.deadline_rungs(deadline, self.days, self.exceptions))

    def _near_deadline(self) -> TaskQuerySet:
        """Open tasks that are overdue, or whose deadline has a rung in the window."""
        on = self.days.on
        ahead = [on + timedelta(days=n) for n in range(policy.HORIZON.days + 1)]
        near = [deadline for deadline in ahead if self._deadline_rungs(deadline)]
        return Task.objects.open().filter(Q(deadline__lt=on) | Q(deadline__in=near))

    def _rows_of(self, facts: TaskFacts, fallen: Iterable[Fallen]) -> Iterator[Reminder]:
        """The newest rung since the task was issued, for each person it reaches."""
        steps = [step for step in fallen if not facts.issued_on or step.due_on >= facts.issued_on]
        for step in steps[-1:]:
            told = policy.recipients(facts, step.audience, self.people)
            self.nobody += not told
            for person in told:
                yield Reminder(
                    task_id=facts.pk,
                    recipient_id=person,
                    rung=step.rung,
                    deadline=step.counted_from,
                    due_on=step.due_on,
                    planned_on=self.days.on,
                    is_late=self._was_missed(step.due_on),
                )

    def _was_missed(self, due_on: date) -> bool:
        return self.last_planned is not None and self.last_planned < due_on < self.days.on


def _ring_bells(on: date, at: datetime) -> int:
    """A notice for each reminder that has none: the ledger's new rows, and nothing else."""
    new = Reminder.objects.told().filter(planned_on=on, notice__isnull=True)
    told = (
        new.annotate(about=Left("task__text", _TEXT))
        .order_by("-deadline")
        .values_list("pk", "recipient_id", "task_id", "rung", "deadline", "about")
    )
    notices = [
        Notice(
            recipient_id=recipient,
            at=at,
            on=on,
            kind=policy.urgency(rung, counted_from, on=on),
            headline=policy.words(rung, counted_from, on=on),
            text=text,
            task_id=task,
            reminder_id=pk,
        )
        for pk, recipient, task, rung, counted_from, text in told
    ]
    # The list shows the newest first; of one morning, what needs its reader first.
    notices.sort(key=lambda notice: -notice.urgency.rank)
    return len(Notice.objects.bulk_create(notices, ignore_conflicts=True))


def _fill_mails(on: date) -> int:
    """One mail a person and day; what came after that day's mail left waits for the next day's."""
    waiting = Reminder.objects.without_mail().filter(planned_on__gt=on - policy.LONGEST_CATCH_UP)
    readers = set(waiting.order_by().values_list("recipient_id", flat=True).distinct())
    _merge_older(on, readers)
    without = readers - set(Mail.objects.filter(on=on).values_list("recipient_id", flat=True))
    mails = [
        Mail(
            recipient_id=reader,
            on=on,
            dedup_key=f"digest:{reader}:{on}",
            message_id=_message_id(),
        )
        for reader in sorted(without)
    ]
    Mail.objects.bulk_create(mails, ignore_conflicts=True)
    _link(on, readers)
    return len(mails)


def _message_id() -> str:
    """Unguessable, and fixed before the first attempt: the relay can be asked for it."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid4().hex}@{domain}>"


def _merge_older(on: date, readers: set[int]) -> None:
    """Who gets a mail today gets one: yesterday's that never left is taken into it."""
    older = Mail.objects.filter(state=MailState.QUEUED, on__lt=on, recipient__in=readers)
    ids = list(older.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    if ids:
        Reminder.objects.filter(mail__in=ids).update(mail=None)
        reason = f"Gộp vào thư ngày {on:%d/%m/%Y}"
        Mail.objects.filter(pk__in=ids).update(state=MailState.CANCELLED, reason=reason)


def _link(on: date, readers: set[int]) -> None:
    """Put the waiting lines into today's mails that nobody has claimed; locked, so nobody can."""
    todays = Mail.objects.filter(on=on, state=MailState.QUEUED, recipient__in=readers)
    mails = todays.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True)
    with connection.cursor() as cursor:
        # The ORM would look each line's mail up by itself; joined, 100,000 lines take seconds.
        cursor.execute(
            """
            UPDATE reminders_reminder AS line SET mail_id = mail.id FROM reminders_mail AS mail
            WHERE mail.id = ANY(%s) AND mail.recipient_id = line.recipient_id
              AND line.mail_id IS NULL AND line.left_out = '' AND line.planned_on > %s
            """,
            [list(mails), on - policy.LONGEST_CATCH_UP],
        )
