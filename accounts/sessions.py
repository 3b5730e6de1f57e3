"""How long a session lasts, where else a person is logged in, and ending that."""

import time
from collections.abc import Iterable

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from .models import User

STARTED = "started_at"
SEEN = "seen_at"
# What browsers say of themselves; each also names those that came before it here.
BROWSERS = [("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad")]
SYSTEMS += [("Mac OS", "Mac"), ("Linux", "Linux")]


def is_over(session: SessionBase) -> bool:
    """Whether it has lasted as long as a session may, however busy it was."""
    lasted = time.time() - float(session.get(STARTED, 0))
    return lasted > float(settings.SESSION_LONGEST_SECONDS)


def begin(*, request: HttpRequest, **_: object) -> None:
    """Somebody logged in (a receiver of Django's user_logged_in): from now on the session has a length."""
    request.session[STARTED] = request.session[SEEN] = time.time()


def touch(session: SessionBase) -> None:
    """Note now and then that someone is there: each save gives the session SESSION_COOKIE_AGE again."""
    if time.time() - session[SEEN] > settings.SESSION_TOUCH_SECONDS:
        session[SEEN] = time.time()


def renew(request: HttpRequest) -> None:
    """Another key for the same session: who knew the old one is out."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def end_others(request: HttpRequest) -> None:
    """Log the person out everywhere but here."""
    _end(UserSession.objects.filter(user=request.user.pk).exclude(session_key=request.session.session_key))


def end_all(user: User) -> None:
    """Log the person out everywhere."""
    _end(UserSession.objects.filter(user=user))


def browser_of(user_agent: str) -> str:
    """The browser and the system as people call them: “Firefox op Windows”."""
    found = [next((label for mark, label in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return " op ".join(filter(None, found)) or "onbekend"


def _end(sessions: Iterable[UserSession]) -> None:
    get_adapter().end_sessions(sessions)
