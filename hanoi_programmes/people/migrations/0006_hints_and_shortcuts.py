"""Remember which first-use hints somebody put away, and whether they want shortcuts."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns with constant defaults: no row is rewritten."""

    dependencies = [
        ("people", "0005_row_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="hints_seen",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=30), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="uses_shortcuts",
            field=models.BooleanField(default=True, verbose_name="dùng phím tắt"),
        ),
    ]
