"""Formal letters of urging: asking for one, and its content, page and Word file."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import User
from hanoi_programmes.reports import rules
from hanoi_programmes.reports.figures import LetterAsked, urging_letter
from hanoi_programmes.reports.models import Report
from hanoi_programmes.reports.services.asking import asked_before
from hanoi_programmes.reports.states import Issuer, Kind, Rhythm

_NONE = "Không còn nhiệm vụ nào của đơn vị này quá hạn. Tải lại trang để xem danh sách mới."


def request_letter(
    asked: LetterAsked, *, issuer: Issuer, by: User, at: datetime, on: date, form_key: UUID
) -> Report:
    """Write the request down; the same form asks once. Raises `Denied` for who may not, for a day
    that has passed, and when nothing of the unit is late any more."""
    require(rules.may_write_letter(by))
    if issuer not in rules.issuers_for(by):
        raise Denied("Không lập được công văn dưới tên cơ quan này. Chọn cơ quan ban hành khác.")
    if asked.answer_by < on:
        raise Denied("Hạn báo cáo đã qua. Chọn ngày từ hôm nay trở đi.")
    if not urging_letter(asked, by=by, on=on).rows:
        raise Denied(_NONE)
    wanted = {
        "tasks": sorted(asked.tasks),
        "answer_by": asked.answer_by.isoformat(),
        "closing": asked.closing,
    }
    try:
        with transaction.atomic():
            return Report.objects.create(
                kind=Kind.LETTER,
                profile=rules.profile_for(issuer, by.unit),
                issuer=issuer,
                unit=by.unit,
                addressee=asked.unit,
                asked=wanted,
                rhythm=Rhythm.DATES,
                period_start=on,
                period_end=on,
                as_of=on,
                requested_by=by,
                requested_at=at,
                requested_on=on,
                form_key=form_key,
            )
    except IntegrityError:
        return asked_before(Q(form_key=form_key), by=by)
