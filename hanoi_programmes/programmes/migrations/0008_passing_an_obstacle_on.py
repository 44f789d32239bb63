"""Keep who had to decide an obstacle before it was passed on, and mark what a unit took back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Rows of the new table are written down like those of its neighbours.
TRACK = """
CREATE TRIGGER history_row_changed AFTER INSERT OR UPDATE OR DELETE ON programmes_referral
    FOR EACH ROW EXECUTE FUNCTION history_row_changed('', '{}', '{}');
CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON programmes_referral
    FOR EACH STATEMENT EXECUTE FUNCTION history_refuses();
"""
UNTRACK = """
DROP TRIGGER history_no_truncate ON programmes_referral;
DROP TRIGGER history_row_changed ON programmes_referral;
"""


class Migration(migrations.Migration):
    """A new table, and two columns with constant defaults: no row is rewritten."""

    dependencies = [
        ("people", "0005_row_history"),
        ("programmes", "0007_search_by_trigrams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Referral",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(verbose_name="ngày chuyển")),
                ("unit_text", models.CharField(max_length=200, verbose_name="cấp chuyển")),
                ("note", models.TextField(blank=True, verbose_name="ý kiến khi chuyển")),
            ],
            options={
                "ordering": ["on", "pk"],
            },
        ),
        migrations.AddField(
            model_name="obstacle",
            name="decision_document",
            field=models.CharField(blank=True, max_length=60, verbose_name="văn bản quyết định"),
        ),
        migrations.AddField(
            model_name="obstacle",
            name="is_withdrawn",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="obstacle",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_withdrawn", False), ("resolved_on__isnull", False), _connector="OR"
                ),
                name="withdrawn_obstacles_have_a_day",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="obstacle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="programmes.obstacle",
            ),
        ),
        migrations.AddField(
            model_name="referral",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="referrals",
                to="people.unit",
            ),
        ),
        migrations.RunSQL(TRACK, UNTRACK),
    ]
