"""The city's task, who takes part in it, and what was true of it from day to day."""

from datetime import date

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from hanoi_programmes.people.models import Sourced, Unit, User
from hanoi_programmes.people.models.folded import Folded, Joined
from hanoi_programmes.programmes.models.cascade import Cascade
from hanoi_programmes.programmes.models.plan import ActionProgramme, TaskGroup
from hanoi_programmes.programmes.querysets import TaskQuerySet
from hanoi_programmes.programmes.states import CLOSED, OPEN, Quality, State
from hanoi_programmes.programmes.timeliness import Facts

# A span that still holds; a real day, so that "from ≤ d < to" needs no NULL branch.
FOREVER = date(9999, 12, 31)

# "A child's deadline is never after its parent's", and nobody is their own ancestor, whoever
# writes. The parent's row is held until the end of the transaction: it cannot be shortened
# meanwhile. Closed children are the past; they bind nobody.
_FITS_PARENT = """
    IF NEW.parent_id IS NOT NULL THEN
        SELECT * INTO above FROM programmes_task WHERE id = NEW.parent_id FOR SHARE;
        IF NEW.id = NEW.parent_id OR NEW.id = ANY(above.ancestors) THEN
            RAISE EXCEPTION 'task % cannot be above itself', NEW.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_task_above_itself';
        END IF;
        IF NEW.deadline > above.deadline THEN
            RAISE EXCEPTION 'task % ends % after its parent (%)',
                NEW.code, NEW.deadline, above.deadline
                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_deadline_after_the_parents';
        END IF;
    END IF;
    RETURN NEW;
"""
_HOLDS_CHILDREN = """
    IF EXISTS (
        SELECT FROM programmes_task child
        WHERE child.parent_id = NEW.id AND child.deadline > NEW.deadline
            AND child.state NOT IN ('completed', 'cancelled')
    ) THEN
        RAISE EXCEPTION 'task % would end before a child of it', NEW.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_deadline_before_a_childs';
    END IF;
    RETURN NEW;
"""


class Precision(models.TextChoices):
    """How exact the printed deadline is."""

    DAY = "day", "ngày"
    MONTH = "month", "tháng"
    QUARTER = "quarter", "quý"
    YEAR = "year", "năm"
    NONE = "", "không có"


class Rhythm(models.TextChoices):
    """How often a recurring task reports; empty for a task with an end."""

    NONE = "", "không"
    MONTH = "month", "hằng tháng"
    QUARTER = "quarter", "hằng quý"
    YEAR = "year", "hằng năm"


class Task(Sourced):
    """One task, one lead unit, one head, one deadline, one product (PRODUCT §3.5)."""

    code = models.CharField("mã", max_length=40, unique=True)
    programme = models.ForeignKey(ActionProgramme, on_delete=models.PROTECT, related_name="tasks")
    task_group = models.ForeignKey(TaskGroup, on_delete=models.PROTECT, related_name="tasks")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    # Ids from the top down to the parent: one array answers both "above" and "below".
    ancestors = ArrayField(models.BigIntegerField(), default=list, editable=False)

    # Six rõ: việc, sản phẩm, thẩm quyền are texts; người, trách nhiệm a unit and an officer.
    text = models.TextField("nội dung nhiệm vụ")
    product = models.TextField("sản phẩm", blank=True)
    authority = models.CharField("thẩm quyền quyết định", max_length=300, blank=True)
    lead_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="led_tasks", null=True, blank=True
    )
    officer = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="tasks", null=True, blank=True
    )
    # The fan-out that made it, if one did.
    cascade = models.ForeignKey(
        Cascade, on_delete=models.PROTECT, related_name="tasks", null=True, blank=True
    )
    partners_text = models.TextField("cơ quan phối hợp (theo văn bản)", blank=True)
    source_document = models.CharField("văn bản giao", max_length=200, blank=True)
    clause = models.CharField("điểm, mục", max_length=200, blank=True)

    # The deadline as printed, the date derived from it, and the first one, kept for ever.
    starts_on = models.DateField(null=True, blank=True)
    deadline_text = models.CharField("thời hạn theo văn bản", max_length=120, blank=True)
    deadline = models.DateField("thời hạn", null=True, blank=True)
    precision = models.CharField(max_length=10, choices=Precision, blank=True)
    original_deadline = models.DateField("thời hạn gốc", null=True, blank=True)
    rhythm = models.CharField(max_length=10, choices=Rhythm, blank=True)

    is_key = models.BooleanField("trọng tâm", default=False)
    is_hard = models.BooleanField("việc khó", default=False)
    is_new = models.BooleanField("việc mới", default=False)
    is_unprecedented = models.BooleanField("chưa có tiền lệ", default=False)
    budget_given = models.DecimalField(max_digits=14, decimal_places=0, null=True, blank=True)
    budget_spent = models.DecimalField(max_digits=14, decimal_places=0, null=True, blank=True)
    # A countable product: "24.512 / 24.500 người".
    count_label = models.CharField(max_length=200, blank=True)
    count_unit = models.CharField(max_length=60, blank=True)
    count_goal = models.PositiveIntegerField(null=True, blank=True)

    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    issued_on = models.DateField(null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    returned_on = models.DateField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    # The day of the accepted document, or of the submission; never of the verifier's click.
    completed_on = models.DateField(null=True, blank=True)
    quality = models.CharField(max_length=10, choices=Quality, blank=True)
    last_report_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    search = models.GeneratedField(
        expression=Folded(Joined("code", "text", "product", "source_document")),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="task_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT)
                | Q(issued_on__isnull=False, lead_unit__isnull=False),
                name="issued_tasks_have_a_lead_and_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.COMPLETED) | Q(completed_on__isnull=False),
                name="completed_tasks_have_a_day",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True) | Q(original_deadline__isnull=False),
                name="a_deadline_keeps_its_original",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True) | Q(precision__gt=""),
                name="a_deadline_has_a_precision",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, ancestors__len=0)
                | Q(parent__isnull=False, ancestors__len__gt=0),
                name="children_know_their_ancestors",
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=True)
                | Q(starts_on__isnull=True)
                | Q(deadline__gte=models.F("starts_on")),
                name="a_deadline_is_not_before_the_start",
            ),
        ]
        indexes = [
            GinIndex(fields=["ancestors"], name="task_ancestors"),
            models.Index(fields=["state", "deadline"], name="task_state_deadline"),
            # All that the figures of a day look at: hundreds of thousands of tasks are counted
            # without reading one.
            models.Index(
                fields=[
                    *("lead_unit", "state", "programme", "deadline", "original_deadline"),
                    *("completed_on", "rhythm"),
                ],
                name="task_facts_by_lead",
            ),
            # All by which open tasks are picked out to be urged; rows are read for those shown.
            models.Index(
                fields=["lead_unit"],
                include=["deadline", "issued_on", "last_report_on", "state", "code", "id"],
                condition=Q(state__in=OPEN),
                name="task_open_facts",
            ),
            models.Index(
                fields=["programme", "state"],
                condition=Q(parent__isnull=True),
                name="task_city_by_programme",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fits_parent",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("above", "programmes_task%ROWTYPE")],
                func=_FITS_PARENT,
            ),
            pgtrigger.Trigger(
                name="still_fits_parent",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.deadline IS DISTINCT FROM OLD.deadline"
                    " OR NEW.parent_id IS DISTINCT FROM OLD.parent_id"
                ),
                declare=[("above", "programmes_task%ROWTYPE")],
                func=_FITS_PARENT,
            ),
            pgtrigger.Trigger(
                name="holds_children",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "NEW.deadline < OLD.deadline OR OLD.deadline IS NULL"
                ),
                func=_HOLDS_CHILDREN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def is_recurring(self) -> bool:
        """Reports by a rhythm instead of ending at a deadline."""
        return self.rhythm != ""

    @property
    def is_open(self) -> bool:
        """The clock runs."""
        return self.state in OPEN

    @property
    def is_closed(self) -> bool:
        """Completed or cancelled."""
        return self.state in CLOSED

    @property
    def is_returned(self) -> bool:
        """Sent back and not yet submitted again."""
        return self.state == State.IN_PROGRESS and self.returned_on is not None

    @property
    def facts(self) -> Facts:
        """What timeliness looks at, against the current deadline."""
        return Facts(self.state, self.deadline, self.completed_on, self.is_recurring)

    @property
    def was_extended(self) -> bool:
        """The current deadline is not the first one."""
        return self.deadline != self.original_deadline


class TaskSpan(models.Model):
    """What timeliness saw in a task from `starts_on` until before `ends_on`: figures of a past day.

    Services write it together with the task; at most one span holds on a day.
    """

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="spans")
    starts_on = models.DateField()
    ends_on = models.DateField(default=FOREVER)
    state = models.CharField(max_length=12, choices=State)
    lead_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", null=True)
    deadline = models.DateField(null=True)
    original_deadline = models.DateField(null=True)
    completed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")), name="span_ends_after_start"
            ),
            models.UniqueConstraint(fields=["task", "starts_on"], name="one_span_a_day"),
            models.UniqueConstraint(
                fields=["task"], condition=Q(ends_on=FOREVER), name="one_span_holds_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.state} từ {self.starts_on:%d/%m/%Y}"


class Participant(models.Model):
    """A further lead or a partner. The main lead is the task's own field."""

    class Part(models.TextChoices):
        """In which way."""

        CO_LEAD = "co_lead", "Đồng chủ trì"
        PARTNER = "partner", "Phối hợp"

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="participants")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="participations")
    part = models.CharField(max_length=10, choices=Part)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["task", "unit"], name="a_unit_takes_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.get_part_display()}"
