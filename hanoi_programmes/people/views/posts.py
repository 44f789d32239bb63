"""The administrator's pages of posts: add, rename, appoint, relieve, withdraw."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people import rules
from hanoi_programmes.people.forms import AppointForm, KeyForm, PostForm, RelieveForm, RenameForm
from hanoi_programmes.people.http import Request, act_of
from hanoi_programmes.people.models import Holding, Post, Unit, User
from hanoi_programmes.people.services import posts as service
from hanoi_programmes.people.services.posts import After
from hanoi_programmes.ui.htmx import redirect, toast
from hanoi_programmes.ui.wording import PlainForm


def _unit(request: Request, code: str) -> Unit:
    """The unit, to who may change its posts."""
    require(rules.may_keep_places(request.user))
    return get_object_or_404(Unit.objects.visible_to(request.user), code=code)


def _post(request: Request, code: str, pk: int) -> Post:
    return get_object_or_404(_unit(request, code).posts.select_related("unit"), pk=pk)


def _sent(request: Request) -> QueryDict | None:
    """What was sent, be it nothing; None for who only opens the form."""
    return request.POST if request.method == "POST" else None


def _done(request: Request, unit: Unit, words: str) -> HttpResponseBase:
    return toast(request, redirect(request, "people:unit-page", code=unit.code), words)


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: Request, code: str, pk: int) -> HttpResponseBase:
    """Give a post to somebody; a refusal keeps all that was chosen."""
    post = _post(request, code, pk)
    holder = rules.overlapping(post, localdate(), None).first()
    people = User.objects.visible_to(request.user).filter(is_active=True).select_related("unit")
    form = AppointForm(
        _sent(request), initial={"starts_on": localdate()}, post=post, holder=holder, people=people
    )
    context = {"post": post, "holder": holder}
    if request.method != "POST" or not form.is_valid():
        return _post_form(request, post.unit, form, context, page="people/appoint_page.html")
    user: User = form.cleaned_data["user"]
    try:
        act = act_of(request, form.cleaned_data["form_key"])
        service.appoint(post, user, form.term(), act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _post_form(request, post.unit, form, context, page="people/appoint_page.html")
    return _done(request, post.unit, f"Đã giao chức danh {post} cho {user}.")


@require_http_methods(["GET", "HEAD", "POST"])
def relieve(request: Request, code: str, pk: int, holding: int) -> HttpResponseBase:
    """Write down the last day of a holding."""
    post = _post(request, code, pk)
    held = _holding(post, holding)
    if held is None:
        return _gone(request, post)
    given = {"ends_on": held.ends_on or localdate()}
    form = RelieveForm(_sent(request), initial=given, is_head=post.is_head)
    context = {"holding": held, "heading": "Thôi giữ chức danh", "button": "Ghi thôi giữ"}
    if request.method != "POST" or not form.is_valid():
        return _post_form(request, post.unit, form, context)
    data = form.cleaned_data
    try:
        service.relieve(
            held,
            ends_on=data["ends_on"],
            after=After(data.get("after", After.SAME)),
            note=data["note"],
            act=act_of(request, data["form_key"]),
        )
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _post_form(request, post.unit, form, context)
    return _done(request, post.unit, f"Đã ghi ngày thôi giữ chức danh của {held.user}.")


@require_POST
def withdraw(request: Request, code: str, pk: int, holding: int) -> HttpResponseBase:
    """Take back an appointment to come."""
    post = _post(request, code, pk)
    held = _holding(post, holding)
    form = KeyForm(request.POST)
    if held is None or not form.is_valid():
        return _gone(request, post)
    service.withdraw(held, act=act_of(request, form.cleaned_data["form_key"]))
    return _done(request, post.unit, f"Đã hủy việc giao chức danh {post} cho {held.user}.")


def _holding(post: Post, pk: int) -> Holding | None:
    return post.holdings.select_related("user", "post__unit").filter(pk=pk).first()


def _gone(request: Request, post: Post) -> HttpResponseBase:
    """A second click on "hủy" finds nothing; the unit's page shows how it stands."""
    response = redirect(request, "people:unit-page", code=post.unit.code)
    return toast(request, response, "Việc giao chức danh này không còn.", kind="soon")


@require_http_methods(["GET", "HEAD", "POST"])
def add_post(request: Request, code: str) -> HttpResponseBase:
    """A new post of the unit."""
    unit = _unit(request, code)
    form = PostForm(_sent(request))
    context = {"heading": "Thêm chức danh", "button": "Thêm chức danh"}
    if request.method != "POST" or not form.is_valid():
        return _post_form(request, unit, form, context)
    data = form.cleaned_data
    act = act_of(request, data["form_key"])
    try:
        service.add_post(unit, title=data["title"], is_head=data["is_head"], act=act)
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _post_form(request, unit, form, context)
    return _done(request, unit, f"Đã thêm chức danh {data['title']}.")


@require_http_methods(["GET", "HEAD", "POST"])
def rename_post(request: Request, code: str, pk: int) -> HttpResponseBase:
    """Another title of a post."""
    post = _post(request, code, pk)
    form = RenameForm(_sent(request), initial={"title": post.title})
    context = {"heading": f"Đổi tên chức danh {post}", "button": "Đổi tên"}
    if request.method != "POST" or not form.is_valid():
        return _post_form(request, post.unit, form, context)
    title = form.cleaned_data["title"]
    try:
        service.rename_post(post, title=title, act=act_of(request, form.cleaned_data["form_key"]))
    except Denied as refusal:
        form.add_error(None, refusal.reason)
        return _post_form(request, post.unit, form, context)
    return _done(request, post.unit, f"Đã đổi tên chức danh thành {title}.")


def _post_form(
    request: Request,
    unit: Unit,
    form: PlainForm,
    context: dict[str, Any],
    *,
    page: str = "people/post_form.html",
) -> HttpResponse:
    """A form on a page of its own: 422 for a mistake, 409 for a refusal."""
    status = 200
    if form.is_bound:
        status = 409 if form.non_field_errors() else 422
    return render(request, page, {"unit": unit, "form": form} | context, status=status)
