"""What a report may be about, found by typing: units, wards and communes, posts of heads."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import F, Q, QuerySet

from hanoi_programmes.lib.text import fold, words_of
from hanoi_programmes.people.models import Area, Axis, Post, Unit, User
from hanoi_programmes.people.models.folded import Folded
from hanoi_programmes.people.querysets import UnitQuerySet
from hanoi_programmes.people.shapes import UNITS
from hanoi_programmes.programmes.models import ActionProgramme, Resolution
from hanoi_programmes.reports.models import Subject
from hanoi_programmes.reports.querysets import areas_scored_for, posts_scored_for, units_scored_for
from hanoi_programmes.ui.choosing import Sought, SoughtField


def reported_units(user: User) -> UnitQuerySet:
    """Units that the user may report on, also those that have ended: their past stays."""
    return units_scored_for(user).from_the_top()


def reported_areas(user: User) -> QuerySet[Area]:
    """Wards and communes that the user sees whole, also those that have ended."""
    return areas_scored_for(user).order_by("sort_key")


def reported_posts(user: User) -> QuerySet[Post]:
    """Posts of heads, with their units."""
    return posts_scored_for(user).select_related("unit").order_by("unit__sort_key", "pk")


def _seek_areas(rows: QuerySet[Area], words: str) -> QuerySet[Area]:
    named = rows.annotate(folded=Folded(F("name")))
    return named.filter(Q(folded__contains=fold(words).strip()) | Q(code=words.strip()))


def _seek_posts(rows: QuerySet[Post], words: str) -> QuerySet[Post]:
    """Each of the words is in the post's title or in its unit's name."""
    found = rows.annotate(folded=Folded(F("title")))
    for word in words_of(words):
        found = found.filter(Q(folded__contains=word) | Q(unit__search__contains=word))
    return found


_UNITS = Sought("reports:choose-unit", UNITS.seek, UNITS.note, UNITS.hint)
_AREAS = Sought(
    "reports:choose-area", _seek_areas, lambda area: area.code, "Gõ tên phường, xã, không cần dấu"
)
_POSTS = Sought(
    "reports:choose-post",
    _seek_posts,
    lambda post: post.unit.short_name,
    "Gõ chức vụ hoặc tên đơn vị, không cần dấu",
)
SOUGHT = {"about_unit": _UNITS, "area": _AREAS, "post": _POSTS}
REPORTED = {"about_unit": reported_units, "area": reported_areas, "post": reported_posts}


class _Labelled(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of a few rows, by its key, under the name that people know."""

    def label_from_instance(self, obj: object) -> str:
        """Number and short name of a resolution or programme; the name of an axis."""
        if isinstance(obj, ActionProgramme):
            resolution = f"{obj.resolution.short_number} {obj.resolution.short}"
            return f"{obj.number or 'dự thảo'} – {resolution}"
        if isinstance(obj, Resolution):
            return f"{obj.short_number} – {obj.short}"
        return str(obj)


def subject_field(name: str, user: User, *, required: bool) -> forms.Field:
    """The field that asks for a subject of this name (a field of `Report`)."""
    if name in SOUGHT:
        label, missing = _ASKED[name]
        rows = REPORTED[name](user)
        found = SoughtField(rows, sought=SOUGHT[name], label=label, required=required)
        found.error_messages |= {"required": missing, "invalid_choice": _NOT_THERE}
        return found
    return _listed(name, user, required=required)


def _listed(name: str, user: User, *, required: bool) -> forms.Field:
    label, missing = _ASKED[name]
    programmes = ActionProgramme.objects.visible_to(user).select_related("resolution")
    rows: dict[str, tuple[QuerySet[Any], str]] = {
        "resolution": (Resolution.objects.all(), "key"),
        "programme": (programmes, "key"),
        "axis": (Axis.objects.all(), "code"),
    }
    queryset, key = rows[name]
    return _Labelled(
        queryset,
        to_field_name=key,
        label=label,
        empty_label=missing.rstrip("."),
        required=required,
        error_messages={"required": missing, "invalid_choice": _NOT_THERE},
    )


_ASKED = {
    "resolution": ("Nghị quyết", "Chọn nghị quyết."),
    "programme": ("Chương trình hành động", "Chọn chương trình."),
    "axis": ("Trục", "Chọn trục."),
    "about_unit": ("Đơn vị", "Chọn đơn vị."),
    "area": ("Phường, xã", "Chọn phường, xã."),
    "post": ("Người đứng đầu", "Chọn chức vụ."),
}
_NOT_THERE = "Không có trong phạm vi được xem. Chọn trong danh sách."


def ended(subject: Subject | None, start: date, end: date) -> str:
    """Why a place cannot be reported on in these days: it had ended, or did not exist yet."""
    place = subject.unit if isinstance(subject, Post) else subject
    if not isinstance(place, Unit | Area):
        return ""
    if place.ends_on and place.ends_on < start:
        heir = f" hoặc chọn {place.merged_into}" if place.merged_into else ""
        return (
            f"{place} đã kết thúc hoạt động ngày {place.ends_on:%d/%m/%Y}, trước kỳ báo cáo. "
            f"Chọn kỳ trước ngày đó{heir}."
        )
    if place.starts_on and place.starts_on > end:
        return f"{place} thành lập ngày {place.starts_on:%d/%m/%Y}, sau kỳ báo cáo. Chọn kỳ khác."
    return ""
