"""A second factor as a person has it: an app that shows codes, and codes on paper."""

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User
from tests import builders


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
