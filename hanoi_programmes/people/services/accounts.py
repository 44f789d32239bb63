"""Accounts: create, place, switch, a new password; acts of the administrator."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people import rules
from hanoi_programmes.people.models import PlaceEvent, Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place

# Read aloud over the telephone, no letter is taken for another: no 0 o 1 l i.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 4, 4


@dataclass(frozen=True, slots=True)
class Details:
    """Who an account is for."""

    username: str
    display_name: str
    role: Role
    unit: Unit | None = None
    email: str = ""


@transaction.atomic
def create_account(details: Details, *, act: Act) -> tuple[User, str]:
    """The new account and its password, which is stored nowhere: whoever asks shows it once.

    The same form sent twice finds the account and has no password to show any more ('').
    """
    _require_administrator(act)
    if place_was_changed(act):
        return _made_by(act), ""
    require(rules.may_place(details.role, _standing(details.unit), today=act.on))
    password = new_password()
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                details.username,
                password=password,
                display_name=details.display_name,
                email=details.email,
                role=details.role,
                unit=details.unit,
            )
    except IntegrityError as error:
        raise Denied(f"Đã có tài khoản tên {details.username}. Đặt tên đăng nhập khác.") from error
    changes = {"role": ["", details.role.label], "unit": ["", str(details.unit or "")]}
    record_place(act, Told("create", f"Cấp tài khoản {user.username}", "", changes), account=user)
    return user, password


@transaction.atomic
def place_account(account: User, *, role: Role, unit: Unit | None, act: Act) -> None:
    """Another role or unit; posts held are not touched."""
    unit = _standing(unit)
    account = _locked(account, act)
    if place_was_changed(act):
        return
    _require_another(account, act)
    require(rules.may_place(role, unit, today=act.on))
    changes = {
        "role": [account.get_role_display(), role.label],
        "unit": [str(account.unit or ""), str(unit or "")],
    }
    changes = {name: change for name, change in changes.items() if change[0] != change[1]}
    User.objects.filter(pk=account.pk).update(role=role, unit=unit)
    words = "Đổi vai trò, đơn vị của tài khoản"
    record_place(act, Told("move", words, "", changes), account=account)


@transaction.atomic
def switch_account(account: User, *, is_active: bool, act: Act) -> None:
    """Off ends its sessions at once; on, the old password works again."""
    account = _locked(account, act)
    if place_was_changed(act) or account.is_active == is_active:
        return
    _require_another(account, act)
    User.objects.filter(pk=account.pk).update(is_active=is_active)
    words = "Bật lại tài khoản" if is_active else "Tắt tài khoản"
    changes: dict[str, list[Any]] = {"is_active": [account.is_active, is_active]}
    record_place(act, Told("switch", words, "", changes), account=account)


@transaction.atomic
def renew_password(account: User, *, act: Act) -> str:
    """A new password to be shown once, '' when the form comes again; ends all its sessions."""
    account = _locked(account, act)
    _require_administrator(act)
    if place_was_changed(act):
        return ""
    password = new_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    record_place(act, Told("password", "Cấp lại mật khẩu"), account=account)
    return password


@transaction.atomic
def change_own_password(user: User, *, old: str, new: str, act: Act) -> User:
    """The account with its new password; its other sessions end. `Denied` when `old` is wrong."""
    account = _locked(user, act)
    if place_was_changed(act):
        return account
    require(rules.may_change_password(account))
    if not account.check_password(old):
        raise Denied("Mật khẩu hiện tại chưa đúng. Kiểm tra phím Caps Lock rồi nhập lại.")
    account.set_password(new)
    account.save(update_fields=["password"])
    record_place(act, Told("own-password", "Tự đổi mật khẩu"), account=account)
    return account


def new_password() -> str:
    """Four groups of four letters and digits: 79 bits of chance, easy to read aloud."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))
    return "-".join(groups)


def _made_by(act: Act) -> User:
    event = PlaceEvent.objects.select_related("account").get(form_key=act.form_key)
    if event.account is None:
        raise Denied("Trang mở đã cũ. Tải lại trang rồi gửi lại.")
    return event.account


def _standing(unit: Unit | None) -> Unit | None:
    """The unit, kept from merging until we are done; before any account, as mergings do it."""
    return Unit.objects.select_for_update(no_key=True).get(pk=unit.pk) if unit else None


def _locked(account: User, act: Act) -> User:
    """The account, locked with that of who acts, in one order: two who lock each other do not."""
    ids = {account.pk} | ({act.by.pk} if act.by else set())
    rows = User.objects.select_for_update(of=("self",), no_key=True).select_related("unit")
    return {row.pk: row for row in rows.filter(pk__in=ids).order_by("pk")}[account.pk]


def _require_administrator(act: Act) -> None:
    if act.by is not None:
        require(rules.may_keep_places(act.by))


def _require_another(account: User, act: Act) -> None:
    """Who acts is read again: of two administrators who switch each other off, one stays."""
    if act.by is None:
        return
    by = User.objects.get(pk=act.by.pk)
    if not by.is_active:
        raise Denied("Tài khoản của anh/chị vừa bị tắt. Liên hệ một quản trị khác.")
    require(rules.may_keep_places(by))
    require(rules.may_change_account(by, account))
