import io
import re

import pytest
from django.test import Client
from PIL import Image
from pytest_django import DjangoAssertNumQueries

import jobs.actions
from accounts.members import Member
from accounts.roles import Role
from jobs.models import Job, JobState
from jobs.running import run
from publishing import building, cache, fragments, pdf, previews, shaping, tasks
from publishing.actions import compile_report
from publishing.models import Preview
from publishing.pictures import NoPicture
from publishing.previews import Sheet
from publishing.rendered import Place, Rendered
from reports.models import Report, Section, SectionKind
from tests import builders
from tests.hostile import TOWER

pytestmark = pytest.mark.django_db
PARAGRAPH = "<p>Een bladzijde vol woorden.</p>"


@pytest.fixture
def anna() -> Member:
    return builders.member("Anna", builders.organisation(), Role.AUDITOR)


@pytest.fixture
def report(anna: Member) -> Report:
    """A chapter with three sections and one below it; the second section takes two pages."""
    made = builders.report(anna.organisation)
    team = builders.team(anna.organisation)
    chapter = builders.chapter(made, "Bestuur")
    for title, text in (("Inleiding", PARAGRAPH), ("Verloop", PARAGRAPH * 40), ("Slot", PARAGRAPH)):
        builders.section(chapter, team, title, text=text)
    builders.section(builders.chapter(made, "Dienstverlening", chapter), team, "Balie", text=PARAGRAPH)
    builders.section(builders.chapter(made, "Elders"), team, "Andere woorden", text=PARAGRAPH)
    return made


def section(report: Report, title: str) -> Section:
    return Section.objects.select_related("chapter__report").get(chapter__report=report, title=title)


def work() -> str:
    """What a worker does with the job that waits, and how it ended."""
    job = Job.objects.get(kind=previews.RENDER, state=JobState.WAITING)
    held = jobs.actions.claim(job.pk, joins_until_end=False)
    assert held is not None
    run(tasks.render_preview, held)
    return Job.objects.get(pk=job.pk).state


def seen(anna: Member, report: Report, title: str) -> list[tuple[int, int]]:
    look = previews.look(anna, section(report, title))
    assert (look.is_current, look.is_building, look.reason) == (True, False, "")
    return [(sheet.run, sheet.page) for sheet in look.sheets]


def test_a_section_is_seen_on_its_own_pages(anna: Member, report: Report) -> None:
    first = previews.look(anna, section(report, "Verloop"))
    assert (first.sheets, first.is_current, first.is_building) == ((), False, True)
    assert work() == JobState.DONE
    assert seen(anna, report, "Inleiding") == [(0, 0)]
    assert seen(anna, report, "Verloop") == [(0, 0), (0, 1)]
    assert seen(anna, report, "Slot") == [(0, 1)]
    assert seen(anna, report, "Balie") == [(0, 1)]
    assert Job.objects.count() == 1


def test_what_opens_the_next_page_is_not_shown(anna: Member, report: Report) -> None:
    slot = section(report, "Slot")
    # The words before it end on the second page.
    Section.objects.filter(pk=slot.pk).update(text=PARAGRAPH * 200)
    previews.look(anna, slot)
    work()
    sheets = seen(anna, report, "Slot")
    last = seen(anna, report, "Balie")
    assert sheets[0] == (0, 1)
    assert len(sheets) > 3
    assert last == [sheets[-1]]


def test_it_is_what_an_edition_is_made_of(anna: Member, report: Report) -> None:
    previews.look(anna, section(report, "Verloop"))
    work()
    director = builders.member("Dirk", anna.organisation, Role.DIRECTOR)
    edition = compile_report(director, report.slug)
    cut = fragments.cut(building.read(edition.pk), pdf.engine())
    assert Preview.objects.get().keys == [cut.fragments[1].key]
    assert [cache.fetch(fragment.key) is not None for fragment in cut.fragments] == [False, True, False]


def test_it_follows_the_text_and_keeps_the_old_pages_meanwhile(anna: Member, report: Report) -> None:
    verloop = section(report, "Verloop")
    previews.look(anna, verloop)
    work()
    old = previews.look(anna, verloop)
    Section.objects.filter(pk=verloop.pk).update(text=PARAGRAPH)
    look = previews.look(anna, verloop)
    assert (look.sheets, look.is_current, look.is_building) == (old.sheets, False, True)
    assert look.state != old.state
    assert previews.look(anna, verloop).state == look.state
    work()
    assert seen(anna, report, "Verloop") == [(0, 0)]
    # Words of another chapter do not matter here.
    Section.objects.filter(title="Andere woorden").update(text="<p>Anders.</p>")
    assert seen(anna, report, "Verloop") == [(0, 0)]


def test_who_looks_while_it_waits_joins_that(anna: Member, report: Report) -> None:
    previews.look(anna, section(report, "Verloop"))
    Section.objects.filter(title="Slot").update(text="<p>Later.</p>")
    previews.look(anna, section(report, "Slot"))
    assert Job.objects.count() == 1
    work()
    assert previews.look(anna, section(report, "Slot")).is_current


def test_text_saved_while_pages_are_made_is_made_after_that(anna: Member, report: Report) -> None:
    verloop = section(report, "Verloop")
    previews.look(anna, verloop)
    jobs.actions.claim(Job.objects.get().pk, joins_until_end=False)
    Section.objects.filter(title="Slot").update(text="<p>Later.</p>")
    assert previews.look(anna, verloop).is_building
    assert list(Job.objects.order_by("pk").values_list("state", flat=True)) == [JobState.RUNNING, JobState.WAITING]
    assert work() == JobState.DONE
    assert previews.look(anna, verloop).is_current


def test_pages_that_are_gone_are_made_again(anna: Member, report: Report) -> None:
    verloop = section(report, "Verloop")
    previews.look(anna, verloop)
    work()
    cache._place(Preview.objects.get().keys[0]).write_bytes(b"half")
    look = previews.look(anna, verloop)
    assert (look.sheets, look.is_building) == ((), True)
    work()
    assert previews.look(anna, verloop).is_current


def test_another_version_of_the_portal_makes_them_anew(
    anna: Member, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    verloop = section(report, "Verloop")
    previews.look(anna, verloop)
    work()
    monkeypatch.setattr(shaping, "house", lambda: "another")
    assert previews.look(anna, verloop).is_building


def test_the_lines_of_a_long_table_are_pages_of_their_own(anna: Member, report: Report) -> None:
    table = builders.table(anna.organisation)
    for number in range(201):
        builders.line(table, f"Regel {number}", original="100", actual="90")
    cijfers = builders.section(
        section(report, "Slot").chapter,
        builders.team(anna.organisation, "Control"),
        "Cijfers",
        SectionKind.FIGURES,
        table,
    )
    previews.look(anna, cijfers)
    assert work() == JobState.DONE
    runs = [run for run, _ in seen(anna, report, "Cijfers")]
    assert runs == sorted(runs)
    assert {1, 2} <= set(runs)
    assert seen(anna, report, "Balie")[0][0] == 2


def test_what_cannot_be_laid_out_is_told_until_it_was_changed(anna: Member, report: Report) -> None:
    verloop = section(report, "Verloop")
    Section.objects.filter(pk=verloop.pk).update(text=TOWER)
    assert previews.look(anna, verloop).is_building
    assert work() == JobState.FAILED
    look = previews.look(anna, verloop)
    assert (look.is_building, look.sheets) == (False, ())
    assert look.reason.startswith("Hoofdstuk 1 “Bestuur”: ")
    assert Job.objects.count() == 1
    Section.objects.filter(pk=verloop.pk).update(text=PARAGRAPH)
    assert previews.look(anna, verloop).is_building
    work()
    assert seen(anna, report, "Verloop") == [(0, 0)]


def test_a_full_disk_is_told(anna: Member, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    verloop = section(report, "Verloop")
    previews.look(anna, verloop)
    monkeypatch.setattr(cache, "put", full)
    assert work() == JobState.FAILED
    assert previews.look(anna, verloop).reason.startswith("De schijf is vol.")


def test_a_page_is_a_picture(anna: Member, report: Report) -> None:
    verloop = section(report, "Verloop")
    with pytest.raises(NoPicture):
        previews.picture(verloop, 0, 0)
    previews.look(anna, verloop)
    work()
    with Image.open(io.BytesIO(previews.picture(verloop, 0, 1))) as image:
        assert (image.format, image.size) == ("PNG", (1240, 1754))
    for run_number, page in ((0, 99), (1, 0)):
        with pytest.raises(NoPicture):
            previews.picture(verloop, run_number, page)


@pytest.fixture
def reader(anna: Member, client: Client) -> Client:
    client.force_login(anna.user)
    return client


def test_the_page_shows_pictures_and_asks_only_while_there_is_something_to_come(
    reader: Client, anna: Member, report: Report, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/duoplus/rapporten/onderdelen/{section(report, 'Verloop').pk}/voorbeeld/"
    page = reader.get(address).content.decode()
    assert "De bladzijden worden opgemaakt" in page
    assert "every 400ms" in page
    asks = re.findall(r'hx-get="([^"]+)"', page)[0]
    assert reader.get(asks).status_code == 204
    work()
    answer = reader.get(asks)
    new = answer.content.decode()
    assert new.count("<img") == 2
    assert "every 400ms" not in new
    assert "2 bladzijden, zoals de tekst nu is opgeslagen." in " ".join(new.split())
    assert answer["Cache-Control"] == "no-store"
    pictures = re.findall(r'src="([^"]+)"', new)
    drawn = reader.get(pictures[1])
    assert (drawn["Content-Type"], drawn["Cache-Control"]) == ("image/png", "no-store")
    assert drawn.content.startswith(b"\x89PNG")
    assert reader.get(f"{address}0/7/").status_code == 404
    with django_assert_max_num_queries(24):
        assert reader.get(address).content.decode().count("<img") == 2


def test_an_update_leaves_the_old_pages_where_they_are(reader: Client, anna: Member, report: Report) -> None:
    verloop = section(report, "Verloop")
    state = f"/duoplus/rapporten/onderdelen/{verloop.pk}/voorbeeld/stand/"
    reader.get(state)
    work()
    Section.objects.filter(pk=verloop.pk).update(text=PARAGRAPH)
    page = reader.get(state).content.decode()
    assert "De tekst is gewijzigd: de bladzijden worden bijgewerkt" in page
    assert "<img" not in page


def test_all_runs_of_a_chapter_count_in_reading_order() -> None:
    def rendered(pages: int, *places: tuple[str, int, float]) -> Rendered:
        return Rendered(b"", pages, tuple(Place(name, page, 0, y) for name, page, y in places), ())

    found = [
        rendered(2, ("hoofdstuk-1", 0, 780), ("onderdeel-1-1", 0, 740)),
        rendered(3, ("onderdeel-1-2", 0, 780), ("onderdeel-1-3", 2, 400)),
        rendered(1, ("onderdeel-1-4", 0, 780)),
    ]
    names = ["onderdeel-1-1", "onderdeel-1-2", "onderdeel-1-3", "onderdeel-1-4"]
    sheets = [previews._sheets(found, names[begin:]) for begin in range(4)]
    assert sheets == [
        [Sheet(0, 0), Sheet(0, 1)],
        [Sheet(1, 0), Sheet(1, 1), Sheet(1, 2)],
        [Sheet(1, 2)],
        [Sheet(2, 0)],
    ]
    assert previews._sheets(found, ["onderdeel-1-9"]) == []
