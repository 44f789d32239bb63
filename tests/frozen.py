"""Reports with their file and their figures, without the machine that makes them."""

from datetime import timedelta

from django.core.files.base import ContentFile
from django.utils.timezone import localdate, now

from hanoi_programmes.lib.dates import quarter_of
from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.reports.figures import Scope, Wanted, findings
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.shapes import freeze
from tests import uploads


def frozen(report: Report) -> str:
    """The code of a report that has its figures: only one address asks for them."""
    scope = Scope(report.requested_by, report.as_of, report.as_of)
    figures = findings(Wanted(scope, report.period, report.rhythm))
    Report.objects.filter(pk=report.pk).update(snapshot=freeze(figures))
    return report.code


def make_report(by: User, *, key: int, state: str = "waiting") -> Report:
    """A report of a quarter of its own, the running one or before; a done one has a file."""
    today = localdate() - (key - 1) * timedelta(days=92)
    period = quarter_of(today)
    report = Report(
        profile="plain", issuer="unit", unit=by.unit, period_start=period.start, as_of=today,
        period_end=period.end, requested_by=by, requested_at=now(), requested_on=today, state=state,
        form_key=f"00000000-0000-0000-0000-00000000000{key}",
    )  # fmt: skip
    if state == "done":
        report.snapshot, report.sha256, report.size, report.pages = {}, "0" * 64, 1, 1
        report.file.save("reports/00/1.pdf", ContentFile(uploads.PDF), save=False)
    report.save()
    return report


def make_letter(by: User, unit: Unit) -> Report:
    """A letter to the unit, with both of its files."""
    today = localdate()
    letter = Report(
        kind="letter", profile="party-05HD", issuer="office", unit=by.unit, addressee=unit,
        period_start=today, as_of=today, period_end=today, requested_by=by, requested_at=now(),
        requested_on=today, state="done", form_key="00000000-0000-0000-0000-000000000009",
    )  # fmt: skip
    letter.snapshot, letter.sha256, letter.size, letter.pages = {}, "0" * 64, 1, 1
    letter.file.save("reports/00/2.pdf", ContentFile(uploads.PDF), save=False)
    letter.word.save("reports/00/2.docx", ContentFile(b"PK"), save=False)
    letter.save()
    return letter
