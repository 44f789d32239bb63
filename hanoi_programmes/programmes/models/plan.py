"""Resolutions, the programmes that carry them out, their groups, targets and documents."""

from decimal import Decimal

from django.db import models

from hanoi_programmes.people.models import Sourced
from hanoi_programmes.programmes.querysets import ProgrammeQuerySet

_SIGNS = {">=": "≥", "<=": "≤", "=": "", "~": "khoảng"}


def _plain(value: Decimal) -> str:
    """24.500 or 0,85, without idle zeros."""
    whole, _, rest = f"{value:,f}".partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", ".") + (f",{rest}" if rest else "")


class Resolution(Sourced):
    """A resolution of the Politburo."""

    key = models.SlugField(unique=True)
    number = models.CharField("số, ký hiệu", max_length=40, unique=True)
    title = models.TextField()
    short = models.CharField(max_length=60)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField()
    field = models.CharField(max_length=120)
    summary = models.TextField(blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"Nghị quyết {self.number}"

    @property
    def short_number(self) -> str:
        """'NQ 72', as lists print it."""
        return self.short_of(self.number)

    @staticmethod
    def short_of(number: str) -> str:
        """The same of a number that was read without its row."""
        return f"NQ {number.split('-')[0]}"


class ActionProgramme(Sourced):
    """The city's programme for a resolution; a draft has no number yet."""

    class Status(models.TextChoices):
        """Whether the programme was signed and sent out."""

        DRAFT = "draft", "Dự thảo"
        ISSUED = "issued", "Đã ban hành"

    key = models.SlugField(unique=True)
    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="programmes")
    number = models.CharField("số, ký hiệu", max_length=40, blank=True)
    title = models.TextField()
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status)
    note = models.TextField(blank=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        ordering = ["resolution__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="programme_number_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(status="issued") ^ models.Q(number=""),
                name="issued_programmes_have_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"Dự thảo chương trình thực hiện {self.resolution.number}"


class TaskGroup(Sourced):
    """A numbered heading of tasks and solutions."""

    programme = models.ForeignKey(ActionProgramme, on_delete=models.PROTECT, related_name="groups")
    number = models.PositiveSmallIntegerField()
    heading = models.TextField()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="group_number_unique")
        ]

    def __str__(self) -> str:
        return f"Nhóm {self.number}. {self.heading}"


class Target(Sourced):
    """A measurable goal: national ones belong to a resolution, the city's to a programme.

    National targets are context and never Hanoi's commitment (PRODUCT §4).
    """

    code = models.CharField(max_length=30, unique=True)
    resolution = models.ForeignKey(
        Resolution, on_delete=models.PROTECT, related_name="targets", null=True, blank=True
    )
    programme = models.ForeignKey(
        ActionProgramme, on_delete=models.PROTECT, related_name="targets", null=True, blank=True
    )
    name = models.TextField()
    operator = models.CharField(max_length=10)
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    value_max = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.TextField(blank=True)
    unit = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["year", "code"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(resolution__isnull=True) ^ models.Q(programme__isnull=True),
                name="target_is_national_or_the_citys",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def level(self) -> str:
        """The value as a person reads it: "≥ 80 %", "1 đến 3 doanh nghiệp"."""
        if self.value is None:
            return self.text
        if self.operator == "yes_no":
            return "có" if self.value else "không"
        value = _plain(self.value)
        if self.operator == "range" and self.value_max is not None:
            return f"{value} đến {_plain(self.value_max)} {self.unit}".strip()
        sign = _SIGNS.get(self.operator, self.operator)
        return f"{sign} {value} {self.unit}".strip()

    @property
    def is_national(self) -> bool:
        """True when the goal is the country's, not Hanoi's."""
        return self.resolution_id is not None


class Document(Sourced):
    """A document under a programme: a plan or decision of the city or a department."""

    programme = models.ForeignKey(
        ActionProgramme, on_delete=models.PROTECT, related_name="documents"
    )
    number = models.CharField("số, ký hiệu", max_length=40)
    issuer = models.CharField(max_length=200)
    issued_on = models.DateField(null=True, blank=True)
    subject = models.TextField()

    class Meta:
        ordering = ["issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"], name="document_number_unique_in_programme"
            )
        ]

    def __str__(self) -> str:
        return self.number
