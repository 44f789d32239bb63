"""The weekly text: how it is composed, who hands it over, once, and that it stays as it was."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils.timezone import localdate

from hanoi_programmes.lib.dates import week_of
from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import PlaceEvent, Unit, User
from hanoi_programmes.programmes.models import Situation, WeeklyText
from hanoi_programmes.programmes.services.weekly import hand_over
from hanoi_programmes.programmes.shapes.weekly import (
    MOST_LINES,
    Due,
    Said,
    Stuck,
    Weekly,
    WeekOfWork,
    compose,
    unit_of_text,
    week_of_work,
)
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.programmes.conftest import text_of

DAY = timedelta(days=1)
MONDAY = week_of(TODAY).start
TEXT = Weekly("- Hoàn thành rà soát.", "Không có khó khăn, vướng mắc.", "- Lập danh mục.")


def result(**facts: Any) -> str:
    plain: dict[str, Any] = {
        "task": "Lập sổ sức khỏe.",
        "state": "in_progress",
        "situation": "doing",
    }
    return compose(WeekOfWork(said=[Said(**plain | facts)])).results


def own_unit(user: User) -> Unit:
    assert user.unit is not None
    return user.unit


# Composing


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (
            {
                "situation": "done",
                "state": "completed",
                "product": "Báo cáo kết quả",
                "papers": (("118/BC-UBND", date(2026, 11, 12)),),
            },
            "- Hoàn thành: Lập sổ sức khỏe; báo cáo kết quả số 118/BC-UBND ngày 12/11/2026.",
        ),
        (
            {"situation": "done", "state": "awaiting"},
            "- Hoàn thành: Lập sổ sức khỏe (đang chờ xác nhận).",
        ),
        # Sent back: no longer a result, only what was said.
        (
            {"situation": "done", "state": "in_progress", "text": "Đã nộp báo cáo."},
            "- Lập sổ sức khỏe: Đã nộp báo cáo.",
        ),
        (
            {"text": "Đã rà\nxong 31 tổ.", "count": 21870, "goal": 24500, "count_unit": "người"},
            "- Lập sổ sức khỏe: Đã rà xong 31 tổ; đạt 21.870/24.500 người.",
        ),
        ({"percent": 40}, "- Lập sổ sức khỏe: đạt khoảng 40%."),
        # Nothing was said: nothing is made up.
        ({}, "Trong tuần không có kết quả mới."),
    ],
)
def test_results_are_written_as_officials_write_them(facts: dict[str, Any], line: str) -> None:
    assert result(**facts) == line


def test_a_difficulty_names_who_is_asked_for_what_by_when() -> None:
    stuck = Stuck("Lập sổ", "Chưa có phần mềm.", "Sở Y tế", "Cấp tài khoản", date(2026, 11, 30))
    bare = Stuck("Lập sổ", "Thiếu người", "UBND Thành phố")
    assert compose(WeekOfWork(stuck=[stuck, bare])).difficulties.splitlines() == [
        "- Lập sổ: Chưa có phần mềm; đề nghị Sở Y tế cấp tài khoản trước ngày 30/11/2026.",
        "- Lập sổ: Thiếu người; đề nghị UBND Thành phố xem xét, quyết định.",
    ]


def test_next_week_names_each_task_once_the_late_ones_first() -> None:
    work = WeekOfWork(
        said=[
            Said("A", "in_progress", "doing", next_step="Họp giao ban."),
            Said("C", "in_progress", "doing", next_step="Nộp danh sách"),
        ],
        due=[Due("A", date(2026, 11, 27)), Due("B", date(2026, 11, 13), is_late=True)],
    )
    assert compose(work).next_week.splitlines() == [
        "- B; đã quá hạn từ ngày 13/11/2026.",
        "- A: Họp giao ban; thời hạn 27/11/2026.",
        "- C: Nộp danh sách.",
    ]


def test_a_long_week_says_how_much_it_leaves_out() -> None:
    due = [Due(f"Việc {n}", TODAY + n * DAY) for n in range(MOST_LINES + 5)]
    shown = compose(WeekOfWork(due=due)).next_week.splitlines()
    assert len(shown) == MOST_LINES + 1
    assert shown[-1] == "- Và 5 nội dung khác."


def test_the_whole_has_the_order_of_the_central_system_and_no_layout_marks() -> None:
    whole = Weekly(results="- Một.", difficulties="", next_week="- Hai.").whole
    assert whole == (
        "1. Kết quả nổi bật\n- Một.\n\n"
        "2. Khó khăn, vướng mắc\nKhông có khó khăn, vướng mắc.\n\n"
        "3. Nhiệm vụ tuần tới\n- Hai."
    )


def test_the_week_holds_the_units_own_work_of_these_days(cast: Cast) -> None:
    own = factories.make_task(cast.programme, cast.ward, text="Của phường", deadline=TODAY + DAY)
    other = factories.make_task(cast.programme, cast.other_ward, text="Của xã", deadline=TODAY)
    officer = cast.ward_officer
    factories.make_report(own, officer, MONDAY - DAY, text="Tuần trước")
    factories.make_report(own, officer, MONDAY, text="Đầu tuần")
    factories.make_report(own, officer, MONDAY + 2 * DAY, text="Giữa tuần", next_step="Làm tiếp")
    factories.make_report(own, officer, MONDAY + 3 * DAY, situation=Situation.NOTHING, text="")
    factories.make_report(other, cast.outsider, MONDAY, text="Việc của xã")
    factories.make_obstacle(own, officer, MONDAY - 9 * DAY, text="Còn vướng")
    factories.make_obstacle(own, officer, MONDAY - 9 * DAY, text="Hết vướng", resolved_on=MONDAY)
    text = compose(week_of_work(officer, week_of(TODAY), today=TODAY))
    assert text.results == "- Của phường: Giữa tuần."
    assert "Còn vướng" in text.difficulties
    assert "Hết vướng" not in text.difficulties
    assert text.next_week == f"- Của phường: Làm tiếp; thời hạn {TODAY + DAY:%d/%m/%Y}."


# Handing over


def test_a_hand_over_is_one_row_and_one_event_however_often_it_is_sent(cast: Cast) -> None:
    done = act(cast.ward_officer, form_key=uuid4())
    assert hand_over(cast.ward, MONDAY, TEXT, act=done)
    assert not hand_over(cast.ward, MONDAY, TEXT, act=done)
    kept = WeeklyText.objects.get()
    assert (kept.unit, kept.starts_on, kept.by, kept.at) == (
        cast.ward, MONDAY, cast.ward_officer, done.at,
    )  # fmt: skip
    assert Weekly.of(kept) == TEXT
    event = PlaceEvent.objects.get(kind="weekly")
    assert (event.unit, event.by) == (cast.ward, cast.ward_officer)
    assert event.told == f"Bàn giao báo cáo tuần từ {MONDAY:%d/%m/%Y}"


@pytest.mark.parametrize("name", ["outsider", "officer", "leader", "inspector", "administrator"])
def test_nobody_hands_over_for_another_unit(cast: Cast, name: str) -> None:
    with pytest.raises(Denied, match="Báo cáo tuần của"):
        hand_over(cast.ward, MONDAY, TEXT, act=act(getattr(cast, name)))


def test_the_city_s_text_is_the_office_s_alone(cast: Cast) -> None:
    unit = cast.office.unit
    for user in (cast.leader, cast.inspector):
        assert unit_of_text(user) == unit
        with pytest.raises(Denied):
            hand_over(unit, MONDAY, TEXT, act=act(user))
    assert hand_over(unit, MONDAY, TEXT, act=act(cast.office))


@pytest.mark.parametrize(
    ("starts_on", "text"),
    [
        (MONDAY + 7 * DAY, TEXT),
        (MONDAY + DAY, TEXT),
        (MONDAY, Weekly("  ", "", "\n")),
    ],
    ids=["not begun", "not a Monday", "empty"],
)
def test_a_week_to_come_and_an_empty_text_are_refused(
    cast: Cast, starts_on: date, text: Weekly
) -> None:
    with pytest.raises(Denied):
        hand_over(cast.ward, starts_on, text, act=act(cast.ward_officer))
    assert not WeeklyText.objects.exists()


# The page


def sent(**parts: str) -> dict[str, str]:
    return {
        "form_key": str(uuid4()),
        "results": "- Một.",
        "difficulties": "",
        "next_week": "",
    } | parts


def test_the_text_is_edited_stamped_and_then_stays_as_it_was(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    form = sent(results="- Đã sửa tay.")
    answer = client.post("/week/", form, follow=True)
    page = text_of(answer)
    assert "Đã ghi bàn giao báo cáo tuần." in page
    assert "- Đã sửa tay." in page
    assert "như đã bàn giao" in page
    assert cast.ward_officer.display_name in page
    client.post("/week/", form)
    assert WeeklyText.objects.count() == 1
    assert "soạn sẵn, sửa được" in text_of(client.get("/week/?again=1"))
    assert "Bàn giao gần nhất: <time" in text_of(client.get("/"))


@pytest.mark.parametrize(
    ("parts", "status", "said"),
    [
        ({"results": "Nội dung TUYỆT MẬT"}, 422, "Không đưa nội dung mật lên hệ thống"),
        ({"results": "x" * 20_001}, 422, "quá mức"),
        ({"results": " "}, 409, "Chưa có nội dung"),
    ],
)
def test_a_refused_text_comes_back_as_typed(
    cast: Cast, parts: dict[str, str], status: int, said: str
) -> None:
    answer = signed_in(cast.ward_officer).post(
        "/week/", sent(next_week="- Gõ rồi.") | parts | ({"next_week": ""} if status == 409 else {})
    )
    assert answer.status_code == status
    assert said in text_of(answer)
    assert not WeeklyText.objects.exists()
    if status == 422:
        assert "- Gõ rồi." in text_of(answer)


def test_the_whole_follows_what_is_typed_and_keeps_nothing(cast: Cast) -> None:
    answer = signed_in(cast.ward_officer).post("/week/whole/", sent(results="- Vừa gõ <b>."))
    page = answer.content.decode()
    assert "1. Kết quả nổi bật\n- Vừa gõ &lt;b&gt;." in page
    assert not WeeklyText.objects.exists()


def test_another_week_can_be_chosen_but_none_to_come(cast: Cast) -> None:
    client, today = signed_in(cast.ward_officer), localdate()
    for asked in ("2026-W99", "nonsense", "2026-11", "2099-W01"):
        page = text_of(client.get(f"/week/?week={asked}"))
        assert f"đến {week_of(today).end:%d/%m/%Y}" in page, asked
    assert "từ 02/03 đến 08/03/2026" in text_of(client.get("/week/?week=2026-W10"))


def test_who_only_reads_gets_no_button(cast: Cast) -> None:
    today = localdate()
    WeeklyText.objects.create(
        unit=own_unit(cast.office),
        starts_on=week_of(today).start,
        results="- Của thành phố.",
        by=cast.office,
        at=f"{today}T02:00:00Z",
    )
    for user in (cast.leader, cast.inspector):
        page = text_of(signed_in(user).get("/week/"))
        assert "- Của thành phố." in page
        assert "Ghi ngày giờ và giữ nguyên" not in page
        assert "Soạn lại" not in page
    assert "- Của thành phố." not in text_of(signed_in(cast.ward_officer).get("/week/"))


def test_texts_of_other_units_are_not_listed(cast: Cast) -> None:
    def keep(user: User) -> None:
        WeeklyText.objects.create(
            unit=own_unit(user), starts_on=date(2026, 3, 2), by=user, at="2026-03-06T09:10:00Z"
        )

    keep(cast.outsider)
    assert "Tuần từ 02/03/2026" not in text_of(signed_in(cast.ward_officer).get("/week/"))
    keep(cast.ward_head)
    page = text_of(signed_in(cast.ward_officer).get("/week/"))
    assert "Tuần từ 02/03/2026" in page
    # Weeks of one digit are named by two: else the link would lead to another week.
    keep_first = WeeklyText.objects.get(unit=cast.ward)
    WeeklyText.objects.filter(pk=keep_first.pk).update(starts_on=date(2026, 1, 5))
    assert 'href="?week=2026-W02"' in text_of(signed_in(cast.ward_officer).get("/week/"))
