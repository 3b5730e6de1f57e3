from decimal import Decimal

import pytest
from django.http import QueryDict

from accounts.errors import Conflict
from accounts.models import Organisation
from investments.actions import LineInput
from investments.columns import TableKind
from investments.figures import LineKind
from investments.forms import (
    AmountFormField,
    ExplanationForm,
    LineForm,
    RowForm,
    TableForm,
    TotalForm,
    VersionedForm,
)
from investments.models import Line, Table
from tests import builders

pytestmark = pytest.mark.django_db


def typed(**fields: str) -> QueryDict:
    """A post with these fields."""
    post = QueryDict(mutable=True)
    post.update(fields)
    return post


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def table(org: Organisation) -> Table:
    return builders.table(org)


@pytest.fixture
def line(table: Table) -> Line:
    made = builders.line(table, original="232000", actual="255600.50")
    return Line.objects.select_related("table").get(pk=made.pk)


# --- amounts ----------------------------------------------------------------------------------------------------------
def test_a_stored_amount_is_shown_as_dutch_people_write_it() -> None:
    field = AmountFormField()
    assert [field.prepare_value(value) for value in (Decimal("1234.50"), None, "1.234,5x")] == [
        "1.234,50",
        None,
        "1.234,5x",
    ]


def test_empty_is_nothing_or_what_the_field_says() -> None:
    assert AmountFormField(required=False).clean("  ") is None
    assert AmountFormField(required=False, nothing=Decimal(0)).clean("") == Decimal(0)


@pytest.mark.parametrize(("fields", "seen"), [({"version": "7"}, 7), ({}, 0), ({"version": ""}, 0)])
def test_a_form_says_which_version_was_seen(fields: dict[str, str], seen: int) -> None:
    form = VersionedForm(typed(**fields))
    assert form.is_valid()
    assert form.seen_version == seen


def test_after_a_conflict_the_form_keeps_the_text_and_carries_the_newer_version(table: Table) -> None:
    form = TableForm(typed(title="ICT", year="2020", unit="1000", version="1"), table=table)
    assert form.is_valid()
    form.go_on_from(Conflict("Investeringen ICT", "Joost", [], [], current_version=3))
    assert (form["title"].value(), form["version"].value()) == ("ICT", "3")
    assert TableForm(form.data, table=table).is_valid()  # type: ignore[arg-type]


# --- tables -----------------------------------------------------------------------------------------------------------
def test_a_new_table_is_typed_in_whole() -> None:
    form = TableForm(typed(title="ICT", year="2020", kind="investments", unit="1"))
    assert form.is_valid()
    assert form.entry == {"title": "ICT", "year": 2020, "kind": "investments", "unit": 1}


def test_the_kind_of_a_table_is_chosen_once(table: Table) -> None:
    form = TableForm(table=table)
    assert list(form.fields) == ["version", "title", "year", "unit"]
    assert (form["title"].value(), form["version"].value()) == ("Investeringen ICT", 1)


@pytest.mark.parametrize(
    ("field", "written", "message"),
    [
        ("year", "1900", "Zorg ervoor dat deze waarde minstens 1990 is."),
        ("unit", "500", "Selecteer een geldige keuze. 500 is geen beschikbare keuze."),
        ("title", "x" * 201, "Zorg dat deze waarde niet meer dan 200 tekens bevat (het zijn er nu 201)."),
    ],
)
def test_a_table_refuses_what_it_cannot_hold(field: str, written: str, message: str) -> None:
    fields = {"title": "ICT", "year": "2020", "kind": "investments", "unit": "1", field: written}
    assert TableForm(typed(**fields)).errors == {field: [message]}


# --- rows of the grid -------------------------------------------------------------------------------------------------
def test_a_row_knows_what_was_typed_and_what_it_goes_on_from(line: Line) -> None:
    form = RowForm(typed(original=" 1.5 ", actual="2", version="3"), line=line)
    assert [(name, form.typed(name)) for name in form.columns] == [("original", " 1.5 "), ("actual", "2")]
    assert form.next_version == 3
    assert RowForm(typed(version="drie"), line=line).next_version == 0


@pytest.mark.parametrize(
    ("original", "actual", "cleaned"),
    [
        ("1.000", "900,5", (Decimal(1000), Decimal("900.5"))),
        ("", "", (Decimal(0), None)),
        ("-", "-", (Decimal(0), Decimal(0))),
    ],
)
def test_an_empty_actual_was_not_entered_and_an_empty_budget_is_none(
    line: Line, original: str, actual: str, cleaned: tuple[Decimal, Decimal | None]
) -> None:
    form = RowForm(typed(original=original, actual=actual, version="1"), line=line)
    assert form.is_valid()
    assert (form.cleaned_data["original"], form.cleaned_data["actual"]) == cleaned


def test_the_first_wrong_amount_gets_the_focus(line: Line) -> None:
    form = RowForm(typed(original="1", actual="1.5", version="1"), line=line)
    assert list(form.errors) == ["actual"]
    assert form.first_wrong == "actual"


@pytest.mark.parametrize(("actual", "same"), [("255600,50", True), ("255600", False), ("1.5", False)])
def test_a_row_knows_whether_saving_would_change_it(line: Line, actual: str, same: bool) -> None:
    assert RowForm(typed(original="232000", actual=actual), line=line).is_as_stored() is same


# --- lines ------------------------------------------------------------------------------------------------------------
def test_a_line_is_read_with_its_team_and_its_place_in_totals(org: Organisation, table: Table) -> None:
    team = builders.team(org)
    totals = [builders.total(table, label=label) for label in ("Saldo", "Lasten", "Anders")]
    signs = dict(zip((f"total_{total.pk}" for total in totals), ("1", "-1", "0"), strict=True))
    fields = {"label": "Servers", "owner_team": str(team.pk), "direction": "credit", "original": "", "actual": "5"}
    form = LineForm(typed(**fields, **signs), table=table, totals=totals)
    assert form.is_valid()
    assert form.entry == LineInput("Servers", team.pk, "credit", Decimal(0), Decimal(5))
    assert form.counts_in == {totals[0].pk: 1, totals[1].pk: -1}
    assert form.fields[f"total_{totals[0].pk}"].label == "In het totaal “Saldo”"


def test_a_line_offers_the_own_teams_only(org: Organisation, table: Table) -> None:
    own = builders.team(org)
    stranger = builders.team(builders.organisation("Waterrand", "waterrand"))
    form = LineForm(typed(label="Servers", owner_team=str(stranger.pk), direction="credit"), table=table)
    assert [label for _, label in form.fields["owner_team"].choices] == ["geen team", own.name]  # type: ignore[attr-defined]
    assert form.errors == {
        "owner_team": ["Selecteer een geldige keuze. Deze keuze is niet beschikbaar."],
    }


def test_a_stored_line_is_shown_to_change(table: Table, line: Line) -> None:
    form = LineForm(table=table, line=line)
    assert (form["label"].value(), form["original"].value(), form["direction"].value()) == (
        "Aanschaf servers",
        "232.000",
        "credit",
    )


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (TableKind.INVESTMENTS, ["kind", "label", "owner_team", "direction", "original", "actual"]),
        (TableKind.CREDITS, ["kind", "label", "owner_team", "direction", "original", "actual"]),
        (TableKind.RESERVES, ["kind", "label", "owner_team"]),
        (TableKind.BALANCE_SHEET, ["kind", "label", "owner_team", "direction"]),
    ],
)
def test_a_line_is_asked_what_its_table_has_use_for(table: Table, kind: str, fields: list[str]) -> None:
    table.kind = kind
    assert [name for name in LineForm(table=table).fields if name != "version"] == fields


def test_a_heading_has_a_name_and_nothing_else(table: Table) -> None:
    heading = Line(table=table, label="Activa", kind=LineKind.HEADING, original=Decimal(0))
    form = LineForm(typed(label="Vaste activa", version="1"), table=table, line=heading)
    assert [name for name in form.fields if name != "version"] == ["label"]
    assert form.is_valid()
    assert form.entry == LineInput("Vaste activa", None, "expense")


def test_a_line_for_information_counts_in_no_total(table: Table, line: Line) -> None:
    total = builders.total(table, line)
    fields = {"label": "Waarvan corona", "kind": "information", "direction": "credit", f"total_{total.pk}": "1"}
    form = LineForm(typed(**fields), table=table, totals=[total])
    assert form.is_valid()
    assert (form.chosen_kind, form.counts_in) == ("information", {})


def test_a_total_asks_of_every_other_line_how_it_counts(table: Table, line: Line) -> None:
    other = builders.line(table, "Telefoons")
    total = builders.total(table, line)
    form = TotalForm(total=total, lines=table.lines.all())
    asked = {name: field.initial for name, field in form.fields.items() if name.startswith("line_")}
    assert asked == {f"line_{line.pk}": 1, f"line_{other.pk}": 0}
    fields = {"label": "Totaal", f"line_{line.pk}": "0", f"line_{other.pk}": "-1"}
    bound = TotalForm(typed(**fields), total=total, lines=table.lines.all())
    assert bound.is_valid()
    assert bound.members == {other.pk: -1}


def test_a_new_total_starts_with_every_plain_line(table: Table, line: Line) -> None:
    inner = builders.total(table, line, label="Subtotaal")
    form = TotalForm(lines=table.lines.all())
    assert form["label"].value() == "Saldo"
    assert [form.fields[f"line_{row.pk}"].initial for row in (line, inner)] == [1, 0]


# --- amendments and explanations --------------------------------------------------------------------------------------
def test_an_explanation_is_cleaned_and_may_be_empty() -> None:
    form = ExplanationForm(typed(explanation="<p>Ja<script>nee</script></p>", version="2"))
    assert form.is_valid()
    assert (form.cleaned_data["explanation"], form.seen_version) == ("<p>Ja</p>", 2)
    assert ExplanationForm(typed(explanation="")).is_valid()
