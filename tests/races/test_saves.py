"""Two people save one section 500 times at the same moment, through real requests on connections of their own."""

import re
import threading
from dataclasses import dataclass, field

import pytest
from django.test import Client

from accounts.roles import Role
from reports.models import Section, SectionVersion
from tests import builders
from tests.races.racing import together
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 500
VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass
class Writer:
    """One of the two: saves in every round, on top of the version that the last answer showed."""

    name: str
    client: Client
    address: str
    version: int = 1
    texts: dict[int, str] = field(default_factory=dict)
    """What this writer knows to have stood at each version."""
    saved: dict[int, str] = field(default_factory=dict)
    lost: int = 0

    def save(self) -> None:
        mine = f"{self.name}{len(self.saved) + 1}"
        answer = self.client.post(self.address, {"version": self.version, "text": f"<p>{mine}</p>"})
        if answer.status_code == 302:
            self.version += 1
            self.saved[self.version] = self.texts[self.version] = mine
            self.forget_messages()
        else:
            self.lose(answer.status_code, answer.content.decode(), mine)

    def forget_messages(self) -> None:
        """Nobody opens the page here that would show them."""
        session = self.client.session
        session.pop("_messages", None)
        session.save()

    def lose(self, status: int, page: str, mine: str) -> None:
        """Learn from the page what stands there now; both texts are on it, and the own one still in the form."""
        theirs, (own, kept) = re.search(r"<del>(\w+)</del>", page), (f"<ins>{mine}</ins>", f"&lt;p&gt;{mine}&lt;/p&gt;")
        shown = VERSION.search(page)
        assert (status, theirs is not None, own in page, kept in page) == (409, True, True, True)
        assert theirs is not None
        assert shown is not None
        self.version = int(shown[1])
        self.texts[self.version] = theirs[1]
        self.lost += 1


@pytest.fixture
def office() -> Office:
    return offices.build()


def test_of_two_saves_at_once_one_is_stored_and_the_other_sees_both(office: Office) -> None:
    petra = builders.member("Petra Goedhart", office.organisation, Role.TEAM_LEAD, teams=(office.team,))
    address = office.url("section-write")
    writers = [Writer("joost", signed_in(office.lead), address), Writer("petra", signed_in(petra), address)]
    each_round = threading.Barrier(len(writers))

    def write(writer: Writer) -> None:
        try:
            for _ in range(ROUNDS):
                each_round.wait()
                writer.save()
        except BaseException:
            each_round.abort()
            raise

    together(*(lambda writer=writer: write(writer) for writer in writers))

    first, second = writers
    stored = {row.number: row.content["text"] for row in SectionVersion.objects.all()}
    # One of the two in every round, never both and never none: no save went over a text that its writer had not seen.
    assert list(stored) == [*range(ROUNDS + 1, 1, -1)]
    assert first.saved.keys() | second.saved.keys() == stored.keys()
    assert first.saved.keys() & second.saved.keys() == set()
    assert (first.lost + second.lost, len(first.saved) + len(second.saved)) == (ROUNDS, ROUNDS)
    for writer in writers:
        assert {number: f"<p>{text}</p>" for number, text in writer.texts.items()} == stored
    assert Section.objects.get().text == stored[ROUNDS + 1]
