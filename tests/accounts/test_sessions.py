"""How long a session lasts, what ends it, and where a person sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import LogEntry, Organisation, User
from accounts.roles import Role
from accounts.sessions import browser_of
from accounts.tasks import forget_sessions
from tests import builders
from tests.pages import said, text
from tests.second_factors import log_in

pytestmark = pytest.mark.django_db
SESSIONS = "/account/sessions/"
NEW = "een heel nieuw wachtwoord"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def anna(duoplus: Organisation) -> User:
    return builders.person("Anna", duoplus, Role.DIRECTOR)


def is_in(client: Client) -> bool:
    return client.get("/duoplus/").status_code == 200


class TestLimits:
    def test_two_hours_without_a_sign_of_life_end_it(
        self, client: Client, anna: User, clock: time_machine.Traveller
    ) -> None:
        log_in(client, anna)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_in(client)
        clock.shift(timedelta(hours=1, minutes=59))
        assert is_in(client)
        clock.shift(timedelta(hours=2))
        assert not is_in(client)

    def test_eight_hours_end_it_however_busy(self, client: Client, anna: User, clock: time_machine.Traveller) -> None:
        log_in(client, anna)
        for _ in range(8):
            clock.shift(timedelta(hours=1))
            assert is_in(client)
        clock.shift(timedelta(seconds=1))
        assert not is_in(client)
        assert not Session.objects.filter(session_key=client.cookies["sessionid"].value).exists()
        log_in(client, anna)
        assert is_in(client)

    def test_what_was_typed_in_the_ninth_hour_is_kept(
        self, client: Client, duoplus: Organisation, clock: time_machine.Traveller
    ) -> None:
        noor = builders.person("Noor", duoplus, Role.ADMINISTRATOR)
        log_in(client, noor)
        for _ in range(9):
            is_in(client)
            clock.shift(timedelta(hours=1))
        form = "/duoplus/teams/nieuw/"
        answer = client.post(form, {"name": "Staf"}, headers={"referer": f"http://testserver{form}"})
        assert answer["Location"] == f"/account/login/?next={form}"
        log_in(client, noor, next=form)
        assert client.get(form).context["form"]["name"].value() == "Staf"

    def test_a_session_from_before_there_were_limits_has_ended(self, client: Client, anna: User) -> None:
        client.force_login(anna)
        session = client.session
        del session["started_at"]
        session.save()
        assert not is_in(client)

    def test_a_sign_of_life_is_stored_once_in_five_minutes(
        self,
        client: Client,
        anna: User,
        clock: time_machine.Traveller,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        log_in(client, anna)

        def writes() -> int:
            with django_assert_max_num_queries(40) as asked:
                is_in(client)
            return len([query for query in asked.captured_queries if query["sql"].startswith(("UPDATE", "INSERT"))])

        assert [writes(), writes()] == [0, 0]
        clock.shift(timedelta(minutes=4))
        assert writes() == 0
        clock.shift(timedelta(minutes=2))
        assert [writes(), writes()] == [1, 0]


class TestRenewal:
    def test_the_key_of_before_the_login_is_worth_nothing_after_it(self, client: Client, anna: User) -> None:
        client.post("/duoplus/teams/nieuw/", {"name": "Staf"})
        before = client.session.session_key
        log_in(client, anna)
        assert client.session.session_key != before
        assert not Session.objects.filter(session_key=before).exists()

    def test_the_key_of_before_the_logout_is_worth_nothing_after_it(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        thief = Client()
        thief.cookies = client.cookies.copy()  # type: ignore[assignment]
        assert is_in(thief)
        client.post("/account/logout/")
        assert not is_in(thief)

    def test_another_password_ends_other_sessions(self, client: Client, anna: User) -> None:
        elsewhere = Client()
        log_in(elsewhere, anna)
        log_in(client, anna)
        fields = {"oldpassword": builders.PASSWORD, "password1": NEW, "password2": NEW}
        before = client.session.session_key
        client.post("/account/password/change/", fields)
        assert (is_in(client), is_in(elsewhere)) == (True, False)
        assert client.session.session_key != before


class TestPage:
    def test_it_shows_where_the_person_is_logged_in(self, client: Client, anna: User) -> None:
        phone = Client(headers={"user-agent": SAFARI}, REMOTE_ADDR="10.1.2.3")
        log_in(phone, anna)
        desk = Client(headers={"user-agent": FIREFOX})
        log_in(desk, anna)
        log_in(client, builders.person("Bas", Organisation.objects.get(), Role.AUDITOR))
        page = text(desk.get(SESSIONS))
        assert "24 november 2026 10:00 Safari op iPhone 10.1.2.3" in page
        assert "24 november 2026 10:00 Firefox op Windows (deze) 127.0.0.1" in page
        assert "onbekend" not in page

    def test_elsewhere_is_ended_after_the_password_was_given_again(
        self, client: Client, anna: User, clock: time_machine.Traveller
    ) -> None:
        elsewhere = Client()
        log_in(elsewhere, anna)
        log_in(client, anna)
        other = Client()
        bas = builders.person("Bas", Organisation.objects.get(), Role.AUDITOR)
        log_in(other, bas)
        clock.shift(timedelta(minutes=6))
        assert unquote(client.post(SESSIONS)["Location"]) == f"/account/confirm/?next={SESSIONS}"
        assert is_in(elsewhere)
        answer = client.post("/account/confirm/", {"password": builders.PASSWORD, "next": SESSIONS}, follow=True)
        assert "U bent alleen hier nog ingelogd." in [str(message) for message in answer.context["messages"]]
        assert (is_in(client), is_in(elsewhere), is_in(other)) == (True, False, True)
        assert LogEntry.objects.filter(user=anna).latest("id").action == "accounts.end_sessions"
        assert "Elders uitloggen" not in text(client.get(SESSIONS))

    def test_rows_of_ended_sessions_are_forgotten_at_night(
        self, client: Client, anna: User, clock: time_machine.Traveller
    ) -> None:
        log_in(client, anna)
        clock.shift(timedelta(hours=1))
        log_in(Client(), anna)
        clock.shift(timedelta(hours=1, minutes=1))
        forget_sessions()
        assert (Session.objects.count(), UserSession.objects.count()) == (1, 1)


class TestByAdministrator:
    @pytest.fixture
    def admin(self, client: Client, duoplus: Organisation) -> Client:
        client.force_login(builders.person("Noor", duoplus, Role.ADMINISTRATOR))
        return client

    def test_somebody_is_logged_out_everywhere(self, admin: Client, anna: User) -> None:
        sessions = [Client(), Client()]
        for session in sessions:
            log_in(session, anna)
        answer = admin.post(f"/duoplus/mensen/{anna.pk}/uitloggen/")
        assert said(admin, answer) == ["Deze persoon is overal uitgelogd."]
        assert [is_in(session) for session in (*sessions, admin)] == [False, False, True]
        entry = LogEntry.objects.get(action="accounts.log_out_everywhere")
        assert (entry.subject, entry.data) == ("Anna", {"person": anna.pk})

    def test_not_somebody_whom_another_organisation_knows(self, admin: Client, anna: User) -> None:
        builders.organisation("Waterrand", "waterrand").memberships.create(user=anna, role=Role.AUDITOR)
        session = Client()
        log_in(session, anna)
        answer = admin.post(f"/duoplus/mensen/{anna.pk}/uitloggen/")
        assert (answer.status_code, is_in(session)) == (409, True)
        assert "Anna hoort ook bij een andere organisatie." in text(answer)


@pytest.mark.parametrize(
    ("user_agent", "browser"),
    [
        (FIREFOX, "Firefox op Windows"),
        (SAFARI, "Safari op iPhone"),
        (EDGE, "Edge op Windows"),
        ("curl/8.5", "onbekend"),
    ],
)
def test_browsers_are_called_as_people_call_them(user_agent: str, browser: str) -> None:
    assert browser_of(user_agent) == browser
