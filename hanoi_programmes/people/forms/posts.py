"""Forms of posts: who holds one from when to when, its title."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from hanoi_programmes.people.models import Holding, Post, User
from hanoi_programmes.people.services.posts import After, Term
from hanoi_programmes.people.shapes import ACCOUNTS
from hanoi_programmes.ui.choosing import SoughtBox, SoughtField
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

_NOTE_MAX = 500


def _note() -> forms.CharField:
    return forms.CharField(
        label="Văn bản, ghi chú",
        help_text="Không bắt buộc, ví dụ Quyết định 118-QĐ/TU",
        max_length=_NOTE_MAX,
        required=False,
    )


def _after() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Tài khoản của người thôi giữ chức danh",
        help_text="Đổi ngay khi ngày thôi giữ đã tới; ngày còn ở phía trước thì giữ nguyên.",
        choices=After.choices,
        widget=forms.RadioSelect,
        initial=After.OFFICER,
    )


class AppointForm(PlainForm):
    """Who takes a post, from when, and what becomes of who held it."""

    form_key = FormKey()
    user = SoughtField(
        User.objects.none(),
        sought=ACCOUNTS,
        label="Người được giao",
        error_messages={"required": "Tìm rồi chọn người được giao."},
    )
    starts_on = Day(label="Giữ chức danh từ ngày", missing="Chọn ngày bắt đầu.")
    ends_on = Day(label="Đến hết ngày", help_text="Để trống nếu chưa có thời hạn", required=False)
    succeeds = forms.BooleanField(required=False)
    after = _after()
    as_head = forms.BooleanField(
        label="Cho tài khoản làm người đứng đầu của đơn vị này",
        help_text="Đổi vai trò thành Người đứng đầu và chuyển tài khoản về đơn vị, "
        "khi ngày bắt đầu đã tới.",
        required=False,
        initial=True,
    )
    note = _note()

    def __init__(
        self,
        *args: Any,
        post: Post,
        holder: Holding | None,
        people: QuerySet[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        user = cast("SoughtField", self.fields["user"])
        user.queryset = people
        # Whoever takes the post mostly works there already.
        cast("SoughtBox", user.widget).likely = people.filter(unit=post.unit).order_by(
            "display_name", "pk"
        )
        if holder:
            self.fields["succeeds"].label = f"{holder.user} thôi giữ từ hết ngày trước đó"
        else:
            del self.fields["succeeds"]
        if not post.is_head:
            del self.fields["as_head"]
        if not (post.is_head and holder):
            del self.fields["after"]

    def term(self) -> Term:
        """What the form says, as the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Term(
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            note=data["note"],
            succeeds=data.get("succeeds", False),
            as_head=data.get("as_head", False),
            after=After(data.get("after", After.SAME)),
        )


class RelieveForm(PlainForm):
    """The last day of a holding."""

    form_key = FormKey()
    ends_on = Day(
        label="Giữ chức danh đến hết ngày",
        help_text="Ngày cuối cùng còn chịu trách nhiệm",
        missing="Chọn ngày cuối cùng giữ chức danh.",
    )
    after = _after()
    note = _note()

    def __init__(self, *args: Any, is_head: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_head:
            del self.fields["after"]


def _title() -> forms.CharField:
    return forms.CharField(
        label="Tên chức danh",
        help_text="Ví dụ Phó Giám đốc Sở",
        max_length=200,
        error_messages={"required": "Nhập tên chức danh."},
    )


class PostForm(PlainForm):
    """A new post."""

    form_key = FormKey()
    title = _title()
    is_head = forms.BooleanField(
        label="Đây là chức danh đứng đầu đơn vị",
        help_text="Mỗi đơn vị có một chức danh đứng đầu",
        required=False,
    )


class RenameForm(PlainForm):
    """Another title."""

    form_key = FormKey()
    title = _title()
