"""The ledger: what is to be told to whom, the mail that carries it, the notice in the app."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from hanoi_programmes.people.models import Tiding, User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.querysets import MailQuerySet, NoticeQuerySet, ReminderQuerySet
from hanoi_programmes.reminders.states import RUNG, MailKind, MailState, Urgency


class Mail(models.Model):
    """One mail for one person: an outbox row, written before anything is sent.

    `dedup_key` allows one digest a person and day, however many planners run; `message_id` is fixed
    here, so that the first relay can be asked whether it took this very mail. `handed_at` is set
    just before the server gets it: from then on only the relay knows the outcome, until it has
    answered or been asked (RELIABILITY §0.2). `crashes` counts carriers that died with it.
    """

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=10, choices=MailKind, default=MailKind.DIGEST)
    on = models.DateField()
    dedup_key = models.CharField(max_length=60, unique=True)
    message_id = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=200, blank=True)
    # What a mail without reminders says (an alarm, a tiding); the others are composed when they
    # leave.
    text = models.TextField(blank=True)
    # Where it went; the account's address may change later.
    address = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=10, choices=MailState, default=MailState.QUEUED)
    queued_at = models.DateTimeField(db_default=Now(), editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    handed_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    # Since when the server is away for it, or says "not now": patience is measured from here.
    failing_since = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # What the server said, for the administrator; why it was not sent, for everybody.
    error = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # Who decided by hand what became of a mail in doubt, or that a failed one goes again.
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="mail_state_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="mail_kind_known"),
            models.CheckConstraint(
                condition=Q(state=MailState.CLAIMED, lease_until__isnull=False)
                | (~Q(state=MailState.CLAIMED) & Q(lease_until__isnull=True)),
                name="claimed_mails_have_a_lease",
            ),
            # What may leave is not with the server already, whatever the code believes.
            models.CheckConstraint(
                condition=~Q(state=MailState.QUEUED) | Q(handed_at__isnull=True),
                name="queued_mails_are_not_handed",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="sent_mails_have_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[MailState.CANCELLED, MailState.FAILED, MailState.DOUBTFUL])
                | ~Q(reason=""),
                name="unsent_mails_have_a_reason",
            ),
        ]
        indexes = [
            # The sweep reads it every minute; sent mails, nearly all of them, are not in it.
            models.Index(
                fields=["on", "id"],
                condition=Q(state__in=[MailState.QUEUED, MailState.CLAIMED]),
                name="mail_waiting",
            ),
            # What a person must look at, and what the relay will be asked about.
            models.Index(
                fields=["state", "id"],
                condition=Q(state__in=[MailState.FAILED, MailState.DOUBTFUL]),
                name="mail_troubled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.on:%d/%m/%Y}: {self.get_state_display()}"

    @property
    def is_doubtful(self) -> bool:
        """Nobody here knows whether the server took it."""
        return self.state == MailState.DOUBTFUL

    @property
    def tone(self) -> str:
        """The colour class of the design that carries its state."""
        return "soon" if self.is_doubtful else "late"


class Reminder(models.Model):
    """One rung for one person about one task: the ledger's row, written once for ever.

    `deadline` is the day the rung counts from: the task's deadline, the end of the period that
    lacks an update, the day of the submission that waits, the day by which a direction is to be
    answered or an obstacle decided. `matter` is the key of that direction, obstacle, request for
    time or urging, and 0 when the task itself is meant. `due_on` is the working day on which it
    falls, `planned_on` the day on which it was written down; `left_out`: why it was not told.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reminders")
    rung = models.CharField(max_length=20)
    deadline = models.DateField()
    matter = models.BigIntegerField(default=0)
    due_on = models.DateField()
    planned_on = models.DateField()
    # The planner did not run on the day it fell.
    is_late = models.BooleanField(default=False)
    mail = models.ForeignKey(
        Mail, on_delete=models.PROTECT, related_name="reminders", null=True, blank=True
    )
    left_out = models.CharField(max_length=120, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_on", "-pk"]
        constraints = [
            # PRODUCT §7: each is sent once, whatever crashes, restarts or runs twice.
            models.UniqueConstraint(
                fields=["task", "recipient", "rung", "deadline", "matter"], name="each_rung_once"
            ),
            models.CheckConstraint(condition=Q(rung__regex=RUNG), name="rung_known"),
            models.CheckConstraint(
                condition=Q(planned_on__gte=models.F("due_on")), name="never_reminded_early"
            ),
        ]
        indexes = [
            models.Index(fields=["planned_on"], name="reminder_planned"),
            models.Index(fields=["task", "-planned_on"], name="reminder_of_task_newest"),
            models.Index(
                fields=["recipient"],
                condition=Q(mail__isnull=True, left_out=""),
                name="reminder_without_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.rung} {self.deadline:%d/%m/%Y}"


class Notice(models.Model):
    """What a person finds under the bell: the official reminder, of which the mail is a copy."""

    recipient = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    at = models.DateTimeField()
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=Urgency)
    # "Quá hạn 3 ngày": as it was on that day.
    headline = models.CharField(max_length=120)
    text = models.CharField(max_length=300)
    task = models.ForeignKey(
        Task, on_delete=models.PROTECT, related_name="notices", null=True, blank=True
    )
    # Unique: the same reminder never rings twice.
    reminder = models.OneToOneField(
        Reminder, on_delete=models.PROTECT, related_name="notice", null=True, blank=True
    )
    # What another app told, unique too; it leads to that app's page.
    tiding = models.OneToOneField(
        Tiding, on_delete=models.PROTECT, related_name="notice", null=True, blank=True
    )
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Urgency.values), name="notice_kind_known")
        ]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notice_of_person_newest"),
            models.Index(
                fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.headline}: {self.text}"

    @property
    def path(self) -> str:
        """Where it leads; empty when it stands for itself."""
        if self.task_id:
            return reverse("programmes:task-page", args=[self.task_id])
        return self.tiding.path if self.tiding else ""

    @property
    def urgency(self) -> Urgency:
        """The kind with its look."""
        return Urgency(self.kind)
