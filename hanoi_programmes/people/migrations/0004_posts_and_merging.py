"""History of units and posts, named groups of units, and what a merged unit or area became."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_sort_by_bytes"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlaceEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("told", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
                ("on", models.DateField()),
                ("note", models.TextField(blank=True)),
                ("changes", models.JSONField(default=dict)),
                ("form_key", models.UUIDField(blank=True, null=True, unique=True)),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="UnitGroup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.TextField(blank=True, verbose_name="nguồn")),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("confirmed", "Đã đối chiếu nguồn"),
                            ("partial", "Đối chiếu một phần"),
                            ("recalled", "Chưa đối chiếu"),
                            ("unknown", "Chưa rõ"),
                            ("illustrative", "Minh họa"),
                        ],
                        default="unknown",
                        max_length=12,
                        verbose_name="độ tin cậy",
                    ),
                ),
                ("key", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=200, unique=True)),
                (
                    "level",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("city", "Cấp Thành phố"),
                            ("department", "Sở, ban, ngành"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=12,
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["order", "name"],
            },
        ),
        migrations.AddField(
            model_name="area",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="people.area",
            ),
        ),
        migrations.AddField(
            model_name="unit",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged",
                to="people.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("ends_on__isnull", False), _connector="OR"
                ),
                name="merged_areas_have_ended",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True),
                    ("starts_on__isnull", True),
                    ("ends_on__gte", models.F("starts_on")),
                    _connector="OR",
                ),
                name="unit_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("ends_on__isnull", False), _connector="OR"
                ),
                name="merged_units_have_ended",
            ),
        ),
        migrations.AddField(
            model_name="placeevent",
            name="account",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="account_events",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="placeevent",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="people.area",
            ),
        ),
        migrations.AddField(
            model_name="placeevent",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="place_events",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="placeevent",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="people.unit",
            ),
        ),
        migrations.AddField(
            model_name="unitgroup",
            name="axis",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="unit_groups",
                to="people.axis",
            ),
        ),
        migrations.AddField(
            model_name="unitgroup",
            name="members",
            field=models.ManyToManyField(blank=True, related_name="unit_groups", to="people.unit"),
        ),
        migrations.AddIndex(
            model_name="placeevent",
            index=models.Index(fields=["unit", "-at"], name="event_of_unit_newest"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="placeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="places_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="42a3c4a4fd60132067d0346265880ba01b26df10",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_places_append_only_ead5e",
                    table="people_placeevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]
