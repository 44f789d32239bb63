"""The nine groups as two functions of the database, which its planner writes out in each query.

`programmes.timeliness` calls them; a later rule comes with a migration that replaces them. They say
what was said in each query until now, in a tenth of its letters.
"""

from django.db import migrations

RULE = """
CREATE FUNCTION {name}(
    state varchar, due date, done_on date, rhythm varchar, day date, last_soon date
) RETURNS {type} LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN state = 'completed' THEN
        CASE WHEN done_on > due THEN {completed_late} ELSE {completed_on_time} END
    WHEN state IN ('assigned', 'in_progress', 'refused') THEN
        CASE
            WHEN due < day THEN {overdue}
            WHEN due <= last_soon THEN {due_soon}
            WHEN due IS NOT NULL THEN {in_term}
            WHEN rhythm <> '' THEN {ongoing}
            ELSE {no_deadline}
        END
    WHEN state = 'awaiting' THEN {awaiting}
    WHEN state = 'suspended' THEN {suspended}
END
"""
# In the order of every screen.
GROUPS = (
    *("overdue", "due_soon", "awaiting", "suspended", "no_deadline", "in_term", "ongoing"),
    *("completed_late", "completed_on_time"),
)
NAMES = RULE.format(
    name="task_group", type="varchar", **{group: f"'{group}'::varchar" for group in GROUPS}
)
RANKS = RULE.format(
    name="task_rank", type="integer", **{group: rank for rank, group in enumerate(GROUPS)}
)
TAKEN = "varchar, date, date, varchar, date, date"


class Migration(migrations.Migration):
    dependencies = [("programmes", "0010_task_facts_by_lead")]

    operations = [
        migrations.RunSQL(NAMES, f"DROP FUNCTION task_group({TAKEN})"),
        migrations.RunSQL(RANKS, f"DROP FUNCTION task_rank({TAKEN})"),
    ]
