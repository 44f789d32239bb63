"""The digest as text and HTML: grouped, complete, harmless."""

from datetime import date, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from django.core.mail import get_connection
from django.core.mail.message import EmailMultiAlternatives
from pytest_django import Settings

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.mail import Contents, compose, digest
from hanoi_programmes.reminders.mail.digest import Digest, content_of
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.services.plan import plan
from tests import factories
from tests.conftest import TODAY, Cast, act

SITE = "http://theo-doi.thudo.example"


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    """Links lead to the address of the installation, never to one from a request."""
    settings.SITE_URL = SITE


def planned_for(user: User) -> Contents:
    """The user's mail of today with its lines."""
    plan(on=TODAY, at=act(None).at)
    mail = Mail.objects.select_related("recipient").get(recipient=user)
    lines = Reminder.objects.told().filter(mail=mail).select_related("task__lead_unit")
    return Contents(mail, list(lines), TODAY)


def content_for(user: User) -> Digest:
    """What the user's mail of today holds."""
    return content_of(planned_for(user))


def message_for(user: User) -> EmailMultiAlternatives:
    """The composed mail."""
    return compose(planned_for(user), server=get_connection())


def html_of(message: EmailMultiAlternatives) -> str:
    """The HTML part."""
    return str(message.alternatives[0][0])


@pytest.fixture
def five(cast: Cast) -> dict[str, Task]:
    """One task for each of five groups of the officer's digest."""
    made = {
        name: factories.make_task(
            cast.programme, cast.ward, deadline=TODAY + timedelta(days), last_report_on=TODAY
        )
        for name, days in (("overdue", -3), ("today", 0), ("soon", 7), ("ahead", 14))
    }
    parent = factories.make_task(cast.programme, cast.ward, last_report_on=TODAY)
    made["verify"] = factories.make_task(
        cast.programme,
        cast.other_ward,
        parent=parent,
        state="awaiting",
        submitted_on=TODAY - timedelta(7),
    )
    return made


def test_groups_stand_in_the_order_of_urgency(cast: Cast, five: dict[str, Task]) -> None:
    content = content_for(cast.ward_officer)
    names = [section.urgency.value for section in content.sections]
    assert names == ["overdue", "today", "soon", "verify", "ahead"]
    assert content.summary == (
        "1 nhiệm vụ quá hạn, 1 hết hạn hôm nay, 1 sắp đến hạn, 1 chờ xác nhận, 1 trong hạn"
    )
    text = str(message_for(cast.ward_officer).body)
    heads = ["QUÁ HẠN (1)", "HẾT HẠN HÔM NAY (1)", "SẮP ĐẾN HẠN (1)", "CHỜ XÁC NHẬN (1)"]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)


def test_each_line_says_what_how_late_by_whom_and_where(cast: Cast, five: dict[str, Task]) -> None:
    message = message_for(cast.ward_officer)
    task = five["overdue"]
    for text in (str(message.body), html_of(message)):
        assert task.text in text
        assert "Quá hạn 3 ngày" in text
        assert "Thời hạn 13/11/2026" in text
        assert task.product in text
        assert "Phường Láng" in text
        assert f"{SITE}/tasks/{task.pk}/" in text


def test_a_task_stands_once_with_its_most_urgent_word(cast: Cast) -> None:
    task = factories.make_task(cast.programme, cast.ward, deadline=TODAY - timedelta(3))
    plan(on=TODAY, at=act(None).at)
    mail = Mail.objects.get(recipient=cast.ward_officer)
    Reminder.objects.create(
        task=task,
        recipient=cast.ward_officer,
        rung="update_before_3",
        deadline=date(2026, 11, 30),
        due_on=TODAY,
        planned_on=TODAY,
        mail=mail,
    )
    content = content_for(cast.ward_officer)
    assert [line.words for s in content.sections for line in s.lines] == ["Quá hạn 3 ngày"]


def test_a_long_group_is_cut_and_says_how_many_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "LINES_A_GROUP", 3)
    for _ in range(5):
        factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
    message = message_for(cast.ward_officer)
    assert "SẮP ĐẾN HẠN (5)" in str(message.body)
    assert f"… và 2 nhiệm vụ khác: {SITE}/tasks/" in str(message.body)
    assert "2 nhiệm vụ khác" in html_of(message)
    assert message.subject.startswith("5 nhiệm vụ sắp đến hạn")


@pytest.mark.parametrize("by_setting", [True, False])
def test_illustrative_data_is_marked(cast: Cast, settings: Settings, by_setting: bool) -> None:  # noqa: FBT001 - a case
    settings.ILLUSTRATIVE = by_setting
    confidence = Confidence.CONFIRMED if by_setting else Confidence.ILLUSTRATIVE
    factories.make_task(
        cast.programme, cast.ward, deadline=TODAY + timedelta(7), confidence=confidence
    )
    message = message_for(cast.ward_officer)
    assert message.subject.startswith("[Minh họa] ")
    assert "MINH HỌA" in str(message.body)
    assert "<b>minh họa</b>" in html_of(message)


def test_real_data_is_not_marked(cast: Cast, five: dict[str, Task]) -> None:
    message = message_for(cast.ward_officer)
    assert "inh họa" not in message.subject + html_of(message)


# Hostile texts

HOSTILE = "<script>x</script>\r\nBcc: moi@nguoi.example\u202e & \u201cnháy\u201d " + "dài" * 400


def test_typed_text_reaches_no_header_and_no_markup(cast: Cast) -> None:
    User.objects.filter(pk=cast.ward_officer.pk).update(display_name="A\r\nBcc: b@c.example")
    factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7), text=HOSTILE)
    message = message_for(cast.ward_officer)
    sent: EmailMessage = message.message()
    assert set(sent.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID",
        "Auto-Submitted",
    }  # fmt: skip
    assert sent["To"] == cast.ward_officer.email
    assert "Bcc" not in str(sent["Subject"])
    assert "<script>" not in html_of(message)
    assert "&lt;script&gt;" in html_of(message)
    assert "<script>" in str(message.body)


class _Outside(HTMLParser):
    """What a mail program would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pictures, styles, scripts, forms, and links that lead elsewhere."""
        if tag in {"img", "link", "script", "style", "iframe", "form", "object"}:
            self.found.append(tag)
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name in {"style", "src", "background"}
            or (name == "href" and not str(value).startswith(f"{SITE}/"))
            or name.startswith("on")
        ]


def test_the_html_fetches_nothing_and_links_home_only(cast: Cast, five: dict[str, Task]) -> None:
    outside = _Outside()
    outside.feed(html_of(message_for(cast.ward_officer)))
    assert outside.found == []
