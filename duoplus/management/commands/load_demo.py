"""`manage.py load_demo`: the demo's organisations in a database that has none."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Organisation
from duoplus.demo import load
from duoplus.demo_entries import DemoError


class Command(BaseCommand):
    help = (
        "Loads the organisations of demo/ into a database without organisations. All their people get the same, "
        "published password: do not do this where strangers can reach the portal."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """All or nothing; a database with organisations is left as it is, with status 0."""
        if Organisation.objects.exists():
            self.stdout.write("The demo is not loaded: the database has organisations already.")
            return
        try:
            organisations = load(settings.BASE_DIR / "demo")
        except DemoError as error:
            raise CommandError(f"The demo is not loaded: {error}") from error
        self.stdout.write(f"Demo loaded: {', '.join(organisation.short_name for organisation in organisations)}.")
