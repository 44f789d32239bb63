"""Every change of a row is written down by the database; history can only grow.

One trigger function for all tables: a column that is added later is in the history without any
further step. `history_no_truncate` and `history_only_grows` are plain triggers: those of pgtrigger
look at a session setting by which anybody may switch them off.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import hanoi_programmes.people.models.row_change

# Whose rows are tracked: (columns left out, columns shown as "changed" only).
TRACKED = {
    "people_area": ("{}", "{}"),
    "people_axis": ("{}", "{}"),
    "people_calendarday": ("{}", "{}"),
    "people_holding": ("{}", "{}"),
    "people_post": ("{}", "{}"),
    "people_unit": ("{search}", "{}"),
    "people_unitgroup": ("{}", "{}"),
    "people_unitgroup_members": ("{}", "{}"),
    # The day of the last sign-in changes each morning and says nothing of the account.
    "people_user": ("{last_login}", "{password}"),
}
HISTORY = ("people_placeevent", "people_reading", "people_rowchange")

FUNCTIONS = """
CREATE FUNCTION history_transaction() RETURNS uuid LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    name text := nullif(current_setting('hanoi.transaction', true), '');
BEGIN
    IF name IS NULL THEN
        name := gen_random_uuid()::text;
        PERFORM set_config('hanoi.transaction', name, true);
    END IF;
    RETURN name::uuid;
END
$$;

-- Arguments: column that names the task, columns left out, columns whose values are not shown.
CREATE FUNCTION history_row_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    act jsonb := nullif(current_setting('hanoi.act', true), '')::jsonb;
    is_first boolean := nullif(current_setting('hanoi.transaction', true), '') IS NULL;
    before_it jsonb;
    after_it jsonb;
    one jsonb;
    found_changes jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN before_it := to_jsonb(OLD) - TG_ARGV[1]::text[]; END IF;
    IF TG_OP <> 'DELETE' THEN after_it := to_jsonb(NEW) - TG_ARGV[1]::text[]; END IF;
    one := coalesce(after_it, before_it);
    IF TG_OP = 'UPDATE' THEN
        SELECT jsonb_object_agg(n.key, jsonb_build_array(o.value, n.value)) INTO found_changes
        FROM jsonb_each(after_it) AS n JOIN jsonb_each(before_it) AS o USING (key)
        WHERE n.value <> o.value;
        IF found_changes IS NULL THEN RETURN NULL; END IF;
    ELSE
        SELECT jsonb_object_agg(key, CASE TG_OP
            WHEN 'INSERT' THEN jsonb_build_array(NULL, value) ELSE jsonb_build_array(value, NULL) END)
        INTO found_changes
        FROM jsonb_each(one) WHERE value NOT IN ('null', '""', '[]', '{}');
    END IF;
    IF found_changes ?| TG_ARGV[2]::text[] THEN
        SELECT jsonb_object_agg(key, CASE
            WHEN key = ANY (TG_ARGV[2]::text[]) THEN '["•••", "•••"]'::jsonb ELSE value END)
        INTO found_changes FROM jsonb_each(found_changes);
    END IF;
    INSERT INTO people_rowchange
        (at, transaction, opens, "table", "row", subject, operation, changes, source, by_id, origin, login)
    VALUES (
        now(), history_transaction(), is_first, TG_TABLE_NAME, (one ->> 'id')::bigint,
        (one ->> nullif(TG_ARGV[0], ''))::bigint, lower(TG_OP), found_changes,
        coalesce(act ->> 'source', ''), (act ->> 'by')::bigint, coalesce(act ->> 'origin', ''),
        session_user
    );
    RETURN NULL;
END
$$;

CREATE FUNCTION history_refuses() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history only grows: % of % is refused', TG_OP, TG_TABLE_NAME;
END
$$;
"""
NO_FUNCTIONS = """
DROP FUNCTION history_refuses();
DROP FUNCTION history_row_changed();
DROP FUNCTION history_transaction();
"""


def tracking(table: str, left_out: str, hidden: str) -> migrations.RunSQL:
    """Rows of a table are written down; emptying it would not be, so it is refused."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER history_row_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION history_row_changed('', '{left_out}', '{hidden}');
        CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
        """,
        f"""
        DROP TRIGGER history_no_truncate ON {table};
        DROP TRIGGER history_row_changed ON {table};
        """,
    )


def only_grows(table: str) -> migrations.RunSQL:
    """A table of history takes rows and gives none back."""
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER history_only_grows BEFORE UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
        CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
        """,
        f"""
        DROP TRIGGER history_no_truncate ON {table};
        DROP TRIGGER history_only_grows ON {table};
        """,
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0004_posts_and_merging")]

    operations = [
        migrations.CreateModel(
            name="RowChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("transaction", models.UUIDField(db_index=True)),
                ("opens", models.BooleanField()),
                ("table", models.CharField(max_length=63)),
                ("row", models.BigIntegerField()),
                ("subject", models.BigIntegerField(null=True)),
                (
                    "operation",
                    models.CharField(
                        choices=[("insert", "Thêm"), ("update", "Sửa"), ("delete", "Xóa")],
                        max_length=6,
                    ),
                ),
                ("changes", models.JSONField()),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Thay đổi trực tiếp trong cơ sở dữ liệu"),
                            ("request", "Qua phần mềm"),
                            ("job", "Việc chạy nền"),
                            ("command", "Lệnh quản trị"),
                        ],
                        max_length=10,
                    ),
                ),
                ("origin", models.CharField(blank=True, max_length=200)),
                ("login", models.CharField(max_length=63)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("subject__isnull", False)),
                        fields=["subject", "-id"],
                        name="row_change_of_subject",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("opens", True), models.Q(("source", "request"), _negated=True)
                        ),
                        fields=["-at", "-id"],
                        name="row_change_untold",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("method", models.CharField(max_length=8)),
                ("path", models.CharField(max_length=500)),
                ("kind", models.CharField(max_length=60)),
                ("thing", models.CharField(blank=True, max_length=80)),
                ("status", models.PositiveSmallIntegerField()),
                ("address", models.CharField(blank=True, max_length=45)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "indexes": [models.Index(fields=["user", "-id"], name="reading_of_user_newest")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        # In two steps: a column born with a default that differs row by row would rewrite the table.
        migrations.AddField(
            model_name="placeevent",
            name="transaction",
            field=models.UUIDField(db_index=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="placeevent",
            name="transaction",
            field=models.UUIDField(
                db_default=hanoi_programmes.people.models.row_change.ThisTransaction(),
                db_index=True,
                editable=False,
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="placeevent",
            index=models.Index(fields=["-at", "-id"], name="place_event_newest"),
        ),
        *(tracking(table, *columns) for table, columns in TRACKED.items()),
        *(only_grows(table) for table in HISTORY),
    ]
