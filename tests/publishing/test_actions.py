import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404

import jobs.actions
from accounts.errors import Refused
from accounts.members import Member
from accounts.models import LogEntry, Organisation, Team
from accounts.roles import Role
from jobs.models import Job, JobState
from publishing.actions import COMPILE, compile_report
from publishing.content import content_hash, from_data
from publishing.models import Edition
from reports.actions import take
from reports.models import Report, Section
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def org() -> Organisation:
    return builders.organisation()


@pytest.fixture
def team(org: Organisation) -> Team:
    return builders.team(org)


@pytest.fixture
def director(org: Organisation) -> Member:
    return builders.member("Hendrik van Aalsum", org, Role.DIRECTOR)


@pytest.fixture
def report(org: Organisation, team: Team) -> Report:
    """Chapters 1, 1.1 and 2, a section in the last two."""
    made = builders.report(org)
    first = builders.chapter(made, "Programma’s")
    builders.section(builders.chapter(made, "Bedrijfsvoering", first), team, text="<p>Het jaar in cijfers.</p>")
    builders.section(builders.chapter(made, "Jaarrekening"), team, "Balans")
    return made


def compiled(director: Member, *chapters: int, draft: bool = True) -> Edition:
    return compile_report(director, "jaarstukken-2020", chapters, draft=draft)


def end(edition: Edition, state: JobState) -> None:
    assert edition.job is not None
    held = jobs.actions.claim(edition.job.pk, joins_until_end=True)
    assert held is not None
    if state == JobState.FAILED:
        jobs.actions.fail(held, "De schijf is vol.")
    else:
        edition.file.save("1.pdf", ContentFile(b"%PDF-1.7"))
        jobs.actions.finish(held)


def chapter(report: Report, title: str) -> int:
    return report.chapters.get(title=title).pk


def test_edition_holds_the_frozen_report_and_its_job(director: Member, report: Report) -> None:
    edition = compiled(director)
    content = from_data(edition.content)
    assert [item.number for item in content.chapters] == ["1", "1.1", "2"]
    assert content.chapters[1].sections[0].text == "<p>Het jaar in cijfers.</p>"
    assert (edition.number, edition.draft, edition.chapters, edition.requested_by) == (1, True, [], director.user)
    assert edition.content_hash == content_hash(content.as_data())
    assert edition.job is not None
    assert (edition.job.kind, edition.job.subject_id, edition.job.state) == (COMPILE, edition.pk, JobState.WAITING)
    assert (edition.job.organisation, edition.job.requested_by) == (director.organisation, director.user)


def test_compiling_is_logged(director: Member, report: Report) -> None:
    edition = compiled(director)
    entry = LogEntry.objects.get(action="publishing.compile")
    assert (entry.organisation, entry.user) == (director.organisation, director.user)
    assert entry.subject == "Jaarstukken 2020, editie 1"
    assert entry.data == {"edition": edition.pk, "content_hash": edition.content_hash}


def test_what_changes_later_does_not_reach_the_edition(director: Member, report: Report) -> None:
    before = from_data(compiled(director).content)
    Section.objects.update(text="<p>Iets anders.</p>")
    assert from_data(Edition.objects.get().content) == before


@pytest.mark.parametrize("state", [None, JobState.DONE])
def test_unchanged_content_is_the_same_edition(director: Member, report: Report, state: JobState | None) -> None:
    first = compiled(director)
    if state:
        end(first, state)
    assert compiled(director) == first
    assert Job.objects.count() == Edition.objects.count() == LogEntry.objects.count() == 1


def test_failed_edition_is_made_anew(director: Member, report: Report) -> None:
    failed = compiled(director)
    end(failed, JobState.FAILED)
    again = compiled(director)
    assert (again.number, again.content_hash) == (2, failed.content_hash)
    assert compiled(director) == again


def test_changed_content_is_a_new_edition(director: Member, report: Report) -> None:
    first = compiled(director)
    Section.objects.update(text="<p>Iets anders.</p>")
    second = compiled(director)
    assert (first.number, second.number) == (1, 2)
    assert first.content_hash != second.content_hash


def test_content_that_comes_back_is_its_first_edition(director: Member, report: Report) -> None:
    first = compiled(director)
    sections = Section.objects.filter(title="Balans")
    sections.update(text="<p>Iets anders.</p>")
    compiled(director)
    sections.update(text="")
    assert compiled(director) == first


def test_chosen_chapters_are_an_edition_of_their_own(director: Member, report: Report) -> None:
    whole = compiled(director)
    part = compiled(director, chapter(report, "Bedrijfsvoering"))
    assert (part.number, part.chapters) == (2, ["1.1"])
    assert [item.number for item in from_data(part.content).chapters] == ["1", "1.1"]
    assert compiled(director) == whole


def test_numbers_are_counted_per_report(director: Member, report: Report, team: Team) -> None:
    other = builders.report(director.organisation, "Begroting 2021", "begroting-2021")
    builders.section(builders.chapter(other), team)
    compiled(director)
    assert compile_report(director, "begroting-2021").number == 1


def agree(report: Report, director: Member, lead: Member) -> None:
    for section in Section.objects.filter(chapter__report=report):
        take(lead, section.pk, section.version, "submit")
        take(director, section.pk, section.version, "agree")


def test_final_edition_needs_every_section_agreed(director: Member, report: Report, team: Team) -> None:
    with pytest.raises(Refused) as refusal:
        compiled(director, draft=False)
    assert str(refusal.value).startswith("Nog niet elk onderdeel is akkoord: Speerpunten, Balans.")
    draft = compiled(director)
    agree(report, director, builders.member("Joost Vermaat", director.organisation, Role.TEAM_LEAD, teams=(team,)))
    final = compiled(director, draft=False)
    assert (final.number, final.draft, from_data(final.content).draft) == (2, False, False)
    assert final.content_hash != draft.content_hash


def test_final_edition_is_whole(director: Member, report: Report) -> None:
    with pytest.raises(Refused):
        compiled(director, chapter(report, "Bedrijfsvoering"), draft=False)
    assert Edition.objects.count() == 0


def test_final_edition_waits_for_signs_that_cannot_be_printed(director: Member, report: Report, team: Team) -> None:
    Section.objects.filter(title="Balans").update(text="<p>Gelukt 😀 en ✔.</p>")
    agree(report, director, builders.member("Joost Vermaat", director.organisation, Role.TEAM_LEAD, teams=(team,)))
    with pytest.raises(Refused) as refusal:
        compiled(director, draft=False)
    assert str(refusal.value) == (
        "Deze tekens staan niet in het lettertype: 2 Balans: 😀 (U+1F600). Vervang ze, of maak een concept."
    )
    assert compiled(director).draft


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DIRECTOR])
def test_who_is_no_director_compiles_nothing(report: Report, team: Team, role: Role) -> None:
    other = builders.member("Saskia Roelofsen", report.organisation, role, teams=(team,))
    with pytest.raises(PermissionDenied):
        compiled(other)
    assert Edition.objects.count() == Job.objects.count() == 0


def test_director_of_another_organisation_finds_no_report(report: Report) -> None:
    stranger = builders.member("Ingrid Terpstra", builders.organisation("Waterrand", "waterrand"), Role.DIRECTOR)
    with pytest.raises(Http404):
        compiled(stranger)
    assert Edition.objects.count() == 0


def test_a_chapter_of_another_report_is_not_found(org: Organisation, director: Member, report: Report) -> None:
    other = builders.chapter(builders.report(org, "Begroting 2021", "begroting-2021"))
    with pytest.raises(Http404):
        compiled(director, other.pk)
    assert Edition.objects.count() == 0
