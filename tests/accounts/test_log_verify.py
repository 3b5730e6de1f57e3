import re
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from accounts import append_only, log, sealing
from accounts.models import LogEntry, Organisation
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def duoplus() -> Organisation:
    organisation = builders.organisation()
    for day in (1, 2, 3):
        with time_machine.travel(f"2021-03-0{day}T09:00:00Z", tick=False):
            log.record_operation(organisation, "accounts.add_organisation", f"Dag {day}")
    return organisation


def verify(*arguments: str) -> list[str]:
    """What the command printed, line by line; raise CommandError when the log is broken."""
    out = StringIO()
    call_command("verify_log", *arguments, stdout=out)
    return out.getvalue().splitlines()


def seal_of(organisation: Organisation) -> str:
    head = sealing.head(organisation.pk)
    return f"{organisation.slug}:{head.position}:{head.hash}"


def tamper(organisation: Organisation) -> None:
    append_only.lift(connection, ["UPDATE"])
    LogEntry.objects.filter(organisation=organisation, subject="Dag 2").update(subject="Nooit")


def test_it_seals_what_waits_and_prints_what_to_keep(duoplus: Organisation) -> None:
    builders.organisation("Waterrand", "waterrand")
    LogEntry.objects.create(action="accounts.log_in", at="2021-03-01T09:00:00Z")
    said = verify()
    assert said == [
        "-: 1 regels, 01-03-2021 10:00 tot en met 01-03-2021 10:00, 0 wachtend",
        f"  -:1:{sealing.head(0).hash}",
        "duoplus: 3 regels, 01-03-2021 10:00 tot en met 03-03-2021 10:00, 0 wachtend",
        f"  {seal_of(duoplus)}",
        "waterrand: 0 regels, 0 wachtend",
        "Het logboek is heel.",
    ]


def test_it_goes_along_one_chain_when_asked(duoplus: Organisation) -> None:
    assert [line.split(":")[0] for line in verify("--organisation", "duoplus")] == [
        "duoplus",
        "  duoplus",
        "Het logboek is heel.",
    ]
    assert verify("--organisation", "-")[0] == "-: 0 regels, 0 wachtend"


def test_what_it_printed_proves_something_later(duoplus: Organisation) -> None:
    verify()
    kept = seal_of(duoplus)
    log.record_operation(duoplus, "accounts.add_organisation", "Dag 4")
    assert verify("--expect", kept)[-1] == "Het logboek is heel."
    assert verify("--expect", kept, seal_of(duoplus), "--expect", kept)[-1] == "Het logboek is heel."


def test_a_break_is_named_and_fails_the_command(duoplus: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    verify()
    tamper(duoplus)
    with pytest.raises(CommandError, match=re.escape("Het logboek is niet heel: duoplus.")):
        call_command("verify_log")
    entry = LogEntry.objects.get(subject="Nooit")
    assert f"  GEBROKEN: regel {entry.pk} op plaats 2 is niet wat is verzegeld\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("position", "broken"),
    [(3, "plaats 3 heeft een ander zegel dan u hebt"), (4, "plaats 4, waarvan u het zegel hebt, is er niet meer")],
)
def test_a_seal_that_does_not_stand_there_is_a_break(
    duoplus: Organisation, capsys: pytest.CaptureFixture[str], position: int, broken: str
) -> None:
    with pytest.raises(CommandError):
        call_command("verify_log", "--expect", f"duoplus:{position}:{'0' * 64}")
    assert f"  GEBROKEN: {broken}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["--organisation", "waterrand"],
        ["--expect", f"waterrand:1:{'0' * 64}"],
        ["--expect", "duoplus:1"],
        ["--expect", f"duoplus:een:{'0' * 64}"],
    ],
)
def test_what_it_does_not_know_it_says(duoplus: Organisation, arguments: list[str]) -> None:
    with pytest.raises(CommandError, match=r"Er is geen organisatie waterrand|SLUG:POSITION:HASH"):
        verify(*arguments)
