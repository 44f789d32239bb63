"""Drafts: what one person has typed into one form and not sent yet, seen by nobody else."""

import re
from collections.abc import Mapping

from django.db import transaction

from hanoi_programmes.lib.text import secrecy_mark
from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import Draft, Task
from hanoi_programmes.programmes.services.history import locked, was_done

# What people type or choose; never files, keys or versions.
_REPORT = frozenset({
    "situation", "count", "percent", "text", "next_step", "document_number", "document_date",
    "reason", "obstacle", "cause", "decider", "proposal", "wanted_by",
})  # fmt: skip
_JUDGED = re.compile(r"reason|document|quality|(?:item|note)-\d{1,18}")
# A choice, or what the form fills in itself, is not yet worth keeping.
_CHOSEN = frozenset({"situation", "quality", "cause", "wanted_by"})
_MOST_CHARACTERS = 40_000
_MOST_DRAFTS = 200


@transaction.atomic
def keep(task: Task, form: str, typed: Mapping[str, str], *, act: Act, by: User) -> Draft | None:
    """Keep what was typed into the form of this name on the task; None when nothing is to keep.

    A draft that arrives after its form was sent (the same form key) is not kept: it would offer
    the same text a second time. Raises `Denied` for marks of secrecy and for more than a form can
    hold. An emptied form forgets its draft.
    """
    task = locked(task)
    if was_done(act):
        return None
    data = _kept(form, typed)
    if any(secrecy_mark(text) for text in data.values()):
        raise Denied("Có dấu mật nên không lưu nháp. Bỏ nội dung mật khỏi biểu mẫu.")
    if sum(map(len, data.values())) > _MOST_CHARACTERS:
        raise Denied("Nội dung quá dài nên không lưu nháp. Rút gọn rồi gửi.")
    if not data.keys() - _CHOSEN:
        drop(task, form, by=by)
        return None
    key, values = key_of(task, form), {"data": data, "saved_at": act.at}
    draft, _created = Draft.objects.update_or_create(user=by, key=key, defaults=values)
    _forget_the_oldest(by)
    return draft


def drop(task: Task, form: str, *, by: User | None) -> None:
    """Forget the draft: it was sent, emptied or thrown away."""
    if by is not None:
        Draft.objects.filter(user=by, key=key_of(task, form)).delete()


def key_of(task: Task, form: str) -> str:
    """The name of a form on a task: "report-12"."""
    return f"{form}-{task.pk}"


def _kept(form: str, typed: Mapping[str, str]) -> dict[str, str]:
    def is_ours(name: str) -> bool:
        return name in _REPORT if form == "report" else bool(_JUDGED.fullmatch(name))

    # PostgreSQL has no text with a NUL in it.
    texts = {name: typed[name].replace("\0", "") for name in typed if is_ours(name)}
    return {name: text for name, text in texts.items() if text.strip()}


def _forget_the_oldest(by: User) -> None:
    old = Draft.objects.filter(user=by).order_by("-saved_at", "-pk").values("pk")[_MOST_DRAFTS:]
    Draft.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
