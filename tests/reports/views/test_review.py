from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from investments.models import Line
from reports import queries
from reports.models import Section, SectionKind
from tests import builders
from tests.pages import text
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db
Budget = Callable[[int], Any]


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def lead(office: Office) -> Client:
    return signed_in(office.lead)


@pytest.fixture
def director(office: Office) -> Client:
    return signed_in(office.director)


def state(office: Office) -> str:
    return Section.objects.get(pk=office.section.pk).state


def told(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


@pytest.mark.parametrize(
    ("before", "who", "name", "after", "message"),
    [
        ("draft", "lead", "submit", "in_review", "“Speerpunten” is ter beoordeling aangeboden."),
        ("in_review", "lead", "withdraw", "draft", "“Speerpunten” is teruggenomen; u kunt er weer in schrijven."),
        ("in_review", "director", "agree", "agreed", "U hebt ingestemd met “Speerpunten”."),
        ("agreed", "director", "send_back", "draft", "“Speerpunten” is teruggestuurd met uw reden."),
    ],
)
def test_every_step_says_what_it_did(
    office: Office, before: str, who: str, name: str, after: str, message: str
) -> None:
    Section.objects.update(state=before)
    client = signed_in(getattr(office, who))
    answer = client.post(office.url("section-step", step=name), {"version": "1", "reason": "Korter."}, follow=True)
    assert answer.redirect_chain == [(office.url("section"), 302)]
    assert told(answer) == [message]
    assert state(office) == after


def test_a_missing_reason_is_asked_for_with_what_was_typed(office: Office, director: Client) -> None:
    office.take("submit")
    answer = director.post(office.url("section-step", step="send_back"), {"version": "1", "reason": "x" * 1001})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "x" * 1001 in page
    assert '<details class="fold" open>' in page
    empty = director.post(office.url("section-step", step="send_back"), {"version": "1"})
    assert empty.status_code == 422
    assert "Geef een reden, zodat de schrijver weet wat er moet veranderen." in empty.content.decode()
    assert state(office) == "in_review"


def test_agreeing_to_an_older_text_is_a_conflict(office: Office, director: Client) -> None:
    office.write("<p>nieuw</p>")
    office.take("submit")
    answer = director.post(office.url("section-step", step="agree"), {"version": "1"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "nieuw" in page
    assert f'href="{office.url("section")}"' in page
    assert state(office) == "in_review"


def test_agreeing_to_other_figures_is_refused(office: Office, director: Client) -> None:
    table = builders.table(office.organisation)
    builders.line(table, original="100", actual="90")
    section = office.add("Investeringen", SectionKind.FIGURES, table=table)
    office.take("submit", section)
    seen = director.get(office.url("section", section)).context["steps"][0].form["fingerprint"].value()
    assert seen == queries.agreement_hash(Section.objects.get(pk=section.pk))
    Line.objects.update(actual=91)
    fields = {"version": "1", "fingerprint": seen}
    answer = director.post(office.url("section-step", section, step="agree"), fields)
    assert answer.status_code == 409
    assert "zijn cijfers of toelichtingen van dit onderdeel gewijzigd" in answer.content.decode()


def test_a_step_from_another_state_is_refused(office: Office, lead: Client) -> None:
    office.take("submit")
    answer = lead.post(office.url("section-step", step="submit"), {"version": "1"})
    assert answer.status_code == 409
    assert "staat op “ter beoordeling”" in answer.content.decode()


def test_a_reason_that_came_too_late_is_shown(office: Office, director: Client) -> None:
    """Taken back, and then also rewritten, while the director wrote why it goes back."""
    office.take("submit")
    office.take("withdraw")
    path, fields = office.url("section-step", step="send_back"), {"version": "1", "reason": "Noem de <kosten>."}
    refused = director.post(path, fields)
    assert refused.status_code == 409
    assert text(refused) == (
        "409 Dit kan nu niet Dit onderdeel is weer een concept: het is intussen teruggenomen of teruggestuurd. "
        "uw reden Noem de <kosten>. Terug"
    )
    office.write("<p>nieuw</p>")
    conflict = director.post(path, fields)
    assert conflict.status_code == 409
    assert text(conflict).endswith("tekst nieuw Uw tekst niet opgeslagen uw reden Noem de <kosten>.")


def test_steps_of_others_are_forbidden_and_unknown_ones_not_found(office: Office, lead: Client) -> None:
    office.take("submit")
    assert lead.post(office.url("section-step", step="agree"), {"version": "1"}).status_code == 403
    assert lead.post(office.url("section-step", step="adopt"), {"version": "1"}).status_code == 404
    assert lead.get(office.url("section-step", step="withdraw")).status_code == 405
    stranger = signed_in(offices.build("Waterrand", "waterrand").director)
    assert stranger.post(office.url("section-step", step="agree"), {"version": "1"}).status_code == 404
    assert state(office) == "in_review"


def test_a_post_that_saw_no_version_changes_nothing(office: Office, lead: Client) -> None:
    assert lead.post(office.url("section-step", step="submit")).status_code == 422
    assert state(office) == "draft"


def test_to_review_lists_what_was_submitted(office: Office, director: Client) -> None:
    office.take("submit", office.add("Aangeboden"))
    answer = director.get(office.page("to-review"))
    assert [str(row.record.section) for row in answer.context["table"].page.object_list] == ["Aangeboden"]
    assert "Speerpunten" not in answer.content.decode()


def test_to_review_sorts_and_filters(office: Office, director: Client) -> None:
    for title in ("Beta", "Alfa"):
        office.take("submit", office.add(title))

    def found(**chosen: str) -> list[str]:
        answer = director.get(office.page("to-review"), chosen)
        return [str(row.record.section) for row in answer.context["table"].page.object_list]

    assert found() == ["Beta", "Alfa"]
    assert found(sort="title") == ["Alfa", "Beta"]
    assert found(text="alf") == ["Alfa"]


def test_to_review_costs_the_same_for_every_number(
    office: Office, director: Client, django_assert_num_queries: Budget
) -> None:
    office.take("submit")
    with django_assert_num_queries(6):
        director.get(office.page("to-review"))
    for title in ("een", "twee", "drie"):
        office.take("submit", office.add(title))
    with django_assert_num_queries(6):
        director.get(office.page("to-review"))


def test_to_review_is_for_directors(office: Office, lead: Client) -> None:
    assert lead.get(office.page("to-review")).status_code == 403
