"""The mail with which a person gets in: a link to choose a password, or the word that the own password works."""

from datetime import timedelta

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from .errors import Refused
from .members import Member
from .models import User


def password_link(user: User, site: str) -> str:
    """A link that lets the person choose a password: once, and for settings.PASSWORD_RESET_TIMEOUT seconds."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return f"{site}{path}"


def send(user: User, by: Member, site: str) -> None:
    """Mail the invitation; raise Refused when the mail server does not take it."""
    context = {
        "user": user,
        "by": by,
        "password_url": "" if user.has_usable_password() else password_link(user, site),
        "login_url": site + reverse("account_login"),
        "expires": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
    }
    subject = " ".join(f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Toegang tot {by.organisation.short_name}".split())
    mail = EmailMessage(subject, render_to_string("accounts/invitation.txt", context), to=[user.email])
    try:
        mail.send()
    except OSError as error:
        raise Refused("De mail kon niet worden verstuurd. Probeer het straks opnieuw.") from error
