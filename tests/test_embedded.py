"""The quick start's servers and programs, with real ones: ports, kills, take-overs, clean ends."""

import json
import os
import shutil
import signal
import smtplib
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
import redis

from hanoi_programmes.embedded import places, quick_start, servers, trial
from hanoi_programmes.embedded.children import Child, identity, stop
from hanoi_programmes.embedded.mailbox import open_mailbox
from hanoi_programmes.embedded.places import CannotStartError


@pytest.fixture
def place() -> Iterator[servers.Place]:
    """Folders of this test alone, where the servers' user may go; emptied of servers afterwards."""
    name = f"unit-{os.getpid()}"
    place = servers.Place(places.VAR / name, name)
    yield place
    stop(left_by(place))
    for folder in (places.server_home(place.var), place.var, places.socket_folder(name)):
        shutil.rmtree(folder, ignore_errors=True)


def left_by(place: servers.Place) -> list[Child]:
    """Servers that still live in this place."""
    pid, _ = servers.running_postgres(places.server_home(place.var) / "pg")
    return [Child.adopt("PostgreSQL", pid, ends_by=signal.SIGINT)] if pid else []


def ask(address: str, sql: str) -> object:
    """The first value of the answer."""
    with psycopg.connect(address, autocommit=True) as connection:
        cursor = connection.execute(sql)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def a_child(code: str, log: Path) -> Child:
    """A Python program."""
    return Child("a program", [sys.executable, "-c", code], log=log)


def wait_for(child: Child, word: str) -> None:
    """Until it has said so in its log."""
    until = time.monotonic() + 20
    while word not in child.last_words():
        assert time.monotonic() < until
        assert child.alive()


# Ports and folders


def test_a_busy_port_is_passed_over() -> None:
    with closing(socket.socket()) as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert not places.is_free(port)
        assert places.free_port(port) != port
    assert places.is_free(places.free_port())


def test_two_products_started_close_together_take_two_ports() -> None:
    """Neither listens yet when the other chooses; the port of one that ended is free again."""
    wanted = places.free_port()
    choose = f"from hanoi_programmes.embedded.places import free_port as f; print(f({wanted}), 1)"
    stay = "import sys; sys.stdout.flush(); sys.stdin.read()"
    command = [sys.executable, "-c", f"{choose}; {stay}"]
    chosen = []
    with ExitStack() as ends:
        for _ in range(2):
            one = subprocess.Popen(
                command, cwd=places.ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            ends.enter_context(one)
            assert one.stdout
            chosen.append(int(one.stdout.readline().split()[0]))
    assert chosen[0] == wanted
    assert chosen[1] in range(wanted + 1, wanted + 21)
    assert places.free_port(wanted) == wanted


def test_a_lock_is_held_by_one() -> None:
    path = places.VAR / f"unit-{os.getpid()}.lock"
    first = places.lock(path)
    assert first
    assert places.lock(path) is None
    first.close()
    second = places.lock(path)
    assert second
    second.close()
    path.unlink()


def test_the_secret_key_is_kept_and_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "VAR", tmp_path)
    assert places.secret_key() == places.secret_key()
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_socket_folder_is_short_and_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("long" * 30)
    deep.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(deep))
    folder = places.socket_folder(f"unit-{os.getpid()}")
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) <= 103
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.rmdir()


def test_a_foreign_socket_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(places, "LONGEST_FOLDER", 1000)
    (tmp_path / f"hp-{places.key()}-x").symlink_to(tmp_path)
    with pytest.raises(CannotStartError, match="belongs to somebody else"):
        places.socket_folder("x")


def test_a_closed_project_of_root_keeps_its_parents_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(places, "server_user", lambda: {"user": 65534})
    monkeypatch.setattr(places, "ROOT", closed)
    made: list[Path] = []
    monkeypatch.setattr(Path, "mkdir", lambda self, **_kw: made.append(self))
    monkeypatch.setattr(Path, "chmod", lambda self, _mode: made.append(self))
    home = places.server_home(closed)
    assert closed not in home.parents
    assert made[0] == closed
    assert all(closed not in path.parents for path in made)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


# Programs


def test_a_process_is_not_taken_for_another_with_its_number() -> None:
    own = os.getpid()
    assert identity(own)
    assert Child.adopt("me", own).alive()
    assert not Child.adopt("an earlier one", own, born="long ago").alive()
    assert identity(2**22 + 1) == ""


def test_a_program_that_will_not_end_is_killed_with_its_children(tmp_path: Path) -> None:
    stubborn = (
        "import os, signal, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "child = os.fork()\n"
        # One write, so that whoever reads sees all of the line or nothing.
        "os.write(1, f'child {child or os.getpid()}\\n'.encode())\n"
        "signal.pause()\n"
    )
    child = a_child(stubborn, tmp_path / "log")
    child.start()
    wait_for(child, "child")
    grandchild = int(child.last_words().split()[1])
    child.ask_to_end()
    child.end(grace=0.2)
    assert not child.alive()
    until = time.monotonic() + 10
    while identity(grandchild):
        assert time.monotonic() < until


def test_a_program_that_fails_to_start_shows_its_last_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "RETRY_SECONDS", 0)
    child = a_child("raise SystemExit('no such thing')", tmp_path / "log")
    with pytest.raises(CannotStartError, match="no such thing"):
        servers.start_until(child, lambda: False)


def test_a_dying_program_is_started_again_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quick_start, "RECORD", tmp_path / "run.json")
    family = quick_start.Family()
    family.begin(a_child("raise SystemExit('tired')", tmp_path / "log"))
    with pytest.raises(CannotStartError, match="tired"):
        quick_start.watch(family)
    assert family.programs[0].deaths == quick_start.MOST_DEATHS + 1


def test_what_a_killed_run_left_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = tmp_path / "run.json"
    monkeypatch.setattr(quick_start, "RECORD", record)
    family = quick_start.Family(address="http://127.0.0.1:8000")
    child = a_child("import time; print('up', flush=True); time.sleep(600)", tmp_path / "log")
    family.begin(child)
    assert json.loads(record.read_text())["programs"][0]["pid"] == child.pid
    quick_start.end_leftovers()
    assert not child.alive()


def test_a_second_run_says_where_the_first_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quick_start, "VAR", tmp_path)
    monkeypatch.setattr(quick_start, "RECORD", tmp_path / "run.json")
    held = places.lock(tmp_path / "run.lock")
    assert held
    quick_start.Family(address="http://127.0.0.1:8003").record()
    assert quick_start.run() == 0
    assert "http://127.0.0.1:8003" in capsys.readouterr().out
    held.close()


# Servers


def test_given_servers_are_used_and_none_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/hanoi")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    family = quick_start.Family()
    env = quick_start.environment(family, "http://127.0.0.1:8000")
    running: list[Child] = []
    trial.environment(servers.Place(places.VAR / "unused", "unused"), running)
    assert family.servers == {}
    assert running == []
    assert env["DATABASE_URL"] == "postgresql://db.example/hanoi"
    assert env["HTTPS"] == "0"


def test_postgres_survives_the_end_of_its_run_and_a_kill(place: servers.Place) -> None:
    first, address = servers.postgres(place)
    ask(address, "CREATE TABLE kept AS SELECT 1 AS x")
    assert ask(address, "SELECT lower('ĐẶNG Ứ')") == "đặng ứ"
    # The run is gone, the server lives: the next run takes it over.
    second, again = servers.postgres(place)
    assert (second.pid, again) == (first.pid, address)
    os.kill(first.pid, signal.SIGKILL)
    assert first.process
    first.process.wait()
    # The server was killed as well: the next run starts it at once.
    third, address = servers.postgres(place)
    assert third.pid != first.pid
    assert ask(address, "SELECT count(*) FROM kept") == 1
    stop([third])
    assert servers.running_postgres(places.server_home(place.var) / "pg") == (0, "")


def test_half_a_cluster_is_never_taken_for_one(
    place: servers.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = places.server_home(place.var) / "pg"
    programs, version = servers.choose_programs(0)

    def is_cut_off(*_command: object, sql: str = "") -> None:
        raise CannotStartError(f"killed while it worked {sql}")

    monkeypatch.setattr(servers, "as_server", is_cut_off)
    with pytest.raises(CannotStartError):
        servers.create_cluster(programs, version, data, throw_away=True)
    assert not data.exists()


def test_data_of_another_version_is_not_touched() -> None:
    with pytest.raises(CannotStartError, match="PostgreSQL 7, which made the data"):
        servers.choose_programs(7)


def test_valkey_keeps_its_data_over_a_kill_but_not_a_test_runs(place: servers.Place) -> None:
    first, address = servers.valkey(place)
    with closing(redis.from_url(address)) as broker:
        broker.set("kept", "yes")
        # What the broker has not written yet may be lost; jobs do not rest on it.
        broker.waitaof(1, 0, 5000)
    second, again = servers.valkey(place)
    assert (second.pid, again) == (first.pid, address)
    os.kill(first.pid, signal.SIGKILL)
    assert first.process
    first.process.wait()
    third, address = servers.valkey(place)
    assert redis.from_url(address).get("kept") == b"yes"
    stop([third])
    of_tests = servers.Place(place.var, place.name, throw_away=True)
    fourth, address = servers.valkey(of_tests)
    redis.from_url(address).set("of a killed test run", "yes")
    fifth, address = servers.valkey(of_tests)
    assert fourth.pid != fifth.pid
    assert redis.from_url(address).get("of a killed test run") is None
    stop([fourth, fifth])


def test_a_mail_sent_by_smtp_is_a_whole_file(tmp_path: Path) -> None:
    mailbox = open_mailbox(tmp_path / "mail", tmp_path / "mail.log")
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.sendmail("a@example.org", ["b@example.org"], "Subject: Nhắc việc\n\nXin chào".encode())
    mailbox.stop()
    files = list((tmp_path / "mail").iterdir())
    assert [file.suffix for file in files] == [".eml"]
    assert "Nhắc việc" in files[0].read_text(encoding="utf-8")


def test_two_test_runs_do_not_share_a_place() -> None:
    first, held = trial.free_place()
    second, also_held = trial.free_place()
    assert first.var != second.var
    held.close()
    also_held.close()
