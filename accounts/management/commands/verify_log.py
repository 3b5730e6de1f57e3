"""The operator's way to see that nothing in the log was changed or taken away since it was sealed."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import sealing
from accounts.models import Organisation

NOBODYS = "-"
"""In place of a slug: the chain of entries that belong to no organisation."""
Kept = tuple[str, int, str]


class Command(BaseCommand):
    help = (
        "Seal what waits, check every chain of the log and print its last seal; exit status 1 when one is broken. "
        "Keep the seals somewhere else: given back with --expect they prove that the end was not cut off or made anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help=f"only this chain; {NOBODYS} for that of nobody")
        parser.add_argument(
            "--expect",
            metavar="SLUG:POSITION:HASH",
            type=kept,
            nargs="+",
            action="extend",
            default=[],
            help="a seal that was printed before",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        chains = {NOBODYS: 0, **dict(Organisation.objects.order_by("slug").values_list("slug", "pk"))}
        expected: list[Kept] = options["expect"]
        only = options["organisation"]
        unknown = {slug for slug, _, _ in expected} | ({only} if only else set())
        if unknown - set(chains):
            raise CommandError(f"Er is geen organisatie {', '.join(sorted(unknown - set(chains)))}.")
        sealing.seal_waiting()
        asked = [only] if only else sorted(chains)
        broken = [slug for slug in asked if not self.verify(slug, chains[slug], expected)]
        if broken:
            raise CommandError(f"Het logboek is niet heel: {', '.join(broken)}.")
        self.stdout.write("Het logboek is heel.")

    def verify(self, slug: str, chain: int, expected: list[Kept]) -> bool:
        """Print what was found along a chain; whether it holds."""
        found = sealing.walk(chain, {position: sealed for of, position, sealed in expected if of == slug})
        self.stdout.write(f"{slug}: {found.head.position} regels{_period(found)}, {_waiting(chain)} wachtend")
        if found.head.position:
            self.stdout.write(f"  {slug}:{found.head.position}:{found.head.hash}")
        if found.broken:
            self.stdout.write(f"  GEBROKEN: {found.broken}")
        return not found.broken


def kept(text: str) -> Kept:
    """A seal as it was printed."""
    match = re.fullmatch(r"([-\w]+):(\d+):([0-9a-f]{64})", text)
    if match is None:
        raise ArgumentTypeError(f"{text} is no SLUG:POSITION:HASH")
    return match[1], int(match[2]), match[3]


def _period(found: sealing.Walk) -> str:
    if found.first is None or found.last is None:
        return ""
    first, last = timezone.localtime(found.first), timezone.localtime(found.last)
    return f", {first:%d-%m-%Y %H:%M} tot en met {last:%d-%m-%Y %H:%M}"


def _waiting(chain: int) -> int:
    return sealing.waiting().filter(organisation=chain or None).count()
