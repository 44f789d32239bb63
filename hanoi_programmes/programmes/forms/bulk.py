"""The tasks of a preview in the versions in which they were seen: one field, however many."""

from collections.abc import Iterable

from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.bulk import MOST


def seen_text(tasks: Iterable[Task]) -> str:
    """Ids and versions, as "12.3,15.1"."""
    return ",".join(f"{task.pk}.{task.version}" for task in tasks)


def read_seen(text: str) -> dict[int, int]:
    """Versions by id; empty when any part is not what `seen_text` writes, or they are too many."""
    pairs = [pair.partition(".")[::2] for pair in text.split(",")]
    if len(pairs) > MOST or not all(_fits(part) for pair in pairs for part in pair):
        return {}
    return {int(pk): int(version) for pk, version in pairs}


def _fits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
