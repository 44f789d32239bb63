"""Handing the weekly text over: frozen as it was copied, with who and when."""

from datetime import date

from django.db import transaction

from hanoi_programmes.lib.dates import week_of
from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.models import Unit
from hanoi_programmes.people.services.history import Act, Told, place_was_changed, record_place
from hanoi_programmes.programmes.models import WeeklyText
from hanoi_programmes.programmes.rules.weekly import may_hand_over
from hanoi_programmes.programmes.shapes.weekly import Weekly


@transaction.atomic
def hand_over(unit: Unit | None, starts_on: date, text: Weekly, *, act: Act) -> bool:
    """Stamp the text of the week that begins on the Monday; False when this form was sent before.

    Raises `Denied` for another unit's text, a week that has not begun, and an empty text.
    """
    if act.by is None:
        raise Denied("Báo cáo tuần phải do một người của đơn vị bàn giao.")
    require(may_hand_over(act.by, unit))
    if unit is None or starts_on > act.on or week_of(starts_on).start != starts_on:
        raise Denied("Tuần này chưa bắt đầu. Chọn tuần này hoặc một tuần trước.")
    unit = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if place_was_changed(act):
        return False
    if not (text.results.strip() or text.difficulties.strip() or text.next_week.strip()):
        raise Denied("Chưa có nội dung. Ghi ít nhất một mục rồi bàn giao.")
    WeeklyText.objects.create(
        unit=unit,
        starts_on=starts_on,
        results=text.results,
        difficulties=text.difficulties,
        next_week=text.next_week,
        by=act.by,
        at=act.at,
    )
    words = f"Bàn giao báo cáo tuần từ {starts_on:%d/%m/%Y}"
    record_place(act, Told("weekly", words), unit=unit)
    return True
