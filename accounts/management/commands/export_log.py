"""The operator's way to hand over a year of the log."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions, queries
from accounts.models import Organisation


class Command(BaseCommand):
    help = (
        "Write a year of an organisation's log to a new file: CSV in which every row carries the text that was sealed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="first part of the organisation's addresses")
        parser.add_argument("year", type=int)
        parser.add_argument("file", type=Path, help="is not there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation = Organisation.objects.filter(slug=options["slug"]).first()
        if organisation is None:
            raise CommandError(f"Er is geen organisatie {options['slug']}.")
        if options["year"] not in queries.log_years(organisation):
            raise CommandError(f"Over {options['year']} heeft {organisation.slug} geen logboek.")
        try:
            with options["file"].open("x", encoding="utf-8", newline="") as file:
                file.writelines(actions.export_log_as_operator(organisation, options["year"]))
        except OSError as error:
            raise CommandError(f"{options['file']} kan niet worden geschreven: {error.strerror}.") from error
        self.stdout.write(f"{options['file']} is geschreven.")
