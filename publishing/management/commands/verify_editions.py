"""The operator's way to see that every edition still is the file that was made."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organisation
from publishing.verifying import verify


class Command(BaseCommand):
    help = (
        "Compare the stored PDF and the frozen content of every edition with their hashes and name what is missing or "
        "changed; exit status 1 when anything is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="only the editions of this one")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = Organisation.objects.order_by("slug")
        if options["organisation"]:
            chosen = chosen.filter(slug=options["organisation"])
            if not chosen:
                raise CommandError(f"Er is geen organisatie {options['organisation']}.")
        broken = sum(self.report(organisation) for organisation in chosen)
        if broken:
            raise CommandError(f"Niet heel: {counted(broken)}.")
        self.stdout.write("Alle edities zijn heel.")

    def report(self, organisation: Organisation) -> int:
        """Print what was found in one organisation; how many editions are not whole."""
        checked, lines = 0, []
        for found in verify(organisation):
            checked += 1
            if found.findings:
                what = " en ".join(finding.label for finding in found.findings)
                lines.append(f"  {found.edition} ({found.edition.file.name}): {what}")
        self.stdout.write(f"{organisation.slug}: {counted(checked)}, {len(lines)} niet heel")
        for line in lines:
            self.stdout.write(line)
        return len(lines)


def counted(number: int) -> str:
    return "1 editie" if number == 1 else f"{number} edities"
