"""`manage.py export_table`: a table as the screen shows it, on stdout or in a file."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from duoplus.tables import missing, organisation_of, table_of
from investments import exporting, queries
from publishing.storing import put


class Command(BaseCommand):
    help = "Prints a table as the screen shows it: as CSV, XLSX or JSON. With --raw in euros and cents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("organisation", help="address of the organisation, such as duoplus")
        parser.add_argument("year", type=int)
        parser.add_argument("table", help="title of the table")
        parser.add_argument("--format", choices=["csv", "xlsx", "json"], default="csv")
        parser.add_argument("--raw", action="store_true", help="euros and cents, whatever the table prints in")
        parser.add_argument("--output", type=Path, help="write to this file instead of stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        """CommandError for an organisation or table that is not there, or a file that cannot be written."""
        organisation = organisation_of(options["organisation"])
        table = table_of(organisation, options["year"], options["table"])
        if table is None:
            raise missing(organisation, options["year"], options["table"])
        statement, raw = queries.fresh_statement(table), options["raw"]
        if options["format"] == "xlsx":
            content = exporting.as_xlsx(statement, table.print_style, raw=raw)
        elif options["format"] == "csv":
            content = exporting.as_csv(statement, raw=raw).encode()
        else:
            data = {"organisation": organisation.slug, "year": table.year, **exporting.as_data(statement, raw=raw)}
            content = (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
        self.give(content, options["output"], is_text=options["format"] != "xlsx")

    def give(self, content: bytes, output: Path | None, *, is_text: bool) -> None:
        if output is not None:
            try:
                put(output.absolute(), lambda beside: beside.write_bytes(content))
            except OSError as error:
                raise CommandError(f"{output} cannot be written: {error}") from error
        elif is_text:
            self.stdout.write(content.decode(), ending="")
        else:
            sys.stdout.buffer.write(content)
