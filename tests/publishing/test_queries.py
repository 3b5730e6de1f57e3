import pytest
from django.http import Http404
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from publishing import queries
from publishing.actions import compile_report
from publishing.models import Edition
from tests import builders

pytestmark = pytest.mark.django_db


def compiled(organisation: Organisation, texts: list[str]) -> list[Edition]:
    """An edition for every text, oldest first."""
    director = builders.member("Hendrik van Aalsum", organisation, Role.DIRECTOR)
    chapter = builders.chapter(builders.report(organisation))
    section = builders.section(chapter, builders.team(organisation))
    made = []
    for text in texts:
        section.text = text
        section.save()
        made.append(compile_report(director, "jaarstukken-2020"))
    return made


def test_editions_are_the_organisations_own_and_newest_first(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    org, other = builders.organisation(), builders.organisation("Waterrand", "waterrand")
    first, second = compiled(org, ["<p>Eerst.</p>", "<p>Daarna.</p>"])
    compiled(other, ["<p>Van een ander.</p>"])
    with django_assert_num_queries(1):
        found = [(edition.pk, str(edition), edition.is_building) for edition in queries.editions(org)]
    assert found == [
        (second.pk, "Jaarstukken 2020, editie 2", True),
        (first.pk, "Jaarstukken 2020, editie 1", True),
    ]


def test_edition_of_another_organisation_is_not_found() -> None:
    org, other = builders.organisation(), builders.organisation("Waterrand", "waterrand")
    [own] = compiled(org, ["<p>Van ons.</p>"])
    [foreign] = compiled(other, ["<p>Van een ander.</p>"])
    assert queries.get_edition(org, own.pk) == own
    with pytest.raises(Http404):
        queries.get_edition(org, foreign.pk)


def test_last_ready_is_the_newest_with_a_pdf_of_the_same_report() -> None:
    first, second, third = compiled(builders.organisation(), ["<p>Eerst.</p>", "<p>Daarna.</p>", "<p>Tot slot.</p>"])
    [foreign] = compiled(builders.organisation("Waterrand", "waterrand"), ["<p>Van een ander.</p>"])
    assert queries.last_ready(third) is None
    Edition.objects.filter(pk__in=[first.pk, second.pk, foreign.pk]).update(file="editions/1.pdf")
    assert queries.last_ready(third) == second
    Edition.objects.filter(pk=second.pk).update(chapters=["3"])
    assert queries.last_ready(third) == first
    third.chapters = ["3"]
    assert queries.last_ready(third) == second
