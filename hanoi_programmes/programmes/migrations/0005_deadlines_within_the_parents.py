"""A child never ends after its parent, and no task is above itself, whoever writes."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("programmes", "0004_row_history"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="task",
            trigger=pgtrigger.compiler.Trigger(
                name="fits_parent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    declare="DECLARE above programmes_task%ROWTYPE;",
                    func="\n    IF NEW.parent_id IS NOT NULL THEN\n        SELECT * INTO above FROM programmes_task WHERE id = NEW.parent_id FOR SHARE;\n        IF NEW.id = NEW.parent_id OR NEW.id = ANY(above.ancestors) THEN\n            RAISE EXCEPTION 'task % cannot be above itself', NEW.code\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_task_above_itself';\n        END IF;\n        IF NEW.deadline > above.deadline THEN\n            RAISE EXCEPTION 'task % ends % after its parent (%)',\n                NEW.code, NEW.deadline, above.deadline\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_deadline_after_the_parents';\n        END IF;\n    END IF;\n    RETURN NEW;\n",
                    hash="113197cecced02bc2fe9eaf7b4716a0618bcf2d2",
                    operation="INSERT",
                    pgid="pgtrigger_fits_parent_64c25",
                    table="programmes_task",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="task",
            trigger=pgtrigger.compiler.Trigger(
                name="still_fits_parent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.deadline IS DISTINCT FROM OLD.deadline OR NEW.parent_id IS DISTINCT FROM OLD.parent_id)",
                    declare="DECLARE above programmes_task%ROWTYPE;",
                    func="\n    IF NEW.parent_id IS NOT NULL THEN\n        SELECT * INTO above FROM programmes_task WHERE id = NEW.parent_id FOR SHARE;\n        IF NEW.id = NEW.parent_id OR NEW.id = ANY(above.ancestors) THEN\n            RAISE EXCEPTION 'task % cannot be above itself', NEW.code\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_task_above_itself';\n        END IF;\n        IF NEW.deadline > above.deadline THEN\n            RAISE EXCEPTION 'task % ends % after its parent (%)',\n                NEW.code, NEW.deadline, above.deadline\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'no_deadline_after_the_parents';\n        END IF;\n    END IF;\n    RETURN NEW;\n",
                    hash="a0e8bd5c6fa0f87722b10e4cb9208d0fbfe9c546",
                    operation="UPDATE",
                    pgid="pgtrigger_still_fits_parent_d646a",
                    table="programmes_task",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="task",
            trigger=pgtrigger.compiler.Trigger(
                name="holds_children",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.deadline < OLD.deadline OR OLD.deadline IS NULL)",
                    func="\n    IF EXISTS (\n        SELECT FROM programmes_task child\n        WHERE child.parent_id = NEW.id AND child.deadline > NEW.deadline\n            AND child.state NOT IN ('completed', 'cancelled')\n    ) THEN\n        RAISE EXCEPTION 'task % would end before a child of it', NEW.code\n            USING ERRCODE = 'check_violation', CONSTRAINT = 'no_deadline_before_a_childs';\n    END IF;\n    RETURN NEW;\n",
                    hash="1f45d3442e4491a97cdaecbbe64f95665d30fe71",
                    operation="UPDATE",
                    pgid="pgtrigger_holds_children_86218",
                    table="programmes_task",
                    when="BEFORE",
                ),
            ),
        ),
    ]
