#!/usr/bin/env python3
"""The two commands, `run` and `test`, and `check`, the list that review runs.

Needs nothing but Python. Makes `.venv`, installs the locked packages and the system libraries that
are missing, then hands over to `hanoi_programmes.embedded`. Safe to repeat; never asks a question.
"""

# An older Python must come as far as the sentence that refuses it.
from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
BEGAN = float(os.environ.setdefault("QUICK_START_BEGAN", str(time.time())))
NEEDS_PYTHON = (3, 11)

USAGE = """usage: python3 dev.py run                  set everything up and start it
       python3 dev.py test [pytest args]   the same set-up, then the tests on throw-away data
       python3 dev.py check                format, lint, contracts, types, templates, settings"""

# Library as the loader calls it → package of Debian and Ubuntu. Without the extra one PDF works,
# only with larger files.
PANGO = {"pango-1.0": "libpango-1.0-0", "pangoft2-1.0": "libpangoft2-1.0-0"}
PANGO_EXTRA = {"harfbuzz-subset": "libharfbuzz-subset0"}
# On Debian 12 `fonts-liberation` is 1.07, without 92 Vietnamese letters; newer ones are complete.
FONT_PACKAGES = ("fonts-liberation2", "fonts-liberation")
FONT_FILES = (
    "LiberationSerif-Regular.ttf",
    "Tinos-Regular.ttf",
    "Times New Roman.ttf",
    "times.ttf",
    "Times_New_Roman.ttf",
)
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "~/Library/Fonts",
)
VIETNAMESE = [*map(ord, "ĂăÂâĐđÊêÔôƠơƯưÁáĨĩŨũ"), *range(0x1EA0, 0x1EFA)]


class CannotGoOnError(Exception):
    """What is missing and the one command that mends it."""


def say(text: str) -> None:
    """One line of progress with the seconds since the command began."""
    print(f"[{time.time() - BEGAN:5.1f} s] {text}", flush=True)


def ended(*command: str | Path) -> tuple[bool, str]:
    """Whether the command succeeds, and what it printed; it cannot ask anything."""
    words = [str(part) for part in command]
    out = subprocess.PIPE
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            check=False,
        )
    except OSError as error:
        return False, str(error)
    return done.returncode == 0, done.stdout.decode(errors="replace").strip()


def works(*command: str | Path) -> bool:
    """A question to the system: the answer is all that counts."""
    return ended(*command)[0]


def ran(*command: str | Path) -> bool:
    """A step of the set-up: silent, but when it fails its last lines are shown."""
    well, text = ended(*command)
    if not well:
        print("\n".join(f"          {line}" for line in text.splitlines()[-8:]), flush=True)
    return well


# The system's packages


def as_root() -> list[str] | None:
    """The words that make a command run as root without a question; None when there are none."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and works("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return None


def installs(*packages: str) -> bool:
    """Whether the system's package manager installed these; tries only what needs no question."""
    if sys.platform == "darwin":
        return shutil.which("brew") is not None and ran("brew", "install", *packages)
    sudo = as_root() if shutil.which("apt-get") else None
    if sudo is None:
        return False
    command = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-q"]
    command += ["--no-install-recommends", *packages]
    # A new system has no lists yet, an old one has lists of files that are gone.
    if works("apt-cache", "show", *packages) and ran(*command):
        return True
    return ran(*sudo, "apt-get", "update", "-q") and ran(*command)


def command_for(debian: Sequence[str], brew: str) -> str:
    """The one command that a person types to install what is missing."""
    return (
        f"brew install {brew}"
        if sys.platform == "darwin"
        else f"sudo apt-get install -y {' '.join(debian)}"
    )


# The virtual environment


def stamp_of(lock: Path) -> str:
    """What an environment was made from: the locked packages and the Python under them."""
    return hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()


def make_venv() -> None:
    """A virtual environment with pip; Debian and Ubuntu keep the means in a package apart."""
    if works(PYTHON, "-m", "pip", "--version") or works(PYTHON, "-m", "ensurepip"):
        return
    say("Making .venv")
    # Asked of a new process: what was just installed is not seen by this one.
    if not works(sys.executable, "-c", "import ensurepip, venv"):
        say("Python's venv module is incomplete here: trying to install python3-venv")
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not (installs(package) or installs("python3-venv")):
            command = command_for(["python3-venv"], "python")
            raise CannotGoOnError(
                f"Python cannot make a virtual environment. First run this:\n  {command}"
            )
    if not ran(sys.executable, "-m", "venv", "--clear", VENV):
        raise CannotGoOnError(f"{sys.executable} -m venv {VENV} failed; the lines above say why.")


def install_packages() -> None:
    """Exactly the locked packages, each checked by its hash; uv is much faster than pip."""
    stamp = VENV / ".stamp"
    wanted = stamp_of(LOCK)
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    make_venv()
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    say("Installing the locked packages")
    done = ran(*pip, "uv") and ran(
        PYTHON, "-m", "uv", "pip", "sync", "--quiet", "--system-certs", "--require-hashes",
        "--python", PYTHON, LOCK,
    )  # fmt: skip
    if not done:
        say("uv is not to be had: using pip, which takes longer")
        if not ran(*pip, "--require-hashes", "-r", LOCK):
            raise CannotGoOnError("The packages could not be installed; the lines above say why.")
    stamp.write_text(wanted)


# Pango and a font with the Vietnamese letters


def missing_libraries(names: dict[str, str]) -> dict[str, str]:
    """Those libraries that the loader does not find, with Debian's name of their package."""
    return {name: names[name] for name in names if ctypes.util.find_library(name) is None}


def ensure_pango() -> None:
    """PDF needs Pango; the pages do not start without it, because reports import it."""
    if sys.platform == "darwin":
        # Homebrew's folders are not among those that macOS searches.
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib")
    # Apart: a system that does not know the extra one must not refuse Pango itself for it.
    for libraries in (PANGO, PANGO_EXTRA):
        if missing := missing_libraries(libraries):
            say(f"Missing, but needed for the PDF: {', '.join(missing)}: trying to install it")
            installs(*(["pango"] if sys.platform == "darwin" else missing.values()))
    if still := missing_libraries(PANGO):
        command = command_for([*PANGO.values(), *PANGO_EXTRA.values()], "pango")
        raise CannotGoOnError(
            f"Missing system library: {', '.join(still)}. Run this, then try again:\n  {command}"
        )
    if missing_libraries(PANGO_EXTRA):
        command = command_for([*PANGO_EXTRA.values()], "pango")
        say(f"Going on without it: PDF files will be larger. To install it:\n  {command}")


def ensure_font() -> None:
    """A Times-like face with all Vietnamese letters; without one the PDF is set in a wider face."""
    if vietnamese_font():
        return
    say("No Times-like font with all Vietnamese letters: trying to install Liberation Serif")
    if sys.platform != "darwin" and any(
        installs(name) and vietnamese_font() for name in FONT_PACKAGES
    ):
        return
    command = command_for(FONT_PACKAGES[:1], "--cask font-tinos")
    say(f"Going on without it: PDF reports will use another face. To install it:\n  {command}")


def vietnamese_font() -> Path | None:
    """The first known face on this machine that really has the letters."""
    return next((path for path in font_files() if has_vietnamese(path)), None)


def font_files() -> Iterator[Path]:
    """Files on this machine that are named as one of the known faces."""
    for folder in FONT_FOLDERS:
        for name in FONT_FILES:
            yield from Path(folder).expanduser().rglob(name)


def has_vietnamese(font: Path) -> bool:
    """Whether the glyph table maps every Vietnamese letter; a font's name proves nothing."""
    try:
        return set(VIETNAMESE) <= letters_of(font.read_bytes())
    except (OSError, struct.error, StopIteration):
        return False


def letters_of(font: bytes) -> set[int]:
    """Code points that the Windows Unicode table (cmap format 4) of a TrueType font covers."""
    tables = range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16)
    cmap = next(
        struct.unpack_from(">I", font, at + 8)[0] for at in tables if font[at : at + 4] == b"cmap"
    )
    records = range(cmap + 4, cmap + 4 + 8 * struct.unpack_from(">H", font, cmap + 2)[0], 8)
    offsets = [
        struct.unpack_from(">I", font, at + 4)[0]
        for at in records
        if font[at : at + 4] == b"\0\3\0\1"
    ]
    table = cmap + offsets[0] if offsets else len(font)
    twice = struct.unpack_from(">H", font, table + 6)[0]
    count = twice // 2

    def column(start: int, kind: str = "H") -> tuple[int, ...]:
        return struct.unpack_from(f">{count}{kind}", font, start)

    ends, starts = column(table + 14), column(table + 16 + twice)
    deltas, jumps_at = column(table + 16 + 2 * twice, "h"), table + 16 + 3 * twice
    found: set[int] = set()
    for i, (first, last, delta, jump) in enumerate(
        zip(starts, ends, deltas, column(jumps_at), strict=True)
    ):
        for code in range(first, last + 1):
            at = jumps_at + 2 * i + jump + 2 * (code - first)
            glyph = (
                struct.unpack_from(">H", font, at)[0]
                if jump and at + 2 <= len(font)
                else code * (not jump)
            )
            if glyph and (glyph + delta) & 0xFFFF:
                found.add(code)
    return found


# What review runs


def checks() -> dict[str, list[str]]:
    """Every check by name, in the order in which they help most."""
    templates = [
        str(path.relative_to(ROOT)) for path in sorted((ROOT / "templates").rglob("*.html"))
    ]
    return {
        "ruff format": ["ruff", "format", "--check", "."],
        "ruff check": ["ruff", "check", "."],
        "import contracts": ["lint-imports", "--no-logo"],
        "mypy": ["mypy"],
        "djade": ["djade", "--target-version", "5.2", "--check", *templates],
        "djhtml": ["djhtml", "--tabwidth", "4", "--check", "templates"],
        "migrations": ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
        "deployment": ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
    }


def check_environment() -> dict[str, str]:
    """As in a real installation, so that `check --deploy` judges that; no server is asked."""
    return {
        **os.environ,
        "PATH": f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}",
        "SECRET_KEY": hashlib.sha512(b"only for checks").hexdigest(),
        "DEBUG": "0",
        "HTTPS": "1",
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "ALLOWED_HOSTS": "theo-doi.example",
        "SITE_URL": "https://theo-doi.example",
        # makemigrations says that it could not ask the database which migrations ran; it need not.
        "PYTHONWARNINGS": "ignore::RuntimeWarning",
    }


def check() -> int:
    """Run every check, also after one failed; end with the list of those that did."""
    failed = []
    for name, command in checks().items():
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=check_environment(), stdin=subprocess.DEVNULL, check=False
        )
        failed += [name] if done.returncode else []
        outcome = "FAILED" if done.returncode else "ok"
        say(f"{name}: {outcome} in {time.monotonic() - began:.1f} s")
    print(f"Failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def set_up() -> None:
    """Everything that must be on this machine before our own code can run."""
    install_packages()
    ensure_pango()
    ensure_font()


def main(arguments: list[str]) -> int:
    """Set up, then become the program that does the rest."""
    if sys.version_info < NEEDS_PYTHON:
        print(f"This needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}.")
        return 2
    if not arguments or arguments[0] not in {"run", "test", "check"}:
        print(USAGE)
        return 2
    try:
        set_up()
    except CannotGoOnError as reason:
        print(reason, flush=True)
        return 2
    except KeyboardInterrupt:
        return 130
    if arguments[0] == "check":
        return check()
    os.chdir(ROOT)
    command = [str(PYTHON), "-m", "hanoi_programmes.embedded", *arguments]
    # The same process goes on, so that a signal to this command reaches the one that holds servers.
    return os.execv(PYTHON, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
