"""Axes get a short name for narrow columns; the reference data fills it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One column."""

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="axis",
            name="short_name",
            field=models.CharField(default="", max_length=40),
            preserve_default=False,
        ),
    ]
