"""Text that somebody is still typing: kept on the server, also when the session ends."""

from django.db import models

from hanoi_programmes.people.models import User


class Draft(models.Model):
    """What one person has typed into one form and not sent yet; `key` names it: "report:12"."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_a_form")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.key}"
