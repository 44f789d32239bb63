"""Two people, one form: a three-way compare of what was opened, what is stored now, what is wanted.

Pure functions of plain values: what only one side changed is taken from that side, what both
changed differently is a clash for a person to decide, and nothing is lost either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Clash:
    """One value that both sides changed, each to something else."""

    name: str
    opened: Any
    theirs: Any
    mine: Any

    @property
    def is_text(self) -> bool:
        """Two texts can both be kept, one below the other."""
        return isinstance(self.theirs, str) and isinstance(self.mine, str)


@dataclass(frozen=True, slots=True)
class Merge:
    """What comes of the two sides: `values` is whole when there are no clashes.

    Until it is decided, a clash stands in `values` with what is stored now. `theirs` and `mine`
    name what only that side changed.
    """

    values: dict[str, Any]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    clashes: tuple[Clash, ...]


def three_way(
    opened: Mapping[str, Any], stored: Mapping[str, Any], wanted: Mapping[str, Any]
) -> Merge:
    """Compare the names of `wanted`; a name that was not opened counts as opened as it is stored.

    Both sides changing a value to the same thing is an agreement, not a clash.
    """
    values, theirs, mine, clashes = {}, [], [], []
    for name, wish in wanted.items():
        now = stored[name]
        before = opened.get(name, now)
        values[name] = now
        if now == wish or (wish == before and now == before):
            continue
        if wish == before:
            theirs.append(name)
        elif now == before:
            mine.append(name)
            values[name] = wish
        else:
            clashes.append(Clash(name, before, now, wish))
    return Merge(values, tuple(theirs), tuple(mine), tuple(clashes))


# How a person may decide a clash; only texts can be kept both.
THEIRS, MINE, BOTH = "theirs", "mine", "both"


def decided(clash: Clash, choice: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """The value after a person chose; `BOTH` puts mine below theirs, and holds for texts only."""
    if choice == BOTH and clash.is_text:
        return "\n\n".join(part for part in (clash.theirs, clash.mine) if part)
    return clash.mine if choice == MINE else clash.theirs
