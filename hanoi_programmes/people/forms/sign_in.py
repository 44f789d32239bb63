"""The form at the gate."""

from django import forms

from hanoi_programmes.ui.wording import PlainForm


class SignInForm(PlainForm):
    """Account and password; the answer to a wrong pair never says which of the two was wrong."""

    username = forms.CharField(
        label="Tài khoản công vụ",
        max_length=150,
        help_text="Tên đăng nhập được cấp",
        error_messages={"required": "Nhập tên đăng nhập."},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Mật khẩu",
        max_length=128,
        strip=False,
        error_messages={"required": "Nhập mật khẩu."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(
        label="Giữ đăng nhập trên máy này 7 ngày",
        help_text="Không chọn nếu dùng máy chung",
        required=False,
    )
