"""The request as views below an organisation get it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .members import Member
from .models import User


class PortalRequest(HttpRequest):
    """Any request, signed in or not; `member` is None outside an organisation."""

    member: Member | None


class MemberRequest(HttpRequest):
    """A request of a signed-in person inside one organisation (see `middleware.MemberMiddleware`)."""

    user: User
    member: Member
    htmx: HtmxDetails
