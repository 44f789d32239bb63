"""One index holds all by which open tasks are picked out to be urged; built beside running work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Forty thousand open tasks are then looked through without reading one."""

    atomic = False

    dependencies = [("programmes", "0011_groups_as_functions")]

    operations = [
        AddIndexConcurrently(
            model_name="task",
            index=models.Index(
                fields=["lead_unit"],
                include=["deadline", "issued_on", "last_report_on", "state", "code", "id"],
                condition=models.Q(state__in=("assigned", "in_progress", "refused")),
                name="task_open_facts",
            ),
        ),
    ]
