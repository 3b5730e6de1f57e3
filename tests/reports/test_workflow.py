import pytest

from reports.workflow import (
    TRANSITIONS,
    Progress,
    SectionState,
    Standing,
    progress,
    standing,
    transitions_from,
)


@pytest.mark.parametrize(
    ("state", "steps"),
    [
        (SectionState.DRAFT, ["submit"]),
        (SectionState.IN_REVIEW, ["withdraw", "send_back", "agree"]),
        (SectionState.AGREED, ["send_back"]),
    ],
)
def test_the_steps_from_each_state(state: SectionState, steps: list[str]) -> None:
    assert [transition.name for transition in transitions_from(state)] == steps


def test_where_each_step_leads() -> None:
    assert {name: (transition.target, transition.needs_reason) for name, transition in TRANSITIONS.items()} == {
        "submit": (SectionState.IN_REVIEW, False),
        "withdraw": (SectionState.DRAFT, False),
        "send_back": (SectionState.DRAFT, True),
        "agree": (SectionState.AGREED, False),
    }


@pytest.mark.parametrize(
    ("state", "facts", "shown"),
    [
        ("draft", {}, Standing("draft", "concept")),
        ("draft", {"sent_back": True}, Standing("returned", "teruggestuurd")),
        ("in_review", {}, Standing("in_review", "ter beoordeling")),
        ("agreed", {}, Standing("agreed", "akkoord")),
        ("agreed", {"lapsed": True}, Standing("attention", "akkoord vervallen")),
        ("agreed", {"adopted": True, "lapsed": True}, Standing("adopted", "vastgesteld")),
    ],
)
def test_what_people_see_of_a_state(state: str, facts: dict[str, bool], shown: Standing) -> None:
    assert standing(state, **facts) == shown


def test_progress_counts_what_is_agreed_or_adopted() -> None:
    kinds = ["draft", "returned", "in_review", "agreed", "agreed", "adopted", "attention"]
    assert progress(Standing(kind, "") for kind in kinds) == Progress(
        total=7, agreed=3, in_review=1, returned=1, lapsed=1
    )
    assert progress([]) == Progress(0, 0, 0, 0, 0)
