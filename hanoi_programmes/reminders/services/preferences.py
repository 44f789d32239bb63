"""How a person wants the mails: written down with an event, like every change of an account."""

from typing import Any

from django.db import transaction

from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place
from hanoi_programmes.reminders.models import Preference
from hanoi_programmes.reminders.states import WEEKDAYS, Delivery

_FIELDS = ("delivery", "quiet_weekdays", "quiet_from", "quiet_until")


def preference_of(user: User) -> Preference:
    """What the person chose; what holds for everybody who has chosen nothing, not stored."""
    return Preference.objects.filter(user=user).first() or Preference(user=user)


@transaction.atomic
def prefer(wanted: Preference, *, act: Act) -> None:
    """Keep it. The same form sent twice, or with nothing changed, writes nothing."""
    account = User.objects.select_for_update(no_key=True).get(pk=wanted.user_id)
    if place_was_changed(act):
        return
    kept = preference_of(account)
    before, after = _told(kept), _told(wanted)
    changes: dict[str, list[Any]] = {
        name: [before[name], after[name]] for name in _FIELDS if before[name] != after[name]
    }
    if not changes:
        return
    Preference.objects.update_or_create(
        user=account, defaults={name: getattr(wanted, name) for name in _FIELDS}
    )
    told = Told("reminders", "Đổi cách nhận thư nhắc việc", "", changes)
    record_place(act, told, account=account)


def _told(preference: Preference) -> dict[str, str]:
    """Each field as the history says it."""
    days = (preference.quiet_from, preference.quiet_until)
    first, last = (f"{day:%d/%m/%Y}" if day else "" for day in days)
    return {
        "delivery": Delivery(preference.delivery).label,
        "quiet_weekdays": ", ".join(WEEKDAYS[day] for day in sorted(preference.quiet_weekdays)),
        "quiet_from": first,
        "quiet_until": last,
    }
