"""Drawings: their numbers, their shares, and that they need no style of their own on the page."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from hanoi_programmes.programmes.timeliness import Group
from hanoi_programmes.reports import charts
from hanoi_programmes.reports.figures import Curve, Month, Point, Share, Tally

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def tally(**counts: int) -> Tally:
    """A tally of the named groups."""
    return Tally(**counts)


def line(on: date, planned: list[int], done: list[int]) -> Curve:
    """A curve by the ends of the months of 2026; `done` ends with the month of `on`."""
    ends = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days = [date(2025, 12, 31)] + [date(2026, m, d) for m, d in enumerate(ends, 1)]
    done_by_day = [*done, *[None] * (13 - len(done))]
    points = [
        Point(day, number, number, real)
        for day, number, real in zip(days, planned, done_by_day, strict=True)
    ]
    assert on in days
    return Curve(on, tuple(points))


STEADY = line(date(2026, 10, 31), list(range(0, 130, 10)), list(range(0, 88, 8)))


def test_segments_fill_the_bar_in_the_order_of_the_screens() -> None:
    parts = charts.segments(tally(completed_on_time=50, overdue=25, due_soon=25))
    assert [part.kind for part in parts] == ["late", "soon", "done"]
    assert [part.pattern for part in parts] == ["", "v", ""]
    assert [float(part.x) for part in parts] == [0, 25, 50]
    assert float(parts[-1].x) + float(parts[-1].width) == pytest.approx(100, abs=charts.GAP)


def test_a_single_task_among_thousands_is_still_seen() -> None:
    parts = charts.segments(tally(overdue=1, in_term=9_999))
    assert float(parts[0].width) >= charts.LEAST_WIDTH / 2
    assert float(parts[1].x) + float(parts[1].width) <= 100


def test_groups_that_look_alike_are_one_segment() -> None:
    assert len(charts.segments(tally(in_term=3, ongoing=2))) == 1


def test_each_mark_of_a_bar_opens_its_groups_and_says_its_number() -> None:
    drawing = charts.bar(
        tally(overdue=1200, in_term=3, ongoing=2),
        links=lambda *groups: "/tasks/?group=" + "+".join(groups),
    )
    assert re.findall(r'<a href="([^"]+)" tabindex="-1"><title>([^<]+)</title><rect', drawing) == [
        ("/tasks/?group=overdue", "Quá hạn: 1.200"),
        ("/tasks/?group=in_term+ongoing", "Trong hạn, thường xuyên: 5"),
    ]
    assert "<a" not in charts.bar(tally(overdue=1))


def test_no_task_draws_nothing() -> None:
    assert charts.segments(Tally()) == []
    assert "<rect" not in charts.bar(Tally())


def test_the_key_names_each_look_once() -> None:
    names = [name for name, _drawing in charts.key()]
    assert len(names) == len(set(names)) == 8
    assert "Trong hạn, thường xuyên" in names


def test_the_page_needs_no_style_of_the_drawing() -> None:
    drawings = (charts.bar(tally(overdue=1)), charts.curve(STEADY, charts.LARGE))
    for drawing in drawings:
        assert "style" not in drawing
        assert "data:" not in drawing
        assert "<script" not in drawing


def test_on_paper_each_drawing_carries_its_colours_and_its_name() -> None:
    bar = charts.paper_bar(tally(overdue=3, completed_on_time=2), "nq72")
    assert "<style>" in bar
    assert "<title>quá hạn 3, hoàn thành đúng hạn 2</title>" in bar
    assert 'id="hatch-nq72"' in bar
    assert "<title>Biểu đồ lũy kế năm 2026" in charts.curve(STEADY, charts.PAPER)


@pytest.mark.parametrize(
    ("done", "words"), [(80, "chậm 20"), (100, "đúng kế hoạch"), (103, "vượt 3")]
)
def test_the_message_says_how_it_stands(done: int, words: str) -> None:
    figures = line(date(2026, 10, 31), list(range(0, 130, 10)), [*range(0, 100, 10), done])
    assert charts.standing(figures) == words
    assert charts.message(figures) == (
        "Biểu đồ lũy kế năm 2026: đến 31/10 kế hoạch hoàn thành 100 nhiệm vụ, "
        f"thực tế {done}, {words}."
    )
    assert f"Thực tế {done}" in charts.curve(figures, charts.SMALL)


@pytest.mark.parametrize("canvas", [charts.LARGE, charts.SMALL, charts.PAPER])
@pytest.mark.parametrize("month", [1, 6, 12])
@pytest.mark.parametrize("top", [0, 1, 7, 40, 995, 10_000])
def test_everything_lies_inside_the_drawing(canvas: charts.Canvas, month: int, top: int) -> None:
    planned = [round(top * n / 12) for n in range(13)]
    figures = line(date(2026, month, {1: 31, 6: 30, 12: 31}[month]), planned, planned[: month + 1])
    drawing = charts.curve(figures, canvas)
    for x in re.findall(r' x="([^"]+)"', drawing):
        assert 0 <= float(x) <= canvas.width
    for y in re.findall(r' c?y="([^"]+)"', drawing):
        assert 0 <= float(y) <= canvas.height
    for path in re.findall(r' d="([^"]+)"', drawing):
        assert all(float(n) <= canvas.width for n in NUMBER.findall(path))


def test_words_on_a_phone_stand_clear_of_lines_that_rise_late() -> None:
    """Found on the dashboard's phone: "Thực tế 37" stood across both lines."""
    planned = [0, 0, 0, 0, 0, 0, 0, 4, 7, 24, 31, 39, 61]
    done = [0, 0, 0, 0, 0, 0, 1, 8, 16, 27, 36, 37]
    svg = charts.curve(line(date(2026, 11, 30), planned, done), charts.SMALL)
    words = {"Kế hoạch", "Thực tế", "chậm"}
    heights = [float(y) for y, text in re.findall(r'y="([\d.]+)" text-anchor="end">(\D+)', svg)
               if text.strip() in words]  # fmt: skip
    lines = [float(y) for d in re.findall(r'class="(?:plan|real)" d="M([^"]+)"', svg)
             for x, y in re.findall(r"([\d.]+),([\d.]+)", d) if float(x) < 300]  # fmt: skip
    assert len(heights) == 3
    assert max(heights) < min(lines)


def test_ruled_lines_are_round_and_few() -> None:
    for top, rows in ((0, 2), (4, 5), (48, 4), (160, 5), (9_999, 6)):
        figures = line(date(2026, 1, 31), [0] * 12 + [top], [0, 0])
        drawing = charts.curve(figures, charts.LARGE)
        assert drawing.count('class="ax"') <= 6
        assert drawing.count('class="ax"') >= min(rows, 2)


def test_paper_has_the_light_colours_of_the_page() -> None:
    """The drawing on paper repeats literal colours: they must be those of tokens.css."""
    tokens = Path(settings.ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light = dict(reversed(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", tokens)))
    drawing = charts.paper_bar(tally(overdue=1), "n")
    for kind in ("late", "soon", "wait", "run", "dlate", "done"):
        assert f".k-{kind}{{fill:{light[f'{kind}-f']}}}" in drawing
    assert f".lag{{fill:{light['late-b']}}}" in drawing
    assert f".real{{fill:none;stroke:{light['act']}" in drawing
    assert len(Group) == 9


# Months


def months(*pairs: tuple[int, int]) -> list[Month]:
    """Months from January on, by what was on time of what came due."""
    return [
        Month(date(2026, number, 1), Share(*pair), f"period=2026-{number:02d}")
        for number, pair in enumerate(pairs, 1)
    ]


YEAR = months((4, 4), (0, 0), (1, 2), (0, 5), (6, 9))


def test_a_column_is_as_high_as_its_rate_on_a_scale_of_a_hundred() -> None:
    drawing = charts.columns(months((4, 4), (2, 4), (0, 4)))
    heights = re.findall(
        r'class="col" x="[^"]+" y="([^"]+)" width="[^"]+" height="([^"]+)"', drawing
    )
    rules = re.findall(r'class="ax" d="M28 ([0-9.]+)H', drawing)
    assert [top for top, _height in heights[:2]] == [rules[2], rules[1]]
    assert float(heights[0][1]) == pytest.approx(2 * float(heights[1][1]), abs=0.2)
    # Zero of four is a mark too: it is not the same as nothing due.
    assert 0 < float(heights[2][1]) < 5


def test_months_with_few_tasks_are_hatched_and_empty_ones_have_no_column() -> None:
    drawing = charts.columns(YEAR)
    assert re.findall(r'class="(col(?: few)?)"', drawing) == ["col", "col few", "col", "col"]
    assert ">–</text>" in drawing
    assert [m.is_few for m in YEAR] == [False, False, True, False, False]


def test_each_column_opens_its_month_by_a_link_with_a_name() -> None:
    drawing = charts.columns(YEAR, base="/tasks/")
    links = re.findall(r'<a href="([^"]+)" aria-label="([^"]+)">', drawing)
    assert len(links) == 4
    assert links[0] == ("/tasks/?period=2026-01", "Tháng 1: 100%, đúng hạn 4/4")
    assert links[-1] == ("/tasks/?period=2026-05", "Tháng 5: 67%, đúng hạn 6/9")
    assert 'role="group"' in drawing
    assert "<a" not in charts.columns(YEAR)
    assert 'role="img"' in charts.columns(YEAR)


def test_the_target_of_a_month_is_wide_enough_on_a_phone() -> None:
    drawing = charts.columns(months(*[(3, 4)] * 12), base="/tasks/")
    widths = re.findall(r'class="hit" x="[^"]+" y="[^"]+" width="([^"]+)"', drawing)
    # 24 px are asked for; the drawing is 316 px wide on a phone of 390.
    assert all(float(width) * 316 / charts.MONTHS.width >= 24 for width in widths)


def test_the_name_of_the_drawing_is_its_message() -> None:
    assert charts.trend(YEAR) == (
        "Tỷ lệ đúng hạn theo tháng: tháng 1 100%, tháng 4 0%, tháng 5 67%."
    )
    assert charts.trend(months((0, 0))) == "Chưa có việc đến hạn trong năm."
    assert charts.trend(months((3, 4))) == "Tỷ lệ đúng hạn theo tháng: tháng 1 75%."


@pytest.mark.parametrize("canvas", [charts.MONTHS, charts.PAPER_MONTHS])
@pytest.mark.parametrize("count", [0, 1, 2, 11, 12])
def test_every_month_lies_inside_the_drawing(canvas: charts.Canvas, count: int) -> None:
    drawing = charts.columns(months(*[(4, 4)] * count), canvas)
    for x, width in re.findall(r'<rect class="col" [^>]*x="([^"]+)"[^>]* width="([^"]+)"', drawing):
        assert canvas.left <= float(x) <= float(x) + float(width) <= canvas.width
    for y in re.findall(r' y="([^"]+)"', drawing):
        assert 0 <= float(y) <= canvas.height


def test_the_columns_carry_their_colours_on_paper_only() -> None:
    tokens = Path(settings.ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    light = dict(reversed(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", tokens)))
    paper = charts.columns(YEAR, charts.PAPER_MONTHS)
    for name in ("done-f", "done-b"):
        assert f'fill="{light[name]}"' in paper
    assert "<title>Tỷ lệ đúng hạn theo tháng" in paper
    assert "#" not in charts.columns(YEAR).replace("url(#", "")
