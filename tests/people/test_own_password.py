"""One's own password: the present one first, the new one twice; this session alone goes on."""

import pytest
from django.test import Client

from hanoi_programmes.people.models import PlaceEvent, User
from tests.conftest import Cast, signed_in
from tests.factories import PASSWORD

ADDRESS = "/account/password/"
NEW = "bon-tu-khong-lien-quan"


def sent(client: Client, **changes: str) -> dict[str, str]:
    """The form as its reader would fill it in."""
    key = str(client.get(ADDRESS).context["form"]["form_key"].value())
    typed = {"password": PASSWORD, "password_new": NEW, "password_again": NEW}
    return {"form_key": key} | typed | changes


def password_of(user: User) -> str:
    user.refresh_from_db()
    return next(word for word in (PASSWORD, NEW) if user.check_password(word))


def test_the_new_password_opens_and_the_session_goes_on(cast: Cast) -> None:
    client, other = signed_in(cast.ward_officer), signed_in(cast.ward_officer)
    form = sent(client)
    for _ in range(2):
        assert client.post(ADDRESS, form)["Location"] == "/account/"
    assert password_of(cast.ward_officer) == NEW
    assert client.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    event = PlaceEvent.objects.get()
    assert (event.kind, event.account, event.by) == (
        "own-password", cast.ward_officer, cast.ward_officer,
    )  # fmt: skip
    assert event.changes == {}


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"password": "sai-mat-khau"}, 409, "Mật khẩu hiện tại chưa đúng"),
        ({"password": ""}, 422, "Nhập mật khẩu hiện tại"),
        ({"password_again": "khac-han-voi-o-tren"}, 422, "chưa giống nhau"),
        ({"password_new": "ngan", "password_again": "ngan"}, 422, "ngắn quá. Đặt từ 12 ký tự"),
        ({"password_new": PASSWORD, "password_again": PASSWORD}, 422, "trùng mật khẩu hiện tại"),
        (
            {"password_new": "password1234", "password_again": "password1234"},
            422,
            "nhiều người dùng",
        ),
        (
            {"password_new": "ward_officer@thudo", "password_again": "ward_officer@thudo"},
            422,
            "gần giống tên đăng nhập",
        ),
    ],
)
def test_what_does_not_fit_changes_nothing_and_is_not_written_back(
    cast: Cast, changes: dict[str, str], status: int, words: str
) -> None:
    client = signed_in(cast.ward_officer)
    answer = client.post(ADDRESS, sent(client, **changes))
    assert answer.status_code == status
    page = answer.content.decode()
    assert words in page
    assert NEW not in page
    assert password_of(cast.ward_officer) == PASSWORD
    assert not PlaceEvent.objects.exists()


def test_an_account_of_the_quick_start_keeps_its_published_password(cast: Cast) -> None:
    User.objects.update(is_illustrative=True)
    client = signed_in(cast.ward_officer)
    answer = client.post(ADDRESS, sent(client))
    assert answer.status_code == 409
    assert "mật khẩu đã công bố" in answer.content.decode()
    assert password_of(cast.ward_officer) == PASSWORD


def test_a_password_typed_into_an_ended_session_is_carried_nowhere(cast: Cast) -> None:
    client = signed_in(cast.ward_officer)
    form = sent(client)
    client.logout()
    answer = client.post(ADDRESS, form)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_the_people_of_the_unit_are_offered_before_a_word_is_typed(cast: Cast) -> None:
    post = cast.ward.posts.get()
    address = f"/units/{cast.ward.code}/posts/{post.pk}/appoint/"
    page = signed_in(cast.administrator).get(address).content.decode()
    offered = page.partition('id="found-user"')[2].partition("</form>")[0]
    assert "ward_officer" in offered
    assert "outsider" not in offered
