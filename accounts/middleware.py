"""Finds out who acts in which organisation, and keeps what was typed when a session has expired."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from . import kept
from .errors import Conflict, Refused
from .members import Member, member_of
from .models import User

View = Callable[..., HttpResponse]


class MemberMiddleware(MiddlewareMixin):
    """Puts `request.member` in place for URLs below an organisation; a stranger gets 404.

    The URL's `organisation` is taken out of the view's arguments: a view cannot use it by mistake.
    """

    def process_request(self, request: HttpRequest) -> None:
        _set_member(request, None)

    def process_view(self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        slug = kwargs.pop("organisation", None)
        if slug is None or not isinstance(request.user, User):
            return
        member = member_of(request.user, slug, get_adapter().get_client_ip(request))
        if member is None:
            raise Http404
        _set_member(request, member)


class KeepInputMiddleware(MiddlewareMixin):
    """Sends who is not signed in to the login page, and from there to the page that was being used.

    What was posted goes into the session first; a partial update moves the whole page, not the part.
    """

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "organisation" not in kwargs or request.user.is_authenticated:
            return None
        if request.method == "POST" and ratelimit.consume(request, action="keep_input"):
            kept.keep(request)
        partial = "HX-Request" in request.headers
        used = kept.form_address(request) if partial or request.method == "POST" else request.get_full_path()
        to_login = redirect_to_login(used)
        return HttpResponseClientRedirect(to_login.url) if partial else to_login


class RefusalMiddleware(MiddlewareMixin):
    """What an action refused becomes a 409 page in plain Dutch, unless the view shows it better itself."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Conflict):
            return render(request, "409.html", {"conflict": error, "back": request.path}, status=409)
        if isinstance(error, Refused):
            return render(request, "409.html", {"refusal": str(error), "back": back_address(request)}, status=409)
        return None


def back_address(request: HttpRequest) -> str:
    """The page of this site that the request came from, else the organisation's home."""
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came_from.netloc == request.get_host():
        return str(came_from.path)
    member: Member | None = getattr(request, "member", None)
    return reverse("home", args=[member.organisation.slug]) if member else reverse("start")


def _set_member(request: HttpRequest, member: Member | None) -> None:
    request.member = member  # type: ignore[attr-defined]  # read as requests.MemberRequest
