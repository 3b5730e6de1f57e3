"""`manage.py import_table`: a file becomes a table, or its figures go over one that is there; all or nothing."""

import json
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.errors import Refused
from accounts.members import Member
from duoplus.tables import controller_of, missing, table_of, told
from investments import actions
from investments.actions import Preview, Target
from investments.importing.guess import Guess
from investments.importing.mapping import InstructionError, instructed
from investments.rounding import UNITS
from investments.spreadsheets import TABLE


class Command(BaseCommand):
    help = (
        "Imports a table from an XLSX, XLS, ODS or CSV file in the name of the organisation's controller. Columns and "
        "totals are guessed as on the screen, or as the file of this source was mapped before; when that is not sure "
        "nothing is imported and the exit status is 1. A mapping is a JSON file that names columns and lines by their "
        'words: {"unit": 1000, "columns": {"Saldo": {"use": "own", "terms": {"Baten": 1, "Lasten": -1}}}, '
        '"lines": {"Totaal": {"kind": "total", "members": {"Rente": 1}}}}.'
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="address of the organisation, such as duoplus")
        parser.add_argument("year", type=int)
        parser.add_argument("table", help="title of the table")
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, metavar="FILE", help="what becomes of columns and lines, as JSON")
        parser.add_argument("--unit", type=int, choices=UNITS, help="euros in which the file counts")
        parser.add_argument("--create", action="store_true", help="make the table when there is none")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")
        parser.add_argument("--json", action="store_true", help="report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report on stdout; CommandError (status 1) when anything stands in the way, and then nothing is stored."""
        member = controller_of(options["organisation"])
        table = table_of(member.organisation, options["year"], options["table"])
        if table is None and not options["create"]:
            raise missing(member.organisation, options["year"], options["table"])
        target = Target.of(table) if table else Target(None, options["table"], options["year"])
        content = read(options["file"])
        try:
            guessed = chosen(member, target, content, options)
            preview = actions.preview_of(target, content, guessed.mapping)
            report = {"table": target.title, "year": target.year, **told(preview, guessed.doubts)}
            done = preview.can_be_applied and not guessed.doubts
            if done and not options["dry_run"]:
                apply(member, target, ContentFile(content, options["file"].name), guessed, preview)
        except (Refused, InstructionError) as error:
            raise CommandError(str(error)) from error
        self.report({**report, "stored": done and not options["dry_run"]}, as_json=options["json"])
        if not done:
            raise CommandError("; ".join([*report["refused"], *report["problems"], *report["doubts"]]))

    def report(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
            return
        sums = report["sums"]
        self.stdout.write(
            f"{report['table']} {report['year']}: {report['lines']} lines, {len(report['columns'])} columns, "
            f"{len(report['changes'])} changes; sums: {sums['exact']} exact, {sums['rounding']} rounding, "
            f"{sums['broken']} broken; {'stored' if report['stored'] else 'nothing stored'}"
        )
        for change in report["changes"]:
            self.stdout.write(f"  {change['line']}, {change['field']}: {change['was']} → {change['becomes']}")


def read(file: Path) -> bytes:
    """No more than a table may be; CommandError for a file that is not there."""
    try:
        with file.open("rb") as opened:
            return opened.read(TABLE.size + 1)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error}") from error


def chosen(member: Member, target: Target, content: bytes, options: dict[str, Any]) -> Guess:
    """The mapping that is told, remembered or guessed; only a guess leaves doubts."""
    if options["mapping"] is None:
        return actions.proposed(member, target, content, options["unit"])
    try:
        instructions = json.loads(options["mapping"].read_text())
    except (OSError, ValueError) as error:
        raise CommandError(f"{options['mapping']} cannot be read: {error}") from error
    guessed = actions.first_guess(target, content, options["unit"])
    mapping = instructed(guessed.mapping, instructions)
    return Guess(replace(mapping, unit=options["unit"] or mapping.unit), ())


def apply(member: Member, target: Target, file: "ContentFile[bytes]", guessed: Guess, preview: Preview) -> None:
    """Everything in one transaction, as three steps on the screen; a file of which nothing came is not kept."""
    stored = ""
    try:
        with transaction.atomic():
            row, _ = actions.hand_in(member, target, file)
            stored = str(row.file.name)
            row = actions.map_file(member, row.pk, row.version, guessed.mapping)
            actions.apply_import(member, row.pk, row.version, preview.seen)
    except Refused:
        if stored:
            with suppress(OSError):
                row.file.storage.delete(stored)
        raise
