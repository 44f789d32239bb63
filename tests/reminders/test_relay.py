"""What the first mail server's record says of a mail; and when it must not be believed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from hanoi_programmes.reminders.relay import SETTLING, Record, ask, ask_all

OURS = "<0f3a@thudo.example>"
HANDED = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Write = Callable[..., None]


def stamped(minutes: float, words: str, zone: str = "+07:00") -> str:
    """A line of the log, so many minutes after the mail was handed over."""
    local = HANDED + minutes * MINUTE + timedelta(hours=7 if zone == "+07:00" else 0)
    return f"{local:%Y-%m-%dT%H:%M:%S.%f}{zone} relay postfix/{words}"


def named(minutes: float, queue: str, name: str = OURS) -> str:
    return stamped(minutes, f"cleanup[812]: {queue}: message-id={name}")


def queued(minutes: float, queue: str) -> str:
    words = "from=<nhac-viec@thudo.example>, size=5120, nrcpt=1 (queue active)"
    return stamped(minutes, f"qmgr[77]: {queue}: {words}")


def comes(minutes: float) -> str:
    return stamped(minutes, "smtpd[90]: connect from app[10.0.0.2]")


BEFORE, AFTER = comes(-1), comes(6)


@pytest.fixture
def write(tmp_path: Path, settings: Settings) -> Write:
    """Writes the log, or the one that was rotated."""
    settings.MAIL_RELAY_LOG = str(tmp_path / "mail.log")

    def write(*lines: str, to: str = "mail.log", ending: str = "\n") -> None:
        (tmp_path / to).write_text("\n".join(lines) + ending, encoding="utf-8")

    return write


def answer() -> Record:
    return ask(OURS, HANDED)


def test_named_and_queued_is_taken(write: Write) -> None:
    write(BEFORE, named(0, "4CzK1"), queued(0, "4CzK1"), AFTER)
    assert answer() == Record.TAKEN


def test_named_alone_is_a_sender_who_hung_up(write: Write) -> None:
    write(BEFORE, named(0, "4CzK1"), AFTER)
    assert answer() == Record.NOT_TAKEN


def test_a_queue_id_that_another_mail_got_later_proves_nothing(write: Write) -> None:
    write(BEFORE, named(0, "4CzK1"), named(1, "4CzK1", "<other@x>"), queued(1, "4CzK1"), AFTER)
    assert answer() == Record.NOT_TAKEN


def test_mails_that_pass_at_the_same_time_are_told_apart(write: Write) -> None:
    write(
        BEFORE,
        named(0, "AAA"),
        named(0, "BBB", "<other@x>"),
        queued(0, "BBB"),
        AFTER,
    )
    assert ask_all({OURS: HANDED, "<other@x>": HANDED}) == {
        OURS: Record.NOT_TAKEN,
        "<other@x>": Record.TAKEN,
    }


def test_it_is_found_however_late_it_came_and_however_the_zone_is_written(write: Write) -> None:
    write(stamped(-1, "master[1]: start", "Z"), named(4, "A1"), queued(4.5, "A1"))
    assert answer() == Record.TAKEN


def test_a_rotation_between_its_two_lines_hides_nothing(write: Write) -> None:
    write(BEFORE, named(0, "4CzK1"), to="mail.log.1")
    write(queued(0.01, "4CzK1"), AFTER)
    assert answer() == Record.TAKEN


def test_a_mail_handed_over_before_the_rotation_is_looked_for_there(write: Write) -> None:
    write(BEFORE, comes(1), to="mail.log.1")
    write(comes(2), AFTER)
    assert answer() == Record.NOT_TAKEN


# Silence


def test_nothing_can_be_asked_without_a_log(write: Write, settings: Settings) -> None:
    assert answer() == Record.SILENT
    settings.MAIL_RELAY_LOG = ""
    assert answer() == Record.SILENT
    assert ask_all({}) == {}


def test_a_log_that_is_closed_to_us_cannot_tell(tmp_path: Path, settings: Settings) -> None:
    settings.MAIL_RELAY_LOG = str(tmp_path)
    assert answer() == Record.SILENT


@pytest.mark.parametrize("lines", [(), (BEFORE,), (BEFORE, comes(1)), (BEFORE, comes(4.99))])
def test_a_log_that_did_not_grow_cannot_tell(write: Write, lines: tuple[str, ...]) -> None:
    """Shipping may have stopped; or the server has not yet made up its mind."""
    assert timedelta(minutes=5) == SETTLING
    write(*lines)
    assert answer() == Record.SILENT


def test_half_a_line_is_no_growth(write: Write) -> None:
    write(BEFORE, AFTER, ending="")
    assert answer() == Record.SILENT


def test_a_log_that_begins_later_cannot_tell(write: Write) -> None:
    """It was rotated twice: the mail's lines may have stood in what is gone."""
    write(comes(1), AFTER)
    assert answer() == Record.SILENT
    write(comes(0.5), to="mail.log.1")
    assert answer() == Record.SILENT


def test_a_gap_between_an_old_rotation_and_the_log_cannot_tell(write: Write) -> None:
    """Somebody's names with dates: ".1" is a leftover of another year."""
    write(comes(-9000), comes(-8000), to="mail.log.1")
    write(comes(1), AFTER)
    assert answer() == Record.SILENT


def test_stamps_without_a_zone_can_say_taken_but_never_the_contrary(write: Write) -> None:
    lines = ["Nov 30 07:29:00 relay postfix/cleanup[8]: A1: message-id=<else@x>"]
    after = "Nov 30 07:59:00 relay postfix/smtpd[9]: connect from app[10.0.0.2]"
    write(*lines, after)
    assert answer() == Record.SILENT
    mine = ["cleanup[8]: A2: message-id=" + OURS, "qmgr[8]: A2: from=<a@b>, size=1 (queue active)"]
    write(*lines, *(f"Nov 30 07:30:00 relay postfix/{line}" for line in mine), after)
    assert answer() == Record.TAKEN
