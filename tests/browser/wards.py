"""Wards of tests' own: known work as of today, and an officer with whom nobody else signs in.

Tests of one product share its data and run in any order, on any day. Whoever takes work on,
reports or submits does it in such a ward: nothing is then missing elsewhere, nobody else has done
it before, and no story of the illustrative data has to fall on a certain day of the month.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localdate

from tests.browser.product import ACCOUNTS, Product

# Longer than any month: without a word in this one, whatever day it is.
_SILENT_FOR = 45
_ISSUED_BEFORE = 60
# What the ward has to do: name → the city's task above, state, days from today to the deadline.
# No deadline lies after that of the task above.
_WORK = {
    "late": ("72-5.1", "in_progress", -20),
    "less late": ("80-7.1", "in_progress", -2),
    "soon": ("79-1.1", "in_progress", 3),
    "returned": ("71-5.1", "in_progress", 9),
    "new": ("71-3.1", "assigned", 30),
    "in term": ("72-4.3", "in_progress", 30),
    "cancelled": ("79-2.1", "cancelled", -60),
}
# The first one without papers of the story it had before: what the test submits is all there is.
_NEXT = """
    SELECT unit.id, unit.code, area.code FROM people_unit unit
    JOIN people_area area ON area.id = unit.area_id
    WHERE unit.code LIKE '%%-UBND' AND NOT EXISTS (
        SELECT FROM people_user person WHERE person.unit_id = unit.id AND person.role = 'officer')
      AND NOT EXISTS (
        SELECT FROM programmes_evidence paper JOIN programmes_task task ON task.id = paper.task_id
        WHERE task.code = '79-1.1.' || area.code)
    ORDER BY unit.code DESC LIMIT 1
"""
_OFFICER = """
    INSERT INTO people_user (username, display_name, email, password, role, unit_id, is_active,
                             is_illustrative, created_at, hints_seen, uses_shortcuts)
    SELECT %(name)s, 'Chuyên viên ' || %(code)s, '', password, 'officer', %(unit)s, true, true,
           now(), hints_seen, true
    FROM people_user WHERE username = %(like)s RETURNING id
"""
_LAY = """
    UPDATE programmes_task SET
        state = %(state)s, officer_id = %(officer)s,
        deadline = %(due)s, original_deadline = %(due)s,
        deadline_text = to_char(%(due)s::date, 'DD/MM/YYYY'), precision = 'day', rhythm = '',
        issued_on = LEAST(issued_on, %(issued)s), last_report_on = %(told)s,
        submitted_on = NULL, submitted_by_id = NULL, completed_on = NULL, quality = '',
        returned_on = %(returned)s, return_reason = %(reason)s
    WHERE code = %(code)s RETURNING id
"""


@dataclass(frozen=True)
class Ward:
    """The officer's account, and the tasks by the names of `_WORK`."""

    officer: str
    tasks: dict[str, int]


def ward_of_its_own(product: Product, on: date | None = None) -> Ward:
    """The next ward without an officer gets one, and the known work as of the day (today)."""
    unit, code, area = product.rows(_NEXT)[0]
    name = f"chuyenvien.{area}"
    like = ACCOUNTS["officer"]
    officer = product.rows(_OFFICER, name=name, code=code, unit=unit, like=like)[0][0]
    tasks = {work: _lay(product, work, area, officer, on or localdate()) for work in _WORK}
    return Ward(name, tasks)


def _lay(product: Product, work: str, area: str, officer: int, on: date) -> int:
    above, state, days = _WORK[work]
    is_returned = work == "returned"
    rows = product.rows(
        _LAY,
        code=f"{above}.{area}",
        officer=officer,
        state=state,
        due=on + timedelta(days=days),
        issued=on - timedelta(days=_ISSUED_BEFORE),
        told=None if state == "assigned" else on - timedelta(days=_SILENT_FOR),
        returned=on - timedelta(days=1) if is_returned else None,
        reason="Bổ sung biểu tổng hợp." if is_returned else "",
    )
    task: int = rows[0][0]
    return task
