"""What a report is asked with; every value is checked before it is used."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.lib.periods import read_period
from hanoi_programmes.people.models import Area, Post, Unit, User
from hanoi_programmes.reports.forms.kinds import NARROWED, Offer, is_list, offers_for
from hanoi_programmes.reports.forms.periods import (
    DAYS,
    FIRST_YEAR,
    period_choices,
    rhythm_of,
    usual_period,
)
from hanoi_programmes.reports.forms.subjects import ended, subject_field
from hanoi_programmes.reports.kinds import Wish, holder
from hanoi_programmes.reports.models import Subject
from hanoi_programmes.reports.querysets import areas_scored_for
from hanoi_programmes.reports.rules import issuers_for, profiles_for
from hanoi_programmes.reports.states import SUBJECTS, Issuer, Kind, Profile
from hanoi_programmes.ui.fields import Day, FormKey
from hanoi_programmes.ui.wording import PlainForm

_NAMED = [("yes", "Nêu tên người đứng đầu"), ("no", "Không nêu tên, để phổ biến rộng")]
# What an address may carry instead of keys: pages that link here know codes.
_CODES: Mapping[str, tuple[str, QuerySet[Any]]] = {
    "unit_code": ("about_unit", Unit.objects.all()),
    "area_code": ("area", Area.objects.all()),
}
_LAYOUTS = {
    Profile.PARTY: "Đảng (05-HD/VPTW)",
    Profile.STATE: "Hành chính (NĐ 30/2020)",
    Profile.PLAIN: "Bản làm việc",
}
Sent = MultiValueDict[str, str]


class ReportForm(PlainForm):
    """Kind, subject, period, day, and how the paper is to look.

    Only what the kind needs is a field: `asks` names the one for its subject, or is empty.
    """

    form_key = FormKey()
    kind = forms.TypedChoiceField(
        label="Loại báo cáo",
        coerce=Kind,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn loại báo cáo."},
    )
    about = forms.ChoiceField(label="Phạm vi", required=False)
    period = forms.ChoiceField(label="Kỳ báo cáo", error_messages={"required": "Chọn kỳ."})
    start = Day(label="Từ ngày", required=False)
    end = Day(label="Đến ngày", required=False)
    as_of = Day(label="Số liệu tính đến hết ngày", required=False)
    issuer = forms.TypedChoiceField(label="Cơ quan ban hành", coerce=Issuer)
    profile = forms.TypedChoiceField(label="Thể thức", coerce=Profile)
    named = forms.TypedChoiceField(
        label="Tên người", choices=_NAMED, coerce=lambda value: value == "yes"
    )

    def __init__(
        self,
        data: Sent | None = None,
        *,
        asked: Mapping[str, Any] | None = None,
        user: User,
        today: date,
    ) -> None:
        """`asked` is what an address or another page begins with; `data` what was sent."""
        first = _first(asked or {}, user, today)
        super().__init__(data, initial=first, auto_id="r-%s")
        self.user, self.today, self.first = user, today, first
        self.groups = offers_for(user, has_areas=areas_scored_for(user).exists())
        self.shown_kind = self._kind(str(self._told("kind")))
        self.asks = self._asks()
        self._offer_choices()
        self._ask_for_subject()

    def _told(self, name: str) -> Any:  # noqa: ANN401 - as typed, or as given
        return self.data.get(name, "") if self.is_bound else self.first.get(name, "")

    def _kind(self, asked: str) -> Kind:
        offered = [offer.kind for _name, offers in self.groups for offer in offers]
        usual = Kind.CITY if self.user.sees_all else Kind.UNIT
        return Kind(asked) if asked in offered else usual

    def _asks(self) -> str:
        """The field of the subject that the form shows."""
        if not is_list(self.shown_kind):
            return SUBJECTS.get(self.shown_kind, "")
        about = str(self._told("about"))
        return about if about in self._narrowed() else ""

    def _narrowed(self) -> dict[str, str]:
        kinds = {offer.kind for _name, offers in self.groups for offer in offers}
        missing = {name for kind, name in SUBJECTS.items() if kind not in kinds}
        return {name: label for name, label in NARROWED.items() if name not in missing}

    def _offer_choices(self) -> None:
        kinds = [(offer.kind.value, offer.label) for _, offers in self.groups for offer in offers]
        _offer(self.fields["kind"], kinds)
        self.initial["kind"] = self.shown_kind.value
        if is_list(self.shown_kind):
            _offer(self.fields["about"], list(self._narrowed().items()))
        else:
            del self.fields["about"]
        _offer(self.fields["period"], period_choices(self.today, str(self._told("period"))))
        issuers = issuers_for(self.user)
        _offer(self.fields["issuer"], [(one.value, _issued(one, self.user)) for one in issuers])
        profiles = dict.fromkeys(
            profile for issuer in issuers for profile in profiles_for(issuer, self.user.unit)
        )
        _offer(self.fields["profile"], [(one.value, _LAYOUTS[one]) for one in profiles])
        self.fields["as_of"].widget.attrs["max"] = self.today.isoformat()
        self.fields["as_of"].help_text = "Để trống: hôm nay, hoặc ngày cuối kỳ"

    def _ask_for_subject(self) -> None:
        if self.asks:
            self.add_field(self.asks, subject_field(self.asks, self.user, required=True))

    @property
    def subject_box(self) -> forms.BoundField | None:
        """The field of the subject, if the kind has one."""
        return self[self.asks] if self.asks else None

    @property
    def chosen_offer(self) -> Offer:
        """The kind that is shown."""
        offers = [offer for _name, offers in self.groups for offer in offers]
        return next(offer for offer in offers if offer.kind == self.shown_kind)

    @property
    def has_one_issuer(self) -> bool:
        """Nothing to choose: a unit writes in its own name."""
        return len(issuers_for(self.user)) == 1

    def clean(self) -> dict[str, Any]:
        """The days in their order, the day in its period, the place there in those days."""
        cleaned: dict[str, Any] = super().clean() or {}
        period = self._span(cleaned)
        if period is None:
            return cleaned
        cleaned["span"] = period
        if "as_of" in cleaned:
            cleaned["as_of"] = self._day(cleaned["as_of"], period)
        self._check_subject(cleaned, period)
        return cleaned

    def _span(self, cleaned: dict[str, Any]) -> Period | None:
        key = cleaned.get("period")
        if not key or (key == DAYS and not {"start", "end"} <= cleaned.keys()):
            return None
        period = self._between(cleaned["start"], cleaned["end"]) if key == DAYS else None
        period = period or read_period(str(key))
        if period is None:
            return None
        return period if self._can_be(period, "start" if key == DAYS else "period") else None

    def _between(self, start: date | None, end: date | None) -> Period | None:
        if start is None or end is None:
            name, which = ("start", "ngày đầu") if start is None else ("end", "ngày cuối")
            self.add_error(name, f"Nhập {which} của kỳ.")
        elif start > end:
            self.add_error(
                "end",
                f"Ngày cuối kỳ {end:%d/%m/%Y} đứng trước ngày đầu kỳ {start:%d/%m/%Y}. "
                "Đổi lại hai ngày.",
            )
        else:
            return Period(start, end)
        return None

    def _can_be(self, period: Period, name: str) -> bool:
        if period.start > self.today:
            self.add_error(
                name, f"Kỳ này chưa bắt đầu. Chọn kỳ bắt đầu từ {self.today:%d/%m/%Y} trở về trước."
            )
        elif period.start.year < FIRST_YEAR:
            self.add_error(name, f"Chưa có số liệu trước năm {FIRST_YEAR}.")
        else:
            return True
        return False

    def _day(self, asked: date | None, period: Period) -> date:
        last = min(period.end, self.today)
        if asked is None:
            return last
        if asked > self.today:
            self.add_error(
                "as_of", f"Chưa có số liệu sau hôm nay. Chọn ngày đến {self.today:%d/%m/%Y}."
            )
        elif not period.start <= asked <= period.end:
            self.add_error(
                "as_of",
                f"Ngày {asked:%d/%m/%Y} nằm ngoài kỳ báo cáo, từ {period.start:%d/%m/%Y} đến "
                f"{period.end:%d/%m/%Y}. Chọn ngày trong kỳ hoặc để trống.",
            )
        return asked

    def _check_subject(self, cleaned: dict[str, Any], period: Period) -> None:
        subject: Subject | None = cleaned.get(self.asks) if self.asks else None
        on = cleaned.get("as_of") or min(period.end, self.today)
        if why := ended(subject, period.start, on):
            self.add_error(self.asks, why)
        elif isinstance(subject, Post) and holder(subject, on) is None:
            self.add_error(
                self.asks,
                f"Ngày {on:%d/%m/%Y} chưa có ai giữ chức vụ {subject.title}, "
                f"{subject.unit.short_name}. Chọn ngày khác hoặc báo cáo theo đơn vị.",
            )

    def as_sent(self) -> "ReportForm":
        """The same form as if it were sent as it stands: what would be asked for."""
        sent: Sent = MultiValueDict({name: [str(value)] for name, value in self.first.items()})
        sent["kind"], sent["form_key"] = self.shown_kind.value, str(uuid4())
        return ReportForm(sent, asked=self.first, user=self.user, today=self.today)

    def address(self) -> str:
        """The query string that asks the same: kind, subject, period."""
        names = ("kind", "about", self.asks, "period", "start", "end", "as_of")
        told = {name: str(self._told(name)) for name in names if name}
        if told["period"] != DAYS:
            told |= {"start": "", "end": ""}
        return urlencode({name: value for name, value in told.items() if value})

    def wanted(self) -> Wish:
        """What the service is asked for. Only after `is_valid()`."""
        data = self.cleaned_data
        return Wish(
            kind=data["kind"],
            subject=data.get(self.asks) if self.asks else None,
            period=data["span"],
            rhythm=rhythm_of(data["period"]),
            as_of=data["as_of"],
            issuer=data["issuer"],
            profile=data["profile"],
            named=data["named"],
        )


def _first(asked: Mapping[str, Any], user: User, today: date) -> dict[str, Any]:
    """What the form begins with: what the address says, else what is usual."""
    found = {name: str(value) for name, value in asked.items() if name in _BEGINS and value}
    for name, (field, places) in _CODES.items():
        if asked.get(name):
            row = places.filter(code=str(asked[name])[:60]).first()
            found[field] = str(row.pk) if row else ""
    start, dots, end = found.get("period", "").partition("..")
    if dots and read_period(found["period"]):
        found |= {"period": DAYS, "start": start, "end": end}
    elif found.get("period") != DAYS and read_period(found.get("period", "")) is None:
        found["period"] = usual_period(today)
    if user.unit is not None and not user.sees_all:
        found.setdefault("about_unit", str(user.unit.pk))
    issuer = issuers_for(user)[0]
    usual = {"issuer": issuer.value, "profile": profiles_for(issuer, user.unit)[0].value}
    return usual | {"named": "yes"} | found


_BEGINS = {
    "kind", "about", "resolution", "programme", "axis", "about_unit", "area", "post", "period",
    "start", "end", "as_of", "issuer", "profile", "named",
}  # fmt: skip


def _offer(field: forms.Field, choices: Any) -> None:  # noqa: ANN401 - options, also in groups
    cast("forms.ChoiceField", field).choices = choices


def _issued(issuer: Issuer, user: User) -> str:
    return user.unit.name if issuer == Issuer.UNIT and user.unit else issuer.label
