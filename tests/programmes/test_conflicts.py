"""Three-way compare: nothing that only one side changed is lost, what both changed is a clash."""

from hypothesis import given
from hypothesis import strategies as st

from hanoi_programmes.programmes.services.conflicts import (
    BOTH,
    MINE,
    THEIRS,
    Clash,
    decided,
    three_way,
)

OPENED = {"text": "a", "product": "b", "hard": False}
values = st.dictionaries(
    st.sampled_from(["text", "product", "clause"]), st.sampled_from(["", "a", "b", "c"])
)


def test_what_nobody_changed_stays() -> None:
    merge = three_way(OPENED, OPENED, OPENED)
    assert (merge.values, merge.theirs, merge.mine, merge.clashes) == (OPENED, (), (), ())


def test_changes_to_different_fields_are_both_kept() -> None:
    merge = three_way(OPENED, OPENED | {"product": "b2"}, OPENED | {"text": "a2"})
    assert merge.values == {"text": "a2", "product": "b2", "hard": False}
    assert (merge.theirs, merge.mine, merge.clashes) == (("product",), ("text",), ())


def test_the_same_field_changed_by_both_is_a_clash() -> None:
    merge = three_way(OPENED, OPENED | {"text": "a2"}, OPENED | {"text": "a3"})
    assert merge.clashes == (Clash("text", "a", "a2", "a3"),)
    assert merge.values["text"] == "a2"


def test_the_same_change_by_both_is_an_agreement() -> None:
    both = OPENED | {"text": "a2"}
    merge = three_way(OPENED, both, both)
    assert (merge.values, merge.mine, merge.clashes) == (both, (), ())


def test_a_field_that_was_not_opened_counts_as_it_is_stored() -> None:
    assert three_way({}, {"text": "a"}, {"text": "b"}).values == {"text": "b"}


def test_a_form_of_one_field_leaves_the_others_alone() -> None:
    merge = three_way(OPENED, OPENED | {"product": "b2"}, {"text": "a2"})
    assert merge.values == {"text": "a2"}


def test_a_decision_keeps_theirs_mine_or_both_texts() -> None:
    clash = Clash("text", "a", "theirs", "mine")
    assert [decided(clash, choice) for choice in (THEIRS, MINE, BOTH)] == [
        "theirs",
        "mine",
        "theirs\n\nmine",
    ]
    assert decided(Clash("text", "a", "", "mine"), BOTH) == "mine"
    assert decided(Clash("hard", opened=None, theirs=True, mine=False), BOTH) is True


@given(values, values, values)
def test_each_wanted_value_is_stored_opened_mine_or_a_clash(
    opened: dict[str, str], stored: dict[str, str], wanted: dict[str, str]
) -> None:
    stored = {name: stored.get(name, "") for name in ("text", "product", "clause")}
    merge = three_way(opened, stored, wanted)
    assert set(merge.values) == set(wanted)
    clashing = {clash.name for clash in merge.clashes}
    assert not clashing & {*merge.theirs, *merge.mine}
    for name, wish in wanted.items():
        before = opened.get(name, stored[name])
        # What I changed arrives, or asks; what they changed and I did not, stays.
        if wish not in (before, stored[name]):
            assert name in clashing or merge.values[name] == wish
        if wish == before:
            assert merge.values[name] == stored[name]
