"""Who may see which report, scorecard and contested figure; which reports still want a worker."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from hanoi_programmes.people.models import Area, Holding, Post, Unit, User

if TYPE_CHECKING:
    from hanoi_programmes.people.querysets import UnitQuerySet
    from hanoi_programmes.reports.models import (  # noqa: F401 - named as text
        FigureContest,
        RenderedSection,
        Report,
        ReportSchedule,
        ReportSection,
        ReportText,
    )

_CODE = re.compile(r"SL-\d{4}-(\d{1,18})")


class ReportQuerySet(QuerySet["Report"]):
    """Reports of every kind and state."""

    def visible_to(self, user: User) -> ReportQuerySet:
        """One's own, and what is sent to oneself or to a post that one holds; who sees all tasks
        sees all reports, whose figures are of those tasks."""
        if user.sees_all:
            return self
        if not user.sees_by_unit:
            return self.none()
        held = Holding.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=TruncDate(Now())),
            user=user,
            starts_on__lte=TruncDate(Now()),
        )
        by_post = Q(recipients__post__isnull=True) | Q(recipients__post__in=held.values("post"))
        sent = self.model.objects.order_by().filter(by_post, recipients__user=user)
        return self.filter(Q(requested_by=user) | Q(pk__in=sent.values("pk")))

    def with_progress(self) -> ReportQuerySet:
        """Annotate `parts` and `parts_done`: how many sections there are, and are drawn."""
        return self.annotate(
            parts=Count("sections"),
            parts_done=Count("sections", filter=Q(sections__state="done")),
        )

    def frozen(self) -> ReportQuerySet:
        """Finished once: the figures stand, whether or not the files are there now."""
        return self.exclude(sha256="")

    def ended(self) -> ReportQuerySet:
        """Failed or cancelled: may be tried again."""
        return self.filter(state__in=("failed", "cancelled"))

    def cleared(self) -> ReportQuerySet:
        """Done, and the files were deleted by rule: may be drawn again."""
        return self.filter(state="done", file="")

    def with_files(self) -> ReportQuerySet:
        """Done, and the files still stand."""
        return self.filter(state="done").exclude(file="")

    def coded(self, code: str) -> ReportQuerySet:
        """The report whose printed code this is: none, or one."""
        match = _CODE.fullmatch(code.strip().upper())
        return self.filter(pk=int(match[1])) if match else self.none()

    def unfinished(self) -> ReportQuerySet:
        """Waiting for a worker, or being made."""
        return self.filter(state__in=("waiting", "running"))

    def free(self) -> ReportQuerySet:
        """Waiting, or left by a worker that did not come back before its lease ended."""
        left = Q(state="running", lease_until__lt=Now())
        return self.filter(Q(state="waiting") | left)


class SectionQuerySet(QuerySet["ReportSection"]):
    """Parts of unfinished reports."""

    def waiting(self) -> SectionQuerySet:
        """Not drawn yet."""
        return self.filter(state="waiting")

    def free(self) -> SectionQuerySet:
        """Not drawn, and in nobody's hands, or left by hands that did not come back."""
        return self.waiting().filter(Q(claim__isnull=True) | Q(lease_until__lt=Now()))


class RenderedQuerySet(QuerySet["RenderedSection"]):
    """Drawn parts."""

    def unused(self, since: datetime) -> RenderedQuerySet:
        """No report has taken them since."""
        return self.filter(used_at__lt=since)


class TextQuerySet(QuerySet["ReportText"]):
    """The office's words."""

    def of(self, report: Report) -> TextQuerySet:
        """Those for the report's kind, subject and period.

        A unit's people take the words of their unit's paper alone: the city's are the office's.
        """
        if report.kind != "unit" and not report.requested_by.sees_all:
            return self.none()
        return self.filter(
            kind=report.kind,
            subject=report.topic,
            period_start=report.period_start,
            period_end=report.period_end,
        )


class ScheduleQuerySet(QuerySet["ReportSchedule"]):
    """Regular reports."""

    def visible_to(self, user: User) -> ScheduleQuerySet:
        """One's own; all for who sees all."""
        if user.sees_all:
            return self
        return self.filter(made_by=user) if user.sees_by_unit else self.none()

    def running(self) -> ScheduleQuerySet:
        """Neither resting nor ended."""
        return self.filter(is_active=True)

    def begun(self, on: date) -> ScheduleQuerySet:
        """Running, and the period they will tell of has begun: some of them are due."""
        return self.running().filter(next_start__lt=on)


class ContestQuerySet(QuerySet["FigureContest"]):
    """Figures that units contested."""

    def visible_to(self, user: User) -> ContestQuerySet:
        """Those of units whose scorecard the user may see."""
        return self.filter(unit__in=units_scored_for(user).values("pk"))

    def waiting(self) -> ContestQuerySet:
        """Not answered yet."""
        return self.filter(answered_at__isnull=True)

    def waiting_first(self) -> ContestQuerySet:
        """What waits on top, the oldest of it first; then what was answered, the latest first."""
        return self.order_by(F("answered_at").desc(nulls_first=True), "at", "pk")


def units_scored_for(user: User) -> UnitQuerySet:
    """Units whose scorecard the user may see: all, or the own unit and those below it."""
    if user.sees_all:
        return Unit.objects.all()
    return (
        Unit.objects.within(user.unit) if user.sees_by_unit and user.unit else Unit.objects.none()
    )


def areas_scored_for(user: User) -> QuerySet[Area]:
    """Areas all of whose units are such: an area's figures are whole or not shown."""
    if user.sees_all:
        return Area.objects.all()
    seen = units_scored_for(user)
    # Without the bodies that have no area: "not in (…, NULL)" is never true.
    others = Unit.objects.filter(area__isnull=False).exclude(pk__in=seen.values("pk"))
    return Area.objects.filter(pk__in=seen.values("area")).exclude(pk__in=others.values("area"))


def heads_scored_for(user: User) -> QuerySet[User]:
    """People who head or headed one of these units."""
    held = Holding.objects.of_heads().filter(post__unit__in=units_scored_for(user).values("pk"))
    return User.objects.filter(pk__in=held.values("user"))


def posts_scored_for(user: User) -> QuerySet[Post]:
    """Head posts of these units: a report may tell of their holders' tasks."""
    return Post.objects.filter(is_head=True, unit__in=units_scored_for(user).values("pk"))
