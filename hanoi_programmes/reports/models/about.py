"""What a report, or a regular one, is about: one of six subjects, or all of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import Area, Axis, Post, Unit
from hanoi_programmes.programmes.models import ActionProgramme, Resolution
from hanoi_programmes.reports.states import LISTS, SUBJECTS, Kind

Subject = Resolution | ActionProgramme | Axis | Unit | Area | Post
FIELDS = tuple(SUBJECTS.values())


class About(models.Model):
    """At most one subject; which one its kind says, and the database holds."""

    kind = models.CharField("loại", max_length=20, choices=Kind, default=Kind.CITY)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    programme = models.ForeignKey(
        ActionProgramme, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    axis = models.ForeignKey(
        Axis, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    about_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    # What comes along in one query when subjects are to be named.
    JOINS: ClassVar = (
        "resolution", "programme__resolution", "axis", "about_unit", "area", "post__unit",
    )  # fmt: skip

    @property
    def about_what(self) -> Subject | None:
        """The one subject; None: all of it."""
        return next((found for name in FIELDS if (found := getattr(self, name)) is not None), None)

    @property
    def topic(self) -> str:
        """The subject as a key under which texts are kept: "programme:06-ctr", or empty."""
        for name in FIELDS:
            found = getattr(self, name)
            if found is not None:
                key = getattr(found, "key", None) or getattr(found, "code", None) or found.pk
                return f"{name.removeprefix('about_')}:{key}"
        return ""

    @property
    def about(self) -> str:
        """What the paper tells of, without the period."""
        return _title(self)


def field_of(subject: Subject) -> str:
    """The field that names such a subject."""
    fields = {Resolution: "resolution", ActionProgramme: "programme", Axis: "axis"}
    return (fields | {Unit: "about_unit", Area: "area", Post: "post"})[type(subject)]


def _only(*chosen: str) -> Q:
    """Of the six subjects just these are given."""
    found = Q()
    for name in FIELDS:
        found &= Q(**{f"{name}__isnull": name not in chosen})
    return found


def subject_fits_kind() -> Q:
    """The condition that the tables of reports and schedules hold."""
    whole = Q(kind__in=[Kind.CITY, Kind.AREAS, Kind.LETTER]) & _only()
    any_one = _only()
    for name in FIELDS:
        any_one |= _only(name)
    fits = whole | (Q(kind__in=LISTS) & any_one)
    for kind, name in SUBJECTS.items():
        fits |= Q(kind=kind) & _only(name)
    return fits


_LISTED = {
    Kind.EXCEPTIONS: "Danh sách nhiệm vụ cần tập trung chỉ đạo",
    Kind.URGING: "Danh sách đơn vị, nhiệm vụ cần đôn đốc",
    Kind.TABLES: "Biểu nhiệm vụ theo đơn vị chủ trì",
    Kind.AREAS: "Kết quả thực hiện nhiệm vụ của các phường, xã",
}


def _title(row: About) -> str:
    kind, named = Kind(row.kind), _named(row.about_what)
    if kind in _LISTED:
        return f"{_LISTED[kind]} ({named})" if named else _LISTED[kind]
    if not named:
        return "Kết quả thực hiện các chương trình hành động"
    return f"Kết quả thực hiện {named}"


def _named(subject: Subject | None) -> str:
    """The subject inside a title."""
    match subject:
        case None:
            return ""
        case ActionProgramme(number=number) if number:
            name = f"Chương trình hành động số {number}"
        case ActionProgramme(resolution=resolution) | (Resolution() as resolution):
            name = f"Nghị quyết số {resolution.number}"
        case Area():
            name = f"nhiệm vụ trên địa bàn {subject.name}"
        case Post():
            name = f"nhiệm vụ thuộc trách nhiệm của {subject.title} ({subject.unit.short_name})"
        case _:
            name = f"nhiệm vụ của {subject.name}"
    return name
