"""Rows of tasks and all that hangs on them are tracked; events can only grow in number."""

from django.db import migrations, models

import hanoi_programmes.people.models.row_change

# Whose rows are tracked: the column that names the task, and columns left out.
TRACKED = {
    "programmes_actionprogramme": ("", "{}"),
    "programmes_cascade": ("parent_id", "{}"),
    "programmes_direction": ("task_id", "{}"),
    "programmes_document": ("", "{}"),
    "programmes_evidence": ("task_id", "{}"),
    "programmes_extension": ("task_id", "{}"),
    "programmes_handover": ("", "{}"),
    "programmes_obstacle": ("task_id", "{}"),
    "programmes_participant": ("task_id", "{}"),
    "programmes_progressreport": ("task_id", "{}"),
    "programmes_resolution": ("", "{}"),
    "programmes_target": ("", "{}"),
    "programmes_task": ("id", "{search,version}"),
    "programmes_taskgroup": ("", "{}"),
}


def tracking(table: str, subject: str, left_out: str) -> migrations.RunSQL:
    """Rows of a table are written down; emptying it would not be, so it is refused."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER history_row_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION history_row_changed('{subject}', '{left_out}', '{{}}');
        CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
        """,
        f"""
        DROP TRIGGER history_no_truncate ON {table};
        DROP TRIGGER history_row_changed ON {table};
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("programmes", "0003_span_lead_units"), ("people", "0005_row_history")]

    operations = [
        # In two steps: a column born with a default that differs row by row would rewrite the table.
        migrations.AddField(
            model_name="event",
            name="transaction",
            field=models.UUIDField(db_index=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="event",
            name="transaction",
            field=models.UUIDField(
                db_default=hanoi_programmes.people.models.row_change.ThisTransaction(),
                db_index=True,
                editable=False,
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["-at", "-id"], name="event_newest")
        ),
        *(tracking(table, *columns) for table, columns in TRACKED.items()),
        migrations.RunSQL(
            """
            CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON programmes_event
                FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
            CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON programmes_event
                FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
            """,
            """
            DROP TRIGGER history_no_truncate ON programmes_event;
            DROP TRIGGER history_only_grows ON programmes_event;
            """,
        ),
    ]
