"""The life of a section as a table of transitions (domain, "Life of a section and a report")."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices


class SectionState(TextChoices):
    DRAFT = "draft", "concept"
    IN_REVIEW = "in_review", "ter beoordeling"
    AGREED = "agreed", "akkoord"


class ReportState(TextChoices):
    OPEN = "open", "in bewerking"
    ADOPTED = "adopted", "vastgesteld"


@dataclass(frozen=True)
class Transition:
    """One step: from which states, to which, what the button says, and whether a reason must be given."""

    name: str
    button: str
    sources: frozenset[str]
    target: SectionState
    needs_reason: bool = False


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition("submit", "Ter beoordeling aanbieden", frozenset({SectionState.DRAFT}), SectionState.IN_REVIEW),
        Transition("withdraw", "Terugnemen", frozenset({SectionState.IN_REVIEW}), SectionState.DRAFT),
        Transition(
            "send_back",
            "Terugsturen",
            frozenset({SectionState.IN_REVIEW, SectionState.AGREED}),
            SectionState.DRAFT,
            needs_reason=True,
        ),
        Transition("agree", "Akkoord", frozenset({SectionState.IN_REVIEW}), SectionState.AGREED),
    )
}


def transitions_from(state: str) -> list[Transition]:
    """The steps that a section in this state can take, whoever takes them."""
    return [transition for transition in TRANSITIONS.values() if state in transition.sources]


@dataclass(frozen=True)
class Standing:
    """Where a section stands, as the status component shows it: its kind and its words."""

    kind: str
    label: str


def standing(state: str, *, adopted: bool = False, sent_back: bool = False, lapsed: bool = False) -> Standing:
    """What people see of a state: `sent_back` is a draft with a reason, `lapsed` an agreement to another text."""
    if adopted:
        return Standing("adopted", ReportState.ADOPTED.label)
    if state == SectionState.DRAFT and sent_back:
        return Standing("returned", "teruggestuurd")
    if state == SectionState.AGREED and lapsed:
        return Standing("attention", "akkoord vervallen")
    return Standing(state, SectionState(state).label)


@dataclass(frozen=True)
class Progress:
    """How many sections of a report stand where."""

    total: int
    agreed: int
    in_review: int
    returned: int
    lapsed: int


def progress(standings: Iterable[Standing]) -> Progress:
    """Count the standings; what is adopted was agreed to."""
    kinds = Counter(standing.kind for standing in standings)
    return Progress(
        total=kinds.total(),
        agreed=kinds[SectionState.AGREED] + kinds["adopted"],
        in_review=kinds[SectionState.IN_REVIEW],
        returned=kinds["returned"],
        lapsed=kinds["attention"],
    )
