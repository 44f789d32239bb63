"""Who may see which report, and which reports still want a worker."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

if TYPE_CHECKING:
    from hanoi_programmes.people.models import User
    from hanoi_programmes.reports.models import Report  # noqa: F401 - named as text

_CODE = re.compile(r"SL-\d{4}-(\d{1,18})")


class ReportQuerySet(QuerySet["Report"]):
    """Reports of every kind and state."""

    def visible_to(self, user: User) -> ReportQuerySet:
        """One's own; who sees all tasks sees all reports, whose figures are of those tasks."""
        if user.sees_all:
            return self
        return self.filter(requested_by=user) if user.sees_by_unit else self.none()

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
