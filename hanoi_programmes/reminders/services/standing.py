"""Asks again, just before a mail leaves, whether what was planned still holds and is theirs."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders import policy
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.policy import Matter
from hanoi_programmes.reminders.services import matters
from hanoi_programmes.reminders.services.ladder import current_rungs
from hanoi_programmes.reminders.services.roster import facts_by_id, people_on
from hanoi_programmes.reminders.states import URGED, Subject

NOT_THEIRS = "Người nhận không còn phụ trách khi gửi"
# Each waits for somebody; other reminders are about the task itself.
_Waiting = dict[tuple[Subject, int], Matter]


def still_standing(mail: Mail, on: date) -> list[Reminder]:
    """The reminders of a mail that still hold; the others are struck off with the reason."""
    reminders = list(mail.reminders.told().select_related("task__lead_unit"))
    reasons = _reasons_to_drop(reminders, mail.recipient, on)
    dropped: dict[str, list[int]] = defaultdict(list)
    for pk, reason in reasons.items():
        if reason:
            dropped[reason].append(pk)
    for reason, keys in dropped.items():
        Reminder.objects.filter(pk__in=keys).update(left_out=reason)
    return [reminder for reminder in reminders if not reasons[reminder.pk]]


def _reasons_to_drop(reminders: Sequence[Reminder], recipient: User, on: date) -> dict[int, str]:
    ids = {reminder.task_id for reminder in reminders}
    seen = set(Task.objects.visible_to(recipient).filter(pk__in=ids).values_list("pk", flat=True))
    facts = facts_by_id(ids & seen)
    officers = {f.officer_id for f in facts.values() if f.officer_id}
    people = people_on(on, among={recipient.pk, *officers})
    rungs, waiting = current_rungs(), _waiting(reminders)
    reasons: dict[int, str] = {}
    for reminder in reminders:
        known, rung = facts.get(reminder.task_id), policy.rung_named(reminder.rung, rungs)
        matter = waiting.get((policy.subject_of(reminder.rung), reminder.matter))
        if known is None:
            reasons[reminder.pk] = NOT_THEIRS
        elif rung is None:
            reasons[reminder.pk] = policy.REMOVED
        elif reason := policy.reason_to_drop(reminder.rung, reminder.deadline, known, matter):
            reasons[reminder.pk] = reason
        else:
            theirs = policy.recipients(known, rung.audience, people, matter)
            reasons[reminder.pk] = "" if recipient.pk in theirs else NOT_THEIRS
    return reasons


def _waiting(reminders: Sequence[Reminder]) -> _Waiting:
    """Those of the directions, obstacles and requests that still wait; a query a subject there."""
    asked: dict[Subject, set[int]] = defaultdict(set)
    for reminder in reminders:
        if reminder.matter and reminder.rung != URGED:
            asked[policy.subject_of(reminder.rung)].add(reminder.matter)
    return {
        (subject, matter.pk): matter
        for subject, keys in asked.items()
        for matter in matters.waiting(subject, among=keys)
    }
