"""The first step of both commands: what decides whether something must be installed."""

import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

import dev

VIETNAMESE = dev.VIETNAMESE


def make_font(path: Path, letters: list[int]) -> Path:
    """A TrueType font with these letters, each an empty glyph."""
    names = {code: f"u{code:04X}" for code in letters}
    order = [".notdef", *names.values()]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf({name: TTGlyphPen(None).glyph() for name in order})
    font.setupHorizontalMetrics(dict.fromkeys(order, (500, 0)))
    font.setupHorizontalHeader()
    font.setupOS2()
    font.setupPost()
    font.save(path)
    return path


def test_stamp_changes_with_the_lock_and_with_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("django==5.2\n")
    first = dev.stamp_of(lock)
    assert dev.stamp_of(lock) == first
    lock.write_text("django==5.2.1\n")
    second = dev.stamp_of(lock)
    monkeypatch.setattr(sys, "version", "3.14.0")
    assert len({first, second, dev.stamp_of(lock)}) == 3


def test_a_matching_stamp_installs_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.touch()
    (tmp_path / ".stamp").write_text(dev.stamp_of(dev.LOCK))
    monkeypatch.setattr(dev, "VENV", tmp_path)
    monkeypatch.setattr(dev, "PYTHON", python)
    monkeypatch.setattr(dev, "ended", lambda *command: pytest.fail(f"ran {command}"))
    dev.install_packages()


def test_a_font_counts_only_with_every_vietnamese_letter(tmp_path: Path) -> None:
    whole = make_font(tmp_path / "whole.ttf", VIETNAMESE)
    # As the old Liberation Serif: the letters with two marks are missing.
    old = make_font(tmp_path / "old.ttf", [code for code in VIETNAMESE if code < 0x1EA0])
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(whole.read_bytes()[:100])
    assert dev.letters_of(whole.read_bytes()) == set(VIETNAMESE)
    assert dev.has_vietnamese(whole)
    assert not dev.has_vietnamese(old)
    assert not dev.has_vietnamese(broken)
    assert not dev.has_vietnamese(tmp_path / "absent.ttf")


def test_a_missing_library_is_named_with_the_one_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("ctypes.util.find_library", lambda _name: None)
    monkeypatch.setattr(dev, "installs", lambda *_packages: False)
    monkeypatch.setattr(dev, "install_packages", lambda: None)
    assert dev.main(["run"]) == 2
    said = capsys.readouterr().out
    assert "Missing system library: pango-1.0" in said
    assert "install" in said.splitlines()[-1]


@pytest.mark.parametrize(
    ("absent", "asked"),
    [
        (dev.PANGO_EXTRA, [("libharfbuzz-subset0",)]),
        (
            dev.PANGO | dev.PANGO_EXTRA,
            [("libpango-1.0-0", "libpangoft2-1.0-0"), ("libharfbuzz-subset0",)],
        ),
    ],
)
def test_what_a_bare_machine_lacks_for_the_pdf_is_installed(
    monkeypatch: pytest.MonkeyPatch, absent: dict[str, str], asked: list[tuple[str, ...]]
) -> None:
    """Also where Pango is there and only its companion is not; each by a command of its own."""
    absent = dict(absent)
    installed: list[tuple[str, ...]] = []

    def installs(*packages: str) -> bool:
        installed.append(packages)
        for name in [name for name, package in absent.items() if package in packages]:
            del absent[name]
        return True

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr("ctypes.util.find_library", lambda name: None if name in absent else name)
    monkeypatch.setattr(dev, "installs", installs)
    dev.ensure_pango()
    assert installed == asked


def test_a_missing_companion_of_pango_is_named_and_the_start_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(
        "ctypes.util.find_library", lambda name: None if name in dev.PANGO_EXTRA else name
    )
    monkeypatch.setattr(dev, "installs", lambda *_packages: False)
    dev.ensure_pango()
    assert "sudo apt-get install -y libharfbuzz-subset0" in capsys.readouterr().out


def test_a_missing_font_is_named_and_the_start_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev, "vietnamese_font", lambda: None)
    monkeypatch.setattr(dev, "installs", lambda *_packages: False)
    dev.ensure_font()
    assert "To install it:" in capsys.readouterr().out


def test_an_old_python_gets_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert dev.main(["run"]) == 2
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["start"], ["--help"]])
def test_an_unknown_command_shows_the_known_ones(arguments: list[str]) -> None:
    command = [sys.executable, str(dev.ROOT / "dev.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "dev.py run" in done.stdout


def test_a_failed_check_does_not_hide_the_next(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fails = [sys.executable, "-c", "raise SystemExit(1)"]
    works = [sys.executable, "-c", "print('second ran')"]
    monkeypatch.setattr(dev, "checks", lambda: {"first": fails, "second": works})
    assert dev.check() == 1
    said = capfd.readouterr().out
    assert "second ran" in said
    assert said.splitlines()[-1] == "Failed: first"
