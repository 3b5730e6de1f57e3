"""The second factor after that: turned off, required, lost, and its secrets renewed."""

import re
from datetime import timedelta
from io import StringIO
from urllib.parse import unquote

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import LogEntry, Organisation, Result, Team, User
from accounts.roles import Role
from tests import builders
from tests.pages import said, text
from tests.second_factors import (
    CODES,
    NEW_CODES,
    OFF,
    ON,
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


class TestTurningOff:
    def test_it_asks_who_is_there_and_then_the_password_is_enough(
        self, client: Client, anna: User, mailoutbox: list[EmailMessage], clock: time_machine.Traveller
    ) -> None:
        secret = turn_on(anna)
        log_in(client, anna)
        asked(client, code(secret))
        assert unquote(client.get(OFF)["Location"]) == f"/account/confirm/?next={OFF}"
        clock.shift(timedelta(seconds=30))
        assert client.post("/account/confirm/code/", {"code": code(secret), "next": OFF})["Location"] == OFF
        assert said(client, client.post(OFF)) == ["Tweestapsverificatie staat uit."]
        assert not Authenticator.objects.exists()
        assert log_in(Client(), anna) == "/"
        assert [mail.subject for mail in mailoutbox] == ["[Duoplus] Tweestapsverificatie staat uit"]
        assert deeds(anna) == [("log_in", "done"), ("disable_second_factor", "done"), ("log_in", "done")]

    def test_not_where_an_organisation_requires_it(self, client: Client, anna: User) -> None:
        other = builders.organisation("Waterrand", "waterrand")
        other.memberships.create(user=anna, role=Role.AUDITOR)
        Organisation.objects.filter(pk=other.pk).update(two_factor_required=True)
        log_in(client, anna)
        activate(client)
        for answer in (client.get(OFF), client.post(OFF)):
            assert "Uw organisatie verplicht tweestapsverificatie; uitzetten kan daarom niet." in text(answer)
        assert Authenticator.objects.filter(user=anna).count() == 2

    def test_new_recovery_codes_replace_the_old_ones(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        activate(client)
        client.get(CODES)
        before = recovery_codes(anna)
        assert client.post(NEW_CODES)["Location"] == CODES
        after = recovery_codes(anna)
        assert set(before) & set(after) == set()
        assert re.findall(r"<li>(\d{8})</li>", client.get(CODES).content.decode()) == after
        assert deeds(anna)[-1] == ("renew_recovery_codes", "done")

    @pytest.mark.parametrize("path", [CODES, NEW_CODES, OFF])
    def test_who_has_none_gets_nothing(self, client: Client, anna: User, path: str) -> None:
        log_in(client, anna)
        answer = client.post(path, follow=True)
        assert answer.status_code in {200, 404, 405}
        assert not Authenticator.objects.exists()


class TestRequired:
    @pytest.fixture(autouse=True)
    def required(self, duoplus: Organisation) -> None:
        Organisation.objects.update(two_factor_required=True)

    def test_who_has_none_turns_it_on_and_goes_on(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        led = client.get("/duoplus/edities/?page=1")
        assert led["Location"] == f"{ON}?next=/duoplus/edities/%3Fpage%3D1"
        assert "Uw organisatie vraagt bij het inloggen ook een code" in text(client.get(led["Location"]))
        _, there = activate(client, next="/duoplus/edities/?page=1")
        page = client.get(there)
        assert 'href="/duoplus/edities/?page=1">Verder</a>' in page.content.decode()
        assert client.get("/duoplus/edities/?page=1").status_code == 200

    def test_what_was_typed_is_kept(self, client: Client, noor: User) -> None:
        log_in(client, noor)
        form = "/duoplus/teams/nieuw/"
        answer = client.post(form, {"name": "Juridische Zaken"}, headers={"referer": f"http://testserver{form}"})
        assert answer["Location"] == f"{ON}?next={form}"
        assert not Team.objects.exists()
        activate(client, next=form)
        assert client.get(form).context["form"]["name"].value() == "Juridische Zaken"

    def test_a_partial_update_moves_the_whole_page(self, client: Client, noor: User) -> None:
        log_in(client, noor)
        headers = {"hx-request": "true", "referer": "http://testserver/duoplus/teams/"}
        assert client.get("/duoplus/teams/", headers=headers)["HX-Redirect"] == f"{ON}?next=/duoplus/teams/"

    def test_an_address_elsewhere_is_not_followed(self, client: Client, anna: User) -> None:
        log_in(client, anna)
        _, there = activate(client, next="https://example.com/")
        assert 'href="/account/second-factor/">Verder</a>' in client.get(there).content.decode()

    def test_an_organisation_that_does_not_ask_stays_open(self, client: Client, anna: User) -> None:
        other = builders.organisation("Waterrand", "waterrand")
        other.memberships.create(user=anna, role=Role.AUDITOR)
        log_in(client, anna)
        assert [client.get(f"/{slug}/").status_code for slug in ("duoplus", "waterrand")] == [302, 200]

    def test_a_stranger_is_told_nothing_of_it(self, client: Client) -> None:
        log_in(client, builders.person("Sjoerd", builders.organisation("Waterrand", "waterrand"), Role.AUDITOR))
        assert client.get("/duoplus/").status_code == 404


class TestLost:
    @pytest.fixture
    def there(self, noor: User, anna: User) -> str:
        return f"/duoplus/mensen/{anna.pk}/tweestapsverificatie/"

    @pytest.fixture
    def admin(self, client: Client, noor: User) -> Client:
        client.force_login(noor)
        return client

    def test_an_administrator_helps(
        self,
        admin: Client,
        there: str,
        anna: User,
        mailoutbox: list[EmailMessage],
        django_capture_on_commit_callbacks: object,
    ) -> None:
        elsewhere = Client()
        log_in(elsewhere, anna)
        secret = turn_on(anna)
        assert "Telefoon kwijt" in text(admin.get(f"/duoplus/mensen/{anna.pk}/"))
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            answer = admin.post(there)
        assert said(admin, answer) == ["Tweestapsverificatie van Anna staat uit."]
        assert "Telefoon kwijt" not in text(admin.get(f"/duoplus/mensen/{anna.pk}/"))
        assert not Authenticator.objects.exists()
        assert not is_in(elsewhere)
        assert [(mail.to, mail.subject) for mail in mailoutbox] == [
            (["anna@duoplus.example"], "[Duoplus] Tweestapsverificatie is uitgezet")
        ]
        assert "Noor heeft tweestapsverificatie voor uw account uitgezet." in mailoutbox[0].body
        assert secret not in mailoutbox[0].body
        entry = LogEntry.objects.get(action="accounts.reset_second_factor")
        assert (entry.subject, entry.data) == ("Anna", {"person": anna.pk})

    def test_not_of_somebody_whom_another_organisation_knows(self, admin: Client, there: str, anna: User) -> None:
        builders.organisation("Waterrand", "waterrand").memberships.create(user=anna, role=Role.AUDITOR)
        turn_on(anna)
        answer = admin.post(there)
        assert answer.status_code == 409
        assert "Anna hoort ook bij een andere organisatie. Vraag wie Duoplus beheert om dit te doen." in text(answer)
        assert Authenticator.objects.filter(user=anna).count() == 2

    def test_not_the_own_one(self, admin: Client, noor: User) -> None:
        turn_on(noor)
        answer = admin.post(f"/duoplus/mensen/{noor.pk}/tweestapsverificatie/")
        assert answer.status_code == 409
        assert "Dit is uw eigen tweestapsverificatie" in text(answer)
        assert "Telefoon kwijt" not in text(admin.get(f"/duoplus/mensen/{noor.pk}/"))

    def test_not_where_there_is_none(self, admin: Client, there: str) -> None:
        assert "Anna heeft geen tweestapsverificatie aan." in text(admin.post(there))

    def test_it_stands_also_when_the_mail_fails(
        self, admin: Client, there: str, anna: User, settings: Settings, django_capture_on_commit_callbacks: object
    ) -> None:
        turn_on(anna)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert admin.post(there).status_code == 302
        assert not Authenticator.objects.exists()

    def test_the_operator_helps_everybody(self, anna: User) -> None:
        builders.organisation("Waterrand", "waterrand").memberships.create(user=anna, role=Role.AUDITOR)
        turn_on(anna)
        out = StringIO()
        call_command("reset_second_factor", "ANNA@duoplus.example", stdout=out)
        assert out.getvalue() == "Tweestapsverificatie van anna@duoplus.example is uitgezet.\n"
        assert not Authenticator.objects.exists()
        rows = LogEntry.objects.filter(action="accounts.reset_second_factor")
        assert {row.user for row in rows} == {None}
        assert sorted(str(row.organisation) for row in rows) == ["Duo+", "Waterrand"]

    @pytest.mark.parametrize(
        ("email", "why"),
        [
            ("anna@duoplus.example", "Anna heeft geen tweestapsverificatie aan."),
            ("niemand@duoplus.example", "Niemand logt in met niemand@duoplus.example."),
        ],
    )
    def test_the_operator_hears_why_not(self, anna: User, email: str, why: str) -> None:
        with pytest.raises(CommandError, match=re.escape(why)):
            call_command("reset_second_factor", email)


class TestSecurityPage:
    def test_it_is_made_required_and_free_again(self, client: Client, noor: User, anna: User) -> None:
        turn_on(noor)
        client.force_login(noor)
        page = client.get("/duoplus/beveiliging/")
        assert "Tweestapsverificatie staat aan bij 1 van de 2 mensen." in text(page)
        assert page.context["form"]["required"].value() is False
        assert said(client, client.post("/duoplus/beveiliging/", {"required": "on"})) == [
            "De beveiliging is opgeslagen."
        ]
        assert Organisation.objects.get().two_factor_required
        assert client.get("/duoplus/beveiliging/").context["form"]["required"].value() is True
        client.post("/duoplus/beveiliging/", {})
        assert not Organisation.objects.get().two_factor_required
        rows = LogEntry.objects.filter(action="accounts.set_second_factor_required").order_by("id")
        assert [(row.subject, row.result) for row in rows] == [
            ("tweestapsverificatie verplicht", Result.DONE),
            ("tweestapsverificatie niet verplicht", Result.DONE),
        ]

    def test_who_makes_it_required_without_having_it_is_next(self, client: Client, noor: User) -> None:
        client.force_login(noor)
        answer = client.post("/duoplus/beveiliging/", {"required": "on"}, follow=True)
        assert answer.redirect_chain[1][0] == f"{ON}?next=/duoplus/mensen/"


class TestRenewedSecrets:
    def test_after_another_secret_key_everything_still_works(
        self, client: Client, anna: User, settings: Settings
    ) -> None:
        secret = turn_on(anna)
        codes = recovery_codes(anna)
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "een heel andere sleutel die lang genoeg is om echt te zijn"
        out = StringIO()
        call_command("renew_secrets", stdout=out)
        assert out.getvalue() == "2 geheimen zijn opnieuw versleuteld.\n"
        settings.SECRET_KEY_FALLBACKS = []
        assert recovery_codes(anna) == codes
        log_in(client, anna)
        assert asked(client, code(secret)) == "/"

    def test_without_the_former_key_nothing_is_touched(self, anna: User, settings: Settings) -> None:
        turn_on(anna)
        before = list(Authenticator.objects.order_by("id").values("data"))
        settings.SECRET_KEY = "een heel andere sleutel die lang genoeg is om echt te zijn"
        with pytest.raises(CommandError, match="SECRET_KEY_FALLBACKS"):
            call_command("renew_secrets")
        assert list(Authenticator.objects.order_by("id").values("data")) == before
