"""The essentials of docker-compose.yml and its image, held without a Docker engine."""

import re
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml

from docker import make_secrets

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_services_are_those_of_a_real_installation() -> None:
    ours = {"web", "worker", "mailer", "beat", "migrate"}
    assert set(SERVICES) == ours | {"proxy", "postgres", "valkey"}


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_hardened(name: str) -> None:
    service = SERVICES[name]
    user = str(service["user"]).split(":", maxsplit=1)[0]
    assert user.isdecimal()
    assert user != "0"
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_says_how_it_is_and_what_follows_its_end(name: str) -> None:
    service = SERVICES[name]
    ends_by_itself = name == "migrate"
    assert service["restart"] == ("no" if ends_by_itself else "unless-stopped")
    assert service["healthcheck"].get("disable", False) is ends_by_itself
    assert ends_by_itself or service["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_image_names_its_version(name: str) -> None:
    tag = SERVICES[name]["image"].partition(":")[2]
    assert re.match(r"\d", tag)


def test_only_the_proxy_can_be_reached() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert {"outside"}.isdisjoint(SERVICES["postgres"]["networks"] + SERVICES["valkey"]["networks"])


def test_only_migrations_own_the_tables() -> None:
    with_owner = {n for n, s in SERVICES.items() if "database_owner_url" in s.get("secrets", [])}
    assert with_owner == {"migrate"}


def test_every_secret_volume_and_network_is_declared() -> None:
    for kind in ("secrets", "networks"):
        used = {name for service in SERVICES.values() for name in service.get(kind, [])}
        assert used == set(COMPOSE[kind])
    mounts = [mount.split(":")[0] for s in SERVICES.values() for mount in s.get("volumes", [])]
    assert {mount for mount in mounts if mount[0] not in ".$"} == set(COMPOSE["volumes"])
    assert all((ROOT / mount).is_file() for mount in mounts if mount.startswith("."))


def test_no_secret_is_an_environment_variable() -> None:
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|SECRET|DATABASE_URL|REDIS_URL", name):
                assert name.endswith("_FILE")
                assert not value or value.startswith("/run/secrets/")


def test_every_variable_of_the_compose_file_is_in_the_example() -> None:
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert used == set(re.findall(r"^(\w+)=", example, re.MULTILINE))


def test_the_image_is_pinned_and_runs_without_root() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(re.search(r":\d", base) for base in bases)
    assert "--require-hashes -r /requirements-production.lock" in DOCKERFILE
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)[-1] == SERVICES["web"]["user"]
    assert "collectstatic" in DOCKERFILE


def test_what_the_image_copies_is_let_in() -> None:
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    assert {name for line in copied for name in line.split()} <= let_in
    assert all((ROOT / name).exists() for name in let_in)


def test_secrets_are_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_secrets, "FOLDER", tmp_path / "secrets")
    make_secrets.main()
    first = {path.name: path.read_text() for path in make_secrets.FOLDER.iterdir()}
    make_secrets.main()
    assert first == {path.name: path.read_text() for path in make_secrets.FOLDER.iterdir()}
    ours_to_bring = {"tls_certificate", "tls_key"}
    assert set(first) | ours_to_bring == set(COMPOSE["secrets"])
    assert first["app_password"] in first["database_url"]
    assert stat.S_IMODE(make_secrets.FOLDER.stat().st_mode) == 0o700


def test_the_mailer_reads_the_mail_servers_log_and_holds_few_connections_to_it() -> None:
    """At most 4 at once (RELIABILITY, S23): one a process."""
    mailer = SERVICES["mailer"]
    assert int(mailer["command"][mailer["command"].index("-c") + 1]) <= 4
    (log,) = [mount for mount in mailer["volumes"] if "RELAY" in mount]
    assert log.endswith(":/srv/relay:ro")
    assert "/srv/relay/" in mailer["environment"]["MAIL_RELAY_LOG"]


def test_every_queue_has_one_worker_and_the_alarm_is_not_the_mailers() -> None:
    queues = [
        queue
        for name in ("worker", "mailer")
        for queue in SERVICES[name]["command"][SERVICES[name]["command"].index("-Q") + 1].split(",")
    ]
    assert sorted(queues) == ["default", "mail", "pdf"]
    assert SERVICES["mailer"]["command"][SERVICES["mailer"]["command"].index("-Q") + 1] == "mail"
