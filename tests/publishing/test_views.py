import re

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation
from accounts.roles import Role
from jobs.models import Job, JobState
from publishing.actions import compile_report
from publishing.models import Edition, Part
from reports.models import Chapter, Report, Section, SectionKind
from tests import builders
from tests.investments.computing import compute
from tests.pages import text
from tests.uploads import PAGE

pytestmark = pytest.mark.django_db


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def report(duoplus: Organisation) -> Report:
    made = builders.report(duoplus)
    owner = builders.team(duoplus)
    programmes = builders.chapter(made, "Programma's")
    builders.section(builders.chapter(made, "Bedrijfsvoering", programmes), owner, text="<p>Het jaar in cijfers.</p>")
    return made


@pytest.fixture
def director(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Dirk", duoplus, Role.DIRECTOR))
    return client


def edition(report: Report, number: int, *, file: bytes = b"", draft: bool = True) -> Edition:
    made = Edition.objects.create(
        report=report,
        number=number,
        draft=draft,
        content={},
        content_hash=f"{number}",
        requested_by=builders.person("Dirk", report.organisation),
        pages=4 if file else None,
        size=len(file) or None,
    )
    if file:
        made.file.save("editie.pdf", ContentFile(file))
    return made


def test_what_is_missing_in_the_figures_is_told_before_compiling(director: Client, report: Report) -> None:
    table = builders.sample_table(report.organisation)
    compute(table)
    team = builders.team(report.organisation, "I&A")
    builders.section(report.chapters.all()[0], team, kind=SectionKind.FIGURES, table=table)
    answer = director.get("/duoplus/rapporten/jaarstukken-2020/samenstellen/")
    assert (
        "0% verklaard : 0 van 168.700 euro Investeringen ICT 2020 : 5 afwijkingen zijn nog niet verklaard. "
        "Rechtmatigheid 2020 : 2 overschreden kredieten zijn nog niet geclassificeerd." in text(answer)
    )


def test_signs_that_cannot_be_printed_are_named_with_their_section(director: Client, report: Report) -> None:
    section = Section.objects.get()
    Section.objects.update(text="<p>漢字</p>")
    answer = director.get("/duoplus/rapporten/jaarstukken-2020/samenstellen/")
    assert f"{section.title} : 字 (U+5B57), 漢 (U+6F22)." in text(answer)
    assert f'href="/duoplus/rapporten/onderdelen/{section.pk}/"' in answer.content.decode()


def test_signs_in_titles_are_mended_where_the_report_is_arranged(director: Client, report: Report) -> None:
    report.chapters.filter(title="Bedrijfsvoering").update(title="漢")
    answer = director.get("/duoplus/rapporten/jaarstukken-2020/samenstellen/")
    assert 'href="/duoplus/rapporten/jaarstukken-2020/indeling/">1.1 漢</a>' in answer.content.decode()


def test_compiling_makes_an_edition_and_shows_it(director: Client, report: Report) -> None:
    answer = director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    made = Edition.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/duoplus/edities/{made.pk}/")
    assert (made.number, made.draft, made.chapters) == (1, True, [])
    assert made.job is not None
    assert (made.job.kind, made.job.subject_id, made.job.state) == ("publishing.compile_edition", made.pk, "waiting")


def test_pressing_twice_gives_the_same_edition(director: Client, report: Report) -> None:
    first = director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    second = director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    assert first["Location"] == second["Location"]
    assert Edition.objects.count() == 1


def test_chosen_chapters_stand_on_the_edition(director: Client, report: Report) -> None:
    chosen = Chapter.objects.get(title="Bedrijfsvoering")
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes", "chapters": [chosen.pk]})
    assert Edition.objects.get().chapters == ["1.1"]


def test_what_was_chosen_is_chosen_again_by_the_same_person_for_the_same_report(
    director: Client, report: Report, client: Client
) -> None:
    chosen = Chapter.objects.get(title="Bedrijfsvoering")
    entry = {"draft": "yes", "chapters": [chosen.pk], "reason": "Voor het bestuur van 3 juni"}
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", entry)
    assert Edition.objects.get().reason == "Voor het bestuur van 3 juni"
    form = director.get("/duoplus/rapporten/jaarstukken-2020/samenstellen/").context["form"]
    assert [form[name].value() for name in ("draft", "chapters", "reason")] == ["yes", [chosen.pk], None]
    other = builders.report(report.organisation, "Begroting 2021", "begroting-2021")
    form = director.get(f"/duoplus/rapporten/{other.slug}/samenstellen/").context["form"]
    assert form["chapters"].value() is None
    client.force_login(builders.person("Thea", report.organisation, Role.DIRECTOR))
    form = client.get("/duoplus/rapporten/jaarstukken-2020/samenstellen/").context["form"]
    assert form["chapters"].value() is None


def test_a_chapter_that_is_gone_is_no_longer_chosen(director: Client, report: Report) -> None:
    gone = builders.chapter(report, "Bijlagen")
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes", "chapters": [gone.pk]})
    gone.delete()
    page = director.get("/duoplus/rapporten/jaarstukken-2020/samenstellen/").content.decode()
    assert re.findall(r'value="(\w+)"[^>]* checked', page) == ["yes"]


def test_a_final_edition_is_refused_while_a_section_waits(director: Client, report: Report) -> None:
    answer = director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "no"})
    assert answer.status_code == 422
    assert "Nog niet elk onderdeel is akkoord: Speerpunten." in answer.content.decode()
    assert Edition.objects.count() == 0


def test_an_unknown_chapter_is_refused_at_the_field(director: Client, report: Report) -> None:
    answer = director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes", "chapters": ["0"]})
    assert answer.status_code == 422
    assert answer.context["form"].errors["chapters"] == ["Een hoofdstuk dat u koos, is er niet meer. Kies opnieuw."]


def test_a_file_is_downloaded_under_a_name_that_says_what_it_is(
    duoplus: Organisation, report: Report, client: Client
) -> None:
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    made = edition(report, 3, file=b"%PDF-1.7 inhoud")
    answer = client.get(f"/duoplus/edities/{made.pk}/pdf/")
    assert b"".join(answer) == b"%PDF-1.7 inhoud"
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == ('attachment; filename="duoplus-jaarstukken-2020-editie-3-concept.pdf"')
    answer.close()


def test_an_edition_without_a_file_has_no_download(director: Client, report: Report) -> None:
    assert director.get(f"/duoplus/edities/{edition(report, 1).pk}/pdf/").status_code == 404


def test_progress_asks_again_only_while_the_job_is_active(director: Client, report: Report) -> None:
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    made = Edition.objects.select_related("job").get()
    assert made.job is not None
    address = f"/duoplus/edities/{made.pk}/voortgang/"
    answer = director.get(address)
    assert f'hx-get="{address}"' in answer.content.decode()
    assert "HX-Retarget" not in answer
    made.job.state, made.job.reason = "failed", "De schijf is vol."
    made.job.save()
    answer = director.get(address)
    assert "hx-get" not in answer.content.decode()
    assert "De schijf is vol." in answer.content.decode()
    assert answer["HX-Retarget"] == "#voortgang"


def test_what_cancels_is_not_replaced_while_somebody_clicks_it(director: Client, report: Report) -> None:
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    own = f"/duoplus/edities/{Edition.objects.get().pk}/"
    assert "Afbreken" in director.get(own).content.decode()
    assert "Afbreken" not in director.get(f"{own}voortgang/").content.decode()


def test_who_asks_for_what_is_there_already_is_told_so(director: Client, report: Report) -> None:
    address = "/duoplus/rapporten/jaarstukken-2020/samenstellen/"
    told = "Er is niets veranderd: dit is de editie die er al was."
    assert told not in director.post(address, {"draft": "yes"}, follow=True).content.decode()
    Edition.objects.get().file.save("editie.pdf", ContentFile(b"%PDF-"))
    assert told in director.post(address, {"draft": "yes"}, follow=True).content.decode()
    assert Edition.objects.count() == 1


def test_a_failed_edition_leads_to_the_last_good_one_of_its_report(director: Client, report: Report) -> None:
    edition(report, 1, file=b"%PDF-")
    good = edition(report, 2, file=b"%PDF-")
    edition(builders.report(report.organisation, "Begroting 2021", "begroting-2021"), 1, file=b"%PDF-")
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    failed = Edition.objects.get(report=report, number=3)
    for address in (f"/duoplus/edities/{failed.pk}/", f"/duoplus/edities/{failed.pk}/voortgang/"):
        Job.objects.update(state=JobState.WAITING)
        assert "laatste goede PDF" not in director.get(address).content.decode()
        Job.objects.update(state=JobState.FAILED)
        page = director.get(address).content.decode()
        assert re.findall(r'href="([^"]*)">(editie \d) van', page) == [(f"/duoplus/edities/{good.pk}/", "editie 2")]


def test_the_list_filters_sorts_and_stays_within_its_budget(
    director: Client, report: Report, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(1, 6):
        edition(report, number, file=b"%PDF-", draft=number < 5)
    # session, person, roles, teams, house style, organisations; reports to filter by; count and rows
    with django_assert_num_queries(7):
        page = director.get("/duoplus/edities/?sort=name").content.decode()
    assert re.findall(r"editie (\d)</a>", page) == ["1", "2", "3", "4", "5"]
    for made in Edition.objects.all():
        made.pages, made.size, made.reason, made.sha256 = 9 - made.number, 100 * made.number, f"{made.number}", "ab"
        made.save()
    for column, first in (("pages", "5"), ("-pages", "1"), ("size", "1"), ("-size", "5"), ("-reason", "5")):
        page = director.get(f"/duoplus/edities/?sort={column}").content.decode()
        assert re.findall(r"editie (\d)</a>", page)[0] == first, column
    page = director.get("/duoplus/edities/?draft=False").content.decode()
    assert re.findall(r"editie (\d)</a>", page) == ["5"]


def test_a_file_that_is_gone_is_not_found_and_made_again(director: Client, report: Report) -> None:
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    lost = Edition.objects.get()
    lost.file.save("editie.pdf", ContentFile(b"%PDF-1.7"))
    lost.file.storage.delete(str(lost.file.name))
    assert director.get(f"/duoplus/edities/{lost.pk}/pdf/").status_code == 404
    director.post("/duoplus/rapporten/jaarstukken-2020/samenstellen/", {"draft": "yes"})
    assert [made.number for made in Edition.objects.order_by("number")] == [1, 2]


@pytest.mark.parametrize("rows", ["-1", "100000000", "x"])
def test_the_address_does_not_choose_how_many_rows_a_page_has(director: Client, report: Report, rows: str) -> None:
    for number in range(1, 28):
        edition(report, number)
    answer = director.get(f"/duoplus/edities/?per_page={rows}&page=2")
    assert answer.status_code == 200
    assert len(answer.context["table"].page.object_list) == 2


def test_the_list_says_who_why_how_large_and_which_and_leads_to_every_file(director: Client, report: Report) -> None:
    made = edition(report, 1, file=b"%PDF-1.7 inhoud")
    Edition.objects.update(reason="Voor het bestuur", sha256="ab" * 32)
    page = director.get("/duoplus/edities/")
    assert "Voor het bestuur 4 15 bytes " + "ab" * 32 in text(page)
    assert f'title="{"ab" * 32}"' in page.content.decode()
    files = re.findall(rf'(?:href|src)="/duoplus/edities/{made.pk}/(\w+)/"', page.content.decode())
    assert files == ["omslag", "pdf", "feiten"]
    rows = director.get("/duoplus/edities/?export=csv").content.decode("utf-8-sig").splitlines()
    assert rows[0] == "editie;stand;gemaakt door;op;waarom;bladzijden;grootte;SHA-256"
    assert rows[1].split(";")[4:] == ["Voor het bestuur", "4", "15", "ab" * 32]


def test_the_page_of_an_edition_tells_what_proves_it(director: Client, report: Report) -> None:
    made = edition(report, 1, file=b"%PDF-1.7 inhoud")
    Edition.objects.update(reason="Voor het bestuur", sha256="ab" * 32, content_hash="cd" * 32)
    said = text(director.get(f"/duoplus/edities/{made.pk}/"))
    assert (
        f"Waarom Voor het bestuur Bladzijden 4 Grootte 15 bytes SHA-256 van de PDF {'ab' * 32} "
        f"Vastgelegde inhoud {'cd' * 32}"
    ) in said
    assert "Vervangen" not in said
    edition(report, 2, file=b"%PDF-1.7 inhoud")
    assert "Vervangen door editie 2 van" in text(director.get(f"/duoplus/edities/{made.pk}/"))


def test_a_chapter_can_be_taken_out_of_an_edition_of_more_than_one(
    director: Client, report: Report, client: Client, duoplus: Organisation
) -> None:
    section = Section.objects.get()
    builders.section(builders.chapter(report, "Slot"), section.owner_team, text="<p>Tot slot.</p>")
    made = compile_report(builders.member("Hendrik", duoplus, Role.DIRECTOR), report.slug)
    made.file.save("editie.pdf", ContentFile(PAGE))
    address = f"/duoplus/edities/{made.pk}/"
    Part.objects.create(edition=made, position=0, number="", title="Inhoud", key="0")
    Part.objects.create(edition=made, position=1, number="1", title="Programma's", key="1")
    assert "hieruit als PDF" not in text(director.get(address))
    Part.objects.create(edition=made, position=2, number="2", title="Slot", key="2")
    assert "Eén hoofdstuk hieruit als PDF 1 Programma's 2 Slot Maken" in text(director.get(address))
    answer = director.post(f"{address}hoofdstuk/", {"number": "2"})
    taken = Edition.objects.get(source=made)
    assert (answer.status_code, answer["Location"]) == (302, f"/duoplus/edities/{taken.pk}/")
    assert "Alleen hoofdstuk 2, zoals het staat in editie 1" in text(director.get(answer["Location"]))
    assert director.post(f"{address}hoofdstuk/", {"number": "7"}).status_code == 404
    client.force_login(builders.person("Anna", duoplus, Role.AUDITOR))
    assert "hieruit als PDF" not in text(client.get(address))
