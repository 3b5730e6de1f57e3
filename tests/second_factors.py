"""A second factor as a person has it: an app that shows codes, and codes on paper."""

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import LogEntry, User
from tests import builders
from tests.pages import errors

LOGIN, CODE, ON, OFF = (
    "/account/login/",
    "/account/login/code/",
    "/account/second-factor/on/",
    "/account/second-factor/off/",
)
CODES, NEW_CODES = "/account/second-factor/codes/", "/account/second-factor/codes/new/"
WRONG = "Deze code klopt niet. Kijk of de tijd op uw telefoon goed staat en neem de nieuwste code."
TOO_OFTEN = "Dit ging te vaak mis. Wacht vijf minuten en probeer het dan opnieuw."


def turn_on(user: User) -> str:
    """The key that the person's app holds from now on."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code(secret: str) -> str:
    """What the app shows now."""
    shown: str = format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))
    return shown


def recovery_codes(user: User) -> list[str]:
    """The codes on paper that still work."""
    paper = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    unused: list[str] = paper.wrap().get_unused_codes()
    return unused


def log_in(client: Client, user: User, **more: str) -> str:
    """Log in with the password; where that leads."""
    answer = client.post("/account/login/", {"login": user.email, "password": builders.PASSWORD, **more})
    return str(answer["Location"])


def asked(client: Client, typed: str) -> str:
    """Answer the question for a code; where that leads, or what it says."""
    answer = client.post(CODE, {"code": typed})
    return str(answer["Location"]) if answer.status_code == 302 else " ".join(errors(answer)["code"])


def is_in(client: Client) -> bool:
    return client.get("/duoplus/").status_code == 200


def activate(client: Client, **more: str) -> tuple[str, str]:
    """Turn it on as a person does; the key and where that leads."""
    secret = str(client.get(ON, more).context["form"].secret)
    return secret, str(client.post(ON, {"code": code(secret), **more})["Location"])


def deeds(user: User) -> list[tuple[str, str]]:
    rows = LogEntry.objects.filter(user=user).order_by("id").values_list("action", "result")
    return [(action.removeprefix("accounts."), result) for action, result in rows]
