"""Tasks of the city's that many wards were given: what the matrix is made of."""

from collections.abc import Sequence
from datetime import date, timedelta

from hanoi_programmes.people.models import Unit
from hanoi_programmes.programmes.models import ActionProgramme, Task
from tests import factories


def make_fan(
    programme: ActionProgramme, city: Unit, wards: Sequence[Unit], number: int, on: date
) -> list[Task]:
    """So many tasks of the city's, each given to all of the wards: overdue, due soon, waiting, done
    and in term in turn; with spans. The parents only."""
    states = ("in_progress", "completed", "awaiting", "in_progress", "completed", "in_progress")
    offsets = (-40, -3, 20, 4, 30, 60)
    text = "Lập, đồng bộ sổ sức khỏe điện tử cho người dân thường trú trên địa bàn, lần thứ {}"
    parents = factories.make_tasks(
        programme, city, [{"text": text.format(n), "state": "in_progress"} for n in range(number)]
    )
    children = factories.make_tasks(
        programme,
        city,
        [
            {
                "parent": parent,
                "ancestors": [parent.pk],
                "lead_unit": ward,
                "state": states[(n * 7 + m) % len(states)],
                "deadline": on + timedelta(days=offsets[(n * 7 + m) % len(states)] - n % 3),
                "original_deadline": on,
                "completed_on": on if states[(n * 7 + m) % len(states)] == "completed" else None,
            }
            for m, parent in enumerate(parents)
            for n, ward in enumerate(wards)
        ],
    )
    factories.make_spans([*parents, *children])
    return parents
