"""The clock and the cast: one small city that every test may play in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker, Settings

from hanoi_programmes.people.models import Unit, User
from hanoi_programmes.people.roles import Role
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.models import ActionProgramme
from tests import factories

pytest_plugins = ["tests.workers", "tests.world"]

# Keeps tables with a history from being emptied.
GUARD = "history_no_truncate"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
# A Monday; tests of services and rules never look at the wall clock. Views do, so their tests place
# deadlines by distance from `localdate()`.
TODAY = date(2026, 11, 16)

# The same examples on every machine and every run; a time limit for one would only be noise here.
hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def plain_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What tests change whatever the environment says: a cheap hash, no manifest, files apart."""
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        MEDIA_ROOT=tmp_path_factory.mktemp("media"),
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        ILLUSTRATIVE=False,
    ):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Tests on real connections empty the tables between them: only here may they.

    The product has no such switch; `test_row_history` turns the triggers on again to see them hold.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [GUARD])
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {GUARD}")


@pytest.fixture
def today() -> date:
    """The day on which the cast acts."""
    return TODAY


def act(by: User | None, on: date = TODAY, **changes: object) -> Act:
    """An act at nine in the morning of the day."""
    at = datetime(on.year, on.month, on.day, 9, 0, tzinfo=HANOI)
    return Act(by=by, at=at, on=on, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Cast:
    """Who plays: a department, two wards, the office, a leader, an inspector, an administrator."""

    city: Unit
    department: Unit
    ward: Unit
    other_ward: Unit
    programme: ActionProgramme
    officer: User
    head: User
    ward_officer: User
    ward_head: User
    outsider: User
    office: User
    leader: User
    inspector: User
    administrator: User

    def by_role(self) -> dict[str, User]:
        """One member a role; the officer and head are the ward's."""
        return {
            Role.OFFICER: self.ward_officer,
            Role.HEAD: self.ward_head,
            Role.OFFICE: self.office,
            Role.LEADER: self.leader,
            Role.INSPECTOR: self.inspector,
            Role.ADMINISTRATOR: self.administrator,
        }


@pytest.fixture
def cast(db: None) -> Cast:
    """The small city."""
    city = factories.make_unit("UBND", level="city")
    party = factories.make_unit("TU", level="city", axis="dang")
    department = factories.make_unit("UBND-SYT", parent=city, name="Sở Y tế")
    ward = factories.make_ward("00001", parent=city, name="Phường Láng")
    other = factories.make_ward("00002", parent=city, name="Xã Suối Hai")
    return Cast(
        city=city,
        department=department,
        ward=ward,
        other_ward=other,
        programme=factories.make_programme(),
        officer=factories.make_user("officer", Role.OFFICER, department),
        head=factories.make_head("head", department),
        ward_officer=factories.make_user("ward_officer", Role.OFFICER, ward),
        ward_head=factories.make_head("ward_head", ward),
        outsider=factories.make_user("outsider", Role.OFFICER, other),
        office=factories.make_user("office", Role.OFFICE, party),
        leader=factories.make_user("leader", Role.LEADER, party),
        inspector=factories.make_user("inspector", Role.INSPECTOR, party),
        administrator=factories.make_user("administrator", Role.ADMINISTRATOR, None),
    )


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """A folder of its own for stored files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def signed_in(user: User) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    client.force_login(user)
    return client
