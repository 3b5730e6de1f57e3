import pytest

from accounts import log
from accounts.members import Member
from accounts.models import LogEntry, Membership, Result, User
from accounts.roles import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor", builders.organisation(), Role.ADMINISTRATOR)


def test_what_a_person_does_outside_is_told_to_each_organisation(noor: Member) -> None:
    waterrand = builders.organisation("Waterrand", "waterrand")
    builders.organisation("Gooi", "gooi")
    for role in (Role.AUDITOR, Role.DIRECTOR):
        Membership.objects.create(user=noor.user, organisation=waterrand, role=role)
    log.record_person(noor.user, "accounts.log_in", "10.1.2.3", result=Result.FAILED, attempt=2)
    rows = LogEntry.objects.order_by("id").values_list("organisation", "user", "subject", "address", "result", "data")
    assert list(rows) == [
        (organisation.pk, noor.user.pk, "Noor", "10.1.2.3", "failed", {"attempt": 2})
        for organisation in (noor.organisation, waterrand)
    ]


def test_who_belongs_nowhere_has_an_entry_without_an_organisation() -> None:
    user = User.objects.create_user("weg@duo.example", name="Weg")
    log.record_person(user, "accounts.log_in", None, subject="Elders")
    entry = LogEntry.objects.get()
    assert (entry.organisation, entry.subject, entry.result) == (None, "Elders", Result.DONE)


def test_a_float_is_no_amount(noor: Member) -> None:
    with pytest.raises(TypeError, match="no floats"):
        log.record(noor, "investments.add_line", "Servers", original=0.1)
    with pytest.raises(TypeError, match="no floats"):
        log.record_operation(noor.organisation, "accounts.add_organisation", "Duo+", share=1.0)


def test_who_was_refused_is_not_who_saved_last(noor: Member) -> None:
    log.record(noor, "accounts.rename_team", "Staf", team=1)
    joost = builders.member("Joost", noor.organisation, Role.CONTROLLER)
    log.record(joost, "accounts.ask_change", "/duoplus/teams/1/", result=Result.REFUSED, team=1)
    assert log.last_by(noor.organisation, team=1) == "Noor"
    assert log.last_by(noor.organisation, team=2) == "Een collega"
