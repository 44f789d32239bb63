"""What is stored, as one fingerprint a table: a refusal must leave every one of them alone."""

from django.db import connection


def stored() -> dict[str, str]:
    """Each table's name and a digest of all its rows; one query."""
    with connection.cursor() as cursor:
        tables = sorted(connection.introspection.table_names(cursor))
        digests = (
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), ''))"  # noqa: S608
            f' FROM "{table}" AS t'
            for table in tables
        )
        cursor.execute(" UNION ALL ".join(digests))
        return dict(cursor.fetchall())


def tell_the_planner() -> None:
    """Let PostgreSQL know of the rows of this transaction, as it does of rows in service: knowing
    nothing it may join thousands by thousands, until the time limit of a statement.

    Only the product's own tables: the shared catalogues would wait for other databases' tests.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE " + ", ".join(connection.introspection.django_table_names()))
