"""Illustrative hand-overs of the weekly text: the last weeks of a few units."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hanoi_programmes.lib.dates import week_of
from hanoi_programmes.lib.periods import WEEK
from hanoi_programmes.people.models import User
from hanoi_programmes.people.services.history import Act
from hanoi_programmes.programmes.services.weekly import hand_over
from hanoi_programmes.programmes.shapes.weekly import compose, week_of_work

WEEKS = 3
_FRIDAY = timedelta(days=4)
_HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def hand_over_weeks(users: Iterable[User], *, on: date) -> None:
    """Each of the users hands over the text of the last weeks, on the Friday afternoon."""
    for user in users:
        for back in range(WEEKS, 0, -1):
            week = week_of(on - back * WEEK)
            friday = week.start + _FRIDAY
            text = compose(week_of_work(user, week, today=friday))
            at = datetime.combine(friday, time(16, 10), _HANOI)
            hand_over(user.unit, week.start, text, act=Act(by=user, at=at, on=friday))
