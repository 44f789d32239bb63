"""A figure of a scorecard that a unit says is wrong, and the office's answer."""

from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.reports.querysets import ContestQuerySet
from hanoi_programmes.reports.states import Figure


class FigureContest(models.Model):
    """One objection. `figure` is the key of the figure, `shown` what the page said then, `address`
    the scorecard's path with its query string: it opens the same figures of the same day again."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="figure_contests")
    figure = models.CharField("số liệu", max_length=40)
    shown = models.CharField("số đang hiện", max_length=120)
    address = models.CharField("trang", max_length=300)
    as_of = models.DateField("tính đến ngày")
    text = models.TextField("chỗ chưa đúng")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc nêu")
    # Whether the office found the figure wrong; None while it has not answered.
    is_upheld = models.BooleanField("đúng là sai", null=True, blank=True)
    answer = models.TextField("trả lời", blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    answered_at = models.DateTimeField("lúc trả lời", null=True, blank=True)

    objects = ContestQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    is_upheld__isnull=True,
                    answer="",
                    answered_by__isnull=True,
                    answered_at__isnull=True,
                )
                | Q(
                    is_upheld__isnull=False,
                    answer__gt="",
                    answered_by__isnull=False,
                    answered_at__isnull=False,
                ),
                name="a_contest_is_answered_whole",
            )
        ]
        indexes = [
            models.Index(fields=["at"], condition=Q(answered_at=None), name="contest_waiting"),
            models.Index(fields=["unit", "-at"], name="contest_of_unit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.figure}: {self.shown}"

    @property
    def figure_label(self) -> str:
        """The figure in the words of the scorecard."""
        return Figure(self.figure).label if self.figure in Figure.values else self.figure

    @property
    def is_waiting(self) -> bool:
        """The office has not answered."""
        return self.answered_at is None
