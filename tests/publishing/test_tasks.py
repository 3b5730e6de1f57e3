import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.utils import timezone
from pytest_django import Settings

import jobs.actions
from accounts.members import Member
from accounts.models import Organisation
from accounts.roles import Role
from investments.figures import LineFigures
from investments.styles import PrintStyle
from jobs.actions import Claim
from jobs.models import Job, JobState
from jobs.running import run
from library.models import HouseStyle
from publishing import cache, composing, pdf, tasks
from publishing.actions import compile_report
from publishing.composing import Book
from publishing.content import ReportContent, SectionContent, TableContent, from_data
from publishing.merging import Merger
from publishing.models import Edition
from tests import builders
from tests.investments.columns import FIVE_2020

pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> Member:
    return builders.member("Hendrik van Aalsum", builders.organisation(), Role.DIRECTOR)


@pytest.fixture
def org(director: Member) -> Organisation:
    return director.organisation


@pytest.fixture
def edition(director: Member, org: Organisation) -> Edition:
    """An edition of a report with one written section, asked for and not yet begun."""
    chapter = builders.chapter(builders.report(org))
    builders.section(chapter, builders.team(org), text="<p>Het jaar in één zin.</p>")
    return compile_report(director, "jaarstukken-2020")


def held_for(edition: Edition) -> Claim:
    assert edition.job is not None
    held = jobs.actions.claim(edition.job.pk, joins_until_end=True)
    assert held is not None
    return held


def attempt(edition: Edition) -> tuple[str, str]:
    """One attempt of a worker, and how the job stands after it: state and reason."""
    run(tasks.compile_edition, held_for(edition))
    edition.refresh_from_db()
    job = Job.objects.get(edition=edition)
    return job.state, job.reason


def files(settings: Settings) -> list[str]:
    """What stands in storage, but for fragments."""
    root = Path(settings.MEDIA_ROOT)
    found = sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
    return [name for name in found if not name.startswith(f"{cache.FOLDER}/")]


def with_section(edition: Edition, **changes: object) -> None:
    """Change the frozen content behind the back of everything that cleans and checks it."""
    content: ReportContent = from_data(edition.content)
    section: SectionContent = replace(content.chapters[0].sections[0], **changes)  # type: ignore[arg-type]
    changed = replace(content, chapters=(replace(content.chapters[0], sections=(section,)),))
    Edition.objects.update(content=changed.as_data())


def test_pdf_is_published_with_what_identifies_it(edition: Edition, settings: Settings) -> None:
    assert attempt(edition) == (JobState.DONE, "")
    pdf = Path(edition.file.path).read_bytes()
    assert files(settings) == [edition.file.name]
    assert (edition.size, edition.sha256) == (len(pdf), hashlib.sha256(pdf).hexdigest())
    document = pypdfium2.PdfDocument(pdf)
    assert edition.pages == len(document)
    assert "Het jaar in één zin." in "".join(page.get_textpage().get_text_range() for page in document)


def test_same_edition_gives_the_same_bytes(edition: Edition) -> None:
    attempt(edition)
    before = edition.sha256
    Edition.objects.update(file="", sha256="", size=None, pages=None)
    Job.objects.update(state=JobState.WAITING)
    attempt(edition)
    assert edition.sha256 == before


def test_edition_that_is_ready_is_not_made_again(edition: Edition, settings: Settings) -> None:
    attempt(edition)
    before = (edition.file.name, Path(edition.file.path).stat().st_mtime_ns)
    Job.objects.update(state=JobState.WAITING)
    assert attempt(edition) == (JobState.DONE, "")
    assert (edition.file.name, Path(edition.file.path).stat().st_mtime_ns) == before


def test_whoever_lost_the_job_publishes_nothing_and_leaves_no_file(edition: Edition, settings: Settings) -> None:
    def lose_it_at_the_end(held: Claim) -> None:
        tasks.compile_edition(LosesItAtTheEnd(held.job_id, held.subject_id, held.token))

    run(lose_it_at_the_end, held_for(edition))
    edition.refresh_from_db()
    assert (edition.is_ready, files(settings)) == (False, [])
    assert attempt(edition) == (JobState.DONE, "")
    assert files(settings) == [edition.file.name]


class LosesItAtTheEnd(Claim):
    """A claim whose lease runs out, and is noticed by the sweeper, while the last pages are written."""

    def report(self, progress: int, step: str) -> None:
        if progress >= pdf.WRITING:
            Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
            jobs.actions.sweep()


def test_what_a_killed_worker_left_behind_goes(edition: Edition, settings: Settings) -> None:
    folder = Path(settings.MEDIA_ROOT) / "editions" / str(edition.report_id)
    folder.mkdir(parents=True)
    for name in (f".{edition.pk}-dead.pdf.0123", f"{edition.pk}-dead.pdf", f"{edition.pk}0-other.pdf"):
        (folder / name).write_bytes(b"half")
    attempt(edition)
    other = f"editions/{edition.report_id}/{edition.pk}0-other.pdf"
    assert files(settings) == sorted([edition.file.name or "", other])


def test_what_an_edition_that_was_given_up_left_behind_goes_with_the_next(
    director: Member, org: Organisation, edition: Edition, settings: Settings
) -> None:
    folder = Path(settings.MEDIA_ROOT) / "editions" / str(edition.report_id)
    folder.mkdir(parents=True)
    (folder / f".{edition.pk}-dead.pdf.0123").write_bytes(b"half")
    Job.objects.update(state=JobState.FAILED)
    again = compile_report(director, "jaarstukken-2020")
    assert attempt(again) == (JobState.DONE, "")
    assert files(settings) == [again.file.name]


def test_full_disk_is_a_reason_of_its_own(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    def write(book: Book, merger: Merger, target: Path, report_progress: object) -> int:
        target.write_bytes(b"%PDF-1.7 half")
        with Path("/dev/full").open("wb", buffering=0) as full:
            return full.write(b"the other half")

    monkeypatch.setattr(composing, "compose", write)
    assert attempt(edition) == (
        JobState.FAILED,
        "De schijf is vol. Vraag de beheerder om ruimte te maken, en maak de PDF daarna opnieuw.",
    )
    assert files(settings) == []


def test_storage_that_cannot_be_written_is_a_reason(edition: Edition, settings: Settings) -> None:
    Path(settings.MEDIA_ROOT).write_text("a file where the folder should be")
    assert attempt(edition) == (
        JobState.FAILED,
        "De PDF kon niet worden opgeslagen; de beheerder kan zien waarom.",
    )


def test_logo_that_is_gone_is_a_reason(director: Member, org: Organisation, edition: Edition) -> None:
    HouseStyle.objects.create(organisation=org, logo="logos/gone.png")
    again = compile_report(director, "jaarstukken-2020")
    assert attempt(again) == (JobState.FAILED, "Het logo van de huisstijl is niet gevonden. Kies het opnieuw.")


def test_total_that_counts_itself_is_a_reason(edition: Edition) -> None:
    lines = (LineFigures(1, "Saldo", "total", members=((2, 1),)), LineFigures(2, "Rest", "total", members=((1, 1),)))
    table = TableContent("Investeringen", 2020, PrintStyle(), FIVE_2020, lines, "", ())
    with_section(edition, kind="figures", table=table)
    state, reason = attempt(edition)
    assert (state, reason) == (
        JobState.FAILED,
        "Hoofdstuk 1 “Programma Bedrijfsvoering”: het totaal “Saldo” telt zichzelf mee. Pas aan welke regels het telt.",
    )


@pytest.mark.parametrize("deep", ["<ul><li>" * 40 + "x" + "</li></ul>" * 40])
def test_text_that_is_too_deep_is_a_reason(edition: Edition, deep: str) -> None:
    with_section(edition, text=deep)
    state, reason = attempt(edition)
    assert (state, reason[:64]) == (
        JobState.FAILED,
        "Hoofdstuk 1 “Programma Bedrijfsvoering”: De tekst bevat lijsten ",
    )


def test_rendering_reports_progress_in_steps(edition: Edition) -> None:
    told: list[tuple[int, str]] = []

    class Listening(Claim):
        def report(self, progress: int, step: str) -> None:
            told.append((progress, step))

    held = held_for(edition)
    tasks.compile_edition(Listening(held.job_id, held.subject_id, held.token))
    assert [progress for progress, _ in told] == sorted(progress for progress, _ in told)
    assert len(told) > 2
    assert all(0 < progress < 100 and step for progress, step in told)
