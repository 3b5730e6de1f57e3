"""veraPDF has nothing to say of what the portal prints. One test, because starting Java and judging are slow."""

from collections.abc import Mapping
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings as project

from duoplus.demo import load
from publishing.content import ReportContent
from publishing.freezing import freeze
from reports.models import Report
from tests import verapdf
from tests.publishing.blocks import every_block, logo, three_hundred_pages
from tests.publishing.printing import Printed, printed
from tests.verapdf import PDF_A_2A, PDF_UA_1, Failure

PROFILES = (PDF_UA_1, PDF_A_2A)


def demo() -> ReportContent:
    load(project.BASE_DIR / "demo")
    return freeze(Report.objects.get(organisation__slug="duoplus"), (), draft=True)


@pytest.fixture(scope="module")
def blocks() -> Printed:
    return printed(every_block(), logo())


def judged(reports: Mapping[str, Printed], folder: Path) -> dict[tuple[str, str], list[Failure]]:
    """What fails in each report, by profile."""
    files = {folder / f"{name}.pdf": name for name in reports}
    for file, name in files.items():
        file.write_bytes(reports[name].data)
    found = verapdf.verify(files, PROFILES)
    assert min(verdict.checks for verdict in found.values()) > 10_000
    return {(files[file], profile): list(verdict.failures) for (file, profile), verdict in found.items()}


@pytest.mark.once
@pytest.mark.verapdf
@pytest.mark.django_db
def test_every_report_is_accessible_and_fit_for_the_archive(blocks: Printed, tmp_path: Path) -> None:
    long = printed(three_hundred_pages(), logo())
    assert long.pages >= 300
    reports = {"every block": blocks, "300 pages": long, "demo": printed(demo())}
    assert judged(reports, tmp_path) == {(name, profile): [] for name in reports for profile in PROFILES}


def test_only_house_fonts_are_printed_with(blocks: Printed) -> None:
    """Another machine has other fonts, or none: the same content would give other pages, or boxes."""
    assert {name[: len("Source")] for name in blocks.fonts} == {"Source"}


@pytest.mark.once
@pytest.mark.verapdf
def test_what_a_file_breaks_is_told(tmp_path: Path) -> None:
    """The proof that an empty list means something."""
    bare = tmp_path / "bare.pdf"
    document = pypdfium2.PdfDocument.new()
    document.new_page(100, 100)
    document.save(bare)
    document.close()
    told = verapdf.verify([bare], [PDF_UA_1])[bare, PDF_UA_1].failures
    assert [(item.clause, item.test, item.count, item.place) for item in told] == [
        ("6.2", 1, 1, "root"),
        ("7.1", 8, 1, "root/document[0]"),
        ("7.1", 10, 1, "root"),
        ("7.1", 11, 1, "root/document[0]"),
    ]
    assert told[0].rule.startswith("The document catalog dictionary shall include a MarkInfo dictionary")
