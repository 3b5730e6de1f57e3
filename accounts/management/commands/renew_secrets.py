"""After SECRET_KEY was changed: what was encrypted with a former key is encrypted with the present one."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from accounts import actions


class Command(BaseCommand):
    help = "Encrypt all second factors with the present SECRET_KEY; afterwards SECRET_KEY_FALLBACKS may be emptied."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            renewed = actions.renew_secrets()
        except InvalidToken as error:
            message = "Een geheim past bij geen van de sleutels. Zet de vorige SECRET_KEY in SECRET_KEY_FALLBACKS."
            raise CommandError(message) from error
        self.stdout.write(f"{renewed} geheimen zijn opnieuw versleuteld.")
