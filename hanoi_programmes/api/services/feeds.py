"""Making, revoking and reading calendar feeds."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from hanoi_programmes.api import rules
from hanoi_programmes.api.models import Feed
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place

_BYTES = 32
# How exactly it is kept when a feed was last read: a row is not written at each question.
_READ_TO = timedelta(hours=1)


def hash_of(token: str) -> str:
    """What the database keeps of a secret, whatever was sent as one."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


@transaction.atomic
def make(owner: User, unit: Unit | None, *, act: Act) -> str:
    """The secret of a new feed, which is stored nowhere: whoever asks shows it once.

    The same form sent twice makes one feed and has no secret to show any more ("").
    """
    # One at a time for each owner: two forms cannot both be the tenth.
    User.objects.select_for_update(no_key=True).get(pk=owner.pk)
    if place_was_changed(act):
        return ""
    require(rules.may_have_feeds(owner))
    if unit is not None:
        require(rules.may_make_feed_of(owner, unit))
    if Feed.objects.filter(owner=owner, revoked_at__isnull=True).count() >= rules.MOST_FEEDS:
        raise Denied(
            f"Đã có {rules.MOST_FEEDS} địa chỉ lịch. Hủy địa chỉ không dùng nữa rồi tạo lại."
        )
    token = secrets.token_urlsafe(_BYTES)
    Feed.objects.create(owner=owner, unit=unit, token_hash=hash_of(token), made_at=act.at)
    words = f"Tạo địa chỉ lịch: {unit.short_name if unit else 'việc của tôi'}"
    record_place(act, Told("feed-make", words), account=owner)
    return token


@transaction.atomic
def revoke(feed: Feed, *, act: Act) -> None:
    """The address answers nobody any more, from now on; again changes nothing."""
    if not Feed.objects.filter(pk=feed.pk, revoked_at__isnull=True).update(revoked_at=act.at):
        return
    words = f"Hủy địa chỉ lịch: {feed.unit.short_name if feed.unit else 'việc của tôi'}"
    record_place(act, Told("feed-revoke", words), account=feed.owner)


def feed_of(token: str) -> Feed | None:
    """The live feed with this secret. Unknown, malformed, revoked and orphaned ones take the same
    one question, and get the same answer."""
    live = Feed.objects.live().select_related("owner__unit", "unit")
    return live.filter(token_hash=hash_of(token)).first()


def note_read(feed: Feed, *, at: datetime) -> None:
    """Somebody read it."""
    unread = Q(last_read_at__isnull=True) | Q(last_read_at__lt=at - _READ_TO)
    Feed.objects.filter(unread, pk=feed.pk).update(last_read_at=at)
