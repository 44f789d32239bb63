"""Search by any part of a word stays quick in a large house, where PostgreSQL has pg_trgm.

Where the extension cannot be had (no package, no right) nothing is made and search is only slower.
"""

from django.apps.registry import Apps
from django.db import DatabaseError, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def folded(*columns: str) -> str:
    """The expression of `people.models.folded`, letter by letter, or no query would find the index."""
    joined = " || ' ' || ".join(columns)
    return (
        f"lower(translate(regexp_replace(normalize(({joined}), NFD), "
        "'[\u0300-\u036f]', '', 'g'), '\u0110\u0111', 'Dd'))"
    )


INDEXES = {
    "task_search_trigrams": ("programmes_task", "search"),
    "evidence_search_trigrams": (
        "programmes_evidence",
        folded("document_number", "document_issuer", "name"),
    ),
    "event_search_trigrams": ("programmes_event", folded("told", "note")),
}


def make(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The extension, if it may be had, and the indexes."""
    connection = schema_editor.connection
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    with connection.cursor() as cursor:
        for name, (table, expression) in INDEXES.items():
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {name} ON {table}"
                f" USING gin (({expression}) gin_trgm_ops)"
            )


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The indexes; the extension stays, as it may have been there before."""
    with schema_editor.connection.cursor() as cursor:
        for name in INDEXES:
            cursor.execute(f"DROP INDEX IF EXISTS {name}")


class Migration(migrations.Migration):
    dependencies = [("programmes", "0006_no_end_before_the_start")]

    operations = [migrations.RunPython(make, drop)]
