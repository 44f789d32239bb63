"""The digest as text and HTML: grouped, complete, harmless."""

from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from django.core.mail import get_connection
from django.core.mail.message import EmailMultiAlternatives
from pytest_django import DjangoAssertNumQueries, Settings

from hanoi_programmes.people.models import User
from hanoi_programmes.people.roles import Confidence
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.reminders.mail import Contents, compose, digest
from hanoi_programmes.reminders.mail.digest import Digest, content_of
from hanoi_programmes.reminders.mail.lines import Line
from hanoi_programmes.reminders.models import Mail, Reminder
from hanoi_programmes.reminders.services.plan import plan
from hanoi_programmes.reminders.states import MailKind
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
        "1 việc quá hạn, 1 hết hạn hôm nay, 1 sắp đến hạn, 1 chờ xác nhận, 1 trong hạn"
    )
    assert content.subject == "1 việc quá hạn, 1 hết hạn hôm nay, 1 sắp đến hạn, 2 việc khác"
    text = str(message_for(cast.ward_officer).body)
    heads = ["QUÁ HẠN (1)", "HẾT HẠN HÔM NAY (1)", "SẮP ĐẾN HẠN (1)", "CHỜ XÁC NHẬN (1)"]
    places = [text.index(head) for head in heads]
    assert places == sorted(places)


def test_each_line_says_what_is_missing_by_when_and_who_waits(
    cast: Cast, five: dict[str, Task]
) -> None:
    message = message_for(cast.ward_officer)
    task = five["overdue"]
    for text in (str(message.body), html_of(message)):
        assert task.text in text
        assert "Quá hạn 3 ngày" in text
        assert "hạn 13/11/2026" in text
        assert "văn bản minh chứng" in text
        assert "Nơi chờ: Văn phòng Thành ủy" in text
        assert task.product in text
        assert "Phường Láng" in text
        assert f"{SITE}/tasks/{task.pk}/" in text


def missing_of(user: User) -> list[str]:
    """What each line says is missing."""
    return [line.missing for s in content_for(user).sections for line in s.lines]


def test_what_is_missing_follows_what_is_there(cast: Cast) -> None:
    late = {"deadline": TODAY - timedelta(3), "product": ""}
    silent = factories.make_task(cast.programme, cast.ward, **late)
    assert missing_of(cast.ward_officer) == ["cập nhật tháng 11/2026, văn bản minh chứng"]
    factories.make_paper(factories.make_report(silent, cast.ward_officer, TODAY), TODAY)
    Task.objects.filter(pk=silent.pk).update(last_report_on=TODAY, product="Đề án")
    assert missing_of(cast.ward_officer) == ["sản phẩm “Đề án”, bước trình hoàn thành"]


# A rung of each subject, the day it counts from, and what of `make_questions` it is about.
MATTERS = {
    "direction_before_1": (1, "question"),
    "obstacle_on_day": (0, "obstacle"),
    "extension_3": (-3, "extension"),
}


def lines_about(cast: Cast, reader: User, *rungs: str) -> list[Line]:
    """The lines of a mail about what waits beside a task of the ward."""
    task = factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(9))
    made = factories.make_questions(task, task, cast.leader, TODAY)
    mail = Mail.objects.create(recipient=reader, on=TODAY, dedup_key="x", message_id="<x@x>")
    for rung in rungs:
        days, name = MATTERS[rung]
        Reminder.objects.create(
            task=task, recipient=reader, rung=rung, deadline=TODAY + timedelta(days), due_on=TODAY,
            planned_on=TODAY, mail=mail, matter=made[name],
        )  # fmt: skip
    rows = list(Reminder.objects.filter(mail=mail).select_related("task__lead_unit"))
    answers = {task.pk: f"{SITE}/answers/1.x/"}
    sections = content_of(Contents(mail, rows, TODAY, answers)).sections
    return [line for section in sections for line in section.lines]


def test_a_direction_says_what_was_asked_by_whom(cast: Cast) -> None:
    (line,) = lines_about(cast, cast.ward_officer, "direction_before_1")
    assert line.missing == "trả lời ý kiến chỉ đạo “Làm rõ tiến độ”"
    assert (line.due, line.waits) == ("hạn trả lời 17/11/2026", "leader, TU")
    assert line.replies == []


def test_an_obstacle_and_a_request_say_what_waits_to_be_decided(cast: Cast) -> None:
    wish, stuck = lines_about(cast, cast.office, "obstacle_on_day", "extension_3")
    assert stuck.missing == "quyết định về vướng mắc “Chưa bố trí được vốn”"
    assert stuck.waits == wish.waits == "Ủy ban nhân dân Phường Láng"
    assert wish.missing == "quyết định gia hạn đến 25/12/2026, lý do “Chờ số liệu”"
    assert wish.due == "đề nghị ngày 16/11/2026"


def test_a_mail_reads_the_database_a_fixed_number_of_times(
    cast: Cast, five: dict[str, Task], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        factories.make_task(cast.programme, cast.ward, deadline=TODAY)
    contents = planned_for(cast.ward_officer)
    with django_assert_max_num_queries(1):
        content_of(contents)


def test_answers_stand_under_the_line_that_they_answer(cast: Cast, five: dict[str, Task]) -> None:
    contents = planned_for(cast.ward_officer)
    task = five["overdue"]
    answered = replace(contents, answers={task.pk: f"{SITE}/answers/7.seal/"})
    message = compose(answered, server=get_connection())
    assert f"{SITE}/answers/7.seal/?tra-loi=da-xong" in html_of(message)
    assert str(message.body).count(f"{SITE}/answers/7.seal/") == 1
    assert "không chuyển tiếp thư này" in html_of(message)
    assert "chuyển tiếp" not in html_of(message_for(cast.ward_officer))


LONG_TITLE = (
    "Lập sổ sức khỏe điện tử cho toàn bộ người dân trên địa bàn và cập nhật hằng tháng " * 6
)


def test_a_single_mail_names_its_task_in_the_subject(cast: Cast) -> None:
    factories.make_task(
        cast.programme, cast.ward, deadline=TODAY - timedelta(3), text=LONG_TITLE[:500]
    )
    contents = planned_for(cast.ward_officer)
    contents.mail.kind = MailKind.SINGLE
    subject = compose(contents, server=get_connection()).subject
    assert subject == (
        "Quá hạn 3 ngày: Lập sổ sức khỏe điện tử cho toàn bộ người dân trên địa bàn và cập nhật "
        "hằng tháng Lập sổ…"
    )


def test_a_mail_stays_below_what_mail_programs_cut(cast: Cast) -> None:
    """Gmail shows 102 kB of HTML: two full groups of long titles, each with its three answers."""
    for days in (-3, 0, 7):
        for _ in range(20):
            factories.make_task(
                cast.programme, cast.ward, deadline=TODAY + timedelta(days), text=LONG_TITLE[:500]
            )
    contents = planned_for(cast.ward_officer)
    answers = {r.task_id: f"{SITE}/answers/123456.{'x' * 43}/" for r in contents.reminders}
    message = compose(replace(contents, answers=answers), server=get_connection())
    assert "(20)" in html_of(message)
    assert len(html_of(message).encode()) < 102_000


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
    assert [line.headline for s in content.sections for line in s.lines] == ["Quá hạn 3 ngày"]


def test_a_long_group_is_cut_and_says_how_many_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest, "LINES_A_GROUP", 3)
    for _ in range(5):
        factories.make_task(cast.programme, cast.ward, deadline=TODAY + timedelta(7))
    message = message_for(cast.ward_officer)
    assert "SẮP ĐẾN HẠN (5)" in str(message.body)
    assert f"… và 2 việc khác: {SITE}/tasks/?group=due_soon" in str(message.body)
    assert "2 việc khác" in html_of(message)
    assert message.subject == "5 việc sắp đến hạn – ngày 16/11/2026"


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
    for text in (str(message.body), html_of(message), message.subject):
        assert "\u202e" not in text
    assert "<script>x</script> Bcc: moi@nguoi.example &" in str(message.body)


def test_a_hostile_title_is_harmless_in_a_subject_too(cast: Cast) -> None:
    factories.make_task(cast.programme, cast.ward, deadline=TODAY, text=HOSTILE)
    contents = planned_for(cast.ward_officer)
    contents.mail.kind = MailKind.SINGLE
    sent = compose(contents, server=get_connection()).message().as_bytes()
    read = message_from_bytes(sent, policy=policy.default)
    assert read["Bcc"] is None
    told = "Hết hạn hôm nay: <script>x</script> Bcc: moi@nguoi.example"
    assert str(read["Subject"]).strip().startswith(told)


class _Outside(HTMLParser):
    """What a mail program would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pictures, sheets of styles, scripts, forms, and links that lead elsewhere."""
        if tag in {"img", "link", "script", "style", "iframe", "form", "object"}:
            self.found.append(tag)
        self.found += [
            f"{name}={value}"
            for name, value in attrs
            if name in {"src", "background", "class", "id"}
            or (name == "style" and "url" in str(value))
            or (name == "href" and not str(value).startswith(f"{SITE}/"))
            or name.startswith("on")
        ]


def test_the_html_fetches_nothing_and_links_home_only(cast: Cast, five: dict[str, Task]) -> None:
    outside = _Outside()
    outside.feed(html_of(message_for(cast.ward_officer)))
    assert outside.found == []
