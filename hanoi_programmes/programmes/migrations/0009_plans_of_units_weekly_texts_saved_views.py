"""Add plans that units issue for a programme, weekly texts as handed over, and saved filters."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Rows of the new tables are written down like those of their neighbours.
TRACKED = ("programmes_planissuance", "programmes_weeklytext")
TRACK = "".join(
    f"""
CREATE TRIGGER history_row_changed AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION history_row_changed('', '{{}}', '{{}}');
CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
"""
    for table in TRACKED
)
UNTRACK = "".join(
    f"""
DROP TRIGGER history_no_truncate ON {table};
DROP TRIGGER history_row_changed ON {table};
"""
    for table in TRACKED
)


class Migration(migrations.Migration):
    """Three new tables; no row is rewritten."""

    dependencies = [
        ("people", "0006_hints_and_shortcuts"),
        ("programmes", "0008_passing_an_obstacle_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanIssuance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="số, ký hiệu")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="trích yếu")),
                ("issued_on", models.DateField(verbose_name="ngày ban hành")),
                ("recorded_at", models.DateTimeField(verbose_name="lúc ghi")),
                ("is_illustrative", models.BooleanField(default=False)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issuances",
                        to="programmes.actionprogramme",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plan_issuances",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["issued_on", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "unit"), name="one_plan_of_a_unit")
                ],
            },
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="tên bộ lọc")),
                ("query", models.CharField(max_length=2000, verbose_name="điều kiện")),
                ("is_shared", models.BooleanField(default=False, verbose_name="dùng chung")),
                ("saved_at", models.DateTimeField(verbose_name="lúc lưu")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["is_shared", "name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="one_view_of_a_name"),
                    models.CheckConstraint(
                        condition=models.Q(("query", ""), _negated=True),
                        name="a_view_asks_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WeeklyText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="tuần từ ngày")),
                ("results", models.TextField(blank=True, verbose_name="kết quả nổi bật")),
                ("difficulties", models.TextField(blank=True, verbose_name="khó khăn, vướng mắc")),
                ("next_week", models.TextField(blank=True, verbose_name="nhiệm vụ tuần tới")),
                ("at", models.DateTimeField(verbose_name="lúc bàn giao")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="weekly_texts",
                        to="people.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["unit", "-at"], name="weekly_text_of_unit_newest")
                ],
            },
        ),
        migrations.RunSQL(TRACK, UNTRACK),
    ]
