"""First-use hints: which there are, and putting one away for good."""

from django.db import transaction

from hanoi_programmes.people.models import User

# Each page that greets a newcomer names one of these.
HINTS = frozenset({
    "home", "tasks", "dashboard", "matrix", "scorecards", "programme", "week", "reports",
})  # fmt: skip


@transaction.atomic
def put_hint_away(*, user: User, key: str) -> None:
    """Remember that the user has read the hint; a second click changes nothing."""
    reader = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if key in HINTS and key not in reader.hints_seen:
        reader.hints_seen = [*reader.hints_seen, key]
        reader.save(update_fields=["hints_seen"])
