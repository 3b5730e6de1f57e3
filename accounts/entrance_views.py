"""The library's pages about the second factor and sessions, each with what the portal does besides."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.mixins import NextRedirectMixin
from allauth.account.views import ReauthenticateView
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.usersessions.views import ListUserSessionsView
from django.db import IntegrityError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from . import log, queries, sessions

SHOWN_ONCE = "mfa_view_recovery_codes"


class PasswordAgain(ReauthenticateView):
    """Who proved to be there gets another key for the session."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        sessions.renew(self.request)
        answer: HttpResponse = super().form_valid(form)
        return answer


class CodeAgain(ReauthenticateByCodeView):
    """The same, by a code."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        sessions.renew(self.request)
        answer: HttpResponse = super().form_valid(form)
        return answer


class TurnOn(NextRedirectMixin, ActivateTOTPView):
    """Turns the second factor on; shows the recovery codes, and leads from there to where one was going."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if queries.has_second_factor(authenticated_user(request)):
            return redirect(SHOWN_ONCE if request.method == "POST" else "mfa_index")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer

    def form_valid(self, form: BaseForm) -> HttpResponse:
        try:
            super().form_valid(form)
        except IntegrityError:
            # The button was pressed twice.
            return redirect(SHOWN_ONCE)
        factor = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        # A right code proves who is there, once: the recovery codes are shown without asking again.
        factor.wrap().validate_code(form.cleaned_data["code"])
        post_authentication(self.request, factor, reauthenticated=True)
        _changed(self.request, "accounts.enable_second_factor")
        return redirect(str(self.passthrough_next_url(reverse(SHOWN_ONCE))))


class TurnOff(DeactivateTOTPView):
    """Turns the second factor off."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request, "accounts.disable_second_factor")
        return answer


class RecoveryCodes(NextRedirectMixin, ViewRecoveryCodesView):
    """The codes, shown once, and the way on."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"onward": self.get_next_url() or reverse("mfa_index")}


class NewRecoveryCodes(GenerateRecoveryCodesView):
    """New codes; the former ones no longer work."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request, "accounts.renew_recovery_codes")
        return answer


@method_decorator(reauthentication_required(app="allauth.mfa", allow_get=True), name="dispatch")
class Sessions(ListUserSessionsView):
    """Where the person is logged in; a button ends it elsewhere."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = sessions.browser_of(session.user_agent)
        return context

    def form_valid(self, form: BaseForm) -> HttpResponse:
        answer: HttpResponse = super().form_valid(form)
        _changed(self.request, "accounts.end_sessions")
        return answer


def _changed(request: HttpRequest, action: str) -> None:
    """What protects the account is not what it was: everybody else who is in, is out."""
    sessions.end_others(request)
    log.record_person(authenticated_user(request), action, get_adapter().get_client_ip(request))
