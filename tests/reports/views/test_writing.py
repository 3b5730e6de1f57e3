from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.roles import Role
from library.models import Theme
from reports.models import Achievement, Goal, Section, SectionKind, SectionVersion
from tests import builders
from tests.hostile import TOWER
from tests.pages import let_expire
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db
Budget = Callable[[int], Any]
KEPT = "Uw sessie was verlopen. Uw invoer is bewaard, maar nog niet opgeslagen."


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def lead(office: Office) -> Client:
    return signed_in(office.lead)


def stored(section: Section) -> Section:
    return Section.objects.get(pk=section.pk)


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_a_save_comes_back_to_the_editor_and_says_when(office: Office, lead: Client) -> None:
    with time_machine.travel(datetime(2021, 3, 12, 13, 32, tzinfo=UTC), tick=False):
        lead = signed_in(office.lead)
        answer = lead.post(office.url("section-write"), {"version": "1", "text": "<p>Tekst</p>"}, follow=True)
    assert answer.redirect_chain == [(office.url("section-write"), 302)]
    assert told(answer) == ["Opgeslagen om 14:32."]
    assert stored(office.section).text == "<p>Tekst</p>"
    assert answer.context["writing"].text["version"].value() == 2


def test_goals_and_achievements_are_saved_with_the_text(office: Office, lead: Client) -> None:
    theme = Theme.objects.create(organisation=office.organisation, name="Kosten", heading="Kosten")
    goals, done = office.add("Doelen", SectionKind.GOALS), office.add("Prestaties", SectionKind.ACHIEVEMENTS)
    lead.post(
        office.url("section-write", goals),
        {"version": "1", "text": "", "goals-TOTAL_FORMS": "1", "goals-INITIAL_FORMS": "0", "goals-0-objective": "Doel"},
    )
    lead.post(
        office.url("section-write", done),
        {
            "version": "1",
            "text": "<p>t</p>",
            "achievements-TOTAL_FORMS": "1",
            "achievements-INITIAL_FORMS": "0",
            "achievements-0-title": "Balie",
            "achievements-0-theme": str(theme.pk),
        },
    )
    assert Goal.objects.get().objective == "Doel"
    assert (Achievement.objects.get().title, Achievement.objects.get().theme) == ("Balie", theme)
    assert stored(done).text == "<p>t</p>"


def test_save_and_submit_in_one_press(office: Office, lead: Client) -> None:
    answer = lead.post(office.url("section-write"), {"version": "1", "text": "klaar", "then": "submit"}, follow=True)
    assert answer.redirect_chain == [(office.url("section"), 302)]
    assert told(answer) == ["“Speerpunten” is opgeslagen en ter beoordeling aangeboden."]
    assert (stored(office.section).text, stored(office.section).state) == ("<p>klaar</p>", "in_review")


def test_wrong_input_keeps_all_that_was_typed(office: Office, lead: Client) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    answer = lead.post(
        office.url("section-write", section),
        {
            "version": "1",
            "text": "<p>Mijn tekst</p>",
            "goals-TOTAL_FORMS": "1",
            "goals-INITIAL_FORMS": "0",
            "goals-0-result": "<p>Mijn resultaat</p>",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Schrijf het doel op, of verwijder deze rij." in page
    assert "&lt;p&gt;Mijn tekst&lt;/p&gt;" in page
    assert "&lt;p&gt;Mijn resultaat&lt;/p&gt;" in page
    assert stored(section).version == 1


def test_too_deep_text_is_said_at_the_field(office: Office, lead: Client) -> None:
    answer = lead.post(office.url("section-write"), {"version": "1", "text": TOWER})
    assert answer.status_code == 422
    assert "meer dan 20 niveaus diep in elkaar zitten" in answer.content.decode()


def test_a_conflict_shows_both_and_lets_one_choose(office: Office, lead: Client) -> None:
    office.write("<p>Van de een</p>")
    answer = lead.post(office.url("section-write"), {"version": "1", "text": "<p>Van de ander</p>"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Joost Vermaat heeft dit onderdeel opgeslagen terwijl u schreef." in " ".join(page.split())
    assert "<del>een</del>" in page
    assert "<ins>ander</ins>" in page
    assert answer.context["writing"].text["version"].value() == "2"
    assert answer.context["writing"].text["text"].value() == "<p>Van de ander</p>"
    assert stored(office.section).text == "<p>Van de een</p>"
    again = lead.post(office.url("section-write"), {"version": "2", "text": "<p>Van de ander</p>"})
    assert again.status_code == 302
    assert stored(office.section).text == "<p>Van de ander</p>"
    assert SectionVersion.objects.count() == 2


def test_who_submits_on_top_of_an_older_text_sees_both_and_submits_neither(office: Office, lead: Client) -> None:
    office.write("<p>Van de een</p>")
    fields = {"version": "1", "text": "<p>Van de ander</p>", "then": "submit"}
    answer = lead.post(office.url("section-write"), fields)
    assert answer.status_code == 409
    assert answer.context["writing"].text["text"].value() == "<p>Van de ander</p>"
    assert "<del>een</del>" in answer.content.decode()
    assert (stored(office.section).text, stored(office.section).state) == ("<p>Van de een</p>", "draft")


def test_what_is_submitted_cannot_be_saved(office: Office, lead: Client) -> None:
    office.take("submit")
    answer = lead.post(office.url("section-write"), {"version": "1", "text": "te laat"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "staat op “ter beoordeling”" in page
    assert "Uw tekst is niet opgeslagen en staat hieronder nog in het formulier." in page
    assert answer.context["writing"].text["text"].value() == "te laat"
    assert "data-unsaved" in page
    reading = lead.get(office.url("section-write"), follow=True)
    assert reading.redirect_chain == [(office.url("section"), 302)]
    assert told(reading) == ["In dit onderdeel kunt u nu niet schrijven."]


@pytest.mark.parametrize("name", ["section-write", "section-autosave"])
def test_only_the_lead_of_the_team_writes(office: Office, name: str) -> None:
    other = builders.team(office.organisation, "Staf")
    stranger = builders.member("Maarten Overdiep", office.organisation, Role.TEAM_LEAD, teams=(other,))
    for person in (stranger, office.director, office.controller):
        assert signed_in(person).post(office.url(name), {"version": "1", "text": "x"}).status_code == 403
    elsewhere = offices.build("Waterrand", "waterrand")
    assert signed_in(elsewhere.lead).post(office.url(name), {"version": "1"}).status_code == 404
    assert stored(office.section).version == 1


def test_an_expired_session_keeps_the_words(office: Office) -> None:
    client = Client()
    let_expire(client, office.lead.user)
    answer = client.post(office.url("section-write"), {"version": "1", "text": "<p>Bewaard</p>"})
    assert answer.status_code == 302
    client.post("/account/login/", {"login": office.lead.user.email, "password": builders.PASSWORD})
    page = client.get(office.url("section-write"))
    assert told(page) == [KEPT]
    assert page.context["writing"].text["text"].value() == "<p>Bewaard</p>"
    assert "data-unsaved" in page.content.decode()
    assert stored(office.section).text == ""
    assert told(client.get(office.url("section-write"))) == []


def test_autosave_answers_with_the_version_to_go_on_from(office: Office) -> None:
    with time_machine.travel(datetime(2021, 3, 12, 13, 32, tzinfo=UTC), tick=False):
        answer = signed_in(office.lead).post(office.url("section-autosave"), {"version": "1", "text": "zelf"})
    assert (answer.status_code, answer.json()) == (200, {"version": 2, "told": "opgeslagen om 14:32"})
    assert stored(office.section).text == "<p>zelf</p>"


def test_autosave_of_nothing_new_makes_no_version(office: Office, lead: Client) -> None:
    assert lead.post(office.url("section-autosave"), {"version": "1", "text": ""}).json() == {
        "version": 1,
        "told": "nog niets om op te slaan",
    }
    assert SectionVersion.objects.count() == 0


def test_autosave_never_overwrites(office: Office, lead: Client) -> None:
    office.write("<p>Van de een</p>")
    answer = lead.post(office.url("section-autosave"), {"version": "1", "text": "anders"})
    assert (answer.status_code, answer.json()) == (409, {"saved_by": "Joost Vermaat"})
    office.take("submit")
    refused = lead.post(office.url("section-autosave"), {"version": "2", "text": "anders"})
    assert refused.status_code == 409
    assert refused.json()["refusal"].startswith("Dit onderdeel staat op “ter beoordeling”")
    assert stored(office.section).text == "<p>Van de een</p>"


def test_autosave_tells_what_is_wrong(office: Office, lead: Client) -> None:
    answer = lead.post(office.url("section-autosave"), {"version": "1", "text": TOWER})
    assert answer.status_code == 422
    assert answer.json() == {
        "errors": ["Tekst: De tekst bevat lijsten of tabellen die meer dan 20 niveaus diep in elkaar zitten."]
    }
    assert lead.get(office.url("section-autosave")).status_code == 405


def test_last_year_and_the_table_stand_beside_the_text(office: Office, lead: Client) -> None:
    section = office.add("Cijfers", SectionKind.FIGURES, table=builders.table(office.organisation))
    older = builders.report(office.organisation, "Jaarstukken 2019", "jaarstukken-2019")
    type(older).objects.filter(pk=older.pk).update(year=2019)
    builders.section(builders.chapter(older), office.team, "Cijfers", text="<p>Zo schreven wij vorig jaar.</p>")
    page = lead.get(office.url("section-write", section)).content.decode()
    assert "<p>Zo schreven wij vorig jaar.</p>" in page
    assert f"/duoplus/tabellen/{section.table_id}/toelichting/" in page


def test_the_editor_costs_the_same_for_every_number_of_rows(
    office: Office, lead: Client, django_assert_num_queries: Budget
) -> None:
    section = office.add("Doelen", SectionKind.GOALS)
    with django_assert_num_queries(14):
        lead.get(office.url("section-write", section))
    for position in range(1, 9):
        Goal.objects.create(section=section, position=position, objective="Doel")
    with django_assert_num_queries(14):
        lead.get(office.url("section-write", section))


def listed(answer: Any) -> list[str]:
    return [str(row.record.section) for row in answer.context["table"].page.object_list]


def test_own_sections_in_reading_order(office: Office, lead: Client) -> None:
    other = builders.team(office.organisation, "Staf")
    builders.section(office.chapter, other, "Van Staf")
    below = builders.chapter(office.report, "Onder", office.chapter)
    builders.section(below, office.team, "Diep")
    office.add("Anders")
    answer = lead.get(office.page("own-sections"))
    assert listed(answer) == ["Speerpunten", "Anders", "Diep"]
    assert "1.1 Onder" in " ".join(answer.content.decode().split())


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", ["Anders", "Speerpunten"]),
        ("-title", ["Speerpunten", "Anders"]),
        ("-report", ["Anders", "Speerpunten"]),
        ("saved_at", ["Speerpunten", "Anders"]),
        ("-saved_at", ["Anders", "Speerpunten"]),
        ("-standing", ["Anders", "Speerpunten"]),
    ],
)
def test_own_sections_sort(office: Office, lead: Client, sort: str, order: list[str]) -> None:
    anders = office.add("Anders")
    office.write("<p>x</p>", anders)
    office.take("submit", anders)
    assert listed(lead.get(office.page("own-sections"), {"sort": sort})) == order


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"state": "in_review"}, ["Anders"]),
        ({"text": "speer"}, ["Speerpunten"]),
        ({"text": "financ"}, ["Speerpunten", "Anders"]),
        ({"text": "jaarstukken"}, ["Speerpunten", "Anders"]),
        ({"state": "agreed"}, []),
    ],
)
def test_own_sections_filter(office: Office, lead: Client, chosen: dict[str, str], found: list[str]) -> None:
    office.take("submit", office.add("Anders"))
    answer = lead.get(office.page("own-sections"), chosen)
    assert listed(answer) == found
    assert ("Er zijn geen onderdelen die hieraan voldoen." in answer.content.decode()) is (not found)


def test_own_sections_cost_the_same_for_every_number(
    office: Office, lead: Client, django_assert_num_queries: Budget
) -> None:
    with django_assert_num_queries(7):
        lead.get(office.page("own-sections"))
    for title in ("een", "twee", "drie"):
        office.add(title)
    with django_assert_num_queries(7):
        lead.get(office.page("own-sections"))


def test_own_sections_are_for_leads(office: Office) -> None:
    assert signed_in(office.director).get(office.page("own-sections")).status_code == 403
