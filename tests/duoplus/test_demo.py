import shutil
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as project
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks, DjangoDbBlocker, Settings

from accounts.members import Member, member_of
from accounts.models import LogEntry, Organisation, User
from duoplus.demo import load
from duoplus.demo_entries import DemoError
from duoplus.demo_logins import PASSWORD
from investments import queries as figures
from investments.columns import TableKind
from investments.models import Change, Line, Table
from jobs.models import Job
from library.models import HouseStyle, SourceDocument, Theme
from reports import queries as reports
from reports.models import Goal, Report, Section, SectionVersion
from tests.agreeing import agreement_holds
from tests.duoplus.test_demo_figures import compute_all
from tests.sharing import shared_rows

DEMO = project.BASE_DIR / "demo"
pytestmark = pytest.mark.django_db


def member(email: str, slug: str) -> Member:
    found = member_of(User.objects.get(email=email), slug)
    assert found is not None
    return found


def section(title: str, slug: str = "duoplus") -> Section:
    return Section.objects.select_related("owner_team", "agreed_by", "saved_by").get(
        title=title, chapter__report__organisation__slug=slug
    )


# --- what is in it ----------------------------------------------------------------------------------------------------
@pytest.fixture(scope="class")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The demo, once for all that is asked of it."""
    with shared_rows(django_db_blocker):
        load(DEMO)
        yield


@pytest.mark.usefixtures("loaded")
class TestLoaded:
    def test_people_get_in_with_the_demo_password_in_their_roles(self) -> None:
        controller = User.objects.get(email="saskia.roelofsen@duoplus.example")
        assert controller.check_password(PASSWORD)
        assert member(controller.email, "duoplus").roles == {"controller"}
        assert member(controller.email, "waterrand").roles == {"auditor"}
        lead = member("maarten.overdiep@duoplus.example", "duoplus")
        assert {team.name for team in lead.organisation.teams.filter(pk__in=lead.team_ids)} == {
            "Staf",
            "Slimmer Verbinden",
        }
        roles = {role for person in User.objects.all() for role in person.memberships.values_list("role", flat=True)}
        assert roles == {"controller", "team_lead", "director", "administrator", "auditor"}
        assert all(person.has_usable_password() and person.email.endswith(".example") for person in User.objects.all())

    def test_password_is_one_that_people_may_choose(self) -> None:
        for person in User.objects.all():
            validate_password(PASSWORD, person)

    def test_report_is_numbered_as_the_published_chapter(self) -> None:
        report = Report.objects.get(organisation__slug="duoplus")
        outline = {item.number: item for item in reports.outline(report)}
        assert outline["3.2"].chapter.title == "Programma Bedrijfsvoering"
        assert outline["3.2.1"].chapter.title == "Wat hebben we bereikt en wat hebben wij ervoor gedaan?"
        assert [row.title for row in outline["3.2.1"].sections] == [
            "Speerpunten",
            "Personeel en Organisatie",
            "Financiën",
            "Communicatie en Juridische Zaken",
            "Informatisering en Automatisering",
            "Interne Dienstverlening",
            "Investeringen ICT",
            "Slimmer Verbinden",
        ]

    def test_goals_have_their_source_and_no_result_yet(self) -> None:
        goals = list(Goal.objects.filter(section=section("Speerpunten")))
        assert [(goal.source, goal.result) for goal in goals] == [("Begroting 2020 blz. 16", "")] * 3
        assert "data-footnote" in goals[0].planned_action

    def test_material_of_the_organisation(self) -> None:
        org = Organisation.objects.get(slug="duoplus")
        assert list(Theme.objects.filter(organisation=org).values_list("name", flat=True)) == [
            "Kwaliteit",
            "Kwetsbaarheid",
            "Kosten",
        ]
        assert [str(row) for row in SourceDocument.objects.filter(organisation=org)] == ["Begroting 2020"]
        style = HouseStyle.objects.get(organisation=org)
        assert (style.accent, style.font) == ("#1f5266", "source-serif")

    # --- how it came there --------------------------------------------------------------------------------------------
    def test_words_are_of_those_who_write_them(self) -> None:
        written = section("Financiën")
        joost = User.objects.get(email="joost.vermaat@duoplus.example")
        director = User.objects.get(email="hendrik.vanaalsum@duoplus.example")
        assert (written.state, written.saved_by, written.agreed_by) == ("agreed", joost, director)
        assert agreement_holds(written)
        assert [(row.number, row.saved_by) for row in SectionVersion.objects.filter(section=written)] == [(2, joost)]
        submitted = section("Personeel en Organisatie")
        assert (submitted.state, submitted.agreed_by) == ("in_review", None)
        untouched = section("Leeswijzer")
        assert (untouched.state, untouched.version, untouched.saved_by) == ("draft", 1, None)
        assert not SectionVersion.objects.filter(section=untouched).exists()

    def test_log_and_changes_tell_who_did_what(self) -> None:
        controller = User.objects.get(email="saskia.roelofsen@duoplus.example")
        lead = User.objects.get(email="ruben.sitompul@duoplus.example")
        entries = LogEntry.objects.filter(organisation__slug="duoplus")
        assert {row.user for row in entries.filter(action="investments.add_line")} == {controller}
        assert {row.user for row in entries.filter(action="investments.add_explanation")} == {lead}
        agreed = entries.filter(action="reports.agree")
        assert sorted(row.subject for row in agreed) == ["Financiën", "Interne Dienstverlening"]
        assert {str(row.user) for row in agreed} == {"Hendrik van Aalsum"}
        amended = Change.objects.filter(table__organisation__slug="duoplus", field="wijziging")
        assert [row.by for row in amended] == [controller] * 5


def test_figures_are_asked_for_once_per_table(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as rings:
        load(DEMO)
    asked = sorted(table.pk for table in Table.objects.all() if table.has_budget)
    assert sorted(Job.objects.values_list("subject_id", flat=True)) == asked
    assert len(rings) == len(asked) == 3


def test_totals_stand_where_the_data_put_them(tmp_path: Path) -> None:
    """A total above its lines, and one in between, count what they name and nothing else."""
    change(tmp_path, "jaarstukken-2020.toml", '[[tables.lines]]\nkey = "werkboot"', BALANCE_FIRST)
    load(tmp_path)
    compute_all()
    table = Table.objects.get(kind=TableKind.INVESTMENTS)
    rows = figures.table_figures(table).statement.rows
    assert [(row.label, row.cells[-1].text) for row in rows] == [
        ("Saldo vooraf", "8.728"),
        ("Vervanging werkboot", "8.588"),
        ("Meetpalen waterstand", "140"),
        ("Aanlegsteigers", "-3.311"),
        ("Totaal", "5.417"),
    ]
    assert [line.position for line in Line.objects.filter(table=table)] == [1, 2, 3, 4, 5]


BALANCE_FIRST = """[[tables.lines]]
key = "vooraf"
label = "Saldo vooraf"
kind = "total"
direction = "credit"
members = ["werkboot", "meetpalen"]

[[tables.lines]]
key = "werkboot\""""


# --- data that are wrong ----------------------------------------------------------------------------------------------
def change(folder: Path, file: str, old: str, new: str) -> None:
    """A copy of the small organisation with one passage changed."""
    shutil.copytree(DEMO / "waterrand", folder / "waterrand")
    path = folder / "waterrand" / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


HOUSE, REPORT = "organisation.toml", "jaarstukken-2020.toml"


WRONG = [
    (HOUSE, 'slug = "waterrand"', 'slug = ""', "slug: empty"),
    (HOUSE, 'name = "Oeverbeheer"', 'name = "Bedrijfsbureau"', "teams[bedrijfsbureau]: Dit team bestaat al."),
    (
        HOUSE,
        'roles = ["administrator"]',
        'roles = ["auditor"]',
        "people: somebody must be administrator and nothing else, to set up the organisation",
    ),
    (
        HOUSE,
        'roles = ["director"]',
        "roles = []",
        "people[ingrid.terpstra@waterrand.example].roles: empty; a member has at least one",
    ),
    (HOUSE, 'roles = ["controller"]', 'roles = ["auditor"]', "people: nobody has the role controller"),
    (HOUSE, 'teams = ["bedrijfsbureau"]', "teams = []", "people: nobody leads Bedrijfsbureau"),
    (HOUSE, 'font = "source-sans"', 'fonts = "source-sans"', "house_style.font: missing"),
    (REPORT, 'slug = "jaarstukken-2020"', 'slug = "jaarstukken-2020"\nslogan = ""', "slogan: unknown; known here are "),
    (
        REPORT,
        'actual = "81412.50"',
        'actual = "81.412,50"',
        'tables[investeringen-oevers].lines[werkboot].actual: "81.412,50" is not an amount like "1234.50"',
    ),
    (
        REPORT,
        'members = ["werkboot"',
        'members = ["totaal"',
        "tables[investeringen-oevers].lines[totaal]: Een totaal kan niet zichzelf meetellen",
    ),
    (
        REPORT,
        'parent = "programma-oevers"',
        'parent = "oevers-gekost"',
        'chapters[oevers-bereikt].parent: "oevers-gekost" is not one of inleiding, programma-oevers',
    ),
    (
        REPORT,
        'table = "investeringen-oevers"',
        "",
        "sections[Investeringen oevers en vaarwater]: Een onderdeel met cijfers heeft een tabel nodig",
    ),
    (
        REPORT,
        'theme = "veiligheid"',
        'thema = "veiligheid"',
        "sections[Oeverbeheer].achievements[Nieuwe werkboot].thema: unknown; known here are text, theme, title",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), WRONG, ids=[row[2] or "none" for row in WRONG])
def test_wrong_data_are_named_by_file_and_key(tmp_path: Path, file: str, old: str, new: str, message: str) -> None:
    change(tmp_path, file, old, new)
    with pytest.raises(DemoError) as error:
        load(tmp_path)
    assert str(error.value).startswith(f"waterrand/{file}: {message}")
    assert Organisation.objects.count() == User.objects.count() == 0


def test_folder_without_organisations(tmp_path: Path) -> None:
    with pytest.raises(DemoError) as error:
        load(tmp_path)
    assert str(error.value) == f"{tmp_path}: no */organisation.toml in it"


# --- the command ------------------------------------------------------------------------------------------------------
def load_demo() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def test_command_loads_once() -> None:
    assert load_demo() == "Demo loaded: Duo+, Waterrand (fictief).\n"
    before = LogEntry.objects.count()
    assert load_demo() == "The demo is not loaded: the database has organisations already.\n"
    assert LogEntry.objects.count() == before


def test_command_names_what_is_wrong(tmp_path: Path, settings: Settings) -> None:
    change(tmp_path / "demo", REPORT, "year = 2020", "")
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError) as error:
        load_demo()
    assert str(error.value) == "The demo is not loaded: waterrand/jaarstukken-2020.toml: year: missing"
