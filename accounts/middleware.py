"""Finds out who acts in which organisation, ends sessions, and keeps what was typed when one has expired."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin
from django_htmx.http import HttpResponseClientRedirect

from . import attempts, kept, queries, sessions
from .errors import Conflict, Refused, met
from .members import Member, member_of
from .models import User

View = Callable[..., HttpResponse]


class SessionLimitMiddleware(MiddlewareMixin):
    """Ends a session that lasted long enough; the limit without a sign of life is that of the session's cookie."""

    def process_request(self, request: HttpRequest) -> None:
        if request.user.is_authenticated and sessions.is_over(request.session):
            logout(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.user.is_authenticated:
            sessions.touch(request.session)
        return response


class MemberMiddleware(MiddlewareMixin):
    """Puts `request.member` in place for URLs below an organisation; a stranger gets 404.

    The URL's `organisation` is taken out of the view's arguments: a view cannot use it by mistake. Who lacks a second
    factor where it is required, turns it on first.
    """

    def process_request(self, request: HttpRequest) -> None:
        _set_member(request, None)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("organisation", None)
        if slug is None or not isinstance(request.user, User):
            return None
        address = get_adapter().get_client_ip(request)
        member = member_of(request.user, slug, address)
        if member is None:
            attempts.note_elsewhere(request, request.user, address)
            raise Http404
        if member.organisation.two_factor_required and not queries.has_second_factor(request.user):
            return turned_away(request, reverse("mfa_activate_totp"), author=request.user.pk)
        _set_member(request, member)
        return None


class KeepInputMiddleware(MiddlewareMixin):
    """Sends who is not signed in to the login page, and notes whose browser it is for when that happens."""

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        if "organisation" not in kwargs or request.user.is_authenticated:
            return None
        return turned_away(request, settings.LOGIN_URL, author=kept.latest_person(request))

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if getattr(request, "member", None) is not None:
            kept.note_person(request, response)
        return response


class RefusalMiddleware(MiddlewareMixin):
    """What an action refused becomes a 409 page in plain Dutch, unless the view shows it better itself.

    The log tells of it either way, after whatever the action did was taken back.
    """

    def process_request(self, request: HttpRequest) -> None:
        met.set(None)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        member: Member | None = getattr(request, "member", None)
        if member is not None:
            attempts.note(request, member, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Conflict):
            return render(request, "409.html", {"conflict": error, "back": request.path}, status=409)
        if isinstance(error, Refused):
            return render(request, "409.html", {"refusal": str(error), "back": back_address(request)}, status=409)
        return None


def turned_away(request: HttpRequest, to: str, *, author: int | None) -> HttpResponse:
    """To a page of the entrance, and from there to the page that was being used.

    What the author posted goes into the session first; a partial update moves the whole page, not the part.
    """
    if request.method == "POST" and (request.user.is_authenticated or ratelimit.consume(request, action="keep_input")):
        kept.keep(request, author)
    partial = "HX-Request" in request.headers
    used = kept.form_address(request) if partial or request.method == "POST" else request.get_full_path()
    answer = redirect_to_login(used, to)
    return HttpResponseClientRedirect(answer.url) if partial else answer


def back_address(request: HttpRequest) -> str:
    """The page of this site that the request came from, else the organisation's home."""
    came_from = urlsplit(request.META.get("HTTP_REFERER", ""))
    if came_from.netloc == request.get_host():
        return str(came_from.path)
    member: Member | None = getattr(request, "member", None)
    return reverse("home", args=[member.organisation.slug]) if member else reverse("start")


def _set_member(request: HttpRequest, member: Member | None) -> None:
    request.member = member  # type: ignore[attr-defined]  # read as requests.MemberRequest
