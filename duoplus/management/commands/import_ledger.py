"""`manage.py import_ledger`: a nightly feed of postings, by the same rules as the screen."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Organisation
from investments.actions import Outcome, bring_in
from investments.amounts import euros
from investments.ledger_columns import NAMES
from investments.ledger_rows import Totals
from investments.models import Ledger, LedgerImport
from library.models import FIRST_YEAR, LAST_YEAR


class Command(BaseCommand):
    help = (
        "Puts the postings of a CSV or spreadsheet in the ledger of a year, in the place of those of the same periods. "
        "All or nothing: ends with status 1, and stores nothing, when a row or the control totals are wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="address of the organisation, such as duoplus")
        parser.add_argument("year", type=int, help="fiscal year, such as 2020")
        parser.add_argument("file", type=Path, help="CSV, XLSX, XLS or ODS with postings")
        parser.add_argument(
            "--mapping", type=Path, help=f"JSON with the heading by field; fields are {', '.join(sorted(NAMES))}"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored, and store nothing")
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the report; CommandError, after the report, when the file is refused."""
        ledger = ledger_of(options["organisation"], options["year"])
        imported = LedgerImport(ledger=ledger, name=options["file"].name[:200], columns=mapping(options["mapping"]))
        try:
            with options["file"].open("rb") as file:
                outcome = bring_in(imported, file, store=not options["dry_run"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        told = report(outcome)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) if options["json"] else words(outcome))
        if outcome.problems:
            raise CommandError(f"{imported.name} is geweigerd; er is niets opgeslagen.")


def ledger_of(slug: str, year: int) -> Ledger:
    """The ledger, not saved when it is new; CommandError for an organisation or a year that is not known."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no organisation {slug}; known are: {known or '(none)'}.")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CommandError(f"{year} is not a fiscal year from {FIRST_YEAR} to {LAST_YEAR}.")
    found = Ledger.objects.filter(organisation=organisation, year=year).first()
    return found or Ledger(organisation=organisation, year=year)


def mapping(path: Path | None) -> dict[str, str]:
    """The heading by field; CommandError when the file says something else."""
    if path is None:
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise CommandError(f"{path} is not JSON: {error}.") from error
    if not isinstance(found, dict) or not all(isinstance(heading, str) for heading in found.values()):
        raise CommandError(f"{path} must hold one object with a heading by field.")
    if unknown := sorted(found.keys() - NAMES.keys()):
        raise CommandError(f"{path} names fields that are not known: {', '.join(unknown)}.")
    return found


def report(outcome: Outcome) -> dict[str, Any]:
    """All of the outcome; amounts in cents."""
    return {
        "stored": outcome.stored is not None and not outcome.problems,
        "periods": list(outcome.periods),
        "columns": dict(outcome.headings),
        "file": _totals(outcome.file),
        "import": _totals(outcome.stored) if outcome.stored else None,
        "unmapped": {"rows": outcome.unmapped_rows, "net": outcome.unmapped_net},
        "problems": list(outcome.problems),
    }


def words(outcome: Outcome) -> str:
    """The control totals of file and import side by side, in euros, and below them what is wrong."""
    totals = [(told, _shown(name, outcome.file), _shown(name, outcome.stored)) for name, told in NAMED.items()]
    lines = [f"{told:<10}{file:>22}{stored:>22}" for told, file, stored in [("", "bestand", "import"), *totals]]
    lines.append(f"perioden: {', '.join(map(str, outcome.periods)) or '-'}")
    lines.append(f"niet gekoppeld: {outcome.unmapped_rows} boekingen, saldo {euros(outcome.unmapped_net)}")
    return "\n".join([*lines, *outcome.problems])


NAMED = {"rows": "boekingen", "debit": "debet", "credit": "credit", "net": "saldo"}


def _shown(name: str, totals: Totals | None) -> str:
    if totals is None:
        return "-"
    return str(totals.rows) if name == "rows" else euros(getattr(totals, name))


def _totals(totals: Totals) -> dict[str, int]:
    return {name: getattr(totals, name) for name in ("rows", "debit", "credit", "net")}
