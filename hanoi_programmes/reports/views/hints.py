"""Sentences that the figures suggest for the office's own words: plain facts to write over."""

from collections.abc import Iterable

from hanoi_programmes.lib.dates import ONE_DAY
from hanoi_programmes.reports.figures import Findings, Part
from hanoi_programmes.reports.states import TextPart
from hanoi_programmes.ui.templatetags.ui import number, percent

_NAMED = 3
_ASKED = 5
# With fewer tasks due, one of them decides the rate.
_ENOUGH = 3


def suggested(figures: Findings) -> dict[TextPart, str]:
    """For each part what can be said of it from the figures; empty where there is nothing."""
    found = {
        TextPart.RESULTS: _results(figures),
        TextPart.STRENGTHS: _strengths(figures),
        TextPart.LIMITS: _limits(figures),
        TextPart.CAUSES: _causes(figures),
        TextPart.AHEAD: _ahead(figures),
        TextPart.PROPOSALS: _proposals(figures),
    }
    return {part: "\n".join(lines) for part, lines in found.items()}


def _results(figures: Findings) -> list[str]:
    tally, period = figures.overview.tally, figures.period
    if not tally.total:
        return []
    lines = [
        f"Trong kỳ hoàn thành {number(period.done)} nhiệm vụ; {number(period.came_due)} nhiệm vụ "
        f"đến hạn, {number(period.issued)} nhiệm vụ được giao mới."
    ]
    if tally.due:
        lines.append(
            f"Lũy kế hoàn thành đúng hạn {number(tally.completed_on_time)} trên "
            f"{number(tally.due)} nhiệm vụ đã đến hạn ({percent(tally.on_time.rate)})."
        )
    return lines


def _strengths(figures: Findings) -> list[str]:
    good = [
        part
        for part in figures.overview.units
        if part.units == 1 and part.tally.due >= _ENOUGH and not part.tally.overdue
    ]
    good.sort(key=lambda part: (-(part.tally.on_time.rate or 0), -part.tally.due))
    if not good:
        return []
    return [f"Không có nhiệm vụ quá hạn, đã đến hạn từ {_ENOUGH} nhiệm vụ trở lên: {_rated(good)}."]


def _rated(units: list[Part]) -> str:
    return ", ".join(
        f"{part.name} (đúng hạn {part.tally.completed_on_time}/{part.tally.due})"
        for part in units[:_NAMED]
    )


def _limits(figures: Findings) -> list[str]:
    overview = figures.overview
    lines = []
    if overview.tally.overdue:
        long = f", {number(overview.serious)} nhiệm vụ quá hạn lâu" if overview.serious else ""
        lines.append(f"Còn {number(overview.tally.overdue)} nhiệm vụ quá hạn{long}.")
        late = [part for part in overview.units if part.units == 1 and part.tally.overdue]
        if len(late) > 1:
            named = (f"{part.name} ({part.tally.overdue})" for part in late[:_NAMED])
            lines.append(f"Nhiều nhiệm vụ quá hạn nhất: {', '.join(named)}.")
    if overview.silent:
        lines.append(f"{number(overview.silent)} nhiệm vụ không có cập nhật theo quy định.")
    return lines


def _causes(figures: Findings) -> list[str]:
    if not figures.causes:
        return []
    told = ", ".join(f"{cause.lower()} ({count})" for cause, count in figures.causes)
    return [f"Vướng mắc đang chờ quyết định theo nguyên nhân: {told}."]


def _ahead(figures: Findings) -> list[str]:
    lines = []
    if figures.overview.tally.overdue:
        count = number(figures.overview.tally.overdue)
        lines.append(f"Hoàn thành dứt điểm {count} nhiệm vụ đang quá hạn.")
    moved = figures.movement
    if moved is not None and moved.ahead.number:
        start = figures.overview.on + ONE_DAY
        lines.append(
            f"Bảo đảm tiến độ {number(moved.ahead.number)} nhiệm vụ đến hạn từ {start:%d/%m/%Y} "
            f"đến {moved.until:%d/%m/%Y}."
        )
    return lines


def _proposals(figures: Findings) -> list[str]:
    return list(_asked(figures))[:_ASKED]


def _asked(figures: Findings) -> Iterable[str]:
    for decider, rows in figures.deciders:
        if decider:
            codes = ", ".join(row.code for row in rows[:_NAMED])
            more = f" và {len(rows) - _NAMED} nhiệm vụ khác" if len(rows) > _NAMED else ""
            yield (
                f"Đề nghị {decider} xem xét, quyết định vướng mắc của {len(rows)} nhiệm vụ "
                f"({codes}{more})."
            )
