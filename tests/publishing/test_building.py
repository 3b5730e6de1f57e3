"""How fragments are shared out, taken from before, found damaged, and made again."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Value
from django.db.models.functions import Concat
from django.http import Http404
from pytest_django import Settings

import jobs.actions
from accounts.errors import Refused
from accounts.members import Member
from accounts.roles import Role
from jobs.models import Job, JobState
from jobs.running import run
from publishing import building, cache, fragments, pdf, tasks
from publishing.actions import cancel_edition, compile_report, take_chapter
from publishing.content import from_data
from publishing.models import Edition, Part
from publishing.queries import last_ready, progress, replacement
from reports.models import Section
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def director() -> Member:
    """Of a report of three chapters."""
    found = builders.member("Hendrik van Aalsum", builders.organisation(), Role.DIRECTOR)
    report, team = builders.report(found.organisation), builders.team(found.organisation)
    for title in ("Inleiding", "Bedrijfsvoering", "Slot"):
        builders.section(builders.chapter(report, title), team, text=f"<p>Over {title}.</p>")
    return found


@pytest.fixture
def edition(director: Member) -> Edition:
    return compile_report(director, "jaarstukken-2020")


def work(job: Job | None) -> str:
    """One attempt at a job; its state afterwards."""
    assert job is not None
    held = jobs.actions.claim(job.pk, joins_until_end=True)
    assert held is not None
    run(tasks.render_part if job.kind == building.RENDER else tasks.compile_edition, held)
    job.refresh_from_db()
    return job.state


def work_off(edition: Edition) -> Edition:
    """All attempts that the edition takes, as workers would make them."""
    assert edition.job is not None
    work(edition.job)
    while waiting := edition.job.children.filter(state=JobState.WAITING).order_by("pk").first():
        work(waiting)
    edition.job.refresh_from_db()
    if edition.job.is_active:
        work(edition.job)
    edition.refresh_from_db()
    return edition


def parts(edition: Edition) -> list[tuple[str, bool, bool, int | None]]:
    """Number, whether it has a job, whether it was kept from before, and pages."""
    return [(part.number, part.job_id is not None, part.from_cache, part.pages) for part in edition.parts.all()]


def change_chapter(title: str, words: str = "<p>En nog iets.</p>") -> None:
    Section.objects.filter(chapter__title=title).update(text=Concat("text", Value(words)))


def words_of(edition: Edition) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(edition.file.path))


def kept(settings: Settings) -> list[Path]:
    return sorted(path for path in (Path(settings.MEDIA_ROOT) / cache.FOLDER).rglob("*") if path.is_file())


def test_what_is_missing_is_left_to_children_the_longest_first(edition: Edition) -> None:
    assert work(edition.job) == JobState.PARKED
    contents, *chapters = parts(edition)
    assert contents == ("", True, False, None)
    assert chapters == [("1", True, False, None), ("2", True, False, None), ("3", True, False, None)]
    assert [part.number for part in edition.parts.order_by("job_id")] == ["", "2", "1", "3"]


def test_edition_is_ready_when_all_children_are(edition: Edition) -> None:
    work_off(edition)
    assert edition.job is not None
    assert (edition.job.state, edition.is_ready, edition.pages) == (JobState.DONE, True, 5)
    assert edition.engine == pdf.engine()
    assert parts(edition) == [(number, True, False, 1) for number in ("", "1", "2", "3")]
    assert all(part.seconds for part in edition.parts.all())


def test_one_changed_chapter_is_made_without_children(director: Member, edition: Edition) -> None:
    work_off(edition)
    change_chapter("Bedrijfsvoering")
    second = compile_report(director, "jaarstukken-2020")
    assert work(second.job) == JobState.DONE
    assert parts(second) == [(number, False, number != "2", 1) for number in ("", "1", "2", "3")]
    found = progress(second)
    assert (found.chapters, found.ready, found.kept, found.failed) == (3, 3, 2, None)
    second.refresh_from_db()
    assert "En nog iets." in words_of(second)


def test_what_comes_from_cache_is_what_would_be_made(edition: Edition, settings: Settings) -> None:
    """The same edition, once with everything kept and once with nothing."""
    before = work_off(edition).sha256
    for path in kept(settings):
        path.unlink()
    Edition.objects.update(file="", sha256="")
    Job.objects.filter(edition=edition).update(state=JobState.WAITING)
    edition.refresh_from_db()
    assert work(edition.job) == JobState.DONE
    edition.refresh_from_db()
    assert edition.sha256 == before == hashlib.sha256(Path(edition.file.path).read_bytes()).hexdigest()


@pytest.mark.parametrize("damage", ["gone", "half", "changed"])
def test_fragment_that_is_damaged_before_the_merge_is_made_again(
    edition: Edition, settings: Settings, damage: str
) -> None:
    work(edition.job)
    for part in edition.parts.select_related("job"):
        work(part.job)
    for path in kept(settings):
        whole = path.read_bytes()
        path.write_bytes(whole[:-100] if damage == "half" else whole.replace(b"%PDF-1.7", b"%PDF-1.8"))
        if damage == "gone":
            path.unlink()
    assert work(edition.job) == JobState.DONE
    edition.refresh_from_db()
    assert "Over Slot." in words_of(edition)


def test_fragment_that_is_gone_as_soon_as_it_is_made_is_no_missing_chapter(
    director: Member, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_off(edition)
    change_chapter("Bedrijfsvoering")
    second = compile_report(director, "jaarstukken-2020")
    monkeypatch.setattr(building, "complete", lambda *_: None)
    assert work(second.job) == JobState.FAILED
    assert second.job is not None
    second.job.refresh_from_db()
    assert second.job.reason == "De PDF kon niet worden opgeslagen; de beheerder kan zien waarom."


def test_chapters_whose_material_is_gone_are_made_by_who_merges(edition: Edition, settings: Settings) -> None:
    work(edition.job)
    waiting = list(Path(settings.MEDIA_ROOT).glob(f"{cache.FOLDER}/*/*{cache.MATERIAL}"))
    assert len(waiting) == 4
    for path in waiting:
        path.unlink()
    assert [work(part.job) for part in edition.parts.select_related("job")] == [JobState.DONE] * 4
    assert work(edition.job) == JobState.DONE
    edition.refresh_from_db()
    assert "Over Slot." in words_of(edition)


def test_two_builds_of_one_report_at_once_share_what_each_makes(director: Member, edition: Edition) -> None:
    work(edition.job)
    change_chapter("Slot")
    second = compile_report(director, "jaarstukken-2020")
    work(second.job)
    work_off_children = [part.job for part in Part.objects.order_by("position", "edition_id")]
    assert [work(job) for job in work_off_children] == [JobState.DONE] * 8
    assert [part.from_cache for part in second.parts.all()] == [True, True, True, False]
    for one in (edition, second):
        one.job = Job.objects.get(edition=one)
        assert work(one.job) == JobState.DONE


def test_failed_chapter_is_named_and_the_others_are_spared(
    director: Member, edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = pdf.render

    def breaks_on_two(html: str, *others: object) -> object:
        if "Over Bedrijfsvoering." in html:
            raise SystemError("error return without exception set")
        return whole(html, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(pdf, "render", breaks_on_two)
    work(edition.job)
    failing = edition.parts.select_related("job").get(number="2")
    assert work(failing.job) == JobState.FAILED
    assert sorted(edition.job.children.values_list("state", flat=True)) == [  # type: ignore[union-attr]
        JobState.CANCELLED,
        JobState.CANCELLED,
        JobState.CANCELLED,
        JobState.FAILED,
    ]
    assert work(edition.job) == JobState.FAILED
    reason = (
        "Hoofdstuk 2 “Bedrijfsvoering” kan niet worden opgemaakt; meestal vraagt het te veel geheugen. "
        "Verdeel het over meer hoofdstukken of kort het in."
    )
    assert edition.job is not None
    assert edition.job.reason == reason
    found = progress(edition)
    assert found.failed is not None
    assert (found.failed.number, found.failed.reason) == ("2", reason)
    assert found.failed_chapter == failing.edition.report.chapters.get(title="Bedrijfsvoering").pk


def test_chapter_that_was_in_vain_three_times_is_named(edition: Edition) -> None:
    work(edition.job)
    child = edition.parts.get(number="3").job
    assert child is not None
    gave_up = jobs.actions.gave_up(child)
    Job.objects.filter(pk=child.pk).update(state=JobState.FAILED, reason=gave_up)
    Job.objects.filter(edition=edition).update(state=JobState.WAITING)
    work(edition.job)
    assert edition.job is not None
    assert edition.job.reason == f"Hoofdstuk 3 “Slot”: {gave_up}"


def test_another_engine_between_fragments_and_merge_leaves_nothing_stale(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(edition.job)
    for part in edition.parts.select_related("job"):
        work(part.job)
    before = [part.key for part in edition.parts.all()]
    monkeypatch.setattr(pdf, "engine", lambda: "WeasyPrint 71")
    # The part of an older version is nobody's any more.
    assert building.find(edition.parts.all()[0]) is None
    work_off(edition)
    after = [part.key for part in edition.parts.all()]
    assert not set(before) & set(after)
    assert edition.engine == "WeasyPrint 71"


def test_other_styles_leave_nothing_stale(director: Member, edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    work_off(edition)
    styles = fragments.stylesheet
    monkeypatch.setattr(fragments, "stylesheet", lambda *look: styles(*look) + "p { color: black }")
    change_chapter("Slot")
    second = compile_report(director, "jaarstukken-2020")
    work(second.job)
    assert [part.from_cache for part in second.parts.all()] == [False] * 4


def test_a_chapter_out_of_an_edition_is_what_that_froze(director: Member, edition: Edition) -> None:
    work_off(edition)
    change_chapter("Bedrijfsvoering")
    newer = work_off(compile_report(director, "jaarstukken-2020"))
    taken = work_off(take_chapter(director, edition.pk, "2"))
    assert (taken.number, taken.source, taken.chapters, taken.draft, taken.pages) == (3, edition, ["2"], True, 3)
    assert taken.reason == "Hoofdstuk 2 uit editie 1"
    assert [part for part in parts(taken) if part[0]] == [("2", False, True, 1)]
    words = words_of(taken)
    assert ("Over Bedrijfsvoering." in words, "En nog iets." in words, "Over Slot." in words) == (True, False, False)
    assert take_chapter(director, edition.pk, "2") == taken
    # It is older than what came after the edition, whatever its number.
    assert (replacement(edition), replacement(taken), replacement(newer)) == (newer, newer, None)
    assert last_ready(edition) == newer


def test_a_chapter_out_of_a_final_edition_is_final(director: Member, edition: Edition) -> None:
    work_off(edition)
    content = from_data(edition.content)
    Edition.objects.filter(pk=edition.pk).update(draft=False, content=replace(content, draft=False).as_data())
    taken = work_off(take_chapter(director, edition.pk, "3"))
    assert taken.draft is False
    assert "CONCEPT" not in words_of(taken)


def test_there_must_be_a_pdf_with_that_chapter(director: Member, edition: Edition) -> None:
    with pytest.raises(Refused, match="geen PDF"):
        take_chapter(director, edition.pk, "2")
    work_off(edition)
    for number in ("9", "", "2.1"):
        with pytest.raises(Http404):
            take_chapter(director, edition.pk, number)
    stranger = builders.member("Sjoerd", builders.organisation("Elders", "elders"), Role.DIRECTOR)
    with pytest.raises(Http404):
        take_chapter(stranger, edition.pk, "2")
    with pytest.raises(PermissionDenied):
        take_chapter(builders.member("Anna", director.organisation, Role.AUDITOR), edition.pk, "2")


def test_cancelled_edition_publishes_nothing_and_can_be_asked_for_again(director: Member, edition: Edition) -> None:
    work(edition.job)
    cancel_edition(director, edition.pk)
    edition.refresh_from_db()
    assert (edition.is_cancelled, edition.is_building, edition.is_ready) == (True, False, False)
    assert not Job.objects.filter(state=JobState.WAITING).exists()
    second = compile_report(director, "jaarstukken-2020")
    assert (second.number, work_off(second).is_ready) == (2, True)
