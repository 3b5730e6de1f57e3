import hashlib
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command

from accounts.models import Organisation
from accounts.roles import Role
from publishing.actions import compile_report
from publishing.content import content_hash
from publishing.models import Edition
from reports.models import Report, SectionKind
from tests import builders

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 inhoud"


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


def edition(organisation: Organisation, number: int) -> Edition:
    report = Report.objects.filter(organisation=organisation).first() or builders.report(organisation)
    content = {"title": f"Jaarstukken {number}", "bedrag": [number]}
    made = Edition.objects.create(
        report=report,
        number=number,
        content=content,
        content_hash=content_hash(content),
        requested_by=builders.person("Dirk", organisation),
        sha256=hashlib.sha256(PDF).hexdigest(),
    )
    made.file.save(f"{number}.pdf", ContentFile(PDF))
    return made


def verify(*arguments: str) -> tuple[list[str], str]:
    """What the command printed, line by line, and why it failed."""
    out = StringIO()
    try:
        call_command("verify_editions", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def test_everything_is_as_it_was_made(duoplus: Organisation) -> None:
    builders.organisation("Waterrand", "waterrand")
    for number in (1, 2):
        edition(duoplus, number)
    Edition.objects.create(
        report=Report.objects.get(),
        number=3,
        content={},
        content_hash="of one that is being made",
        requested_by=builders.person("Dirk", duoplus),
    )
    assert verify() == (
        ["duoplus: 2 edities, 0 niet heel", "waterrand: 0 edities, 0 niet heel", "Alle edities zijn heel."],
        "",
    )


def test_what_is_missing_or_changed_is_named_per_organisation(duoplus: Organisation) -> None:
    lost, forged, rewritten, gone, folder = (edition(duoplus, number) for number in range(1, 6))
    edition(builders.organisation("Waterrand", "waterrand"), 1)
    Path(lost.file.path).unlink()
    Path(forged.file.path).write_bytes(PDF + b"\n")
    Edition.objects.filter(pk=rewritten.pk).update(content={**rewritten.content, "bedrag": [1_000_000]})
    Path(gone.file.path).unlink()
    Edition.objects.filter(pk=gone.pk).update(content={})
    Path(folder.file.path).unlink()
    Path(folder.file.path).mkdir()
    assert verify() == (
        [
            "duoplus: 5 edities, 5 niet heel",
            f"  Jaarstukken 2020, editie 1 ({lost.file.name}): bestand ontbreekt",
            f"  Jaarstukken 2020, editie 2 ({forged.file.name}): bestand gewijzigd",
            f"  Jaarstukken 2020, editie 3 ({rewritten.file.name}): vastgelegde inhoud gewijzigd",
            f"  Jaarstukken 2020, editie 4 ({gone.file.name}): bestand ontbreekt en vastgelegde inhoud gewijzigd",
            f"  Jaarstukken 2020, editie 5 ({folder.file.name}): bestand niet te lezen",
            "waterrand: 1 editie, 0 niet heel",
        ],
        "Niet heel: 5 edities.",
    )
    assert verify("--organisation", "waterrand") == (
        ["waterrand: 1 editie, 0 niet heel", "Alle edities zijn heel."],
        "",
    )


def test_an_organisation_that_is_not_there(duoplus: Organisation) -> None:
    assert verify("--organisation", "elders") == ([], "Er is geen organisatie elders.")


def test_content_that_was_compiled_keeps_its_hash_in_the_database(duoplus: Organisation) -> None:
    """Frozen by the action, stored as JSON by the database at hand, and read again."""
    table = builders.sample_table(duoplus)
    chapter = builders.chapter(builders.report(duoplus))
    team = builders.team(duoplus)
    builders.section(chapter, team, "Inleiding – “ICT”", text="<p>Eén.</p>")
    builders.section(chapter, team, "Investeringen", SectionKind.FIGURES, table)
    made = compile_report(builders.member("Hendrik", duoplus, Role.DIRECTOR), "jaarstukken-2020")
    Edition.objects.update(sha256=hashlib.sha256(PDF).hexdigest())
    made.refresh_from_db()
    made.file.save("1.pdf", ContentFile(PDF))
    assert verify() == (["duoplus: 1 editie, 0 niet heel", "Alle edities zijn heel."], "")
