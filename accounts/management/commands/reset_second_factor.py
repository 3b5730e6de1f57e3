"""The operator's way to help somebody who lost telephone and recovery codes, and whom no administrator may help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions, queries
from accounts.errors import Refused


class Command(BaseCommand):
    help = "Turn off the second factor of one person, log that person out everywhere, and mail that it was done."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="address with which the person logs in")

    def handle(self, *args: Any, **options: Any) -> None:
        user = queries.user_with_address(options["email"])
        if user is None:
            raise CommandError(f"Niemand logt in met {options['email']}.")
        try:
            actions.reset_second_factor_as_operator(user)
        except Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Tweestapsverificatie van {user.email} is uitgezet.")
