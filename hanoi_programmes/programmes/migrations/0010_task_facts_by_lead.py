"""One index holds all facts that figures count by; built beside running work."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The longer index answers whatever the shorter one did."""

    atomic = False

    dependencies = [("programmes", "0009_plans_of_units_weekly_texts_saved_views")]

    operations = [
        AddIndexConcurrently(
            model_name="task",
            index=models.Index(
                fields=[
                    *("lead_unit", "state", "programme", "deadline", "original_deadline"),
                    *("completed_on", "rhythm"),
                ],
                name="task_facts_by_lead",
            ),
        ),
        RemoveIndexConcurrently(model_name="task", name="task_lead_state"),
    ]
