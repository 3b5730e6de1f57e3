from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry
from accounts.roles import Role
from accounts.seen import mark
from library import actions, queries
from library.actions import DocumentInput, StyleInput
from library.models import HouseStyle, SourceDocument, Theme
from reports.models import Achievement, Goal, SectionKind
from tests import builders
from tests.uploads import PDF, image, pdf

pytestmark = pytest.mark.django_db
ACCENT = "#1f5266"


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor", builders.organisation(), Role.ADMINISTRATOR)


@pytest.fixture
def ida() -> Member:
    """Administrator of another organisation."""
    return builders.member("Ida", builders.organisation("Waterrand", "waterrand"), Role.ADMINISTRATOR)


def logged() -> list[tuple[str, str]]:
    return list(LogEntry.objects.order_by("id").values_list("action", "subject"))


def stored(folder: str) -> list[str]:
    return default_storage.listdir(folder)[1] if default_storage.exists(folder) else []


class TestDocuments:
    def test_a_file_is_kept_under_a_name_of_its_own(self, noor: Member) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf("geheim.pdf")))
        assert stored("documents") == [str(document.file.name).removeprefix("documents/")]
        assert "geheim" not in str(document.file.name)
        with document.file.open() as file:
            assert file.read() == PDF
        assert (document.organisation, logged()) == (
            noor.organisation,
            [("library.add_document", "Begroting 2020")],
        )

    def test_a_document_elsewhere_or_on_paper(self, noor: Member) -> None:
        elsewhere = actions.add_document(
            noor, DocumentInput("Begroting", 2020, address="https://duoplus.example/b.pdf")
        )
        on_paper = actions.add_document(noor, DocumentInput("Kadernota", 2019))
        assert [(bool(row.file), row.address) for row in (elsewhere, on_paper)] == [
            (False, "https://duoplus.example/b.pdf"),
            (False, ""),
        ]

    def test_title_and_year_are_listed_once_and_no_file_is_left(self, noor: Member, ida: Member) -> None:
        actions.add_document(noor, DocumentInput("Begroting", 2020))
        with pytest.raises(Refused, match="Dit document staat al in de lijst"):
            actions.add_document(noor, DocumentInput("BEGROTING", 2020, file=pdf()))
        assert (stored("documents"), len(logged())) == ([], 1)
        actions.add_document(noor, DocumentInput("Begroting", 2021))
        actions.add_document(ida, DocumentInput("Begroting", 2020))

    def test_a_file_that_a_colleague_replaced_is_not_taken_away(self, noor: Member) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf()))
        seen_by_both = mark(actions.shown_document(document))
        replaced = actions.update_document(
            noor, document.pk, DocumentInput("Begroting", 2020, file=pdf("nieuw.pdf")), seen_mark=seen_by_both
        )
        with pytest.raises(Conflict):
            actions.update_document(
                noor, document.pk, DocumentInput("Begroting", 2020, keeps_file=False), seen_mark=seen_by_both
            )
        assert SourceDocument.objects.get().file.name == replaced.file.name
        assert default_storage.exists(str(replaced.file.name))

    def test_what_is_no_pdf_is_refused(self, noor: Member) -> None:
        with pytest.raises(Refused, match="Dit is geen pdf-bestand"):
            actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf(content=b"<html>")))
        assert (SourceDocument.objects.count(), stored("documents")) == (0, [])

    def test_a_file_and_an_address_together_are_refused(self, noor: Member) -> None:
        with pytest.raises(Refused, match="niet allebei"):
            actions.add_document(noor, DocumentInput("Begroting", 2020, address="https://a.example/", file=pdf()))
        assert (SourceDocument.objects.count(), stored("documents")) == (0, [])

    def test_another_file_replaces_the_old_one(
        self, noor: Member, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf()))
        old, seen = str(document.file.name), mark(actions.shown_document(document))
        with django_capture_on_commit_callbacks(execute=True):
            changed = actions.update_document(
                noor, document.pk, DocumentInput("Programmabegroting", 2021, file=pdf()), seen_mark=seen
            )
        assert (changed.title, changed.year, default_storage.exists(old)) == ("Programmabegroting", 2021, False)
        assert stored("documents") == [str(changed.file.name).removeprefix("documents/")]
        assert LogEntry.objects.first().data == {"document": document.pk, "was": "Begroting 2020"}  # type: ignore[union-attr]

    def test_a_file_stays_until_it_is_taken_away(
        self, noor: Member, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf()))
        seen = mark(actions.shown_document(document))
        with django_capture_on_commit_callbacks(execute=True):
            kept = actions.update_document(
                noor, document.pk, DocumentInput("Begroting", 2020, keeps_file=True), seen_mark=seen
            )
        assert kept.file.name == document.file.name
        with django_capture_on_commit_callbacks(execute=True):
            actions.update_document(noor, document.pk, DocumentInput("Begroting", 2020), seen_mark=seen)
        assert stored("documents") == []

    def test_who_saw_an_older_document_is_told(self, noor: Member) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020))
        seen = mark(actions.shown_document(document))
        actions.update_document(noor, document.pk, DocumentInput("Begroting", 2021), seen_mark=seen)
        with pytest.raises(Conflict) as caught:
            actions.update_document(noor, document.pk, DocumentInput("Begroting", 2019), seen_mark=seen)
        assert (caught.value.saved_by, caught.value.theirs, caught.value.mine) == (
            "Noor",
            [("jaar", "2021")],
            [("jaar", "2019")],
        )

    def test_an_unused_document_goes_with_its_file(
        self, noor: Member, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf()))
        with django_capture_on_commit_callbacks(execute=True):
            actions.remove_document(noor, document.pk)
        assert (SourceDocument.objects.count(), stored("documents")) == (0, [])

    def test_a_document_that_a_goal_names_stays_with_its_file(self, noor: Member) -> None:
        document = actions.add_document(noor, DocumentInput("Begroting", 2020, file=pdf()))
        chapter = builders.chapter(builders.report(noor.organisation))
        section = builders.section(chapter, builders.team(noor.organisation), kind=SectionKind.GOALS)
        Goal.objects.create(section=section, position=1, objective="Minder papier", document=document)
        with pytest.raises(Refused) as caught:
            actions.remove_document(noor, document.pk)
        assert str(caught.value) == "Naar deze bron verwijst “Minder papier”. Kies daar eerst een andere bron."
        assert (len(stored("documents")), SourceDocument.objects.count()) == (1, 1)

    def test_the_controller_keeps_documents_too(self, noor: Member) -> None:
        saskia = builders.member("Saskia", noor.organisation, Role.CONTROLLER)
        assert actions.add_document(saskia, DocumentInput("Begroting", 2020)).pk


class TestThemes:
    def test_a_new_theme_comes_last(self, noor: Member, ida: Member) -> None:
        actions.add_theme(ida, name="Water", heading="Water")
        for name in ("Kwaliteit", "Kosten"):
            actions.add_theme(noor, name=name, heading=f"Kansen voor {name.lower()}")
        assert [(row.position, row.name, row.heading) for row in queries.themes(noor.organisation)] == [
            (1, "Kwaliteit", "Kansen voor kwaliteit"),
            (2, "Kosten", "Kansen voor kosten"),
        ]

    def test_a_name_is_given_once(self, noor: Member) -> None:
        actions.add_theme(noor, name="Kosten", heading="Kosten")
        other = actions.add_theme(noor, name="Kwaliteit", heading="Kwaliteit")
        with pytest.raises(Refused, match="Dit thema bestaat al"):
            actions.add_theme(noor, name="kosten", heading="x")
        seen = mark(actions.shown_theme(other))
        with pytest.raises(Refused, match="Dit thema bestaat al"):
            actions.update_theme(noor, other.pk, name="KOSTEN", heading="x", seen_mark=seen)
        other.refresh_from_db()
        assert (other.name, other.heading) == ("Kwaliteit", "Kwaliteit")

    def test_name_and_heading_change(self, noor: Member) -> None:
        theme = actions.add_theme(noor, name="Kosten", heading="Kosten")
        seen = mark(actions.shown_theme(theme))
        actions.update_theme(noor, theme.pk, name="Geld", heading="Wat het kostte", seen_mark=seen)
        theme.refresh_from_db()
        assert (theme.name, theme.heading) == ("Geld", "Wat het kostte")
        with pytest.raises(Conflict):
            actions.update_theme(noor, theme.pk, name="Geld", heading="Anders", seen_mark=seen)

    @pytest.mark.parametrize(
        ("name", "steps", "order"),
        [
            ("C", -1, ["A", "C", "B"]),
            ("A", 1, ["B", "A", "C"]),
            ("A", -1, ["A", "B", "C"]),
            ("C", 5, ["A", "B", "C"]),
            ("A", 2, ["B", "C", "A"]),
        ],
    )
    def test_moving(self, noor: Member, name: str, steps: int, order: list[str]) -> None:
        made = {letter: actions.add_theme(noor, name=letter, heading=letter) for letter in "ABC"}
        actions.move_theme(noor, made[name].pk, steps)
        assert [theme.name for theme in queries.themes(noor.organisation)] == order
        assert [theme.position for theme in queries.themes(noor.organisation)] == [1, 2, 3]

    def test_an_unused_theme_goes_a_used_one_stays(self, noor: Member) -> None:
        unused = actions.add_theme(noor, name="Kosten", heading="Kosten")
        used = actions.add_theme(noor, name="Kwaliteit", heading="Kwaliteit")
        chapter = builders.chapter(builders.report(noor.organisation))
        section = builders.section(chapter, builders.team(noor.organisation), kind=SectionKind.ACHIEVEMENTS)
        Achievement.objects.create(section=section, position=1, theme=used, title="Sneller antwoord")
        actions.remove_theme(noor, unused.pk)
        with pytest.raises(Refused, match="Onder dit thema staat “Sneller antwoord”"):
            actions.remove_theme(noor, used.pk)
        assert [theme.name for theme in Theme.objects.all()] == ["Kwaliteit"]


class TestHouseStyle:
    def save(self, member: Member, entry: StyleInput) -> HouseStyle:
        seen = mark(actions.shown_style(queries.house_style(member.organisation)))
        return actions.save_house_style(member, entry, seen_mark=seen)

    def test_colour_font_and_logo(self, noor: Member) -> None:
        style = self.save(noor, StyleInput(ACCENT, "source-sans", logo=image(name="x.svg")))
        assert (style.accent, style.font, style.organisation) == (ACCENT, "source-sans", noor.organisation)
        assert stored("logos") == [str(style.logo.name).removeprefix("logos/")]
        assert str(style.logo.name).endswith(".png")

    def test_the_logo_stays_until_it_is_taken_away_and_its_file_for_editions(self, noor: Member) -> None:
        first = self.save(noor, StyleInput(ACCENT, "source-sans", logo=image()))
        kept = self.save(noor, StyleInput("#000000", "source-serif"))
        assert (kept.logo.name, kept.accent) == (first.logo.name, "#000000")
        without = self.save(noor, StyleInput("#000000", "source-serif", keeps_logo=False))
        assert (bool(without.logo), len(stored("logos")), HouseStyle.objects.count()) == (False, 1, 1)

    def test_a_pale_colour_is_refused_with_its_ratio(self, noor: Member) -> None:
        with pytest.raises(Refused, match="een contrast van 1,5"):
            self.save(noor, StyleInput("#ffcc00", "source-sans"))
        assert HouseStyle.objects.count() == 0

    def test_what_is_no_image_is_refused(self, noor: Member) -> None:
        with pytest.raises(Refused, match="Dit is geen png- of jpeg-afbeelding"):
            self.save(noor, StyleInput(ACCENT, "source-sans", logo=pdf("logo.png")))
        assert (HouseStyle.objects.count(), stored("logos")) == (0, [])

    def test_who_saw_an_older_style_is_told(self, noor: Member) -> None:
        seen = mark(actions.shown_style(queries.house_style(noor.organisation)))
        actions.save_house_style(noor, StyleInput(ACCENT, "source-serif"), seen_mark=seen)
        with pytest.raises(Conflict) as caught:
            actions.save_house_style(noor, StyleInput("#000000", "source-serif"), seen_mark=seen)
        assert (caught.value.saved_by, caught.value.theirs) == ("Noor", [("accentkleur", ACCENT)])


def attempts(member: Member, document: SourceDocument, theme: Theme) -> dict[str, Callable[[], object]]:
    """Every action of the library, on these rows."""
    entry = DocumentInput("Van mij", 2020)
    return {
        "add_document": lambda: actions.add_document(member, entry),
        "update_document": lambda: actions.update_document(member, document.pk, entry, seen_mark=""),
        "remove_document": lambda: actions.remove_document(member, document.pk),
        "add_theme": lambda: actions.add_theme(member, name="Van mij", heading="x"),
        "update_theme": lambda: actions.update_theme(member, theme.pk, name="Van mij", heading="x", seen_mark=""),
        "move_theme": lambda: actions.move_theme(member, theme.pk, 1),
        "remove_theme": lambda: actions.remove_theme(member, theme.pk),
        "save_house_style": lambda: actions.save_house_style(member, StyleInput(ACCENT, "source-sans"), seen_mark=""),
    }


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR, Role.CONTROLLER])
def test_other_roles_change_nothing(noor: Member, role: Role) -> None:
    document = actions.add_document(noor, DocumentInput("Begroting", 2020))
    theme = actions.add_theme(noor, name="Kosten", heading="Kosten")
    before = logged()
    tried = attempts(builders.member("Anton", noor.organisation, role), document, theme)
    for name, attempt in tried.items():
        if role == Role.CONTROLLER and name.endswith("document"):
            continue
        with pytest.raises(PermissionDenied):
            attempt()
    assert logged() == before


def test_foreign_rows_are_not_found(noor: Member, ida: Member) -> None:
    document = actions.add_document(ida, DocumentInput("Begroting", 2020))
    theme = actions.add_theme(ida, name="Water", heading="Water")
    for name, attempt in attempts(noor, document, theme).items():
        if not name.startswith(("add", "save")):
            with pytest.raises(Http404):
                attempt()
    assert (SourceDocument.objects.get().title, Theme.objects.get().name) == ("Begroting", "Water")
