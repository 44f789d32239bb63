"""`x = ANY(…)`: keys as one array, found by a sub-query that is asked once, or known already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Lookup, QuerySet, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup


_KEYS = ArrayField(BigIntegerField())


class Among(_Lookup):
    """Whether the column is one of the keys that the query finds.

    It means what `column__in=keys` means. But PostgreSQL cannot use an index for `IN (SELECT …)`
    that stands in an "or": it reads the whole table. For an array, known before the first row is
    read, it can, and it joins the answers of several indexes.
    """

    lookup_name = "among"

    def __init__(self, column: str, keys: QuerySet[Any, Any] | Sequence[int]) -> None:
        # Known keys are one parameter: of each in `column__in` a dozen things are asked on its way.
        known = ArraySubquery(keys) if isinstance(keys, QuerySet) else Value(keys, _KEYS)
        super().__init__(F(column), known)

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        """Both sides as they compile."""
        column, column_params = self.process_lhs(compiler, connection)
        keys, keys_params = self.process_rhs(compiler, connection)
        return f"{column} = ANY ({keys})", (*column_params, *keys_params)
