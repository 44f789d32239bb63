"""Forms with hidden fields that no page has written, and forms sent again with other words."""

import json
from typing import Any
from uuid import uuid4

import pytest

from hanoi_programmes.lib.verdict import Denied
from hanoi_programmes.people.models import User
from hanoi_programmes.programmes.models import Task
from hanoi_programmes.programmes.services.merging import merge_areas, merge_units
from tests import factories
from tests.conftest import TODAY, Cast, act, signed_in
from tests.stored import stored


def test_a_form_of_one_merging_sent_again_for_another_moves_nothing(
    cast: Cast, other_head: User
) -> None:
    key = uuid4()
    third = factories.make_ward("00003", parent=cast.city, name="Phường Giảng Võ")
    factories.make_task(cast.programme, cast.ward)
    task = factories.make_task(cast.programme, third)
    common: dict[str, Any] = {"on": TODAY, "document": "12/NQ-HĐND"}
    common["act"] = act(cast.office, form_key=key)
    assert merge_units(unit=cast.ward, into=cast.other_ward, **common) == 1
    before = stored()
    with pytest.raises(Denied, match="Tải lại trang"):
        merge_units(unit=third, into=cast.other_ward, **common)
    assert third.area is not None
    assert cast.other_ward.area is not None
    with pytest.raises(Denied, match="Tải lại trang"):
        merge_areas(area=third.area, into=cast.other_ward.area, **common)
    assert stored() == before
    task.refresh_from_db()
    assert task.lead_unit == third


OPENED: dict[str, str] = {
    "a list": "[]",
    "a number": "7",
    "brackets without end": "[" * 90_000,
    "no unit": json.dumps({"lead_unit": "abc", "partners": "xyz", "starts_on": "hôm qua"}),
    "a unit that is none": json.dumps({"lead_unit": 10**30, "partners": [10**30], "officer": {}}),
    "strange values": json.dumps({"text": {"a": 1}, "rhythm": "x", "budget_given": "y"}),
    "a NUL": json.dumps({"text": "a\0b", "lead_unit": "a\0b"}),
}


@pytest.mark.parametrize("case", OPENED)
@pytest.mark.parametrize(
    "extra",
    [
        {},
        {"clash": "text"},
        {"clash": ["lead_unit", "text"], "pick-lead_unit": "theirs", "pick-text": "both"},
    ],
)
def test_what_a_form_says_it_showed_may_be_anything(
    cast: Cast, draft: Task, case: str, extra: dict[str, Any]
) -> None:
    Task.objects.filter(pk=draft.pk).update(version=draft.version + 3)
    form = {
        "form_key": str(uuid4()), "version": draft.version, "opened": OPENED[case],
        "task_group": cast.programme.groups.get().pk, "code": draft.code, "text": "Khác 🙂",
        "lead_unit": cast.ward.pk, "deadline_text": "31/12/2099", "product": "x",
        "starts_on": "2026-11-20", "partners": [cast.other_ward.pk], "budget_given": "5",
    }  # fmt: skip
    client = signed_in(cast.office)
    before = stored()
    response = client.post(f"/tasks/{draft.pk}/edit/", form | extra)
    assert response.status_code in {302, 409, 422}
    if response.status_code != 302:
        assert stored() == before
