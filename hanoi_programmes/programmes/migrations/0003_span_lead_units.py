"""Spans learn which unit led the task: until now no task has moved between units."""

from django.db import migrations

FILL = """
UPDATE programmes_taskspan AS span
SET lead_unit_id = task.lead_unit_id
FROM programmes_task AS task
WHERE task.id = span.task_id AND span.lead_unit_id IS NULL
"""


class Migration(migrations.Migration):
    """One statement; going back leaves the column's values where they are."""

    dependencies = [("programmes", "0002_whole_life_of_a_task")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
