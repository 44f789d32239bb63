"""Who acts, told to the database together with each write: row history keeps it.

The triggers read the setting `hanoi.act`. It holds for one transaction only, so that no later user
of the same connection can inherit it; what comes without it counts as a direct change.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

Run = Callable[[str, object, bool, dict[str, Any]], object]
_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH", "MERGE")
_TELL = "SELECT set_config('hanoi.act', %s, %s)"


@contextmanager
def acting(
    source: str, origin: str, who: Callable[[], int | None] = lambda: None
) -> Iterator[None]:
    """Attribute what is written inside to a request, job or command.

    `who` gives the key of the account, or None; it is asked at each write.
    """

    def tell(
        execute: Run,
        sql: str,
        params: object,
        many: bool,  # noqa: FBT001 - Django's signature
        context: dict[str, Any],
    ) -> object:
        told = context["connection"]
        # In a broken transaction Django itself says so best.
        if not str(sql).lstrip().upper().startswith(_WRITES) or told.needs_rollback:
            return execute(sql, params, many, context)
        act = json.dumps({"source": source, "origin": origin[:200], "by": who()})
        inside = told.in_atomic_block
        with told.wrap_database_errors, told.connection.cursor() as cursor:
            cursor.execute(_TELL, (act, inside))
            try:
                return execute(sql, params, many, context)
            finally:
                if not inside:
                    cursor.execute(_TELL, ("", False))

    with connection.execute_wrapper(tell):
        yield


def address_of(request: HttpRequest) -> str:
    """The network address of who asks; behind our own proxy, what the proxy says of it."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:45]
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
