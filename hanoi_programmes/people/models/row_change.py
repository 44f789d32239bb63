"""Row history, written by the database itself, and the log of what inspectors read."""

from django.db import models
from django.db.models import Func
from django.db.models.functions import Now

from hanoi_programmes.people.models.user import User


class ThisTransaction(Func):
    """The name of the running transaction: what was written together can be read together."""

    function = "history_transaction"
    output_field = models.UUIDField()


class RowChange(models.Model):
    """One row that was inserted, changed or deleted, by whatever way; triggers write it.

    `changes` maps a column to [from, to]; a password shows only that it changed. `subject` is the
    task that the row belongs to. `source` is empty when nobody said who acts: the change was made
    in the database directly, by the account `login`. The database refuses change and deletion.
    """

    class Operation(models.TextChoices):
        """What was done to the row."""

        INSERT = "insert", "Thêm"
        UPDATE = "update", "Sửa"
        DELETE = "delete", "Xóa"

    class Source(models.TextChoices):
        """By which door the change came."""

        DIRECT = "", "Thay đổi trực tiếp trong cơ sở dữ liệu"
        REQUEST = "request", "Qua phần mềm"
        JOB = "job", "Việc chạy nền"
        COMMAND = "command", "Lệnh quản trị"

    at = models.DateTimeField(db_default=Now())
    transaction = models.UUIDField(db_index=True)
    # The first row of its transaction: lists show it for all of them.
    opens = models.BooleanField()
    table = models.CharField(max_length=63)
    row = models.BigIntegerField()
    subject = models.BigIntegerField(null=True)
    operation = models.CharField(max_length=6, choices=Operation)
    changes = models.JSONField()
    source = models.CharField(max_length=10, choices=Source, blank=True)
    # No constraint: history must never be what stops a repair.
    by = models.ForeignKey(
        User,
        on_delete=models.DO_NOTHING,
        related_name="+",
        null=True,
        db_constraint=False,
        db_index=False,
    )
    # The address of who asked, or the name of the job or command.
    origin = models.CharField(max_length=200, blank=True)
    login = models.CharField(max_length=63)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["subject", "-id"],
                condition=models.Q(subject__isnull=False),
                name="row_change_of_subject",
            ),
            # What no event tells of: direct changes and commands, newest first.
            models.Index(
                fields=["-at", "-id"],
                condition=models.Q(opens=True) & ~models.Q(source="request"),
                name="row_change_untold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.row}: {self.operation}"


class Reading(models.Model):
    """One page or file that an inspector opened. The database refuses change and deletion."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="readings")
    at = models.DateTimeField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    # The name of the address, and which one of its kind: "programmes:task-page", "12".
    kind = models.CharField(max_length=60)
    thing = models.CharField(max_length=80, blank=True)
    status = models.PositiveSmallIntegerField()
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "-id"], name="reading_of_user_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%d/%m/%Y %H:%M} {self.path}"
