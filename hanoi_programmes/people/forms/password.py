"""One's own new password: the present one, the new one twice."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from hanoi_programmes.people.models import User
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

# Django's validators by the code of what they refuse.
_SAID = {
    "password_too_short": "Mật khẩu mới ngắn quá. Đặt từ %(min_length)s ký tự, "
    "ví dụ bốn từ không liên quan nhau.",
    "password_too_common": "Mật khẩu này nhiều người dùng, dễ đoán. Đặt mật khẩu khác.",
    "password_too_similar": "Mật khẩu gần giống tên đăng nhập hoặc thư điện tử. Đặt mật khẩu khác.",
}


def _secret(label: str, *, new: bool, missing: str, hint: str = "") -> forms.CharField:
    """A box for a password, which browsers and their keepers of passwords know what to do with."""
    kind = "new-password" if new else "current-password"
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=128,
        strip=False,
        error_messages={"required": missing},
        widget=forms.PasswordInput(attrs={"autocomplete": kind}),
    )


class PasswordForm(PlainForm):
    """Names begin with "password": what they hold is carried nowhere when a session has ended."""

    form_key = FormKey()
    password = _secret("Mật khẩu hiện tại", new=False, missing="Nhập mật khẩu hiện tại.")
    password_new = _secret(
        "Mật khẩu mới",
        new=True,
        missing="Nhập mật khẩu mới.",
        hint="Từ 12 ký tự; không dùng lại mật khẩu của hệ thống khác",
    )
    password_again = _secret("Nhập lại mật khẩu mới", new=True, missing="Nhập lại mật khẩu mới.")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password_new(self) -> str:
        """What Django's validators refuse, in the words of this product."""
        password: str = self.cleaned_data["password_new"]
        try:
            validate_password(password, self.user)
        except forms.ValidationError as error:
            raise forms.ValidationError(_in_our_words(error)) from error
        return password

    def clean(self) -> dict[str, Any]:
        """Both new ones are the same, and not the present one."""
        data = super().clean() or {}
        new = data.get("password_new")
        if new and data.get("password_again") and new != data["password_again"]:
            self.add_error("password_again", "Hai lần nhập mật khẩu mới chưa giống nhau.")
        if new and new == data.get("password"):
            self.add_error("password_new", "Mật khẩu mới trùng mật khẩu hiện tại. Đặt khác đi.")
        return data


def _in_our_words(error: forms.ValidationError) -> list[str]:
    return [
        _SAID[one.code] % (one.params or {}) if one.code in _SAID else str(one.message)
        for one in error.error_list
    ]
