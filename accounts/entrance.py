"""The forms of login and password in the portal's own words."""

from typing import Any

from allauth.account import forms as allauth
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.forms import BaseForm

AGAIN = "Nieuw wachtwoord, nog een keer"


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


class ChangePasswordForm(allauth.ChangePasswordForm):
    """Another password, by someone who knows the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].help_text = ""
        self.fields["password2"].label = AGAIN

    def clean(self) -> dict[str, Any]:
        return _same_twice(self, super().clean() or self.cleaned_data)


class LongEnough(MinimumLengthValidator):
    """Django's rule with a Dutch message, which Django's own translation lacks."""

    def get_error_message(self) -> str:
        return f"Dit wachtwoord is te kort: neem minstens {self.min_length} tekens."


def _same_twice(form: BaseForm, entry: dict[str, Any]) -> dict[str, Any]:
    """Says in our words what allauth found: the second password differs."""
    typed = [form.data.get(form.add_prefix(name)) for name in ("password1", "password2")]
    if all(typed) and typed[0] != typed[1]:
        form.errors["password2"] = form.error_class(["De twee wachtwoorden zijn niet gelijk."])
    return entry
