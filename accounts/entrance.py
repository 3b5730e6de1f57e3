"""The forms of login, password and second factor in the portal's own words, and what the log says of them."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.forms import BaseForm, CharField, TextInput

from . import log, queries
from .models import Result, User

AGAIN = "Nieuw wachtwoord, nog een keer"
# Longer than any code, shorter than what is a burden to compare.
LONGEST_CODE = 32
# Characters of a password besides those names.
LEAST_OWN = 8


class EntranceForm(allauth.LoginForm):
    """Login; the page itself offers the way out for a forgotten password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    """A password chosen through a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password2"].label = AGAIN

    def clean(self) -> dict[str, Any]:
        return _same_twice(self, super().clean() or self.cleaned_data)

    def save(self) -> None:
        super().save()
        _record(self.user, "accounts.reset_password")


class ChangePasswordForm(allauth.ChangePasswordForm):
    """Another password, by someone who knows the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        self.fields["password2"].label = AGAIN

    def clean(self) -> dict[str, Any]:
        return _same_twice(self, super().clean() or self.cleaned_data)

    def save(self) -> None:
        super().save()
        _record(self.user, "accounts.change_password")


def code_field(help_text: str = "") -> CharField:
    """Six digits from an app, or eight from paper."""
    attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    return CharField(label="Code", max_length=LONGEST_CODE, help_text=help_text, widget=TextInput(attributes))


class RecordedCode(mfa.BaseAuthenticateForm):
    """A code that is asked for; the log tells of a wrong one, and of one from paper."""

    code = code_field("Zes cijfers uit uw app, of een herstelcode.")

    def save(self) -> None:
        super().save()
        if self.authenticator.type == Authenticator.Type.RECOVERY_CODES:
            _record(self.user, "accounts.use_recovery_code")

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        _record(self.user, "accounts.log_in", result=Result.FAILED)


class CodeForm(RecordedCode, mfa.AuthenticateForm):
    """After the password."""


class CodeAgainForm(RecordedCode, mfa.ReauthenticateForm):
    """Once more, before what protects the account is changed."""


class FirstCodeForm(ActivateTOTPForm):
    """The first code of an app, which proves that it has the key."""

    code = code_field("De zes cijfers die de app nu toont.")


class LongEnough(MinimumLengthValidator):
    """Django's rule with a Dutch message, which Django's own translation lacks."""

    def get_error_message(self) -> str:
        return f"Dit wachtwoord is te kort: neem minstens {self.min_length} tekens."


class OwnWords:
    """What anybody would try first, the names of the portal and of one's organisation, makes no password long."""

    def validate(self, password: str, user: User | None = None) -> None:
        rest = password.lower()
        for word in sorted(_own_words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        if len(rest) < min(LEAST_OWN, len(password)):
            raise ValidationError(
                "Dit wachtwoord is te raden: de naam van Duoplus of van uw organisatie telt niet mee."
            )

    def get_help_text(self) -> str:
        return "De naam van Duoplus of van uw organisatie telt niet mee."


def _own_words(user: User | None) -> set[str]:
    """The portal, and as far as the person is known the organisations."""
    organisations = queries.organisations_of(user) if user is not None and user.pk else []
    names = {name for found in organisations for name in (found.name, found.short_name, found.slug)}
    return {"duoplus", *(name.lower() for name in names)} - {""}


def _record(user: User, action: str, **more: Any) -> None:
    log.record_person(user, action, get_adapter().get_client_ip(context.request), **more)


def _same_twice(form: BaseForm, entry: dict[str, Any]) -> dict[str, Any]:
    """Says in our words what allauth found: the second password differs."""
    typed = [form.data.get(form.add_prefix(name)) for name in ("password1", "password2")]
    if all(typed) and typed[0] != typed[1]:
        form.errors["password2"] = form.error_class(["De twee wachtwoorden zijn niet gelijk."])
    return entry
