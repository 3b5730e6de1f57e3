"""The second factor: turned on, and asked for when somebody logs in."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from accounts.models import User
from tests import builders
from tests.pages import errors, text
from tests.second_factors import (
    CODE,
    CODES,
    LOGIN,
    ON,
    TOO_OFTEN,
    WRONG,
    activate,
    asked,
    code,
    deeds,
    is_in,
    log_in,
    recovery_codes,
    turn_on,
)

pytestmark = pytest.mark.django_db


class TestTurningOn:
    @pytest.mark.django_db(transaction=True)
    def test_a_code_of_the_app_turns_it_on_and_the_codes_are_shown_once(
        self, client: Client, anna: User, mailoutbox: list[EmailMessage]
    ) -> None:
        log_in(client, anna)
        secret, there = activate(client)
        assert there == CODES
        page = client.get(CODES)
        shown = re.findall(r"<li>(\d{8})</li>", page.content.decode())
        assert (shown, len(set(shown))) == (recovery_codes(anna), 10)
        again = client.get(CODES)
        assert "De codes zijn al getoond en worden niet nog eens getoond. U heeft er nog 10." in text(again)
        assert not [value for value in shown if value in again.content.decode()]
        assert [mail.subject for mail in mailoutbox] == ["[Duoplus] Tweestapsverificatie staat aan"]
        assert secret not in mailoutbox[0].body
        assert deeds(anna) == [("log_in", "done"), ("enable_second_factor", "done")]

    def test_the_page_has_the_key_as_a_picture_and_as_text(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        page = client.get(ON)
        secret = page.context["form"].secret
        html = page.content.decode()
        assert f'value="{secret}"' in html
        assert 'src="data:image/svg+xml;base64,' in html
        assert f"otpauth://totp/anna%40duoplus.example?secret={secret}&amp;issuer=Duoplus" in html
        assert 'autocomplete="one-time-code" inputmode="numeric"' in html

    def test_a_wrong_code_keeps_the_key(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        secret = client.get(ON).context["form"].secret
        answer = client.post(ON, {"code": "123456"})
        assert (errors(answer), answer.context["form"].secret) == ({"code": [WRONG]}, secret)
        assert not Authenticator.objects.exists()

    def test_pressed_twice_it_is_on_once(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        secret, _ = activate(client)
        assert client.post(ON, {"code": code(secret)})["Location"] == CODES
        assert client.get(ON)["Location"] == "/account/second-factor/"
        assert Authenticator.objects.filter(user=anna).count() == 2

    def test_who_logged_in_long_ago_says_the_password_again(
        self, client: Client, anna: User, clock: time_machine.Traveller
    ) -> None:
        log_in(client, anna)
        clock.shift(timedelta(minutes=6))
        answer = client.get(ON)
        assert unquote(answer["Location"]) == f"/account/confirm/?next={ON}"
        wrong = client.post("/account/confirm/", {"password": "iets heel anders", "next": ON})
        assert errors(wrong) == {"password": ["Dit is niet uw wachtwoord."]}
        key = client.session.session_key
        assert client.post("/account/confirm/", {"password": builders.PASSWORD, "next": ON})["Location"] == ON
        assert client.session.session_key != key
        assert client.get(ON).status_code == 200

    def test_other_sessions_end(self, client: Client, anna: User) -> None:
        elsewhere = Client()
        log_in(elsewhere, anna)
        log_in(client, anna)
        activate(client)
        assert (is_in(client), is_in(elsewhere)) == (True, False)

    def test_nothing_is_stored_that_can_be_read(self, anna: User) -> None:
        secret = turn_on(anna)
        codes = recovery_codes(anna)
        with connection.cursor() as cursor:
            cursor.execute("SELECT data FROM mfa_authenticator")
            stored = str(cursor.fetchall())
        assert secret not in stored
        assert not [value for value in codes if value in stored]
        assert stored.count("gAAAA") == 2


class TestLogin:
    def test_after_the_password_comes_the_code(self, client: Client, anna: User) -> None:
        secret = turn_on(anna)
        assert log_in(client, anna, next="/duoplus/edities/") == CODE
        assert not is_in(client)
        assert asked(client, code(secret)) == "/duoplus/edities/"
        assert is_in(client)
        assert deeds(anna) == [("log_in", "done")]

    def test_the_page_of_the_code_is_for_who_gave_the_password(self, client: Client, anna: User) -> None:
        turn_on(anna)
        assert client.get(CODE)["Location"] == LOGIN
        log_in(client, anna)
        page = client.get(CODE).content.decode()
        assert 'autocomplete="one-time-code" inputmode="numeric"' in page

    def test_the_question_ends_after_a_quarter_of_an_hour(
        self, client: Client, anna: User, clock: time_machine.Traveller
    ) -> None:
        secret = turn_on(anna)
        log_in(client, anna)
        clock.shift(timedelta(minutes=16))
        assert asked(client, code(secret)) == LOGIN

    def test_a_code_works_once(self, client: Client, anna: User) -> None:
        secret = turn_on(anna)
        log_in(client, anna)
        assert asked(client, code(secret)) == "/"
        second = Client()
        log_in(second, anna)
        assert asked(second, code(secret)) == WRONG

    def test_the_code_that_turned_it_on_does_not_log_in(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        secret, _ = activate(client)
        second = Client()
        log_in(second, anna)
        assert asked(second, code(secret)) == WRONG

    @pytest.mark.parametrize("seconds", [-30, 30])
    def test_codes_of_earlier_and_later_do_not_work(
        self, client: Client, anna: User, clock: time_machine.Traveller, seconds: int
    ) -> None:
        secret = turn_on(anna)
        log_in(client, anna)
        shown = code(secret)
        clock.shift(timedelta(seconds=seconds))
        assert asked(client, shown) == WRONG

    def test_a_recovery_code_works_once_and_stands_in_the_log(self, client: Client, anna: User) -> None:
        turn_on(anna)
        first = recovery_codes(anna)[0]
        log_in(client, anna)
        assert asked(client, f" {first[:4]} {first[4:]}") == "/"
        assert len(recovery_codes(anna)) == 9
        second = Client()
        log_in(second, anna)
        assert asked(second, first) == WRONG
        assert deeds(anna) == [("use_recovery_code", "done"), ("log_in", "done"), ("log_in", "failed")]

    def test_guessing_codes_is_stopped_also_for_the_right_one(
        self, client: Client, anna: User, clock: time_machine.Traveller
    ) -> None:
        secret = turn_on(anna)
        log_in(client, anna)
        assert [asked(client, "000000") for _ in range(5)] == [WRONG] * 5
        assert asked(client, code(secret)) == TOO_OFTEN
        elsewhere = Client(REMOTE_ADDR="10.9.8.7")
        log_in(elsewhere, anna)
        assert asked(elsewhere, code(secret)) == TOO_OFTEN
        clock.shift(timedelta(minutes=5))
        assert asked(client, code(secret)) == "/"
        assert deeds(anna) == [("log_in", "failed")] * 5 + [("log_in", "done")]

    def test_what_is_no_code_is_only_wrong(self, client: Client, anna: User) -> None:
        turn_on(anna)
        log_in(client, anna)
        assert [asked(client, typed) for typed in ("abc", "١٢٣٤٥٦", "-")] == [WRONG] * 3

    def test_a_new_password_by_mail_does_not_replace_the_code(
        self, client: Client, anna: User, mailoutbox: list[EmailMessage]
    ) -> None:
        turn_on(anna)
        client.post("/account/password/reset/", {"email": anna.email})
        link = re.search(r"http://testserver(\S+/key/\S+)", str(mailoutbox[0].body))
        assert link is not None
        page = client.get(link.group(1), follow=True).request["PATH_INFO"]
        client.post(page, {"password1": "een heel nieuw wachtwoord", "password2": "een heel nieuw wachtwoord"})
        answer = client.post(LOGIN, {"login": anna.email, "password": "een heel nieuw wachtwoord"})
        assert answer["Location"] == CODE


@pytest.mark.django_db(transaction=True)
def test_two_at_once_with_one_code_are_not_both_let_in(anna: User) -> None:
    turn_on(anna)
    paper = recovery_codes(anna)[0]
    clients = [Client(), Client()]
    for client in clients:
        log_in(client, anna)

    def race(client: Client) -> str:
        try:
            return asked(client, paper)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(race, clients)) == ["/", WRONG]
