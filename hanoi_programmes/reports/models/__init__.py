"""Reports with their parts, texts and schedules, and figures that somebody contests."""

from hanoi_programmes.reports.models.about import About, Subject
from hanoi_programmes.reports.models.contest import FigureContest
from hanoi_programmes.reports.models.report import Report, ReportRecipient
from hanoi_programmes.reports.models.schedule import ReportSchedule, ScheduledRun
from hanoi_programmes.reports.models.section import RenderedSection, ReportSection
from hanoi_programmes.reports.models.text import ReportText

__all__ = [
    "About",
    "FigureContest",
    "RenderedSection",
    "Report",
    "ReportRecipient",
    "ReportSchedule",
    "ReportSection",
    "ReportText",
    "ScheduledRun",
    "Subject",
]
