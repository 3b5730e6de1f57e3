"""How allauth behaves here: nobody signs up; an administrator adds people."""

import logging
import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from . import log, queries, secrecy
from .errors import Refused
from .models import Result, User

logger = logging.getLogger(__name__)

THROTTLED = ("too_many_login_attempts", "rate_limited")
TOO_OFTEN = "Dit ging te vaak mis. Wacht vijf minuten en probeer het dan opnieuw."


class ClosedAdapter(DefaultAccountAdapter):
    """Sign-up is closed; a mail that cannot be sent is said, for known and unknown addresses alike."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Dit e-mailadres en wachtwoord horen niet bij elkaar.",
        "enter_current_password": "Dit is niet uw huidige wachtwoord.",
        "incorrect_password": "Dit is niet uw wachtwoord.",
        **dict.fromkeys(THROTTLED, TOO_OFTEN),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("start")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        log.record_person(user, "accounts.log_in", self.get_client_ip(request))
        response: HttpResponse = super().post_login(request, user, **kwargs)
        return response

    def logout(self, request: HttpRequest) -> None:
        log.record_person(authenticated_user(request), "accounts.log_out", self.get_client_ip(request))
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = queries.user_with_address(credentials["email"])
        if user is not None:
            log.record_person(user, "accounts.log_in", self.get_client_ip(request), result=Result.FAILED)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        log.record_person(user, "accounts.log_in", self.get_client_ip(request), result=Result.REFUSED)
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not of somebody who just logged in to turn on the second factor that there is not yet."""
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required and (queries.has_second_factor(self.request.user) or not self._just_came())

    def _just_came(self) -> bool:
        records = get_authentication_records(self.request, self.request.user)
        return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By the address alone: the library's own takes the Host header too, in which anybody can write any port."""
        return str(credentials["email"]).lower()

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code in THROTTLED:
            logger.warning("too many attempts from %s", self.get_client_ip(self.request))
        error: ValidationError = super().validation_error(code, *args)
        return error

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


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets are stored encrypted; who must have a second factor cannot turn it off."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Deze code klopt niet. Kijk of de tijd op uw telefoon goed staat en neem de nieuwste code.",
        "cannot_delete_authenticator": "Uw organisatie verplicht tweestapsverificatie; uitzetten kan daarom niet.",
        "cannot_generate_recovery_codes": "Zet eerst tweestapsverificatie aan.",
    }

    def encrypt(self, text: str) -> str:
        return secrecy.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrecy.decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return not queries.must_have_second_factor(authenticator.user)
