"""`manage.py restore`: a backup put back into an installation in which nobody has been."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from duoplus import __version__
from duoplus.manifest import BackupError
from duoplus.restore import restore


class Command(BaseCommand):
    help = (
        "Puts a backup into an empty installation, with the portal stopped, and brings it to this release. A backup of "
        "SQLite also goes into PostgreSQL."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was put back and whether it is equal; CommandError with the reason when nothing was."""
        file: Path = options["file"].absolute()
        try:
            restored = restore(file)
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(" ".join(f"Not restored. {error}".split())) from error
        manifest = restored.manifest
        for line in restored.different:
            self.stderr.write(f"Changed by migrations since: {line}")
        for line in restored.gone:
            self.stderr.write(f"Not compared, as it is no longer there: {line}")
        for name in manifest.missing:
            self.stderr.write(f"Missing in the backup already: {name}")
        if not restored.knows_key:
            self.stderr.write(
                "The backup was made with another SECRET_KEY: second factors and links that were sent do not work. Put "
                "that one in SECRET_KEY_FALLBACKS and type manage.py renew_secrets. A backup of an embedded portal "
                f"holds it: tar -xzOf {file} secret_key"
            )
        if not restored.different:
            self.stdout.write("Counts, totals and hashes are equal.")
        self.stdout.write(
            f"{file}: {manifest.rows} rows in {len(manifest.tables)} tables and {len(manifest.files)} files of release "
            f"{manifest.release}, as they were on {manifest.made_at}; this is release {__version__}"
        )
