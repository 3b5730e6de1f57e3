import pytest

from accounts.models import Organisation
from accounts.roles import Role
from investments import explaining, queries
from investments.columns import TableKind
from investments.filters import ChangeFilter, OwnLineFilter, TableFilter
from investments.models import Change, Line
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


def test_tables_by_year_kind_and_title(org: Organisation) -> None:
    ict = builders.table(org, "Investeringen ICT", 2020)
    old = builders.table(org, "Investeringen ICT", 2019)
    accounts = builders.table(org, "Baten en lasten", 2020)
    type(accounts).objects.filter(pk=accounts.pk).update(kind=TableKind.INCOME_EXPENSE)

    def found(**chosen: str) -> set[object]:
        return set(TableFilter(chosen, queries.tables(org)).qs)

    assert found() == {ict, old, accounts}
    assert found(year="2020") == {ict, accounts}
    assert found(kind="income_expense") == {accounts}
    assert found(text="ict") == {ict, old}
    assert found(year="2019", text="lasten") == set()


def test_years_to_choose_are_those_of_the_own_tables(org: Organisation) -> None:
    builders.table(org, year=2019)
    builders.table(org, year=2020)
    builders.table(org, "Nog een", year=2020)
    builders.table(builders.organisation("Waterrand", "waterrand"), year=2001)
    choices = TableFilter({}, queries.tables(org)).form.fields["year"].choices
    assert list(choices) == [("", "alle jaren"), (2020, 2020), (2019, 2019)]


def test_own_lines_by_explanation_and_words(org: Organisation) -> None:
    team = builders.team(org)
    table = builders.table(org, "Investeringen ICT")
    told = builders.line(table, "Servers", owner=team)
    builders.explain(told)
    untold = builders.line(builders.table(org, "Wagenpark"), "Fietsen", owner=team)
    lead = builders.member("Ruben", org, Role.TEAM_LEAD, teams=(team,))

    def found(**chosen: str) -> list[Line]:
        return list(OwnLineFilter(chosen, explaining.with_explained(queries.own_lines(lead))).qs)

    assert found() == [told, untold]
    assert found(explained="yes") == [told]
    assert found(explained="no") == [untold]
    assert found(text="fiets") == [untold]
    assert found(text="ICT") == [told]


def test_changes_by_words_of_line_value_or_person(org: Organisation) -> None:
    table = builders.table(org)
    saskia, joost = builders.person("Saskia", org), builders.person("Joost", org)
    first = Change.objects.create(table=table, label="Servers", field="rekening", was="1", became="2", by=saskia)
    second = Change.objects.create(table=table, label="Fietsen", field="begroot", was="3", became="4.711", by=joost)

    def found(text: str) -> list[Change]:
        return list(ChangeFilter({"text": text}, queries.changes(table)).qs)

    assert found("") == [second, first]
    assert found("server") == found("rekening") == found("saskia") == [first]
    assert found("4.711") == [second]
