"""An entry of a calendar, and a calendar as RFC 5545 wants it (the only user of icalendar)."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vDuration

# Calendar programs ask again after this; a moved deadline is then at most an hour old.
ASK_AGAIN = timedelta(hours=1)
_SUMMARY = 200
_PRODUCT = "-//Thanh uy Ha Noi//Theo doi Nghi quyet//VI"


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in a calendar.

    `key` names it for ever among the entries of its feed; `sequence` and `changed_at` grow whenever
    it changes, so that programs take the newer one. A cancelled entry takes itself out of them.
    """

    key: str
    day: date
    sequence: int
    changed_at: datetime
    title: str
    lines: tuple[str, ...]
    path: str
    kind: str
    status: str


CONFIRMED = "CONFIRMED"
CANCELLED = "CANCELLED"
# The work rests: the day stands, but not as firmly.
TENTATIVE = "TENTATIVE"


def fingerprint(name: str, entries: Sequence[Entry], release: str) -> str:
    """An entity tag: the same for the same calendar, before it is written."""
    told = repr((release, name, tuple(entries)))
    return f'"{hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32]}"'


def calendar(name: str, entries: Sequence[Entry], site: str) -> bytes:
    """The whole feed. `site` is the address of this installation, without a slash at its end."""
    book = Calendar()
    book.add("prodid", _PRODUCT)
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("method", "PUBLISH")
    for field in ("name", "x-wr-calname"):
        book.add(field, plain(name))
    book.add("refresh-interval", vDuration(ASK_AGAIN), parameters={"VALUE": "DURATION"})
    book.add("x-published-ttl", vDuration(ASK_AGAIN))
    for entry in entries:
        book.add_component(_event(entry, site))
    written: bytes = book.to_ical()
    return written


def _event(entry: Entry, site: str) -> Event:
    """An all-day event that blocks nobody's time. Without an alarm: reminders come by mail and in
    the app, each once; a second voice would be one too many."""
    event = Event()
    changed = entry.changed_at.astimezone(UTC)
    event.add("uid", f"{entry.key}@{urlsplit(site).hostname}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", _short(plain(entry.title)))
    event.add("description", "\n".join(map(plain, (*entry.lines, f"Mở: {site}{entry.path}"))))
    event.add("url", f"{site}{entry.path}")
    event.add("categories", [entry.kind])
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT")
    return event


def plain(text: str) -> str:
    """One line of visible letters: what turns the direction of writing, or ends a line, is left
    out, so that nobody's title can rewrite the lines around it."""
    spaced = " ".join(text.split())
    return "".join(letter for letter in spaced if unicodedata.category(letter)[0] != "C")


def _short(title: str) -> str:
    return title if len(title) <= _SUMMARY else f"{title[: _SUMMARY - 1].rstrip()}…"
