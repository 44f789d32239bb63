"""A report whose figures were kept with it, without the machine that makes its file."""

from hanoi_programmes.lib.dates import Period
from hanoi_programmes.reports.figures import Scope, quarter
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.shapes import freeze


def frozen(report: Report) -> str:
    """The code of a report that has its figures: only one address asks for them."""
    scope = Scope(report.requested_by, report.as_of, report.as_of)
    figures = quarter(scope, Period(report.period_start, report.period_end))
    Report.objects.filter(pk=report.pk).update(snapshot=freeze(figures))
    return report.code
