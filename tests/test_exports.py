"""Every list can be had as a file: all of what is filtered, in its order, of the own organisation only."""

import csv
import io
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_tables2 import Table
from python_calamine import CalamineWorkbook

from accounts.lists import EXPORT
from accounts.roles import Role
from tests import builders, world
from tests.pages import text

pytestmark = pytest.mark.django_db

LISTS = {
    "accounts:log": Role.ADMINISTRATOR,
    "accounts:person-list": Role.ADMINISTRATOR,
    "accounts:team-list": Role.ADMINISTRATOR,
    "investments:decision-list": Role.CONTROLLER,
    "investments:import-list": Role.CONTROLLER,
    "investments:ledger": Role.CONTROLLER,
    "investments:ledger-rules": Role.CONTROLLER,
    "investments:ledger-unmapped": Role.CONTROLLER,
    "investments:own-lines": Role.CONTROLLER,
    "investments:table-history": Role.CONTROLLER,
    "investments:table-list": Role.CONTROLLER,
    "library:document-list": Role.CONTROLLER,
    "publishing:edition-list": Role.DIRECTOR,
    "reports:own-sections": Role.TEAM_LEAD,
    "reports:report-list": Role.CONTROLLER,
    "reports:to-review": Role.DIRECTOR,
}
"""The address of each list, and a role that reads it."""
APPS = ("accounts", "jobs", "library", "investments", "reports", "publishing", "duoplus")


@pytest.fixture
def made() -> world.World:
    return world.build()


def address(name: str, made: world.World) -> str:
    kwargs: dict[str, str | int] = {"organisation": made.organisation.slug}
    if name == "investments:table-history":
        kwargs["table_id"] = made.subjects["table_id"]
    if name.startswith("investments:ledger"):
        kwargs["year"] = made.subjects["year"]
    return reverse(name, kwargs=kwargs)


def read_csv(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


def test_no_list_is_forgotten() -> None:
    """A view that turns pages by itself has no files to offer; the postings of a line have one without a limit."""
    sources = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    turning = [path.name for path in sources if "turn_pages(" in path.read_text() and path.name != "lists.py"]
    pages = sum(len(re.findall(r"\blist_page\(request", path.read_text())) for path in sources)
    assert (sorted(turning), pages) == (["evidence.py", "mapping.py"], len(LISTS))


@pytest.mark.parametrize("name", sorted(LISTS))
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_is_downloaded_with_its_headings(made: world.World, client: Client, name: str, kind: str) -> None:
    client.force_login(made.people[LISTS[name]])
    page = client.get(address(name, made))
    shown: Any = page.context
    found = {id(value): value for value in map(shown.get, shown.keys()) if isinstance(value, Table)}
    (table,) = (value for value in found.values() if hasattr(value, "exports"))
    answer = client.get(address(name, made), {EXPORT: kind})
    assert re.fullmatch(
        rf'attachment; filename="duoplus-[a-z-]+-\d{{4}}-\d\d-\d\d\.{kind}"', answer["Content-Disposition"]
    )
    rows = (
        read_csv(answer.content)
        if kind == "csv"
        else CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    assert rows[0] == [str(column.header) for column in table.columns if not column.column.exclude_from_export]
    assert len(rows) == len(table.rows) + 1


def test_what_is_filtered_comes_in_the_order_that_was_chosen(made: world.World, client: Client) -> None:
    for number in range(30):
        builders.table(made.organisation, f"Tabel {number:02}", 2018)
    client.force_login(made.people[Role.CONTROLLER])
    chosen = {"year": "2018", "sort": "-title", EXPORT: "csv"}
    rows = read_csv(client.get("/duoplus/tabellen/", chosen).content)
    assert [row[0] for row in rows[1:]] == [f"Tabel {number:02}" for number in reversed(range(30))]
    assert rows[1] == ["Tabel 29", "2018", "investeringen", "0", "", "nog geen regels"]


def test_amounts_and_moments_are_numbers_and_dates(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.CONTROLLER])
    answer = client.get("/duoplus/tabellen/regels/", {EXPORT: "csv"})
    assert read_csv(answer.content)[1][:4] == ["Aanschaf servers", "Investeringen ICT 2020", "Financiën", ""]
    client.force_login(made.people[Role.DIRECTOR])
    edition = read_csv(client.get("/duoplus/edities/", {EXPORT: "csv"}).content)[1]
    assert re.fullmatch(r"\d\d-\d\d-\d{4} \d\d:\d\d", edition[3])


def test_nothing_of_another_organisation_is_in_it(made: world.World, client: Client) -> None:
    builders.table(made.other, "Van een ander")
    client.force_login(made.people[Role.CONTROLLER])
    assert "Van een ander" not in client.get("/duoplus/tabellen/", {EXPORT: "csv"}).content.decode()


def test_the_page_offers_both_files_with_its_own_choice(made: world.World, client: Client) -> None:
    client.force_login(made.people[Role.CONTROLLER])
    page = client.get("/duoplus/tabellen/?year=2020&page=1").content.decode()
    assert re.findall(r'<a href="(\?[^"]*export=[^"]*)"\s+download>', page) == [
        "?year=2020&amp;export=xlsx",
        "?year=2020&amp;export=csv",
    ]


def test_a_list_that_is_too_long_is_refused(made: world.World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.lists.MOST_EXPORTED", 0)
    client.force_login(made.people[Role.CONTROLLER])
    answer = client.get("/duoplus/tabellen/", {EXPORT: "csv"})
    assert answer.status_code == 409
    assert "Deze lijst is te lang om te downloaden. Kies met het filter ten hoogste 0 regels." in text(answer)
