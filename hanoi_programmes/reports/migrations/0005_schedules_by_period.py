"""A schedule knows its next period, the calendar says the day; nothing was scheduled before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0004_reports_of_every_kind"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="reportschedule", name="schedule_next"),
        migrations.RenameField("reportschedule", old_name="next_on", new_name="next_start"),
        migrations.AlterField(
            "reportschedule", "next_start", models.DateField(verbose_name="kỳ tới")
        ),
        migrations.AlterModelOptions(
            "reportschedule", options={"ordering": ["-is_active", "next_start", "pk"]}
        ),
        migrations.AddField(
            "reportschedule", "ended_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AddField(
            "reportschedule",
            "stopped",
            models.CharField(blank=True, default="", max_length=300),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "reportschedule",
            models.CheckConstraint(
                condition=models.Q(is_active=False) | models.Q(ended_at__isnull=True, stopped=""),
                name="running_schedules_have_not_ended",
            ),
        ),
        migrations.AddIndex(
            "reportschedule",
            models.Index(
                fields=["next_start"],
                condition=models.Q(is_active=True),
                name="schedule_next",
            ),
        ),
        migrations.AlterField(
            "scheduledrun",
            "report",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="reports.report",
            ),
        ),
        migrations.AlterField("scheduledrun", "note", models.TextField(blank=True)),
        migrations.AddField(
            "scheduledrun",
            "period_end",
            models.DateField(default="2026-01-01"),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("scheduledrun", name="schedule_runs_once_a_period"),
        migrations.AddConstraint(
            "scheduledrun",
            models.UniqueConstraint(
                fields=["schedule", "period_start", "period_end"],
                name="schedule_runs_once_a_period",
            ),
        ),
        migrations.RemoveConstraint("reportrecipient", name="report_is_sent_to_a_user_once"),
        migrations.AddConstraint(
            "reportrecipient",
            models.UniqueConstraint(
                fields=["report", "user", "post"],
                nulls_distinct=False,
                name="report_is_sent_to_a_user_once",
            ),
        ),
    ]
