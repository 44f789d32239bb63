"""Paper HTML read again: words as a reader sees them, values as a machine wants them."""

from datetime import date

import pytest

from hanoi_programmes.lib.paper import Drawing, Paper, Run, rows_of, text_of, widths_of

SVG = '<svg viewBox="0 0 9 9"><title>Đúng hạn 3 &amp; 4</title><linearGradient/></svg>'


def body_of(markup: str) -> Paper:
    """A paper of one body."""
    head = '<head><meta charset="utf-8"><title>A &amp; B</title><meta name="author" content="X">'
    return Paper(f"<!DOCTYPE html><html>{head}</head><body>{markup}</body></html>")


def test_the_head_names_the_paper() -> None:
    paper = body_of("<p>x</p>")
    assert (paper.title, paper.fact("author"), paper.fact("description")) == ("A & B", "X", "")


def test_text_comes_in_runs_with_single_spaces() -> None:
    paper = body_of(
        "<p> Đến  <b>16/11</b>,\n <i>tổng <b>số</b></i><br> 12"
        ' <span class="whole">quý I</span>\n</p>'
    )
    assert paper.runs(paper.body[0]) == [
        Run("Đến "),
        Run("16/11", bold=True),
        Run(", "),
        Run("tổng ", italic=True),
        Run("số", bold=True, italic=True),
        Run("\n12 quý\xa0I"),
    ]
    assert text_of(paper.body[0]) == "Đến 16/11, tổng số\n12 quý I"


@pytest.mark.parametrize("markup", ["<p></p>", "<p> <br>\n</p>", "<p><b> </b></p>"])
def test_what_holds_no_words_has_no_runs(markup: str) -> None:
    paper = body_of(markup)
    assert paper.runs(paper.body[0]) == []
    assert text_of(paper.body[0]) == ""


def test_a_drawing_keeps_its_source_and_its_words() -> None:
    """An HTML parser would write `lineargradient`, which draws nothing."""
    paper = body_of(f"<p>trước{SVG}sau</p>")
    drawing = Drawing(SVG, "Đúng hạn 3 & 4")
    assert paper.runs(paper.body[0]) == [Run("trước"), Run("", drawing=drawing), Run("sau")]


def test_user_text_is_text_without_what_cannot_be_seen() -> None:
    paper = body_of("<p>&lt;svg&gt;&lt;b&gt; \x00\x0bexe\u202egpj\u2066 \ud800</p>")
    assert paper.runs(paper.body[0]) == [Run("<svg><b> exegpj")]


def test_a_text_of_a_million_letters_is_read() -> None:
    paper = body_of(f"<p>{'Ễ' * 1_000_000}</p>")
    assert len(text_of(paper.body[0])) == 1_000_000


def test_cells_tell_their_values() -> None:
    table = body_of(
        "<table><thead><tr><th scope=col rowspan=2>A<th colspan=2>B</thead><tbody>"
        '<tr><th scope="row">x</th><td data-n="-12">−12</td><td data-n="60.68">60,7</td></tr>'
        '<tr class="sum"><td data-share="0.7532">75,3%</td><td data-day="2026-11-30">30/11</td>'
        '<td>—</td></tr></tbody><tfoot><tr><td data-share="1">100%</table>'
    ).body[0]
    rows = list(rows_of(table))
    assert [(row.is_head, row.is_sum) for row in rows] == [
        (True, False),
        (False, False),
        (False, True),
        (False, False),
    ]
    assert [(c.down, c.across, c.is_head) for c in rows[0].cells] == [(2, 1, True), (1, 2, True)]
    values = [(c.text, c.value, c.is_share) for row in rows[1:] for c in row.cells]
    assert values == [
        ("x", None, False),
        ("−12", -12, False),
        ("60,7", 60.68, False),
        ("75,3%", 0.7532, True),
        ("30/11", date(2026, 11, 30), False),
        ("—", None, False),
        ("100%", 1, True),
    ]
    assert isinstance(values[1][1], int)


def test_columns_share_what_is_left() -> None:
    known = {"c1": 10.0, "c2": 30.0}
    table = body_of(
        '<table><colgroup><col class="c1"><col><col class="x c2"></colgroup><tr><td>'
    ).body[0]
    assert widths_of(table, 165, known) == [10, 125, 30]
    bare = body_of("<table><tr><td>a<td>b</tr></table>").body[0]
    assert widths_of(bare, 100, known) == [50, 50]
    wide = body_of(f"<table><colgroup>{'<col class=c2>' * 8}</colgroup><tr><td>").body[0]
    assert sum(widths_of(wide, 165, known)) == pytest.approx(165)
