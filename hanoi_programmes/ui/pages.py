"""What every page's template gets, and long lists in pages."""

from collections.abc import Sequence
from typing import Any, TypeVar, overload

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

SITE_NAME = "Theo dõi Nghị quyết"
PAGE_SIZES = (25, 50, 100)
_THEMES = frozenset({"light", "dark"})

_Row = TypeVar("_Row", bound=Model)
_Shape = TypeVar("_Shape")


@overload
def paginate(
    rows: QuerySet[_Row], request: HttpRequest, *, per_page: int = 50, count: int | None = None
) -> Page[_Row]: ...


@overload
def paginate(
    rows: Sequence[_Shape], request: HttpRequest, *, per_page: int = 50, count: int | None = None
) -> Page[_Shape]: ...


def paginate(
    rows: QuerySet[Any] | Sequence[Any],
    request: HttpRequest,
    *,
    per_page: int = 50,
    count: int | None = None,
) -> Page[Any]:
    """The page of `?page=`, of the size of `?per=`; nonsense gets the nearest page. Who knows the
    number of all rows already hands it in."""
    paginator = Paginator(rows, _page_size(request, per_page))
    if count is not None:
        vars(paginator)["count"] = count
    return paginator.get_page(request.GET.get("page"))


def _page_size(request: HttpRequest, per_page: int) -> int:
    asked = request.GET.get("per", "")
    return int(asked) if asked in {str(size) for size in PAGE_SIZES} else per_page


def page_context(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the theme chosen in this browser, and what the product says of itself."""
    theme = request.COOKIES.get("theme", "")
    return {
        "theme": theme if theme in _THEMES else "",
        "site_name": SITE_NAME,
        "illustrative": settings.ILLUSTRATIVE,
        "release": settings.RELEASE,
        "page_sizes": PAGE_SIZES,
    }
