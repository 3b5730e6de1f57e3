from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.tasks import forget_sessions

pytestmark = pytest.mark.django_db


def test_sessions_that_have_ended_are_forgotten() -> None:
    keys = []
    for name in ("ended", "running"):
        session = SessionStore()
        session["kept_input"] = name
        session.save()
        keys.append(session.session_key)
    ended, running = keys
    Session.objects.filter(pk=ended).update(expire_date=timezone.now() - timedelta(seconds=1))
    forget_sessions()
    assert [session.pk for session in Session.objects.all()] == [running]
