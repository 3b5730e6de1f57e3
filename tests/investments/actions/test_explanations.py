from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry, Team
from accounts.roles import Role
from investments import actions
from investments.actions import ExplanationInput, LineInput
from investments.models import Change, Explanation, Line
from library.html import TooDeep
from library.models import SourceDocument
from tests import builders

pytestmark = pytest.mark.django_db
TEXT = "<p>Er zijn <strong>meer</strong> laptops gekocht.</p>"


@pytest.fixture
def controller() -> Member:
    return builders.member("Saskia Roelofsen", builders.organisation(), Role.CONTROLLER)


@pytest.fixture
def team(controller: Member) -> Team:
    return builders.team(controller.organisation)


@pytest.fixture
def lead(controller: Member, team: Team) -> Member:
    return builders.member("Ruben Sitompul", controller.organisation, Role.TEAM_LEAD, teams=(team,))


@pytest.fixture
def line(controller: Member, team: Team) -> Line:
    return builders.line(builders.table(controller.organisation), owner=team)


@pytest.fixture
def screens(line: Line, team: Team) -> Line:
    return builders.line(line.table, "Schermen", owner=team)


def whole(*lines: Line, text: str = TEXT) -> ExplanationInput:
    return ExplanationInput(text, {line.pk: None for line in lines})


def claims(explanation: Explanation) -> dict[str, Decimal | None]:
    return {row.line.label: row.amount for row in explanation.claims.order_by("line_id")}


# --- the ledger of explanations ---------------------------------------------------------------------------------------
def test_one_explanation_covers_two_lines_for_an_amount_and_for_the_rest(
    lead: Member, line: Line, screens: Line
) -> None:
    source = SourceDocument.objects.create(organisation=lead.organisation, title="Voortgangsrapportage", year=2020)
    entry = ExplanationInput(
        TEXT,
        {line.pk: Decimal("-1234.50"), screens.pk: None},
        "prijs",
        "incidental",
        source.pk,
        "https://duoplus.example/besluit",
    )
    made = actions.add_explanation(lead, line.table_id, entry)
    made.refresh_from_db()
    assert (made.text, made.cause, made.nature, made.document, made.link) == (
        TEXT,
        "prijs",
        "incidental",
        source,
        "https://duoplus.example/besluit",
    )
    assert claims(made) == {"Aanschaf servers": Decimal("-1234.50"), "Schermen": None}
    assert {(row.label, row.field, row.was, row.became, row.by) for row in Change.objects.all()} == {
        ("Aanschaf servers", "toelichting", "", "Er zijn meer laptops gekocht.", lead.user),
        ("Schermen", "toelichting", "", "Er zijn meer laptops gekocht.", lead.user),
    }
    entry_of_log = LogEntry.objects.get()
    assert (entry_of_log.action, entry_of_log.data) == (
        "investments.add_explanation",
        {
            "table": line.table_id,
            "explanation": made.pk,
            "lines": [line.pk, screens.pk],
            "amounts": {str(line.pk): "-1.234,50", str(screens.pk): "leeg"},
        },
    )


def test_an_explanation_is_changed_as_a_whole(controller: Member, line: Line, screens: Line) -> None:
    made = actions.add_explanation(controller, line.table_id, whole(line))
    Change.objects.all().delete()
    entry = replace(whole(screens, text="<p>Corona.</p>"), cause="overig")
    saved = actions.save_explanation(controller, made.pk, 1, entry)
    assert (saved.text, saved.cause, saved.version) == ("<p>Corona.</p>", "overig", 2)
    assert claims(saved) == {"Schermen": None}
    assert {(row.label, row.was, row.became) for row in Change.objects.all()} == {
        ("Aanschaf servers", "Er zijn meer laptops gekocht.", "telt hier niet meer"),
        ("Schermen", "", "Corona."),
    }


def test_the_same_again_is_no_change(lead: Member, line: Line) -> None:
    made = actions.explain_line(lead, line.pk, 0, whole(line))
    assert actions.explain_line(lead, line.pk, 0, whole(line)).version == 1
    assert actions.save_explanation(lead, made.pk, 0, whole(line)).version == 1
    assert Change.objects.count() == 1


def test_who_saves_second_sees_both(controller: Member, lead: Member, line: Line) -> None:
    made = actions.add_explanation(controller, line.table_id, whole(line))
    actions.save_explanation(lead, made.pk, 1, replace(whole(line), claims={line.pk: Decimal(5)}))
    with pytest.raises(Conflict) as found:
        actions.save_explanation(controller, made.pk, 1, replace(whole(line), nature="structural"))
    assert found.value == Conflict(
        "Toelichting op Investeringen ICT 2020",
        "Ruben Sitompul",
        [("verklaart", "Aanschaf servers: 5"), ("aard", "")],
        [("verklaart", "Aanschaf servers: de rest"), ("aard", "structureel")],
        current_version=2,
    )
    assert claims(made) == {"Aanschaf servers": Decimal(5)}


def test_a_removed_explanation_stays_in_the_history(lead: Member, line: Line) -> None:
    made = actions.add_explanation(lead, line.table_id, whole(line))
    with pytest.raises(Conflict):
        actions.remove_explanation(lead, made.pk, 3)
    actions.remove_explanation(lead, made.pk, 1)
    assert not Explanation.objects.exists()
    newest = Change.objects.all()[0]
    assert (newest.was, newest.became) == ("Er zijn meer laptops gekocht.", "verwijderd")
    assert LogEntry.objects.all()[0].action == "investments.remove_explanation"


@pytest.mark.parametrize(
    ("text", "covers", "message"),
    [
        (TEXT, False, "Kies ten minste één regel."),
        ("<p> </p>", True, "Schrijf waarom de regel afwijkt, of verwijder de toelichting."),
    ],
)
def test_an_explanation_says_something_of_something(
    controller: Member, line: Line, text: str, covers: bool, message: str
) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_explanation(controller, line.table_id, whole(*([line] if covers else []), text=text))
    assert str(refusal.value) == message


def test_a_link_leads_to_a_page(controller: Member, line: Line) -> None:
    with pytest.raises(Refused) as refusal:
        actions.add_explanation(controller, line.table_id, replace(whole(line), link="javascript:alert(1)"))
    assert str(refusal.value) == "Een link begint met https://."


def test_lines_of_another_table_and_sources_of_elsewhere_are_not_there(controller: Member, line: Line) -> None:
    other = builders.line(builders.table(controller.organisation, "Bruggen"))
    with pytest.raises(Http404):
        actions.add_explanation(controller, line.table_id, whole(line, other))
    elsewhere = builders.organisation("Waterrand", "waterrand")
    source = SourceDocument.objects.create(organisation=elsewhere, title="Begroting", year=2020)
    with pytest.raises(Http404):
        actions.add_explanation(controller, line.table_id, replace(whole(line), document_id=source.pk))
    assert not Explanation.objects.exists()


# --- one line ---------------------------------------------------------------------------------------------------------
def test_the_lead_explains_the_own_line(lead: Member, line: Line) -> None:
    made = actions.explain_line(lead, line.pk, 0, whole(line))
    assert (made.text, made.version, claims(made)) == (TEXT, 1, {"Aanschaf servers": None})
    saved = actions.explain_line(lead, line.pk, 1, whole(line, text="<p>Corona.</p>"))
    assert (saved, saved.text, saved.version) == (made, "<p>Corona.</p>", 2)


def test_figures_typed_meanwhile_are_in_nobodys_way(controller: Member, lead: Member, line: Line) -> None:
    actions.save_line(controller, line.pk, 1, replace(LineInput.of(line), actual=Decimal(90)))
    actions.explain_line(lead, line.pk, 0, whole(line))
    actions.save_line(controller, line.pk, 2, replace(LineInput.of(line), actual=Decimal(95)))
    line.refresh_from_db()
    assert (Explanation.objects.get().text, line.actual) == (TEXT, Decimal(95))


def test_of_two_first_explanations_the_second_is_a_conflict(controller: Member, lead: Member, line: Line) -> None:
    actions.explain_line(lead, line.pk, 0, whole(line))
    with pytest.raises(Conflict) as found:
        actions.explain_line(controller, line.pk, 0, whole(line, text="<p>Corona.</p>"))
    assert found.value == Conflict(
        "Toelichting op Investeringen ICT 2020",
        "Ruben Sitompul",
        [("toelichting", "Er zijn meer laptops gekocht.")],
        [("toelichting", "Corona.")],
        current_version=1,
    )
    assert Explanation.objects.get().text == TEXT


def test_hostile_text_is_cleaned_on_the_way_in(controller: Member, line: Line) -> None:
    hostile = '<p onclick="x()">Tekst<script>alert(1)</script><a href="javascript:x()">link</a></p>'
    made = actions.explain_line(controller, line.pk, 0, whole(line, text=hostile))
    actions.explain_table(controller, line.table_id, 1, hostile)
    line.table.refresh_from_db()
    assert [made.text, line.table.explanation] == ["<p>Tekstlink</p>"] * 2


def test_text_too_deep_to_print_is_refused(controller: Member, line: Line) -> None:
    deep = "<ul><li>" * 15 + "diep" + "</li></ul>" * 15
    with pytest.raises(TooDeep):
        actions.explain_line(controller, line.pk, 0, whole(line, text=deep))
    assert not Explanation.objects.exists()


# --- the table --------------------------------------------------------------------------------------------------------
def test_the_controller_explains_the_table(controller: Member, line: Line) -> None:
    actions.explain_table(controller, line.table_id, 1, TEXT)
    line.table.refresh_from_db()
    assert (line.table.explanation, line.table.version) == (TEXT, 2)
    change = Change.objects.get()
    assert (change.line, change.label, change.field, change.became) == (
        None,
        "",
        "toelichting",
        "Er zijn meer laptops gekocht.",
    )
    with pytest.raises(Conflict) as found:
        actions.explain_table(controller, line.table_id, 1, "<p>Anders.</p>")
    assert (found.value.saved_by, found.value.current_version) == ("Saskia Roelofsen", 2)


# --- who --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.CONTROLLER, Role.TEAM_LEAD}])
def test_readers_explain_nothing(controller: Member, line: Line, role: Role) -> None:
    reader = builders.member("Willem", controller.organisation, role)
    made = builders.explain(line)
    with pytest.raises(PermissionDenied):
        actions.explain_line(reader, line.pk, 0, whole(line))
    with pytest.raises(PermissionDenied):
        actions.add_explanation(reader, line.table_id, whole(line))
    with pytest.raises(PermissionDenied):
        actions.save_explanation(reader, made.pk, 1, whole(line))
    with pytest.raises(PermissionDenied):
        actions.remove_explanation(reader, made.pk, 1)
    with pytest.raises(PermissionDenied):
        actions.explain_table(reader, line.table_id, 1, TEXT)


def test_a_lead_explains_no_foreign_line_and_no_table(controller: Member, lead: Member, line: Line) -> None:
    staff = builders.line(line.table, owner=builders.team(controller.organisation, "Staf"))
    nobody = builders.line(line.table)
    for foreign in (staff, nobody):
        with pytest.raises(PermissionDenied):
            actions.explain_line(lead, foreign.pk, 0, whole(foreign))
        with pytest.raises(PermissionDenied):
            actions.explain_line(lead, line.pk, 0, whole(line, foreign))
        shared = builders.explain(line, foreign)
        with pytest.raises(PermissionDenied):
            actions.save_explanation(lead, shared.pk, 1, whole(line))
        with pytest.raises(PermissionDenied):
            actions.remove_explanation(lead, shared.pk, 1)
        shared.delete()
    with pytest.raises(PermissionDenied):
        actions.explain_table(lead, line.table_id, 1, TEXT)


def test_another_organisation_has_no_such_line(line: Line) -> None:
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    made = builders.explain(line)
    with pytest.raises(Http404):
        actions.explain_line(stranger, line.pk, 0, whole(line))
    with pytest.raises(Http404):
        actions.add_explanation(stranger, line.table_id, whole(line))
    with pytest.raises(Http404):
        actions.save_explanation(stranger, made.pk, 1, whole(line))
    with pytest.raises(Http404):
        actions.remove_explanation(stranger, made.pk, 1)
    with pytest.raises(Http404):
        actions.explain_table(stranger, line.table_id, 1, TEXT)
