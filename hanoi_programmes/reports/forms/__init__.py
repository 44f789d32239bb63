"""What pages of figures are asked with, and what people type on them."""

from hanoi_programmes.reports.forms.asking import FIRST_YEAR, ReportForm
from hanoi_programmes.reports.forms.dashboard import DashboardForm

__all__ = ["FIRST_YEAR", "DashboardForm", "ReportForm"]
