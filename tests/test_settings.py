"""A real installation: what it refuses to start without, its cookies, headers and redirects."""

import runpy
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.test.utils import override_settings

from hanoi_programmes import env
from tests import factories
from tests.conftest import Cast, signed_in

FILE = str(Path(settings.ROOT) / "hanoi_programmes" / "settings.py")
SERVICE = {
    "SECRET_KEY": string.ascii_letters + string.digits,
    "DATABASE_URL": "postgresql://app@db.example/hanoi",
    "REDIS_URL": "redis://broker.example/0",
    "ALLOWED_HOSTS": "theo-doi.example",
    "SITE_URL": "https://theo-doi.example",
}
# What tests or their environment may have set.
OTHERS = (
    "HTTPS", "DEBUG", "ILLUSTRATIVE", "MAIL_SINK_DIR", "SECRET_KEY_FILE", "DATABASE_URL_FILE",
    "REDIS_URL_FILE", "MEDIA_ROOT", "STATIC_ROOT",
)  # fmt: skip


def loaded(monkeypatch: pytest.MonkeyPatch, **changes: str | None) -> dict[str, Any]:
    """The settings of an installation with this environment; None takes a variable away."""
    for name, value in (dict.fromkeys(OTHERS) | SERVICE | changes).items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return {name: value for name, value in runpy.run_path(FILE).items() if name.isupper()}


@pytest.mark.parametrize("missing", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_it_does_not_start_without_its_secrets(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    with pytest.raises(ImproperlyConfigured, match=missing):
        loaded(monkeypatch, **{missing: None})


def test_a_secret_may_come_as_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n", encoding="utf-8")
    file = str(tmp_path / "key")
    found = loaded(monkeypatch, SECRET_KEY=None, SECRET_KEY_FILE=file)
    assert found["SECRET_KEY"] == "from a file"


def test_it_is_safe_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    found = loaded(monkeypatch)
    assert (found["DEBUG"], found["HTTPS"], found["ILLUSTRATIVE"]) == (False, True, False)
    assert found["MAIL_SINK_DIR"] == ""
    assert found["EMAIL_TIMEOUT"] == 10
    assert found["PASSWORD_HASHERS"] == ["hanoi_programmes.people.hashers.Argon2Hasher"]


@pytest.mark.parametrize("text", ["many", "1.5", "0x10"])
def test_a_number_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("EMAIL_PORT", text)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_PORT"):
        env.number("EMAIL_PORT", 25)


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("true", True), ("ON", True), ("0", False), ("", False)]
)
def test_a_flag_is_read_from_words(
    monkeypatch: pytest.MonkeyPatch, text: str, *, value: bool
) -> None:
    monkeypatch.setenv("DEBUG", text)
    assert env.flag("DEBUG", default=not value) is value


# The edge of a real installation

EDGE = (
    "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "SITE_URL", "CSRF_TRUSTED_ORIGINS", "CSRF_COOKIE_NAME",
    "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT", "SECURE_PROXY_SSL_HEADER", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD", "SECURE_REDIRECT_EXEMPT",
)  # fmt: skip


@pytest.fixture
def in_service(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The settings of a real installation, for what meets a browser."""
    found = loaded(monkeypatch)
    with override_settings(**{name: found[name] for name in EDGE}):
        yield


def over_tls(client: Client | None = None) -> Client:
    """A browser before the proxy, which ends TLS and says so."""
    client = client or Client()
    client.defaults |= {"HTTP_HOST": "theo-doi.example", "HTTP_X_FORWARDED_PROTO": "https"}
    return client


@pytest.mark.usefixtures("in_service")
def test_django_has_nothing_to_complain_about() -> None:
    assert run_checks(tags=["security"], include_deployment_checks=True) == []


@pytest.mark.usefixtures("in_service")
def test_cookies_are_bound_to_the_host_and_closed_to_scripts(cast: Cast) -> None:
    client = over_tls()
    client.get("/sign-in/")
    pair = {"username": "office", "password": factories.PASSWORD}
    assert client.post("/sign-in/", pair).status_code == 302
    assert set(client.cookies) == {"__Host-sid", "__Host-csrf"}
    for cookie in client.cookies.values():
        flags = {
            flag: cookie[flag] for flag in ("secure", "httponly", "samesite", "path", "domain")
        }
        assert flags == {
            "secure": True, "httponly": True, "samesite": "Lax", "path": "/", "domain": "",
        }  # fmt: skip


@pytest.mark.usefixtures("in_service")
def test_everything_but_the_health_check_wants_tls(cast: Cast) -> None:
    client = Client(headers={"host": "theo-doi.example"})
    response = client.get("/tasks/?group=overdue")
    assert response.status_code == 301
    assert response["Location"] == "https://theo-doi.example/tasks/?group=overdue"
    assert client.get("/health/").status_code == 200
    strict = over_tls().get("/sign-in/")["Strict-Transport-Security"]
    assert strict == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.usefixtures("in_service")
@pytest.mark.parametrize("host", ["evil.example", "theo-doi.example.evil.example", "localhost"])
def test_no_other_host_is_answered(cast: Cast, host: str) -> None:
    assert over_tls().get("/sign-in/", headers={"host": host}).status_code == 400


@pytest.mark.usefixtures("in_service")
def test_a_form_from_another_origin_is_refused(cast: Cast) -> None:
    client = over_tls(Client(enforce_csrf_checks=True))
    client.force_login(cast.office)
    client.get("/account/")
    token = client.cookies["__Host-csrf"].value
    data = {"csrfmiddlewaretoken": token}
    foreign = client.post("/notices/read/", data, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    own = client.post("/notices/read/", data, headers={"origin": "https://theo-doi.example"})
    assert own.status_code == 302


def test_a_page_in_the_quick_start_needs_no_tls(cast: Cast) -> None:
    assert signed_in(cast.office).get("/account/").status_code == 200
