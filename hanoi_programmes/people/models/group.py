"""Named groups of units, as documents name them: "UBND các xã, phường"."""

from django.db import models

from hanoi_programmes.people.models.place import Axis, Unit
from hanoi_programmes.people.models.sourced import Sourced
from hanoi_programmes.people.roles import Level


class UnitGroup(Sourced):
    """All units of a level, on one axis or on all, or else the members that are listed.

    A group by rule needs no care when an area is founded or ends; a list is for everything else.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=200, unique=True)
    axis = models.ForeignKey(
        Axis, on_delete=models.PROTECT, related_name="unit_groups", null=True, blank=True
    )
    level = models.CharField(max_length=12, choices=Level, blank=True)
    members = models.ManyToManyField(Unit, related_name="unit_groups", blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name
