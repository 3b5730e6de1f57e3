"""The file of the yearly review: complete, harmless in a spreadsheet, and proof by itself."""

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import actions, exports, log, sealing
from accounts.members import Member
from accounts.models import LogEntry, Result
from accounts.roles import Role
from tests import builders
from tests.hostile import HOSTILE
from tests.pages import content

pytestmark = pytest.mark.django_db
ADDRESS = "/duoplus/logboek/export/"
Row = dict[str, str]


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor", builders.organisation(), Role.ADMINISTRATOR)


def at(moment: str, member: Member, action: str, subject: str, **data: Any) -> None:
    with time_machine.travel(moment, tick=False):
        log.record(member, action, subject, **data)


@pytest.fixture
def years(noor: Member) -> Member:
    """Around new year, in the time of the Netherlands; one entry of another organisation."""
    at("2020-12-31T22:59:59Z", noor, "accounts.add_team", "Oud")
    at("2020-12-31T23:00:00Z", noor, "accounts.rename_team", "Nieuw", was="Oud")
    at("2021-12-31T22:59:59Z", noor, "accounts.ask_page", "/duoplus/", result=Result.REFUSED, status=403)
    at("2021-12-31T23:00:00Z", noor, "accounts.add_team", "Later")
    ida = builders.member("Ida", builders.organisation("Waterrand", "waterrand"), Role.ADMINISTRATOR)
    at("2021-06-01T09:00:00Z", ida, "accounts.add_team", "Dijken")
    return noor


def rows_of(text: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))


def read(lines: Iterable[str]) -> list[Row]:
    return rows_of("".join(lines))


def test_a_year_is_a_file(years: Member, client: Client) -> None:
    client.force_login(years.user)
    answer = client.post(ADDRESS, {"year": "2021"})
    assert (answer.status_code, answer["Content-Type"], answer["Content-Disposition"]) == (
        200,
        "text/csv; charset=utf-8",
        'attachment; filename="logboek-duoplus-2021.csv"',
    )
    file = content(answer)
    assert file.startswith(b"\xef\xbb\xbfnummer;tijdstip;persoon;")
    shown = [list(row.values())[:10] for row in rows_of(file.decode())]
    who = ["Noor", "noor@duoplus.example"]
    assert shown == [
        [
            "2",
            "01-01-2021 00:00:00",
            *who,
            "team hernoemd",
            "Nieuw",
            "gelukt",
            "heette “Oud”",
            "",
            '{"was": "Oud"}',
        ],
        [
            "3",
            "31-12-2021 23:59:59",
            *who,
            "pagina gevraagd",
            "/duoplus/",
            "geweigerd",
            "geen recht",
            "",
            '{"status": 403}',
        ],
    ]


def test_every_row_proves_itself_and_the_one_before(years: Member) -> None:
    rows = read(actions.export_log(years, 2021))
    for row in rows:
        assert hashlib.sha256(row["verzegelde tekst"].encode()).hexdigest() == row["zegel"]
        assert json.loads(row["verzegelde tekst"])["position"] == int(row["nummer"])
    assert json.loads(rows[1]["verzegelde tekst"])["previous"] == rows[0]["zegel"]
    assert sealing.walk(years.organisation.pk, {int(row["nummer"]): row["zegel"] for row in rows}).broken == ""


def test_the_first_of_all_follows_on_nothing(years: Member) -> None:
    first = read(actions.export_log(years, 2020))[0]
    assert json.loads(first["verzegelde tekst"])["previous"] == sealing.Head().hash


def test_that_it_was_taken_stands_in_it(noor: Member) -> None:
    year = datetime.now(UTC).year
    row = read(actions.export_log(noor, year))[-1]
    assert (row["handeling"], row["onderwerp"], row["bijzonderheden"]) == (
        "logboek geëxporteerd",
        f"Logboek {year}",
        f"over {year}",
    )
    assert LogEntry.objects.filter(seal=None).count() == 0


@pytest.mark.parametrize("hostile", [*HOSTILE, "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(noor: Member, hostile: str) -> None:
    noor.user.name = hostile[:120]
    noor.user.save()
    log.record(noor, "accounts.rename_team", hostile, was=hostile)
    sealing.seal_waiting()
    rows = read(exports.lines(noor.organisation, datetime.now(UTC).year))
    assert len(rows) == 1
    for cell in rows[0].values():
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_numbers_and_plain_words_stay_as_they_are() -> None:
    assert [exports.neutral(text) for text in ("Staf", "", "a=b", "=b", "'x")] == ["Staf", "", "a=b", "'=b", "'x"]


@pytest.mark.parametrize("year", ["", "1999", "twee", "99999999999"])
def test_a_year_that_is_not_offered_is_not_there(years: Member, client: Client, year: str) -> None:
    client.force_login(years.user)
    assert client.post(ADDRESS, {"year": year}).status_code == 404
    assert LogEntry.objects.filter(action="accounts.export_log").count() == 0


def test_who_may_not_read_the_log_takes_none_of_it(noor: Member) -> None:
    for role in (Role.CONTROLLER, Role.TEAM_LEAD, Role.DIRECTOR):
        with pytest.raises(PermissionDenied):
            actions.export_log(builders.member(role.value, noor.organisation, role), 2021)
    assert LogEntry.objects.count() == 0


def test_a_long_year_takes_no_more_questions(
    noor: Member, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr(exports, "BATCH", 10)
    for number in range(45):
        log.record(noor, "accounts.add_team", f"Team {number}")
    sealing.seal_waiting()
    with django_assert_num_queries(1):
        assert len(read(exports.lines(noor.organisation, datetime.now(UTC).year))) == 45


class TestCommand:
    def test_it_writes_the_same_file(self, years: Member, tmp_path: Path) -> None:
        file = tmp_path / "logboek.csv"
        call_command("export_log", "duoplus", "2021", str(file))
        assert file.read_bytes().decode() == "".join(exports.lines(years.organisation, 2021))
        entry = LogEntry.objects.latest("id")
        assert (entry.action, entry.user, entry.data) == ("accounts.export_log", None, {"year": 2021})

    def test_it_overwrites_nothing(self, years: Member, tmp_path: Path) -> None:
        file = tmp_path / "logboek.csv"
        file.write_text("van mij")
        with pytest.raises(CommandError, match="kan niet worden geschreven"):
            call_command("export_log", "duoplus", "2021", str(file))
        assert file.read_text() == "van mij"

    def test_it_knows_its_organisations(self, years: Member, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="Er is geen organisatie elders"):
            call_command("export_log", "elders", "2021", str(tmp_path / "logboek.csv"))

    @pytest.mark.parametrize("year", ["2019", "99999"])
    def test_it_knows_its_years(self, years: Member, tmp_path: Path, year: str) -> None:
        with pytest.raises(CommandError, match=f"Over {year} heeft duoplus geen logboek"):
            call_command("export_log", "duoplus", year, str(tmp_path / "logboek.csv"))
        assert not (tmp_path / "logboek.csv").exists()
