"""Sort keys compare byte by byte, whatever language the database server was set up for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns; their values stay."""

    dependencies = [("people", "0002_add_axis_short_name")]

    operations = [
        migrations.AlterField(
            model_name="area",
            name="sort_key",
            field=models.CharField(db_collation="C", editable=False, max_length=600),
        ),
        migrations.AlterField(
            model_name="unit",
            name="sort_key",
            field=models.CharField(db_collation="C", editable=False, max_length=900),
        ),
    ]
