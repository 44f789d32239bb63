"""Urging by hand: whom it would reach, and the act itself, in the planner's own ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.services.history import Act, Told
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.bulk import Unable
from hanoi_programmes.programmes.services.history import record_many
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Notice, Reminder, Urging
from hanoi_programmes.reminders.policy import People, TaskFacts
from hanoi_programmes.reminders.rules import is_urgeable, may_urge
from hanoi_programmes.reminders.services.mailing import message_id
from hanoi_programmes.reminders.services.roster import facts_by_id, people_on
from hanoi_programmes.reminders.states import URGED, Audience, MailKind, Urgency

# One act waits for its answer; more than this is done in several.
MOST = 500
_TEXT = 300
_SUPERIOR = frozenset({Audience.SUPERIOR})


@dataclass(frozen=True, slots=True)
class Wish:
    """The office's own words, and whether the head of the superior unit hears them too."""

    text: str
    also_superior: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom urging a task reaches. `missing`: who is meant and cannot be reached, and why."""

    task: Task
    people: tuple[User, ...]
    superiors: tuple[User, ...]
    missing: tuple[str, ...]

    def told(self, wish: Wish) -> tuple[User, ...]:
        """Everybody who hears of it, each once."""
        return tuple(dict.fromkeys(self.people + (self.superiors if wish.also_superior else ())))


@dataclass(frozen=True, slots=True)
class Preview:
    """Tasks that can be urged, and the others by reason."""

    able: tuple[Reach, ...]
    unable: tuple[Unable, ...]

    @property
    def tasks(self) -> list[Task]:
        """Those that can be urged."""
        return [reach.task for reach in self.able]

    @property
    def people(self) -> list[User]:
        """Whom it reaches at the units, each once."""
        return list(dict.fromkeys(one for reach in self.able for one in reach.people))

    @property
    def superiors(self) -> list[User]:
        """Whom it reaches above them, if that is wanted, and who is not told anyway."""
        above = dict.fromkeys(one for reach in self.able for one in reach.superiors)
        return [one for one in above if one not in set(self.people)]

    @property
    def without_mail(self) -> list[User]:
        """Those who find it in the app only."""
        return [one for one in [*self.people, *self.superiors] if not one.email]

    @property
    def unreached(self) -> list[tuple[str, list[Unit]]]:
        """Who cannot be reached, with the units where."""
        found: dict[str, dict[int, Unit]] = {}
        for reach in self.able:
            for words in reach.missing:
                unit = reach.task.lead_unit or Unit()
                found.setdefault(words, {})[unit.pk] = unit
        return [(words, list(units.values())) for words, units in found.items()]

    @property
    def unable_count(self) -> int:
        """How many cannot be urged."""
        return sum(len(group.tasks) for group in self.unable)


def preview(tasks: Iterable[Task], *, on: date) -> Preview:
    """Whom urging these tasks would reach today; writes nothing.

    As many queries for many tasks as for one, when they come with `lead_unit`.
    """
    rows = list(tasks)
    roster = _Roster([row for row in rows if is_urgeable(row)], on)
    able: list[Reach] = []
    unable: dict[str, list[Task]] = {}
    for row in rows:
        verdict = is_urgeable(row)
        reach = roster.reach(row) if verdict else None
        if reach and reach.people:
            able.append(reach)
        else:
            words = ", ".join(reach.missing) if reach else ""
            reason = verdict.reason or f"Không có ai để đôn đốc: {words}."
            unable.setdefault(reason, []).append(row)
    groups = sorted(unable.items(), key=lambda group: -len(group[1]))
    return Preview(tuple(able), tuple(Unable(reason, found) for reason, found in groups))


class _Roster:
    """Who is where today, for some tasks; five queries."""

    def __init__(self, tasks: list[Task], on: date) -> None:
        self.facts = facts_by_id({task.pk for task in tasks})
        self.people: People = people_on(on)
        units = {facts.unit_id for facts in self.facts.values()}
        self.alive = set(Unit.objects.active(on).filter(pk__in=units).values_list("pk", flat=True))
        meant = {
            person
            for facts in self.facts.values()
            for person in policy.recipients(facts, policy.WITH_SUPERIOR, self.people)
        }
        self.users = User.objects.select_related("unit").in_bulk(meant)

    def reach(self, task: Task) -> Reach:
        """Whom urging the task reaches."""
        facts = self.facts[task.pk]
        return Reach(
            task,
            self._users(policy.recipients(facts, policy.TEAM, self.people)),
            self._users(policy.recipients(facts, _SUPERIOR, self.people)),
            tuple(self._missing(facts)),
        )

    def _users(self, keys: set[int]) -> tuple[User, ...]:
        return tuple(self.users[key] for key in sorted(keys))

    def _missing(self, facts: TaskFacts) -> Iterable[str]:
        if facts.unit_id not in self.alive:
            yield "đơn vị đã kết thúc hoạt động"
        if self.people.heads.get(facts.unit_id) not in self.people.places:
            yield "chưa có người đứng đầu"
        if not self.people.officers.get(facts.unit_id):
            yield "chưa có chuyên viên có tài khoản"


def urge(tasks: Sequence[Task], wish: Wish, *, act: Act) -> Urging:
    """Urge these tasks in one act: ledger, notices, mails and events, all or nothing.

    The same form urges once. Raises `Denied` for who may not, and when nobody can be reached.
    """
    with transaction.atomic():
        # In the order of keys, as everybody locks them.
        locked = Task.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
        keys = [task.pk for task in tasks]
        live = list(locked.filter(pk__in=keys).select_related("lead_unit"))
        done = Urging.objects.filter(form_key=act.form_key).first() if act.form_key else None
        if done:
            return done
        if act.by is None:
            raise Denied("Việc đôn đốc phải do một người gửi.")
        require(may_urge(act.by))
        found = preview(live, on=act.on)
        if not found.able:
            raise Denied(found.unable[0].reason if found.unable else "Chưa chọn nhiệm vụ nào.")
        urging = Urging.objects.create(
            by=act.by, at=act.at, on=act.on, text=wish.text, form_key=act.form_key
        )
        urging.tasks.add(*found.tasks)
        _tell(urging, found.able, wish)
        record_many(found.tasks, act, {reach.task.pk: _told(reach, wish) for reach in found.able})
        return urging


def _tell(urging: Urging, reaches: Sequence[Reach], wish: Wish) -> None:
    """A row of the ledger a task and person, each with its notice; one mail a person."""
    everybody = dict.fromkeys(one for reach in reaches for one in reach.told(wish))
    mails = {one.pk: _mail(urging, one) for one in everybody if one.email}
    Mail.objects.bulk_create(mails.values())
    rows = [
        Reminder(
            task=reach.task,
            recipient=one,
            rung=URGED,
            deadline=reach.task.deadline or urging.on,
            matter=urging.pk,
            due_on=urging.on,
            planned_on=urging.on,
            mail=mails.get(one.pk),
        )
        for reach in reaches
        for one in reach.told(wish)
    ]
    Reminder.objects.bulk_create(rows)
    Notice.objects.bulk_create(_notice(urging, row) for row in rows)


def _mail(urging: Urging, person: User) -> Mail:
    return Mail(
        recipient=person,
        kind=MailKind.URGING,
        on=urging.on,
        dedup_key=f"urging:{urging.pk}:{person.pk}",
        message_id=message_id(),
    )


def _notice(urging: Urging, row: Reminder) -> Notice:
    return Notice(
        recipient_id=row.recipient_id,
        at=urging.at,
        on=urging.on,
        kind=Urgency.URGED,
        headline=policy.words(URGED, row.deadline, on=urging.on),
        text=row.task.text[:_TEXT],
        task=row.task,
        reminder=row,
    )


def _told(reach: Reach, wish: Wish) -> Told:
    names = ", ".join(one.display_name for one in reach.told(wish))
    return Told("urge", "Văn phòng Thành ủy đôn đốc", f"{wish.text} (gửi: {names})")


def mails_of(urging: Urging) -> list[int]:
    """The mails that carry it: what there is to ring for."""
    mails = Mail.objects.filter(kind=MailKind.URGING, reminders__matter=urging.pk)
    return sorted(set(mails.filter(reminders__rung=URGED).values_list("pk", flat=True)))
