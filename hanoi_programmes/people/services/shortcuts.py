"""Keys on or off for an account: its own comfort, so row history is record enough."""

from django.db import transaction

from hanoi_programmes.people.models import User


@transaction.atomic
def use_shortcuts(*, user: User, on: bool) -> None:
    """Remember the choice; choosing again what is already so writes nothing."""
    reader = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if reader.uses_shortcuts != on:
        reader.uses_shortcuts = on
        reader.save(update_fields=["uses_shortcuts"])
