"""What is printed from the table of moves: the README's table and diagram, and the matrix."""

import re
from io import StringIO

from django.conf import settings
from django.core.management import call_command

from hanoi_programmes.programmes.services.tasks import move
from hanoi_programmes.programmes.states import MOVES, State


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("moves_table", *arguments, stdout=out)
    return out.getvalue().strip()


def test_the_readme_shows_the_table_as_it_is() -> None:
    readme = (settings.ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition("<!-- moves -->")[2].partition("<!-- /moves -->")[0]
    assert shown.strip() == printed(), "put the output of `manage.py moves_table` there"


def test_the_diagram_has_every_state_and_every_arrow_of_the_table() -> None:
    diagram = printed().partition("```mermaid\n")[2].partition("\n```")[0]
    first, *lines = diagram.split("\n")
    assert first == "stateDiagram-v2"
    names = dict(re.findall(r'^    state "([^":]+)" as (\w+)$', diagram, re.MULTILINE))
    assert names == {state.label: state.value for state in State}
    arrows = re.findall(r"^    (\w+) --> (\w+) : ([^:;\n]+)$", diagram, re.MULTILINE)
    drawn = {(source, label, to) for source, to, text in arrows for label in text.split(", ")}
    assert drawn == {
        (source.value, step.label.lower(), step.target.value)
        for step in MOVES.values()
        for source in step.sources
    }
    ends = {"    [*] --> draft", "    completed --> [*]", "    cancelled --> [*]"}
    assert len(lines) == len(names) + len(arrows) + len(ends)
    assert ends <= set(lines)


# PRODUCT §5, "who", by hand: office, head and officer of the lead unit, the parent's lead unit,
# another unit, leader, inspector, administrator.
MATRIX = """
issue        x  .  .  .  .  .  .  .
acknowledge  .  x  x  .  .  .  .  .
refuse       .  x  .  .  .  .  .  .
insist       x  .  .  .  .  .  .  .
reassign     x  .  .  .  .  .  .  .
submit       .  x  x  .  .  .  .  .
accept       x  .  .  x  .  .  .  .
return       x  .  .  x  .  .  .  .
suspend      x  .  .  .  .  .  .  .
resume       x  .  .  .  .  .  .  .
cancel       x  .  .  .  .  .  .  .
reopen       x  .  .  .  .  .  .  .
"""


def test_the_matrix_prints_who_may_make_which_move() -> None:
    rows = re.findall(r"^(\w+) \(.+?\) +([x.](?:  [x.])+)$", printed("--matrix"), re.MULTILINE)
    expected = [line.split(maxsplit=1) for line in MATRIX.strip().split("\n")]
    assert [list(row) for row in rows] == expected


def test_the_service_tells_its_reader_the_table() -> None:
    for step in MOVES.values():
        assert str(step) in (move.__doc__ or "")
