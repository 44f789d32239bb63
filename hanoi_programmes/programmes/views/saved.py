"""Saved views of the list: the strip with its counts, saving, renaming, sharing, deleting."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from hanoi_programmes.lib.verdict import Denied, require
from hanoi_programmes.people.http import Request
from hanoi_programmes.people.models import User
from hanoi_programmes.people.rules import may_see_programmes
from hanoi_programmes.programmes.filters import TaskFilter
from hanoi_programmes.programmes.forms.saved import LONGEST_NAME, NewViewForm, SavedViewForm
from hanoi_programmes.programmes.http import act_of, tasks_of
from hanoi_programmes.programmes.models import SavedView
from hanoi_programmes.programmes.rules.saved import MOST_OWN, may_change_view
from hanoi_programmes.programmes.services import saved as service
from hanoi_programmes.programmes.shapes.saved import (
    PLACES,
    SavedLink,
    Strip,
    is_same,
    kept_query,
    place_names,
)
from hanoi_programmes.ui.htmx import redirect, template, toast
from hanoi_programmes.ui.pages import paginate

# Beside one's own; more are found on the page of all.
MOST_SHARED = 12


def strip_of(user: User, asked: TaskFilter) -> Strip:
    """The saved views that stand beside the list, those of the reader first. One query."""
    rows = SavedView.objects.visible_to(user).own_first(user)[: MOST_OWN + MOST_SHARED]
    query = kept_query(asked.raw)
    links = [SavedLink(row, is_same(row.query, query), row.owner_id == user.pk) for row in rows]
    shared = [link for link in links if not link.is_own][:MOST_SHARED]
    return Strip([link for link in links if link.is_own] + shared, query)


@require_safe
def counts(request: Request) -> HttpResponse:
    """The strip's saved part again, each view with the number of its rows for this reader."""
    tasks, today = tasks_of(request), localdate()
    strip = strip_of(request.user, TaskFilter.read(request.GET, today=today))
    links = [
        replace(link, count=asked.apply(tasks, request.user).count())
        for link in strip.links
        for asked in [_asked(link.view.query)]
    ]
    strip = replace(strip, links=links, is_counted=True)
    return render(request, "programmes/_saved_views.html", {"saved": strip})


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A saved view and its conditions in words."""

    view: SavedView
    words: list[str]


@require_safe
def saved_list(request: Request) -> HttpResponse:
    """One's own views, and those that others share."""
    require(may_see_programmes(request.user))
    visible = SavedView.objects.visible_to(request.user).own_first(request.user)
    own = visible.filter(owner=request.user)
    page = paginate(visible.exclude(owner=request.user).select_related("owner__unit"), request)
    words = _in_words([*own, *page.object_list])
    context = {
        "own": [SavedRow(view, words[view.pk]) for view in own],
        "most": MOST_OWN,
        "shared": [SavedRow(view, words[view.pk]) for view in page.object_list],
        "page": page,
    }
    return render(request, "programmes/saved_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: Request) -> HttpResponse:
    """A name for what the list shows: the form, loaded beside the list or as its own page."""
    require(may_see_programmes(request.user))
    if request.method != "POST":
        asked = _asked(request.GET.urlencode())
        initial = {"query": kept_query(asked.raw), "name": _name_for(asked)}
        return _form_page(request, NewViewForm(user=request.user, initial=initial), asked)
    asked = _asked(request.POST.get("query", ""))
    form = NewViewForm(request.POST, user=request.user)
    if not form.is_valid():
        return _form_page(request, form, asked, status=422)
    query, name = kept_query(asked.raw), form.cleaned_data["name"]
    try:
        view = service.save_view(name, query, shared=form.shared, act=act_of(request))
    except Denied as refusal:
        _blame(form, refusal)
        return _form_page(request, form, asked, status=422)
    to = redirect(request, f"{reverse('programmes:task-list')}?{view.query}")
    return toast(request, to, f"Đã lưu bộ lọc “{view}”.")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """Another name; shared or no longer."""
    view = _view_or_404(request, pk)
    require(may_change_view(request.user, view))
    if request.method != "POST":
        initial = {"name": view.name, "is_shared": view.is_shared}
        return _edit_page(request, view, SavedViewForm(user=request.user, initial=initial))
    form = SavedViewForm(request.POST, user=request.user)
    if not form.is_valid():
        return _edit_page(request, view, form, status=422)
    try:
        name = form.cleaned_data["name"]
        view = service.change_view(view, name, shared=form.shared, act=act_of(request))
    except Denied as refusal:
        _blame(form, refusal)
        return _edit_page(request, view, form, status=422)
    return toast(request, redirect(request, "programmes:saved-list"), f"Đã ghi bộ lọc “{view}”.")


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, pk: int) -> HttpResponse:
    """Asks once, then forgets the view."""
    view = _view_or_404(request, pk)
    require(may_change_view(request.user, view))
    if request.method != "POST":
        context = {"view": view, "words": _in_words([view])[view.pk]}
        return render(request, "programmes/saved_delete.html", context)
    service.delete_view(view, act=act_of(request))
    return toast(request, redirect(request, "programmes:saved-list"), f"Đã xóa bộ lọc “{view}”.")


def _asked(query: str) -> TaskFilter:
    """As an address asks; a NUL, which the door refuses in one, is dropped from kept text."""
    sent = QueryDict(query, mutable=True)
    for name, values in list(sent.lists()):
        sent.setlist(name, [value.replace("\0", "") for value in values])
    return TaskFilter.read(sent, today=localdate())


def _view_or_404(request: Request, pk: int) -> SavedView:
    user = request.user
    require(may_see_programmes(user))
    view = SavedView.objects.visible_to(user).select_related("owner__unit").filter(pk=pk).first()
    if view is None:
        raise Http404
    return view


def _blame(form: SavedViewForm, refusal: Denied) -> None:
    form.add_error("name" if isinstance(refusal, service.NameTaken) else None, refusal.reason)


def _form_page(
    request: Request, form: NewViewForm, asked: TaskFilter, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "words": _words(asked), "query": kept_query(asked.raw)}
    page, fragment = "programmes/saved_new.html", "programmes/_saved_form.html"
    return template(request, page, fragment, context, status=status)


def _edit_page(
    request: Request, view: SavedView, form: SavedViewForm, *, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "view": view, "words": _in_words([view])[view.pk]}
    return render(request, "programmes/saved_edit.html", context, status=status)


def _name_for(asked: TaskFilter) -> str:
    """What the filter may be called: its conditions, without the names of the fields."""
    words = ", ".join(word.rpartition(": ")[2] for word in _words(asked))
    return shorten(words, LONGEST_NAME, placeholder="…")


def _words(asked: TaskFilter) -> list[str]:
    return [chip.label for chip in asked.chips()]


def _in_words(views: Iterable[SavedView]) -> dict[int, list[str]]:
    """The conditions of many views; their places are named together."""
    asked = {view.pk: _asked(view.query) for view in views}
    names = place_names(one.choice for one in asked.values())
    return {pk: [*_words(_placeless(one)), *_places(one, names)] for pk, one in asked.items()}


def _placeless(asked: TaskFilter) -> TaskFilter:
    return replace(asked, choice=replace(asked.choice, **dict.fromkeys(PLACES, "")))


def _places(asked: TaskFilter, names: dict[tuple[str, str], str]) -> list[str]:
    places = (place for place in asked.choice.conditions.items() if place[0] in PLACES)
    return [names.get(place, place[1]) for place in places]
