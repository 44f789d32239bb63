"""Where the local servers keep things, as which user they run, and which ports are free."""

import fcntl
import hashlib
import os
import pwd
import secrets
import socket
import stat
import tempfile
from contextlib import closing
from pathlib import Path
from typing import IO, TypedDict

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"
# A socket's address is at most 103 bytes on macOS (107 on Linux), with the longest file name in it.
LONGEST_FOLDER = 103 - len("/.s.PGSQL.5432.lock")


class CannotStartError(Exception):
    """Why a command cannot go on, in one sentence for the developer."""


class RunAs(TypedDict, total=False):
    """The part of `subprocess.Popen`'s arguments that says who runs the program."""

    user: int
    group: int
    extra_groups: list[int]


def key() -> str:
    """Tells this folder of the project from its other copies on the machine."""
    return hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]


def server_user() -> RunAs:
    """PostgreSQL refuses to run as root: then `nobody`, who exists everywhere and owns nothing."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def give(folder: Path) -> None:
    """Let the server's user own this one folder; its parents stay as they are."""
    runs_as = server_user()
    if runs_as:
        os.chown(folder, runs_as["user"], runs_as["group"])


def open_to_all(path: Path) -> bool:
    """Whether any user may pass through every folder down to this one."""
    return all(step.stat().st_mode & stat.S_IXOTH for step in (path, *path.parents))


def server_home(var: Path) -> Path:
    """Where PostgreSQL's files lie: in the project, unless root's project is closed to `nobody`.

    A project below /root (0700) cannot be reached by the user that PostgreSQL runs as. Opening the
    parents would lay bare other files, so the data then lies where a system keeps such data, and
    stays there between runs, which a folder for temporary files does not promise.
    """
    var.mkdir(parents=True, exist_ok=True)
    if not server_user() or open_to_all(var):
        return var
    home = Path("/var/lib") / f"hanoi-programmes-{key()}" / var.relative_to(ROOT)
    for step in (home.parent, home):
        step.mkdir(exist_ok=True)
        step.chmod(0o755)
    return home


def socket_folder(name: str) -> Path:
    """A short folder of ours alone, since the address of a socket has little room."""
    folder = Path(tempfile.gettempdir()) / f"hp-{key()}-{name}"
    if len(os.fsencode(folder)) > LONGEST_FOLDER:
        folder = Path("/tmp") / folder.name  # noqa: S108 - made with 0700 and its owner is checked
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {
        os.geteuid(),
        server_user().get("user"),
    }:
        raise CannotStartError(f"{folder} belongs to somebody else; remove it and start again.")
    give(folder)
    return folder


def lock(path: Path) -> IO[str] | None:
    """Hold the file until this process ends, however it ends; None when another holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    return file


def secret_key() -> str:
    """The same key each time, so that a restart signs nobody out."""
    path = VAR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def is_free(port: int) -> bool:
    """Whether nobody listens there and we may."""
    with closing(socket.socket()) as asking:
        asking.settimeout(1)
        if asking.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with closing(socket.socket()) as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(wanted: int = 0) -> int:
    """The wanted port, else the next free one of the twenty after it, else any.

    It is ours until this process ends: between the choice and the first answer of the web server
    lie seconds, and the server listens with SO_REUSEPORT, so a second product that chose the same
    port meanwhile would share it without a word and get half of the requests.
    """
    for port in range(wanted, wanted + 21) if wanted else ():
        if is_free(port) and _claim(port):
            return port
    with closing(socket.socket()) as trying:
        trying.bind(("127.0.0.1", 0))
        return int(trying.getsockname()[1])


# Held by being open; the system lets go of them however the process ends.
_CLAIMS: list[IO[str]] = []


def _claim(port: int) -> bool:
    """Take the port before other copies of this user; the system lets nobody else share it.

    A lock and not a socket that stays bound: not every server could bind beside that.
    """
    held = lock(Path(tempfile.gettempdir()) / f"hp-{os.geteuid()}-port-{port}.lock")
    if held:
        _CLAIMS.append(held)
    return held is not None
