import pytest

from accounts import log, seen
from accounts.errors import Conflict
from accounts.members import Member
from accounts.roles import Role
from tests import builders

pytestmark = pytest.mark.django_db
OLD = [("titel", "Begroting"), ("jaar", "2020")]
THEIRS = [("titel", "Begroting"), ("jaar", "2021")]
MINE = [("titel", "Programmabegroting"), ("jaar", "2020")]


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor", builders.organisation(), Role.ADMINISTRATOR)


def test_a_mark_is_short_and_tells_texts_apart() -> None:
    assert seen.mark(OLD) == seen.mark(list(OLD))
    assert len(seen.mark(OLD)) == 16
    assert seen.mark(OLD) != seen.mark(THEIRS)


def test_who_saw_what_stands_may_save(noor: Member) -> None:
    seen.check(noor, "Begroting", seen.mark(OLD), OLD, MINE)


def test_who_wants_what_already_stands_may_save(noor: Member) -> None:
    seen.check(noor, "Begroting", seen.mark(OLD), THEIRS, THEIRS)


def test_who_saw_something_else_gets_both_with_only_what_differs(noor: Member) -> None:
    log.record(noor, "library.update_document", "Begroting", document=7)
    mine = [("titel", "Begroting"), ("jaar", "2019")]
    with pytest.raises(Conflict) as caught:
        seen.check(noor, "Begroting", seen.mark(OLD), THEIRS, mine, document=7)
    assert (caught.value.subject, caught.value.saved_by) == ("Begroting", "Noor")
    assert (caught.value.theirs, caught.value.mine) == ([("jaar", "2021")], [("jaar", "2019")])


def test_without_an_entry_in_the_log_it_was_a_colleague(noor: Member) -> None:
    with pytest.raises(Conflict) as caught:
        seen.check(noor, "Begroting", "", THEIRS, MINE, document=7)
    assert caught.value.saved_by == "Een collega"
