"""The operator's way to let an organisation in; works on a database in which nobody exists yet."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from accounts import actions, invitations
from accounts.errors import Refused
from accounts.models import Organisation, User


class Command(BaseCommand):
    help = "Add an organisation with its first administrator, and print a one-time link to choose a password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="full name, as on the cover of a report")
        parser.add_argument("--short-name", required=True, help="name in the header of every page")
        parser.add_argument("--slug", required=True, help="first part of its addresses: letters, digits, hyphens")
        parser.add_argument("--admin-email", required=True, help="address of the first administrator")
        parser.add_argument("--admin-name", required=True, help="name of the first administrator")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--site", default=default_site(), help="start of the printed link (default %(default)s)")

    def handle(self, *args: Any, **options: Any) -> None:
        password = sys.stdin.readline().rstrip("\n") if options["password_stdin"] else ""
        try:
            organisation, user = add(options, password)
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        except Refused as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(f"De database is niet klaar ({error}). Draai eerst: manage.py migrate") from error
        self.stdout.write(f"{organisation.name} staat op {options['site']}/{organisation.slug}/")
        if user.has_usable_password():
            self.stdout.write(f"{user.email} logt in met het eigen wachtwoord.")
        else:
            self.stdout.write(f"Met deze link kiest {user.email} één keer een wachtwoord:")
            self.stdout.write(invitations.password_link(user, options["site"]))


def add(options: dict[str, Any], password: str) -> tuple[Organisation, User]:
    """All or nothing; raise ValidationError, Refused or DatabaseError."""
    entry = {"name": options["name"], "short_name": options["short_name"], "slug": options["slug"]}
    person = User(email=options["admin_email"], name=options["admin_name"])
    check(Organisation(**entry), {"name": "NAME", "short_name": "--short-name", "slug": "--slug"})
    check(person, {"email": "--admin-email", "name": "--admin-name"})
    if options["password_stdin"]:
        validate_password(password, person)
    with transaction.atomic():
        organisation, user = actions.add_organisation(**entry, email=person.email, person=person.name)
        if options["password_stdin"]:
            if user.has_usable_password():
                raise Refused(f"{user.email} heeft al een wachtwoord. Laat --password-stdin weg.")
            user.set_password(password)
            user.save(update_fields=["password"])
    return organisation, user


def check(row: Organisation | User, options: dict[str, str]) -> None:
    """Raise ValidationError with what is wrong, each message after the option it is about."""
    try:
        row.clean_fields(exclude={"password"})
    except ValidationError as error:
        found = error.message_dict.items()
        raise ValidationError([f"{options[name]}: {said}" for name, texts in found for said in texts]) from error


def default_site() -> str:
    """Where the portal is reached: loopback when embedded, else the first allowed host."""
    if settings.EMBEDDED:
        return "http://127.0.0.1:8000"
    return f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}"
