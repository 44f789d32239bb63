"""Accounts, posts and who holds them."""

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Func, Q

from hanoi_programmes.people.models.place import Unit
from hanoi_programmes.people.querysets import HoldingQuerySet, UserManager, UserQuerySet
from hanoi_programmes.people.roles import SEE_ALL, SEE_BY_UNIT, Role


class User(AbstractBaseUser):
    """Somebody who signs in; in illustrative data `display_name` is a post, never a name."""

    username = models.CharField("tên đăng nhập", max_length=150, unique=True)
    display_name = models.CharField("tên hiển thị", max_length=200)
    email = models.EmailField("thư điện tử", blank=True)
    role = models.CharField("vai trò", max_length=15, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="users", null=True)
    is_active = models.BooleanField(default=True)
    is_illustrative = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    # Keys of the first-use hints that were put away.
    hints_seen = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    uses_shortcuts = models.BooleanField("dùng phím tắt", default=True)

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        constraints = [
            # Scope is by place: an officer or head without a unit would have no scope to speak of.
            models.CheckConstraint(
                condition=~Q(role__in=[Role.OFFICER, Role.HEAD]) | Q(unit__isnull=False),
                name="officers_and_heads_have_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def signature(self) -> str:
        """How histories name the account: with its unit, unless the name holds it already."""
        if self.unit is None or self.unit.short_name in self.display_name:
            return self.display_name
        return f"{self.display_name}, {self.unit.short_name}"

    @property
    def sees_all(self) -> bool:
        """Leader, office and inspector see every task."""
        return self.role in SEE_ALL

    @property
    def sees_by_unit(self) -> bool:
        """Officers and heads see what their place in the unit tree shows them."""
        return self.role in SEE_BY_UNIT


class Post(models.Model):
    """A post in a unit; each unit has one head post."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    title = models.CharField(max_length=200)
    is_head = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit"], condition=Q(is_head=True), name="one_head_post_per_unit"
            )
        ]

    def __str__(self) -> str:
        return self.title


class DateRange(Func):
    """PostgreSQL's daterange(start, end, bounds)."""

    function = "daterange"
    output_field = DateRangeField()


class Holding(models.Model):
    """Who held a post, from when to when, last day included."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="holding_ends_after_start",
            ),
            # PRODUCT §4: a post is never held by two at once.
            ExclusionConstraint(
                name="post_held_by_one_at_a_time",
                expressions=[
                    (
                        DateRange(
                            "starts_on",
                            "ends_on",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    ("post", RangeOperators.EQUAL),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post} từ {self.starts_on:%d/%m/%Y}"

    def in_force(self, on: date) -> bool:
        """Whether the holder held the post on the day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)
