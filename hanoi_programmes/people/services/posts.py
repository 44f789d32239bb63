"""Posts and who holds them: appoint, relieve, withdraw, add, rename; acts of the administrator."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import ProtectedError, TextChoices

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import Holding, Post, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place

_DAY = timedelta(days=1)
# PostgreSQL's name for two that wait for each other.
_DEADLOCK = "40P01"


class After(TextChoices):
    """What becomes of the account of somebody who leaves a head post."""

    OFFICER = "officer", "Làm chuyên viên của đơn vị"
    OFF = "off", "Tắt tài khoản"
    SAME = "same", "Giữ nguyên"


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when somebody holds a post, and what goes with it.

    `succeeds` relieves the present holder the day before; `after` is what becomes of that account.
    `as_head` makes the account one of a head of the post's unit. Accounts change only when the day
    has come: who takes over next month works until then as before.
    """

    starts_on: date
    ends_on: date | None = None
    note: str = ""
    succeeds: bool = False
    as_head: bool = False
    after: After = After.SAME

    def holds_on(self, day: date) -> bool:
        """Whether the term has come and is not over."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@transaction.atomic
def appoint(post: Post, user: User, term: Term, *, act: Act) -> None:
    """Give the post to the user; `Denied` names who holds it in these days, nothing is written."""
    unit = _locked(post.unit)
    if place_was_changed(act):
        return
    _require_administrator(act)
    post, user = Post.objects.get(pk=post.pk), User.objects.get(pk=user.pk)
    post.unit = unit
    before = _predecessor(post, term) if term.succeeds else None
    require(
        rules.may_appoint(
            post, user, starts_on=term.starts_on, ends_on=term.ends_on, succeeds=before
        )
    )
    _write(Holding(post=post, user=user, starts_on=term.starts_on, ends_on=term.ends_on), before)
    changes: dict[str, list[Any]] = {"holder": [str(before.user) if before else "", str(user)]}
    if term.as_head and post.is_head and term.holds_on(act.on):
        changes |= _make_head(user, unit, act)
    words = f"Giao chức danh {post} cho {user} {_days(term.starts_on, term.ends_on)}"
    told = Told("appoint", words[:300], term.note, changes)
    record_place(act, told, unit=unit, account=user)
    if before and before.ends_on and before.ends_on < act.on:
        _settle_account(before, term.after, act)


@transaction.atomic
def relieve(
    holding: Holding, *, ends_on: date, after: After = After.SAME, note: str = "", act: Act
) -> None:
    """Write down the holding's last day, to come or past; `Denied` when it cannot be."""
    unit = _locked(holding.post.unit)
    if place_was_changed(act):
        return
    _require_administrator(act)
    holding = _again(holding, unit)
    require(rules.may_end(holding, ends_on=ends_on))
    earlier = holding.ends_on
    holding.ends_on = ends_on
    _write(holding)
    words = f"{holding.user} thôi giữ chức danh {holding.post} từ hết ngày {ends_on:%d/%m/%Y}"
    changes = {"ends_on": [earlier.isoformat() if earlier else "", ends_on.isoformat()]}
    told = Told("relieve", words[:300], note, changes)
    record_place(act, told, unit=unit, account=holding.user)
    if ends_on <= act.on:
        _settle_account(holding, after, act)


@transaction.atomic
def withdraw(holding: Holding, *, act: Act) -> None:
    """Take back an appointment that has not begun; the event keeps that it was once made."""
    unit = _locked(holding.post.unit)
    if place_was_changed(act):
        return
    _require_administrator(act)
    holding = _again(holding, unit)
    require(rules.may_withdraw(holding, today=act.on))
    days = rules.span(holding)
    words = f"Hủy việc giao chức danh {holding.post} cho {holding.user} {days}"
    try:
        holding.delete()
    except ProtectedError as error:
        raise Denied(
            "Việc giao chức danh này đã có biên bản bàn giao, không hủy được. "
            "Ghi ngày thôi giữ chức danh."
        ) from error
    changes = {"holder": [str(holding.user), ""]}
    record_place(act, Told("withdraw", words[:300], "", changes), unit=unit, account=holding.user)


@transaction.atomic
def add_post(unit: Unit, *, title: str, is_head: bool = False, act: Act) -> None:
    """A new post of the unit; a unit has one head post."""
    unit = _locked(unit)
    if place_was_changed(act):
        return
    _require_administrator(act)
    require(rules.may_name_post(unit, title, today=act.on))
    if is_head:
        require(rules.may_add_head_post(unit))
    Post.objects.create(unit=unit, title=title, is_head=is_head)
    told = Told("post", f"Thêm chức danh {title}"[:300], "", {"post": ["", title]})
    record_place(act, told, unit=unit)


@transaction.atomic
def rename_post(post: Post, *, title: str, act: Act) -> None:
    """Another title for the same post; who held it, held the same."""
    unit = _locked(post.unit)
    if place_was_changed(act):
        return
    _require_administrator(act)
    require(rules.may_name_post(unit, title, today=act.on, post=post))
    before = Post.objects.get(pk=post.pk).title
    Post.objects.filter(pk=post.pk).update(title=title)
    words = f"Đổi tên chức danh {before} thành {title}"
    record_place(act, Told("rename", words[:300], "", {"title": [before, title]}), unit=unit)


def _require_administrator(act: Act) -> None:
    if act.by is not None:
        require(rules.may_keep_places(act.by))


def _require_another(account: User, act: Act) -> None:
    if act.by is not None:
        require(rules.may_change_account(act.by, account))


def _locked(unit: Unit) -> Unit:
    """One change at a time to the posts of a unit; a merging of the unit waits too."""
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)


def _again(holding: Holding, unit: Unit) -> Holding:
    """The holding as it stands now; who withdrew it meanwhile is told, not shown an error."""
    found = Holding.objects.select_related("post", "user").filter(pk=holding.pk).first()
    if found is None:
        raise Denied("Việc giao chức danh này vừa được người khác hủy. Tải lại trang để xem.")
    found.post.unit = unit
    return found


def _predecessor(post: Post, term: Term) -> Holding | None:
    """Who holds the post on the first day of the new term, or from it on."""
    return rules.overlapping(post, term.starts_on, term.ends_on).first()


def _write(holding: Holding, before: Holding | None = None) -> None:
    """Both rows or none. The database has the last word on who else holds the post."""
    try:
        try:
            _save(holding, before)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") != _DEADLOCK:
                raise
            # Two that come at once wait for each other until one is ended; it then sees the other.
            _save(holding, before)
    except IntegrityError as error:
        others = rules.overlapping(holding.post, holding.starts_on, holding.ends_on)
        other = others.exclude(pk=holding.pk).first()
        raise Denied(
            rules.held_by(other) if other else "Ngày chưa hợp lệ. Kiểm tra ngày rồi gửi lại."
        ) from error


@transaction.atomic
def _save(holding: Holding, before: Holding | None) -> None:
    if before:
        before.ends_on = holding.starts_on - _DAY
        before.save(update_fields=["ends_on"])
    holding.save()


def _days(starts_on: date, ends_on: date | None) -> str:
    return f"từ {starts_on:%d/%m/%Y}" + (f" đến {ends_on:%d/%m/%Y}" if ends_on else "")


def _make_head(user: User, unit: Unit, act: Act) -> dict[str, list[Any]]:
    _require_another(user, act)
    changes = {
        "role": [user.get_role_display(), Role.HEAD.label],
        "unit": [str(user.unit or ""), str(unit)],
    }
    User.objects.filter(pk=user.pk).update(role=Role.HEAD, unit=unit)
    return {name: change for name, change in changes.items() if change[0] != change[1]}


def _settle_account(holding: Holding, after: After, act: Act) -> None:
    """The account of somebody who left the post, as the administrator chose; an event of its own.

    Who is not a head of this unit (the office's head, say) keeps the role that they have.
    """
    user, unit = holding.user, holding.post.unit
    changes: dict[str, list[Any]] = {}
    if after == After.OFF and user.is_active:
        _require_another(user, act)
        User.objects.filter(pk=user.pk).update(is_active=False)
        changes = {"is_active": ["bật", "tắt"]}
    elif after == After.OFFICER and user.role == Role.HEAD and user.unit_id == unit.pk:
        User.objects.filter(pk=user.pk).update(role=Role.OFFICER)
        changes = {"role": [Role.HEAD.label, Role.OFFICER.label]}
    if changes:
        words = f"Thôi giữ chức danh {holding.post}: {After(after).label.lower()}"
        part = act.for_part(f"account-{user.pk}")
        record_place(part, Told("account", words[:300], "", changes), account=user)
