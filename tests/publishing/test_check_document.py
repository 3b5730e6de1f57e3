import hashlib
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import LogEntry, Organisation
from accounts.roles import Role
from library import files
from publishing.models import Edition
from reports.models import Report
from tests import builders, uploads
from tests.pages import errors, text

pytestmark = pytest.mark.django_db
ADDRESS = "/duoplus/edities/controleren/"


@pytest.fixture
def report() -> Report:
    return builders.report(builders.organisation())


@pytest.fixture
def auditor(report: Report, client: Client) -> Client:
    client.force_login(builders.person("Anna", report.organisation, Role.AUDITOR))
    return client


def document(number: int) -> bytes:
    return uploads.PDF.replace(b"Catalog", b"Catalog/N %d" % number)


def edition(report: Report, number: int, *, draft: bool = True, chapters: tuple[str, ...] = ()) -> Edition:
    made = Edition.objects.create(
        report=report,
        number=number,
        draft=draft,
        chapters=chapters,
        content={},
        content_hash=f"{number}",
        reason="Voor het bestuur",
        requested_by=builders.person("Dirk", report.organisation),
        sha256=hashlib.sha256(document(number)).hexdigest(),
        created_at="2021-05-14T09:30:00Z",
    )
    made.file.save("editie.pdf", ContentFile(document(number)))
    return made


def check(client: Client, content: bytes) -> str:
    answer = client.post(ADDRESS, {"document": uploads.pdf(content=content)})
    assert answer.status_code == 200
    return text(answer)


def test_an_edition_is_recognised(auditor: Client, report: Report, settings: Settings) -> None:
    edition(report, 1)
    edition(report, 2, draft=False)
    before = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    said = check(auditor, document(2))
    assert (
        "Dit is Jaarstukken 2020, editie 2 De nieuwste Editie 2 , definitief Rapport Jaarstukken 2020 "
        "Gemaakt 14 mei 2021 11:30 door Dirk Waarom Voor het bestuur SHA-256 " + hashlib.sha256(document(2)).hexdigest()
    ) in said
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == before
    assert not LogEntry.objects.exists()


def test_an_edition_that_was_replaced_says_by_which(auditor: Client, report: Report) -> None:
    edition(report, 1)
    edition(report, 2)
    edition(report, 3)
    assert "editie 1 Vervangen door editie 3 van 14 mei 2021" in check(auditor, document(1))


@pytest.mark.parametrize(
    ("old", "new", "replaced"),
    [
        ((True, ()), (True, ()), True),
        ((True, ()), (False, ()), True),
        ((False, ()), (True, ()), False),
        ((False, ()), (False, ()), True),
        ((True, ()), (True, ("2",)), False),
        ((True, ("2",)), (True, ()), True),
        ((True, ("2",)), (True, ("2",)), True),
        ((True, ("2",)), (True, ("3",)), False),
    ],
)
def test_what_comes_in_the_place_of_what(
    auditor: Client,
    report: Report,
    old: tuple[bool, tuple[str, ...]],
    new: tuple[bool, tuple[str, ...]],
    replaced: bool,
) -> None:
    edition(report, 1, draft=old[0], chapters=old[1])
    edition(report, 2, draft=new[0], chapters=new[1])
    assert ("Vervangen" in check(auditor, document(1))) is replaced


def test_an_edition_of_another_report_or_one_that_failed_replaces_nothing(auditor: Client, report: Report) -> None:
    edition(report, 1)
    edition(builders.report(report.organisation, "Begroting 2021", "begroting-2021"), 2)
    Edition.objects.create(
        report=report, number=3, content={}, content_hash="3", requested_by=builders.person("Dirk", report.organisation)
    )
    assert "De nieuwste" in check(auditor, document(1))


@pytest.mark.parametrize("change", [b"%%EOF\n\n", b"%%EOF\n%x"])
def test_one_byte_more_makes_it_another_document(auditor: Client, report: Report, change: bytes) -> None:
    edition(report, 1)
    changed = document(1).replace(b"%%EOF\n", change)
    said = check(auditor, changed)
    assert "Dit is geen editie van Duo+ Niet herkend" in said
    assert hashlib.sha256(changed).hexdigest() in said


def test_editions_of_another_organisation_are_not_known(auditor: Client, report: Report) -> None:
    edition(builders.report(builders.organisation("Waterrand", "waterrand")), 1)
    assert "Dit is geen editie van Duo+" in check(auditor, document(1))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>", "Dit is geen pdf-bestand. Sla het document op als pdf en kies dat bestand."),
        (
            b"%PDF-1.7 half",
            "Dit pdf-bestand is niet compleet. Sla het document opnieuw op als pdf en kies dat bestand.",
        ),
        (b"", "Het verstuurde bestand is leeg."),
    ],
)
def test_what_is_no_pdf_is_refused_at_the_field(auditor: Client, content: bytes, reason: str) -> None:
    answer = auditor.post(ADDRESS, {"document": uploads.pdf(content=content)})
    assert (answer.status_code, errors(answer)) == (422, {"document": [reason]})


def test_without_a_file_and_with_one_that_is_too_large(auditor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = auditor.post(ADDRESS)
    assert (answer.status_code, list(errors(answer))) == (422, ["document"])
    monkeypatch.setattr(files, "LARGEST_DOCUMENT", 10)
    answer = auditor.post(ADDRESS, {"document": uploads.pdf()})
    assert errors(answer)["document"][0].startswith("Dit bestand is groter dan")


def test_it_stays_within_its_budget(
    auditor: Client, report: Report, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    edition(report, 1)
    # session, person, roles, house style; the edition and what replaced it
    with django_assert_num_queries(6):
        check(auditor, document(1))


def test_the_list_leads_to_it(auditor: Client, report: Report) -> None:
    assert f'href="{ADDRESS}"' in auditor.get("/duoplus/edities/").content.decode()


def test_nobody_elses_organisation(report: Report, client: Client) -> None:
    other: Organisation = builders.organisation("Waterrand", "waterrand")
    client.force_login(builders.person("Sjoerd", other, *Role))
    assert client.post(ADDRESS, {"document": uploads.pdf()}).status_code == 404
