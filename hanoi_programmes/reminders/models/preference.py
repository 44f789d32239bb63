"""How a person wants to be reminded."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hanoi_programmes.people.models import User
from hanoi_programmes.reminders.states import Delivery

SUNDAY = 6


class Preference(models.Model):
    """One digest or a mail a task; days without mails. Nothing here stops a statutory escalation.

    Notices in the app always come; what waits over quiet days stands in the next mail.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="reminder_preference")
    delivery = models.CharField(
        "cách nhận thư", max_length=10, choices=Delivery, default=Delivery.DIGEST
    )
    # 0 is Monday, as in Python.
    quiet_weekdays = ArrayField(
        models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name="ngày không nhận"
    )
    quiet_from = models.DateField("không nhận thư từ ngày", null=True, blank=True)
    quiet_until = models.DateField("đến hết ngày", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(delivery__in=Delivery.values), name="delivery_known"
            ),
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                # Without a day a comparison is neither true nor false, and a check lets that pass.
                | Q(
                    quiet_from__isnull=False,
                    quiet_until__isnull=False,
                    quiet_until__gte=F("quiet_from"),
                ),
                name="quiet_days_have_both_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.get_delivery_display()}"
