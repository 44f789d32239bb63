"""Since when a report waits again, after it was made to."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_schedules_by_period")]

    operations = [
        migrations.AddField(
            model_name="report",
            name="waiting_since",
            field=models.DateTimeField(blank=True, null=True),
        )
    ]
