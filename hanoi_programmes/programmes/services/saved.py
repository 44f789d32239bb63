"""Saving, renaming, sharing and deleting one's own filters of the list: private, without events.

A form sent twice writes once without a key: the same name, conditions and sharing again are what
is already there.
"""

from django.db import transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import User
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import SavedView
from hanoi_programmes.programmes.querysets import SavedViewQuerySet
from hanoi_programmes.programmes.rules.saved import (
    has_room,
    may_be_kept,
    may_change_view,
    may_share,
)


class NameTaken(Denied):
    """The owner has another filter of that name."""


@transaction.atomic
def save_view(name: str, query: str, *, shared: bool, act: Act) -> SavedView:
    """Keep the conditions (a query string, see `shapes.saved.kept_query`) under the name.

    Raises `Denied`; `NameTaken` when the name already stands for something else.
    """
    owner, name = _owner(act), _plain(name)
    own = SavedView.objects.filter(owner=owner)
    again = own.filter(name=name, query=query, is_shared=shared).first()
    if again:
        return again
    require(may_be_kept(query))
    if shared:
        require(may_share(owner))
    _check_name(name, own)
    require(has_room(own.count()))
    return SavedView.objects.create(
        owner=owner, name=name, query=query, is_shared=shared, saved_at=act.at
    )


@transaction.atomic
def change_view(view: SavedView, name: str, *, shared: bool, act: Act) -> SavedView:
    """Give it another name, begin or end sharing it. Raises `Denied`."""
    owner, name = _owner(act), _plain(name)
    require(may_change_view(owner, view))
    own = SavedView.objects.filter(owner=owner)
    view = own.get(pk=view.pk)
    if shared and not view.is_shared:
        require(may_share(owner))
    _check_name(name, own.exclude(pk=view.pk))
    view.name, view.is_shared = name, shared
    view.save(update_fields=["name", "is_shared"])
    return view


@transaction.atomic
def delete_view(view: SavedView, *, act: Act) -> None:
    """Forget it; the tasks it showed are as they were. Raises `Denied`."""
    owner = _owner(act)
    require(may_change_view(owner, view))
    SavedView.objects.filter(owner=owner, pk=view.pk).delete()


def _owner(act: Act) -> User:
    """Who acts, locked: two forms at once see each other's names and count."""
    if act.by is None:
        raise Denied("Bộ lọc phải do một người lưu.")
    owner = User.objects.select_for_update(of=("self",), no_key=True).get(pk=act.by.pk)
    require(may_see_programmes(owner))
    return owner


def _plain(name: str) -> str:
    return " ".join(name.split())


def _check_name(name: str, others: SavedViewQuerySet) -> None:
    if others.filter(name__iexact=name).exists():
        raise NameTaken(f"Đã có bộ lọc tên “{name}”. Đặt tên khác.")
