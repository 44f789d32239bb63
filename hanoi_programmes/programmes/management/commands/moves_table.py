"""Print the life of a task from its table: as the README shows it, or who may make which move."""

from argparse import ArgumentParser
from itertools import groupby

from django.core.management.base import BaseCommand

from hanoi_programmes.programmes.states import MOVES, WHO, Actor, Move, State

# Columns of the matrix: who stands where to the task, and which moves' actors they are.
PARTS: dict[str, frozenset[Actor]] = {
    "office": frozenset({Actor.OFFICE, Actor.VERIFIER}),
    "head of lead unit": frozenset({Actor.LEAD, Actor.LEAD_HEAD}),
    "officer of lead unit": frozenset({Actor.LEAD}),
    "lead unit of parent task": frozenset({Actor.VERIFIER}),
    "other unit": frozenset(),
    "leader": frozenset(),
    "inspector": frozenset(),
    "administrator": frozenset(),
}


class Command(BaseCommand):
    """`moves_table` for the README, `moves_table --matrix` for move × role as text."""

    help = "Bảng các bước xử lý nhiệm vụ, lấy từ mã nguồn."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One switch."""
        parser.add_argument("--matrix", action="store_true", help="ma trận bước × vai trò")

    def handle(self, *, matrix: bool, **_options: object) -> None:
        """Print, nothing else."""
        self.stdout.write(matrix_text() if matrix else f"{markdown_table()}\n\n{state_diagram()}")


def markdown_table() -> str:
    """Move, from → to, who, needs: the columns of PRODUCT §5."""
    rows = [
        f"| {move.name} ({move.label.lower()}) | {_states(move)} | {WHO[move.actor].words} "
        f"| {move.needs_in_words} |"
        for move in MOVES.values()
    ]
    return "\n".join(["| move | from → to | who | needs |", "|---|---|---|---|", *rows])


def _states(move: Move) -> str:
    sources = ", ".join(_plain(state) for state in move.sources)
    return f"{sources} → {_plain(move.target)}"


def _plain(state: State) -> str:
    return state.value.replace("_", " ")


def state_diagram() -> str:
    """The same as a Mermaid diagram; moves between the same two states share an arrow."""
    names = [f'    state "{state.label}" as {state.value}' for state in State]
    pairs = sorted(
        ((s, move.target) for move in MOVES.values() for s in move.sources), key=_by_life
    )
    arrows = [
        f"    {source.value} --> {target.value} : {_labels(source, target)}"
        for (source, target), _ in groupby(pairs)
    ]
    ends = [f"    {state.value} --> [*]" for state in (State.COMPLETED, State.CANCELLED)]
    lines = ["stateDiagram-v2", *names, f"    [*] --> {State.DRAFT.value}", *arrows, *ends]
    return "\n".join(["```mermaid", *lines, "```"])


def _by_life(pair: tuple[State, State]) -> tuple[int, int]:
    order = list(State)
    return order.index(pair[0]), order.index(pair[1])


def _labels(source: State, target: State) -> str:
    moves = (m for m in MOVES.values() if source in m.sources and m.target == target)
    return ", ".join(move.label.lower() for move in moves)


def matrix_text() -> str:
    """Move × role as a text table: "x" may, "." may not, and is told why."""
    width = max(len(f"{m.name} ({m.label})") for m in MOVES.values())
    heads = [f"{number}. {part}" for number, part in enumerate(PARTS, start=1)]
    numbers = "  ".join(str(number) for number in range(1, len(PARTS) + 1))
    rows = [f"{f'{move.name} ({move.label})':{width}}  {_marks(move)}" for move in MOVES.values()]
    note = "x may, in the states of the table; . is refused with the reason"
    own = "accept and return: never the submitter, nor anybody of the submitter's unit"
    return "\n".join([*heads, "", f"{'':{width}}  {numbers}", *rows, "", note, own])


def _marks(move: Move) -> str:
    return "  ".join("x" if move.actor in actors else "." for actors in PARTS.values())
