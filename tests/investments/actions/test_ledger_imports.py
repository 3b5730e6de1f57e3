from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404

from accounts.errors import Refused
from accounts.members import Member
from accounts.models import LogEntry, Organisation
from accounts.roles import Role
from investments import actions, staging, tasks
from investments.ledger_rows import Totals
from investments.models import Balance, LedgerImport, LedgerImportState, LedgerPeriod, Posting
from jobs import actions as jobs
from jobs.models import Job, JobState
from jobs.running import run
from tests import builders
from tests.investments import ledger as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return builders.organisation()


@pytest.fixture
def controller(organisation: Organisation) -> Member:
    return builders.member("Saskia", organisation, Role.CONTROLLER)


def stored() -> list[tuple[int, str, str]]:
    rows = Posting.objects.order_by("period", "pk")
    return [(row.period, row.account, str(row.amount)) for row in rows]


def refused(organisation: Organisation, file: BytesIO) -> list[str]:
    """The problems of a file of which nothing was stored."""
    before = stored(), Balance.objects.count(), LedgerImport.objects.count()
    outcome = books.import_file(books.ledger(organisation), file)
    assert (stored(), Balance.objects.count(), LedgerImport.objects.count()) == before
    return list(outcome.problems)


def upload(member: Member, file: BytesIO, name: str = "journaal.csv") -> LedgerImport:
    return actions.request_import(member, 2020, ContentFile(file.getvalue(), name))


def work(imported: LedgerImport) -> Job:
    """Do what was asked for the import, as a worker does."""
    job = Job.objects.filter(kind=actions.IMPORT, subject_id=imported.pk, state=JobState.WAITING).get()
    held = jobs.claim(job.pk, joins_until_end=True)
    assert held is not None
    run(tasks.import_ledger, held)
    imported.refresh_from_db()
    job.refresh_from_db()
    return job


# --- all or nothing ---------------------------------------------------------------------------------------------------
def test_a_period_that_comes_again_is_replaced(organisation: Organisation) -> None:
    ledger = books.ledger(organisation)
    january = [books.row(amount="1,00"), books.row(amount="2,00")]
    february = books.row(amount="9,00", period="2", day="01-02-2020")
    books.import_file(ledger, books.csv(*january, february))
    outcome = books.import_file(ledger, books.csv(books.row("4400", amount="5,00")))
    assert outcome.stored == Totals(1, 500, 0)
    assert stored() == [(1, "4400", "5.00"), (2, "4310", "9.00")]
    assert list(Balance.objects.order_by("period").values_list("period", "account", "rows")) == [
        (1, "4400", 1),
        (2, "4310", 1),
    ]
    first, second = LedgerImport.objects.order_by("pk")
    assert [(row.period, row.imported) for row in LedgerPeriod.objects.all()] == [(1, second), (2, first)]


def test_one_bad_row_at_the_end_and_nothing_is_stored(organisation: Organisation) -> None:
    books.import_file(books.ledger(organisation), books.csv(books.row()))
    rows = [books.row(amount="2,00")] * 3
    assert refused(organisation, books.csv(*rows, books.row(amount="twee"))) == [
        "Rij 5: “twee” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."
    ]


def test_a_closed_period_takes_no_postings(organisation: Organisation, controller: Member) -> None:
    actions.close_period(controller, 2020, 1)
    file = books.csv(books.row(), books.row(period="2", day="01-02-2020"))
    assert refused(organisation, file) == [
        "Periode 1 van 2020 is afgesloten. Open de periode eerst, of laat haar uit het bestand."
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Dit bestand is leeg."),
        (
            "Rekening;Datum;Bedrag\r\n".encode("utf-16"),
            "Dit bestand is opgeslagen als “Unicode-tekst”. Sla het op als CSV UTF-8 en kies dat bestand.",
        ),
        (
            b"Rekening;Datum;Bedrag\r\n4310;15-01-2020;\x81\r\n",
            "De tekens in dit bestand zijn niet te lezen. Sla het op als CSV UTF-8 en kies dat bestand.",
        ),
        (
            b"Rekening Datum Bedrag\r\n4310 15-01-2020 5\r\n",
            "In dit bestand staat maar één kolom. Scheid de kolommen met een puntkomma, een komma of een tab.",
        ),
        (b"%PDF-1.7", "Dit is geen spreadsheet. Kies een xlsx-, xls-, ods- of csv-bestand."),
        (b"Rekening;Datum;Bedrag\r\n;;\r\n", "In dit bestand staan geen boekingen."),
    ],
)
def test_a_file_that_is_no_ledger(organisation: Organisation, content: bytes, problem: str) -> None:
    assert refused(organisation, BytesIO(content)) == [problem]


def test_what_is_stored_must_add_up_to_the_file(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that keeps something else than it was given, or a fault on the way."""
    monkeypatch.setattr(staging, "stored_totals", lambda ledger, periods: Totals(1, 9999, 0))
    assert refused(organisation, books.csv(books.row())) == [
        (
            "De controletotalen verschillen: het bestand heeft 1 boekingen, debet 100, credit 0; "
            "opgeslagen werd 1 boekingen, debet 99,99, credit 0."
        )
    ]


def test_what_no_rule_counts_is_told_with_its_sum(organisation: Organisation) -> None:
    table = builders.table(organisation)
    books.rule(builders.line(table), "4310-4319", "600")
    books.rule(builders.line(builders.table(organisation, "Programma's")), "4300-4399")
    file = books.csv(
        books.row("4310", "600", "1,00"),
        books.row("4320", "700", "2,00"),
        books.row("5000", "", "4,00"),
        books.row("43100", "", "-8,00"),
    )
    outcome = books.import_file(books.ledger(organisation), file, store=False)
    assert (outcome.unmapped_rows, outcome.unmapped_net) == (2, -400)
    assert stored() == []


# --- by the web -------------------------------------------------------------------------------------------------------
def test_a_file_is_checked_first_and_stored_when_that_is_asked(controller: Member) -> None:
    imported = upload(controller, books.csv(books.row(), books.row("1600", "", "-100,00")))
    name = str(imported.file.name)
    assert work(imported).state == JobState.DONE
    assert (imported.state, imported.rows, imported.stored_rows, stored()) == (LedgerImportState.READY, 2, None, [])
    assert default_storage.exists(name)
    actions.confirm_import(controller, imported.pk)
    work(imported)
    assert (imported.state, imported.stored_rows, len(stored())) == (LedgerImportState.STORED, 2, 2)
    assert (imported.debit, imported.stored_debit) == (books.euros("100.00"), books.euros("100.00"))
    entry = LogEntry.objects.get(action="investments.store_import")
    assert (entry.user, entry.data["periods"]) == (controller.user, [1])


def test_the_file_goes_when_it_did_its_work(controller: Member, django_capture_on_commit_callbacks: object) -> None:
    imported = upload(controller, books.csv(books.row(amount="veel")))
    name = str(imported.file.name)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        work(imported)
    assert (imported.state, imported.problems) == (
        LedgerImportState.REFUSED,
        ["Rij 2: “veel” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500."],
    )
    assert not default_storage.exists(name)
    assert not imported.file


def test_a_period_closed_after_the_check_is_closed(controller: Member) -> None:
    imported = upload(controller, books.csv(books.row()))
    work(imported)
    actions.confirm_import(controller, imported.pk)
    actions.close_period(controller, 2020, 1)
    work(imported)
    assert (imported.state, stored()) == (LedgerImportState.REFUSED, [])
    assert imported.problems == [
        "Periode 1 van 2020 is afgesloten. Open de periode eerst, of laat haar uit het bestand."
    ]


def test_a_worker_that_comes_late_changes_nothing(controller: Member) -> None:
    imported = upload(controller, books.csv(books.row()))
    LedgerImport.objects.update(state=LedgerImportState.STORED, created_at=datetime(2021, 1, 1, tzinfo=UTC))
    assert work(imported).state == JobState.DONE
    assert stored() == []


def test_a_file_that_waits_can_be_withdrawn(controller: Member, django_capture_on_commit_callbacks: object) -> None:
    imported = upload(controller, books.csv(books.row()))
    name = str(imported.file.name)
    work(imported)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        actions.withdraw_import(controller, imported.pk)
    assert not LedgerImport.objects.exists()
    assert not default_storage.exists(name)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (LedgerImportState.CHECKING, "Dit bestand wordt nog gecontroleerd."),
        (LedgerImportState.STORING, "Dit bestand wordt al verwerkt."),
        (LedgerImportState.STORED, "Dit bestand is al verwerkt."),
        (LedgerImportState.REFUSED, "Dit bestand is geweigerd; kies een verbeterd bestand."),
    ],
)
def test_only_what_waits_is_stored_or_withdrawn(controller: Member, state: LedgerImportState, message: str) -> None:
    imported = upload(controller, books.csv(books.row()))
    LedgerImport.objects.update(state=state)
    for action in (actions.confirm_import, actions.withdraw_import):
        with pytest.raises(Refused) as refusal:
            action(controller, imported.pk)
        assert str(refusal.value) == message


def test_only_a_controller_of_the_own_organisation(organisation: Organisation, controller: Member) -> None:
    imported = upload(controller, books.csv(books.row()))
    lead = builders.member("Anna", organisation, Role.TEAM_LEAD)
    with pytest.raises(PermissionDenied):
        upload(lead, books.csv(books.row()))
    stranger = builders.member("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.CONTROLLER)
    for action in (actions.confirm_import, actions.withdraw_import):
        with pytest.raises(PermissionDenied):
            action(lead, imported.pk)
        with pytest.raises(Http404):
            action(stranger, imported.pk)


# --- columns that a person chooses ------------------------------------------------------------------------------------
OWN_HEADINGS = ("Conto", "Dag", "Waarde", "Saldo na boeking")
OWN_ROW = ("4310", "15-01-2020", "12,50", "99,00")
CHOSEN = {"account": "Conto", "date": "Dag", "amount": "Waarde", "cost_centre": ""}


def test_a_file_of_which_the_columns_are_not_clear_waits_for_a_choice_that_is_remembered(controller: Member) -> None:
    imported = upload(controller, books.csv(OWN_ROW, headings=OWN_HEADINGS))
    work(imported)
    assert (imported.state, imported.top) == (LedgerImportState.CHOOSING, [list(OWN_HEADINGS), list(OWN_ROW)])
    assert "staan geen kolomkoppen die de portal herkent" in imported.problems[0]
    assert default_storage.exists(imported.file.name or "")
    actions.choose_columns(controller, imported.pk, CHOSEN)
    work(imported)
    assert (imported.state, imported.problems) == (LedgerImportState.READY, [])
    assert imported.columns == {field: heading for field, heading in CHOSEN.items() if heading}
    actions.confirm_import(controller, imported.pk)
    work(imported)
    assert (imported.state, imported.top, stored()) == (LedgerImportState.STORED, [], [(1, "4310", "12.50")])
    again = upload(controller, books.csv((*OWN_ROW[:2], "7,00", ""), headings=OWN_HEADINGS))
    work(again)
    assert (again.state, str(again.debit)) == (LedgerImportState.READY, "7.00")
    other = upload(controller, books.csv(OWN_ROW[:3], headings=("Conto", "Dag", "Som")))
    work(other)
    assert other.state == LedgerImportState.CHOOSING


def test_what_is_remembered_stays_in_its_organisation(controller: Member) -> None:
    ledger = books.ledger(builders.organisation("Waterrand", "waterrand"))
    LedgerImport.objects.create(ledger=ledger, name="x", state=LedgerImportState.STORED, chosen=CHOSEN)
    imported = upload(controller, books.csv(OWN_ROW, headings=OWN_HEADINGS))
    work(imported)
    assert imported.state == LedgerImportState.CHOOSING


def test_other_columns_are_chosen_for_a_file_that_was_understood(controller: Member) -> None:
    headings = ("Rekening", "Datum", "Bedrag", "Bedrag btw")
    imported = upload(controller, books.csv(("4310", "15-01-2020", "12,50", "2,00"), headings=headings))
    work(imported)
    actions.choose_columns(controller, imported.pk, {"account": "Rekening", "date": "Datum", "amount": "Bedrag btw"})
    work(imported)
    assert (imported.state, str(imported.debit)) == (LedgerImportState.READY, "2.00")


def test_a_choice_without_an_amount_is_refused_and_changes_nothing(controller: Member) -> None:
    imported = upload(controller, books.csv(OWN_ROW, headings=OWN_HEADINGS))
    work(imported)
    with pytest.raises(Refused, match="Er is geen kolom met het bedrag"):
        actions.choose_columns(controller, imported.pk, {**CHOSEN, "amount": ""})
    imported.refresh_from_db()
    assert (imported.state, imported.chosen) == (LedgerImportState.CHOOSING, {})
    with pytest.raises(Refused, match="Dit bestand wacht op een keuze van kolommen"):
        actions.confirm_import(controller, imported.pk)
    actions.withdraw_import(controller, imported.pk)
    assert not LedgerImport.objects.exists()
