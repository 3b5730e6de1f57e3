"""How allauth behaves here: nobody signs up; an administrator adds people."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from .errors import Refused

logger = logging.getLogger(__name__)


class ClosedAdapter(DefaultAccountAdapter):
    """Sign-up is closed; a mail that cannot be sent is said, for known and unknown addresses alike."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Dit e-mailadres en wachtwoord horen niet bij elkaar.",
        "enter_current_password": "Dit is niet uw huidige wachtwoord.",
        "too_many_login_attempts": "Dit ging te vaak mis. Wacht vijf minuten en probeer het dan opnieuw.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            raise Refused("De mail kon niet worden verstuurd. Probeer het straks opnieuw.") from error

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """After the fact, such as a changed password: when the mail fails, what was done still stands."""
        try:
            super().send_notification_mail(*args, **kwargs)
        except Refused:
            logger.warning("a notification could not be mailed")
