"""Reports, and figures that somebody contests."""

from hanoi_programmes.reports.models.contest import FigureContest
from hanoi_programmes.reports.models.report import Report

__all__ = ["FigureContest", "Report"]
