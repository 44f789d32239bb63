"""What was typed when a session ended: carried, signed, through sign-in; the server stores none."""

from dataclasses import dataclass

from django.core import signing
from django.http import HttpRequest

_SALT = "typed before sign-in"
_DAY = 24 * 3600
_MOST_CHARACTERS = 100_000
# Written by the page, not typed by its reader: a form with these alone is not worth carrying.
_NOT_TYPED = frozenset({
    "csrfmiddlewaretoken", "form_key", "version", "seen", "from", "next", "situation", "outcome",
    "kept", "username", "password", "task",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was sent without a session: where to, its fields, and whether files were lost."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool

    @property
    def shown(self) -> list[str]:
        """What its writer will know again."""
        return [text for name, text in self.fields if name not in _NOT_TYPED and len(text) > 1]


def carry(request: HttpRequest) -> str:
    """The typed fields of a POST, signed; "" when nothing was typed or it is too much to carry."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "kept"} and not name.startswith("password")
        for value in map(str, values)
    ]
    if not any(value.strip() for name, value in fields if name not in _NOT_TYPED):
        return ""
    if sum(len(name) + len(value) for name, value in fields) > _MOST_CHARACTERS:
        return ""
    sent = [request.path, fields, bool(request.FILES)]
    return signing.dumps(sent, salt=_SALT, compress=True)


def read(kept: str) -> Typed | None:
    """What `carry` signed within the last day; None for everything else."""
    try:
        path, fields, had_files = signing.loads(kept, salt=_SALT, max_age=_DAY)
    except signing.BadSignature:
        return None
    return Typed(path, [(name, value) for name, value in fields], had_files)
