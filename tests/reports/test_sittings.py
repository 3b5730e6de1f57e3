from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from reports.sittings import GAP, Sitting, saved_words, sittings

START = datetime(2021, 3, 12, 14, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Version:
    saved_by_id: int | None
    saved_at: datetime


def version(person: int, minutes: float) -> Version:
    return Version(person, START + timedelta(minutes=minutes))


def test_one_person_without_long_pauses_is_one_sitting() -> None:
    latest, middle, first = version(1, 29), version(1, 15), version(1, 0)
    assert sittings([latest, middle, first]) == [Sitting(latest, (middle, first))]


def test_a_pause_or_another_person_starts_a_new_one() -> None:
    rows = [version(2, 40), version(1, 39), version(1, 39 - 15.1), version(1, 0)]
    assert sittings(rows) == [Sitting(row, ()) for row in rows]


def test_a_pause_of_exactly_the_gap_is_within_the_sitting() -> None:
    latest, first = Version(1, START + GAP), Version(1, START)
    assert sittings([latest, first]) == [Sitting(latest, (first,))]


def test_no_versions_no_sittings() -> None:
    assert sittings([]) == []


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (None, "nog niets om op te slaan"),
        (datetime(2021, 3, 12, 13, 32, tzinfo=UTC), "opgeslagen om 14:32"),
        (datetime(2021, 3, 11, 23, 30, tzinfo=UTC), "opgeslagen om 00:30"),
        (datetime(2021, 3, 11, 22, 30, tzinfo=UTC), "opgeslagen op 11 maart om 23:30"),
    ],
)
def test_when_it_was_saved_in_local_words(at: datetime | None, words: str) -> None:
    with time_machine.travel(START, tick=False):
        assert saved_words(at) == words
