"""Calendar feeds for tests that only need one."""

from secrets import token_urlsafe

from django.utils.timezone import now

from hanoi_programmes.api.models import Feed
from hanoi_programmes.api.services.feeds import hash_of
from hanoi_programmes.people.models import Unit, User


def feed_for(owner: User, unit: Unit | None = None) -> tuple[Feed, str]:
    """A feed and its secret, whatever the rules say."""
    token = token_urlsafe(32)
    made = {"token_hash": hash_of(token), "made_at": now()}
    return Feed.objects.create(owner=owner, unit=unit, **made), token
