"""Links by which a reader answers from the mail."""

from django.db import models
from django.db.models import F, Q

from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.models.ledger import Mail
from hanoi_programmes.reminders.querysets import AnswerLinkQuerySet
from hanoi_programmes.reminders.states import Reply


class AnswerLink(models.Model):
    """One answer about one task, by who got the mail, within its life (PRODUCT §7: 72 hours).

    The address holds this row's key, signed. It ends by use, by its time, when the task is closed,
    and when its reader no longer answers for the task.
    """

    mail = models.ForeignKey(Mail, on_delete=models.PROTECT, related_name="answer_links")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="answer_links")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="answer_links")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=10, choices=Reply, blank=True)

    objects = AnswerLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mail", "task"], name="one_answer_link_a_line"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="answer_links_live_a_while"
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, reply="")
                | (Q(used_at__isnull=False) & Q(reply__in=Reply.values)),
                name="used_answer_links_say_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} → {self.task_id}: {self.reply or 'chưa dùng'}"
