"""Questions about units, holdings and users, as adjectives that compose."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.models import BaseUserManager
from django.db.models import Case, IntegerField, Q, QuerySet, When

from hanoi_programmes.lib.text import words_of
from hanoi_programmes.people.roles import Level, Role

if TYPE_CHECKING:
    from hanoi_programmes.people.models import Holding, Unit, UnitGroup, User  # noqa: F401 - named as text


class UnitQuerySet(QuerySet["Unit"]):
    """Units of the four axes."""

    def active(self, on: date) -> UnitQuerySet:
        """Switched on by the office and existing on the day.

        A unit that was merged is given nothing new on its last day: its work has already moved.
        """
        merged_today = Q(ends_on=on, merged_into__isnull=False)
        ended = Q(ends_on__isnull=True) | (Q(ends_on__gte=on) & ~merged_today)
        begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
        return self.filter(ended, begun, is_active=True)

    def matching(self, words: str) -> UnitQuerySet:
        """Units whose name or code holds every one of the words, marks or not, in any order."""
        rows = self
        for word in words_of(words):
            rows = rows.filter(search__contains=word)
        return rows

    def within(self, unit: Unit) -> UnitQuerySet:
        """The unit itself and every unit below it."""
        return self.filter(path__startswith=unit.path)

    def in_group(self, group: UnitGroup) -> UnitQuerySet:
        """The members of a named group: by level and axis, else those that are listed."""
        if not group.level:
            return self.filter(unit_groups=group)
        rows = self.filter(level=group.level)
        return rows.filter(axis=group.axis_id) if group.axis_id else rows

    def from_the_top(self) -> UnitQuerySet:
        """City bodies, departments, wards; along the axes; with what a list shows of them."""
        ranks = (When(level=level, then=rank) for rank, level in enumerate(Level))
        ordered = self.annotate(rank=Case(*ranks, output_field=IntegerField()))
        related = ordered.select_related("axis", "area", "parent")
        return related.order_by("rank", "-is_active", "axis__order", "sort_key")

    def named(self, words: list[str]) -> dict[str, list[int]]:
        """For each folded word the keys of the units with it in their name; one query."""
        any_of = Q(pk__in=[])
        for word in words:
            any_of |= Q(search__contains=word)
        rows = list(self.filter(any_of).order_by().values_list("pk", "search"))
        return {word: [pk for pk, search in rows if word in search] for word in words}

    def visible_to(self, user: User) -> UnitQuerySet:
        """The list of bodies is public inside the house: every account may look up a unit."""
        return self if user.is_active else self.none()


class HoldingQuerySet(QuerySet["Holding"]):
    """Who held which post, from when to when."""

    def held(self, on: date) -> HoldingQuerySet:
        """Holdings in force on the day; the last day still counts."""
        ended = Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        return self.filter(ended, starts_on__lte=on)

    def of_heads(self) -> HoldingQuerySet:
        """Holdings of head posts."""
        return self.filter(post__is_head=True)

    def from_day(self, on: date) -> HoldingQuerySet:
        """In force on the day or later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class UserQuerySet(QuerySet["User"]):
    """Accounts."""

    def visible_to(self, user: User) -> UserQuerySet:
        """The administrator keeps all accounts; everybody else has their own."""
        if not user.is_active:
            return self.none()
        return self if user.role == Role.ADMINISTRATOR else self.filter(pk=user.pk)


class UserManager(BaseUserManager["User"]):
    """Creates accounts."""

    def create_user(self, username: str, *, password: str | None, **fields: object) -> User:
        """Store an account with a hashed password."""
        user: User = self.model(username=username.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user
