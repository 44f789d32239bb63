"""Vietnamese text without marks, computed by the database: for search on any PostgreSQL build."""

from typing import Any

from django.db import models
from django.db.models import Expression, F, Func, Value


class Folded(Func):
    """Lower case without marks, the SQL twin of `lib.text.fold`; immutable, so it can be stored."""

    template = (
        "lower(translate(regexp_replace(normalize(%(expressions)s, NFD), "
        "'[\u0300-\u036f]', '', 'g'), '\u0110\u0111', 'Dd'))"
    )
    output_field = models.TextField()


class Joined(Func):
    """Columns joined by spaces. `concat_ws` is not immutable in PostgreSQL, `||` is."""

    template = "(%(expressions)s)"
    arg_joiner = " || ' ' || "
    output_field = models.TextField()

    def __init__(self, *columns: str, **extra: Any) -> None:
        parts: list[Expression | F] = [F(column) for column in columns]
        super().__init__(*(parts or [Value("")]), **extra)
