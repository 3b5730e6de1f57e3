"""`manage.py backup`: the whole installation in one file, while it runs."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from duoplus.backup import make
from duoplus.manifest import BackupError


class Command(BaseCommand):
    help = (
        "Writes database, files and checksums to one file, while the portal runs. Whoever has the file has everything: "
        "it is readable by its owner only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, or a folder in which one is named after the moment")
        parser.add_argument("--allow-missing", action="store_true", help="also when storage has lost files; names them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print place, contents, bytes and SHA-256; CommandError with the reason when there is no backup."""
        try:
            made = make(options["file"].absolute(), allow_missing=options["allow_missing"])
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(" ".join(f"No backup was made. {error}".split())) from error
        for name in made.manifest.missing:
            self.stderr.write(f"Missing in storage and in the backup: {name}")
        manifest = made.manifest
        self.stdout.write(
            f"{made.place}: {manifest.rows} rows in {len(manifest.tables)} tables, {len(manifest.files)} files, "
            f"{made.size} bytes, sha256 {made.sha256}"
        )
