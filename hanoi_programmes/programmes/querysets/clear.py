"""Which of the six rõ a task lacks, asked of the database; its mirror is `rules.six_clear`."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q

from hanoi_programmes.people.models import Holding
from hanoi_programmes.programmes.states import Clarity

# Asks for tasks that lack at least one of the six.
ANY = "any"


def lacks(on: date) -> Mapping[Clarity, Q]:
    """For each rõ the condition under which a task lacks it on the day."""
    headed = Exists(Holding.objects.of_heads().held(on).filter(post__unit=OuterRef("lead_unit")))
    return {
        Clarity.WHO: Q(~headed),
        Clarity.WHAT: Q(text=""),
        Clarity.WHEN: Q(deadline__isnull=True, rhythm=""),
        Clarity.ANSWERABLE: Q(~headed) & Q(officer__isnull=True),
        Clarity.PRODUCT: Q(product="") & (Q(count_label="") | ~Q(count_goal__gt=0)),
        Clarity.AUTHORITY: Q(authority=""),
    }
