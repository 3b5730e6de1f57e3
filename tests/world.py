"""One organisation with one of everything, and another beside it: what the access test walks through."""

import hashlib
from dataclasses import dataclass, replace

from django.core.files.base import ContentFile

from accounts.models import Organisation, User
from accounts.roles import Role
from investments.checks import Quote
from investments.models import DeviationRule, LedgerImport, LedgerImportState
from library.models import HouseStyle, SourceDocument, Theme
from publishing import cache
from publishing.content import ChapterContent, content_hash
from publishing.freezing import freeze
from publishing.models import Edition, Part, Preview
from publishing.rendered import Rendered
from reports.models import SectionVersion
from tests import builders, uploads
from tests.investments import ledger as books

# The smallest PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fccff0bf1e00068602"
    "7f6f1ad6aa0000000049454e44ae426082"
)


@dataclass(frozen=True)
class World:
    """The rows, by the name that addresses use for their id."""

    organisation: Organisation
    other: Organisation
    people: dict[Role, User]
    subjects: dict[str, int | str]


def build() -> World:
    """Everything in `duoplus`; the other organisation has no rows at all."""
    organisation = builders.organisation()
    team = builders.team(organisation)
    people = {
        role: builders.person(role.value, organisation, role, teams=(team,) if role == Role.TEAM_LEAD else ())
        for role in Role
    }
    table = builders.table(organisation)
    table.previous_table = builders.table(organisation, year=2019)
    table.save()
    line = builders.line(table, original="100", actual="90", amendment="5", owner=team)
    table.quotes = [Quote("€ 90", "actual", 9000, 1, ((line.pk, 1),)).as_data()]
    table.save()
    report = builders.report(organisation)
    chapter = builders.chapter(report)
    section = builders.section(chapter, team, text="<p>Er is veel gedaan.</p>")
    version = SectionVersion.objects.create(
        section=section,
        number=1,
        content={"text": section.text, "goals": [], "achievements": []},
        saved_by=people[Role.TEAM_LEAD],
    )
    document = SourceDocument.objects.create(organisation=organisation, title="Begroting", year=2020)
    document.file.save("begroting.pdf", ContentFile(b"%PDF-1.7"))
    style = HouseStyle.objects.create(organisation=organisation)
    style.logo.save("logo.png", ContentFile(PIXEL))
    theme = Theme.objects.create(organisation=organisation, name="Kwaliteit", heading="Kansen voor kwaliteit")
    # The report had one chapter more then.
    now = freeze(report, (), draft=True)
    content = replace(now, chapters=(*now.chapters, ChapterContent("2", "Slot", 1, ()))).as_data()
    edition = Edition.objects.create(
        report=report,
        number=1,
        content=content,
        content_hash=content_hash(content),
        requested_by=people[Role.DIRECTOR],
        pages=1,
        size=len(uploads.PAGE),
        sha256=hashlib.sha256(uploads.PAGE).hexdigest(),
    )
    edition.file.save("editie.pdf", ContentFile(uploads.PAGE))
    Part.objects.create(edition=edition, position=0, number="1", title=chapter.title, key="ab" * 32, pages=1)
    cache.keep("ab" * 32, Rendered(uploads.PAGE, 1, (), ()))
    Preview.objects.create(chapter=chapter, keys=["ab" * 32])
    amendment = line.amendments.get()
    table_import = builders.table_import(table, people[Role.CONTROLLER])
    rule = books.rule(line, "4310")
    imported = LedgerImport.objects.create(ledger=rule.ledger, name="journaal.csv", state=LedgerImportState.READY)
    imported.top = [["Rekening", "Datum", "Bedrag"], ["4310", "15-01-2020", "100,00"]]
    imported.save()
    DeviationRule.objects.create(organisation=organisation, table=table, amount=10, applies=False, version=0)
    explanation = builders.explain(line)
    books.evidence(explanation.claims.get())
    return World(
        organisation=organisation,
        other=builders.organisation("Waterrand", "waterrand"),
        people=people,
        subjects={
            "amendment_id": amendment.pk,
            "chapter_id": chapter.pk,
            "decision_id": amendment.decision_id,
            "document_id": document.pk,
            "edition_id": edition.pk,
            "import_id": table_import.pk,
            "file_id": imported.pk,
            "explanation_id": explanation.pk,
            "line_id": line.pk,
            "rule_id": rule.pk,
            "run": 0,
            "page": 0,
            "step": "submit",
            "number": version.number,
            "section_id": section.pk,
            "slug": report.slug,
            "table_id": table.pk,
            "team_id": team.pk,
            "theme_id": theme.pk,
            "user_id": people[Role.AUDITOR].pk,
            "year": table.year,
        },
    )
