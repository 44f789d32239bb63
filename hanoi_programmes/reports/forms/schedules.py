"""What a regular report is asked with: as a report, with how often and for which posts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.people.models import Post, User
from hanoi_programmes.reports.forms.asking import ReportForm
from hanoi_programmes.reports.forms.subjects import SOUGHT
from hanoi_programmes.reports.models import ReportSchedule
from hanoi_programmes.reports.models.about import FIELDS
from hanoi_programmes.reports.services.schedules import Standing
from hanoi_programmes.reports.states import LISTS, REGULAR, Rhythm
from hanoi_programmes.ui.choosing import Sought, SoughtManyField
from hanoi_programmes.ui.fields import FormKey
from hanoi_programmes.ui.wording import PlainForm

RECEIVERS = Sought(
    "reports:choose-receiver",
    SOUGHT["post"].seek,
    SOUGHT["post"].note,
    "Gõ chức danh hoặc tên đơn vị, không cần dấu",
)
_DAYS = ("period", "start", "end", "as_of")
_RHYTHMS = {Rhythm.WEEK: "Hằng tuần", Rhythm.MONTH: "Hằng tháng", Rhythm.QUARTER: "Hằng quý"}


def receivers() -> QuerySet[Post]:
    """Posts of running units; whether their holders may read the report is asked when sent."""
    posts = Post.objects.filter(unit__is_active=True).select_related("unit")
    return posts.order_by("unit__sort_key", "-is_head", "pk")


class ScheduleForm(ReportForm):
    """The form of a report without its days, which the rhythm gives."""

    rhythm = forms.TypedChoiceField(
        label="Lập",
        choices=[(one.value, _RHYTHMS[one]) for one in REGULAR],
        coerce=Rhythm,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn lập hằng tuần, hằng tháng hay hằng quý."},
    )
    posts = SoughtManyField(
        Post.objects.none(),
        sought=RECEIVERS,
        label="Gửi tới chức danh",
        help_text="Ai đang giữ chức danh vào ngày lập thì nhận. Để trống: chỉ người lập lịch nhận.",
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: MultiValueDict[str, str] | None = None,
        *,
        asked: Mapping[str, Any] | None = None,
        user: User,
        today: date,
    ) -> None:
        """`asked` may hold a list of keys under `posts`."""
        begun = dict(asked or {})
        super().__init__(data, asked=begun, user=user, today=today)
        for name in _DAYS:
            del self.fields[name]
        self.fields["posts"].queryset = receivers()  # type: ignore[attr-defined]
        self.initial["rhythm"] = begun.get("rhythm") or Rhythm.MONTH
        self.initial["posts"] = begun.get("posts") or []
        self.initial["version"] = begun.get("version", "")

    def standing(self) -> Standing:
        """As the service takes it. Only after `is_valid()`."""
        data = self.cleaned_data
        return Standing(
            kind=data["kind"],
            rhythm=data["rhythm"],
            issuer=data["issuer"],
            profile=data["profile"],
            named=data["named"],
            subject=data.get(self.asks) if self.asks else None,
            posts=tuple(data["posts"]),
        )


def asked_by(schedule: ReportSchedule) -> dict[str, Any]:
    """What the form begins with when a schedule is changed."""
    subject = next((name for name in FIELDS if getattr(schedule, f"{name}_id")), "")
    found: dict[str, Any] = {
        "kind": schedule.kind,
        "about": subject if schedule.kind in LISTS else "",
        "rhythm": schedule.rhythm,
        "issuer": schedule.issuer,
        "profile": schedule.profile,
        "named": "yes" if schedule.named else "no",
        "posts": list(schedule.posts.values_list("pk", flat=True)),
        "version": schedule.version,
    }
    if subject:
        row = getattr(schedule, subject)
        by_name = {"resolution": "key", "programme": "key", "axis": "code"}
        found[subject] = getattr(row, by_name.get(subject, "pk"))
    return found


class ActForm(PlainForm):
    """A button that writes: only the key that makes it write once."""

    form_key = FormKey()
