"""Mail that tells a person what somebody else did to the account."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string

from .models import User

logger = logging.getLogger(__name__)


def second_factor_reset(user: User, by: object) -> None:
    """What was done stands, also when the mail about it fails."""
    text = render_to_string("accounts/second_factor_reset.txt", {"user": user, "by": by})
    subject = f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}Tweestapsverificatie is uitgezet"
    try:
        EmailMessage(subject, text, to=[user.email]).send()
    except OSError:
        logger.warning("person %s could not be told of a reset second factor", user.pk)
