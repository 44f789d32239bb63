"""Axes, areas and units: the tree from the city to the ward."""

from django.db import models

from hanoi_programmes.people.models.folded import Folded, Joined
from hanoi_programmes.people.models.sourced import Sourced
from hanoi_programmes.people.querysets import UnitQuerySet
from hanoi_programmes.people.roles import Level


class Axis(Sourced):
    """A vertical line from city to ward; data, since no official list was found (PRODUCT §4)."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class Area(Sourced):
    """A ward or commune; areas merge over time, so they have dates."""

    code = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[("ward", "phường"), ("commune", "xã")])
    # Byte by byte, whatever language the server was set up for (`lib.text.sort_key`).
    sort_key = models.CharField(max_length=600, editable=False, db_collation="C")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            # Official codes keep their leading zeros (Quyết định 19/2025/QĐ-TTg).
            models.CheckConstraint(
                condition=models.Q(code__regex=r"^[0-9]{5}$"), name="area_code_has_five_digits"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="area_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(ends_on__isnull=False),
                name="merged_areas_have_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(Sourced):
    """A body on one axis, at one level, with a parent and, at commune level, an area."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=300)
    short_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, blank=True)
    level = models.CharField(max_length=12, choices=Level)
    axis = models.ForeignKey(Axis, on_delete=models.PROTECT, related_name="units")
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, null=True, blank=True, related_name="units"
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # "/UBND/UBND-SYT/": codes from the top; a prefix is a subtree. Kept by the services.
    path = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=900, editable=False, db_collation="C")
    search = models.GeneratedField(
        expression=Folded(Joined("code", "name", "short_name")),
        output_field=models.TextField(),
        db_persist=True,
    )
    is_active = models.BooleanField(default=False)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["axis", "area"], name="one_unit_per_axis_and_area"),
            models.CheckConstraint(
                condition=models.Q(level=Level.COMMUNE, area__isnull=False)
                | (~models.Q(level=Level.COMMUNE) & models.Q(area__isnull=True)),
                name="commune_units_have_an_area",
            ),
            models.CheckConstraint(
                condition=models.Q(path__startswith="/") & models.Q(path__endswith="/"),
                name="unit_path_is_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="unit_ends_after_start",
            ),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True) | models.Q(ends_on__isnull=False),
                name="merged_units_have_ended",
            ),
        ]
        indexes = [
            models.Index(
                fields=["path"], name="unit_path_prefix", opclasses=["varchar_pattern_ops"]
            )
        ]

    def __str__(self) -> str:
        return self.short_name
