"""Whatever a member asks is in the log: what was changed by its deed, what was refused by its address."""

import logging
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from accounts import actions, attempts, log
from accounts.models import LogEntry, Membership, Organisation, Result
from accounts.roles import Role
from investments.models import Line
from reports.models import Section
from tests import builders, world
from tests.access import ACCESS
from tests.test_access import ALL, ROLES, ask, url

pytestmark = pytest.mark.django_db
CHANGES = sorted(name for name, access in ACCESS.items() if access.change is not None)
READS = sorted(name for name, access in ACCESS.items() if access.read not in {None, frozenset(ROLES)})
ASKED = {"accounts.ask_change", "accounts.ask_page"}
Told = list[tuple[str, str, str]]


@pytest.fixture
def made() -> world.World:
    """Nothing stands there yet as the table of addresses asks for it."""
    built = world.build()
    Line.objects.update(actual=91)
    Section.objects.update(text="<p>Er is nog meer gedaan.</p>")
    return built


def told() -> Told:
    """Action, subject and result of all entries, in order."""
    return list(LogEntry.objects.order_by("id").values_list("action", "subject", "result"))


def refused(action: str, address: str) -> Told:
    return [(action, address, "refused")]


TOLD_AT_THE_FORM = {
    "investments:credit-class",
    "investments:explanation-edit",
    "investments:explanation-new",
    "investments:line-explain",
}
"""Where an action refuses and the form says why: lines that are not overspent, explanations of nothing."""


def asked(client: Client, address: str, fields: dict[str, str] | None = None) -> tuple[int, Told]:
    """The status and what the log told of it; all that was done is undone."""
    with transaction.atomic():
        status = ask(client, address, fields)
        found = told()
        transaction.set_rollback(True)
    return status, found


@pytest.mark.parametrize("role", ROLES)
def test_each_change_that_is_asked(role: Role, made: world.World, client: Client) -> None:
    """What was done has a deed; what was not done has one entry, unless a form was not filled in well."""
    client.force_login(made.people[role])
    for name in CHANGES:
        address = url(name, made)
        status, found = asked(client, address, ACCESS[name].fields)
        if status == 403:
            assert found == refused("accounts.ask_change", address), name
        elif status in {200, 302}:
            assert {result for _, _, result in found} == {"done"}, name
        else:
            assert status in {409, 422}, name
            assert [entry for entry in found if entry[2] == "done"] == [], name
            assert len(found) == (status == 409 or name in TOLD_AT_THE_FORM), name


@pytest.mark.parametrize("role", ROLES)
def test_each_page_that_is_not_for_everybody(role: Role, made: world.World, client: Client) -> None:
    client.force_login(made.people[role])
    for name in READS:
        address = url(name, made)
        may = role in (ACCESS[name].read or ())
        assert asked(client, address) == ((200, []) if may else (403, refused("accounts.ask_page", address))), name


def test_an_entry_has_the_ids_of_the_address_and_nothing_that_was_typed(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.DIRECTOR])
    client.post(url("reports:section-write", made), {"text": "<p>geheim</p>", "version": "1"}, REMOTE_ADDR="10.1.2.3")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.organisation, entry.address) == (
        made.people[Role.DIRECTOR],
        made.organisation,
        "10.1.2.3",
    )
    assert entry.data == {"status": 403, "page": "reports:section-write", "section": made.subjects["section_id"]}


def test_who_was_second_is_told_from_who_may_not(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.TEAM_LEAD])
    for version in ("1", "0"):
        client.post(url("reports:section-autosave", made), {"version": version, "text": f"<p>Keer {version}.</p>"})
    client.force_login(made.people[Role.ADMINISTRATOR])
    client.post(url("accounts:team-remove", made))
    assert [(action, result) for action, _, result in told()] == [
        ("reports.save_section", "done"),
        ("accounts.ask_change", "conflict"),
        ("accounts.ask_change", "refused"),
    ]


def test_a_mail_that_could_not_be_sent_is_no_invitation(
    made: world.World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*args: object, **kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", unreachable)
    client.force_login(made.people[Role.ADMINISTRATOR])
    assert client.post(url("accounts:person-invite", made)).status_code == 302
    assert told() == refused("accounts.ask_change", url("accounts:person-invite", made))


def test_what_broke_down_has_failed(made: world.World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(actions, "add_team", break_down)
    client.raise_request_exception = False
    client.force_login(made.people[Role.ADMINISTRATOR])
    assert client.post(url("accounts:team-new", made), {"name": "Staf"}).status_code == 500
    assert told() == [("accounts.ask_change", "/duoplus/teams/nieuw/", "failed")]


def test_a_row_that_is_not_there_is_refused_to_who_would_change_it(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.ADMINISTRATOR])
    assert client.get("/duoplus/teams/0/").status_code == 404
    assert client.post("/duoplus/teams/0/", {"name": "Staf"}).status_code == 404
    assert told() == refused("accounts.ask_change", "/duoplus/teams/0/")


def test_the_refusal_of_one_request_is_not_that_of_the_next(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.ADMINISTRATOR])
    client.post(url("accounts:team-remove", made))
    client.get(url("accounts:team-list", made))
    client.post(url("accounts:team-new", made), {"name": ""})
    assert len(told()) == 1


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


class TestElsewhere:
    @pytest.mark.parametrize("there", ["waterrand", "bestaat-niet"])
    def test_the_own_organisations_hear_of_it(self, duoplus: Organisation, client: Client, there: str) -> None:
        builders.organisation("Waterrand", "waterrand")
        gooi = builders.organisation("Gooi", "gooi")
        noor = builders.person("Noor", duoplus, Role.ADMINISTRATOR, Role.AUDITOR)
        Membership.objects.create(user=noor, organisation=gooi, role=Role.AUDITOR)
        client.force_login(noor)
        assert client.get(f"/{there}/logboek/?user=1", REMOTE_ADDR="10.1.2.3").status_code == 404
        rows = LogEntry.objects.order_by("id").values_list("organisation__slug", "action", "subject", "address", "data")
        assert list(rows) == [
            (slug, "accounts.ask_elsewhere", f"/{there}/logboek/", "10.1.2.3", {}) for slug in ("duoplus", "gooi")
        ]
        assert LogEntry.objects.filter(user=noor, result=Result.REFUSED).count() == 2

    def test_every_address_is_seen(self, made: world.World, client: Client) -> None:
        client.force_login(builders.person("Sjoerd", made.other, *ROLES))
        for name in sorted(ACCESS):
            with transaction.atomic():
                ask(client, url(name, made))
                assert told() == refused("accounts.ask_elsewhere", url(name, made)), name
                transaction.set_rollback(True)

    def test_who_is_not_signed_in_is_nobody(self, duoplus: Organisation, client: Client) -> None:
        client.get("/duoplus/logboek/")
        client.post("/duoplus/teams/nieuw/", {"name": "Staf"})
        assert told() == []


class TestScanning:
    def test_a_scan_is_seen_and_does_not_fill_the_log(
        self, duoplus: Organisation, client: Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        joost = builders.person("Joost", duoplus, Role.CONTROLLER)
        client.force_login(joost)
        with time_machine.travel(datetime(2021, 3, 1, 9, tzinfo=UTC), tick=False) as clock:
            for number in range(attempts.MOST + 10):
                assert client.get(f"/{number}/").status_code == 404
            assert client.get("/duoplus/logboek/").status_code == 403
            assert len(told()) == attempts.MOST
            clock.shift(61)
            client.get("/duoplus/logboek/")
            assert len(told()) == attempts.MOST + 1
        warned = [record for record in caplog.records if record.name == "accounts.attempts"]
        assert [(record.levelno, str(joost.pk) in record.getMessage()) for record in warned] == [
            (logging.WARNING, True)
        ] * 11

    def test_of_somebody_else_nothing_is_lost(self, duoplus: Organisation, client: Client) -> None:
        client.force_login(builders.person("Joost", duoplus, Role.CONTROLLER))
        for _ in range(attempts.MOST + 1):
            client.get("/duoplus/logboek/")
        client.force_login(builders.person("Anna", duoplus, Role.DIRECTOR))
        client.get("/duoplus/logboek/")
        assert LogEntry.objects.filter(user__name="Anna").count() == 1


@pytest.mark.parametrize(("address", "status"), [("/duoplus/logboek/", 403), ("/waterrand/logboek/", 404)])
def test_the_answer_comes_also_when_the_log_cannot_be_written(
    duoplus: Organisation, client: Client, monkeypatch: pytest.MonkeyPatch, address: str, status: int
) -> None:
    def full(*args: object, **kwargs: object) -> None:
        raise DatabaseError

    for name in ("record", "record_person"):
        monkeypatch.setattr(log, name, full)
    client.force_login(builders.person("Joost", duoplus, Role.CONTROLLER))
    assert client.get(address).status_code == status


def test_the_table_has_addresses_of_both_kinds() -> None:
    assert len(CHANGES) > 30
    assert len(READS) > 20
    assert set(CHANGES) | set(READS) <= set(ALL)
