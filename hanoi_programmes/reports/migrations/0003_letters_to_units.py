"""A report may be a letter of urging to a unit: its tasks, its day to answer by, its own words."""

import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_hints_and_shortcuts"),
        ("programmes", "0010_task_facts_by_lead"),
        ("reports", "0002_contested_figures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="report",
            name="one_unfinished_report_of_a_kind",
        ),
        migrations.AddField(
            model_name="report",
            name="addressee",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.unit",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="asked",
            field=models.JSONField(
                blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="word",
            field=models.FileField(blank=True, max_length=200, upload_to=""),
        ),
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[("quarter", "Kết quả thực hiện theo quý"), ("letter", "Công văn đôn đốc")],
                default="quarter",
                max_length=20,
                verbose_name="loại",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("addressee__isnull", False), ("kind", "letter")),
                    models.Q(
                        models.Q(("kind", "letter"), _negated=True),
                        ("addressee__isnull", True),
                        ("word", ""),
                    ),
                    _connector="OR",
                ),
                name="letters_have_an_addressee",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "quarter"), ("state__in", ("waiting", "running"))),
                fields=("requested_by", "kind", "programme", "period_start", "as_of", "issuer"),
                name="one_unfinished_report_of_a_kind",
                nulls_distinct=False,
            ),
        ),
    ]
