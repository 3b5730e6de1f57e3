"""Login, logout and passwords, as a person meets them."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import NoReverseMatch, reverse
from pytest_django import Settings

from accounts.entrance import OwnWords
from accounts.models import LogEntry, Organisation, User
from accounts.roles import Role
from tests import builders
from tests.pages import errors, said, text

pytestmark = pytest.mark.django_db
NEW = "een heel nieuw wachtwoord"
LOGIN, RESET = "/account/login/", "/account/password/reset/"
GUESSED = "Dit wachtwoord is te raden: de naam van Duoplus of van uw organisatie telt niet mee."
STOPPED = "Dit ging te vaak mis. Wacht vijf minuten en probeer het dan opnieuw."


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def anna(duoplus: Organisation) -> User:
    return builders.person("Anna", duoplus, Role.DIRECTOR)


def login(client: Client, email: str = "anna@duoplus.example", password: str = builders.PASSWORD, **more: str) -> str:
    """Where the login leads, or what it says."""
    answer = client.post(LOGIN, {"login": email, "password": password, **more})
    if answer.status_code == 302:
        return str(answer["Location"])
    return " ".join(message for messages in errors(answer).values() for message in messages)


def reset(client: Client, email: str) -> str:
    """Ask for a link; where that leads."""
    return str(client.post(RESET, {"email": email})["Location"])


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", str(mail.body))
    assert found is not None
    return found.group(1)


class TestLogin:
    def test_it_leads_to_the_own_organisation_without_a_word(self, client: Client, anna: User) -> None:
        assert login(client) == "/"
        answer = client.get("/", follow=True)
        assert (answer.redirect_chain, list(answer.context["messages"])) == ([("/duoplus/", 302)], [])

    def test_the_address_may_be_in_capitals(self, client: Client, anna: User) -> None:
        assert login(client, "ANNA@duoplus.example") == "/"

    def test_next_is_followed_inside_the_portal_only(self, client: Client, anna: User) -> None:
        page = client.get("/duoplus/edities/")
        assert page["Location"] == "/account/login/?next=/duoplus/edities/"
        assert 'name="next" value="/duoplus/edities/"' in client.get(page["Location"]).content.decode()
        assert login(client, next="/duoplus/edities/") == "/duoplus/edities/"
        for elsewhere in ("https://example.com/", "//example.com/", "javascript:alert(1)"):
            assert login(Client(), next=elsewhere) == "/"

    @pytest.mark.parametrize(
        ("email", "password"),
        [("anna@duoplus.example", "iets heel anders"), ("niemand@duoplus.example", builders.PASSWORD)],
    )
    def test_a_wrong_pair_says_the_same_for_known_and_unknown(
        self, client: Client, anna: User, email: str, password: str
    ) -> None:
        assert login(client, email, password) == "Dit e-mailadres en wachtwoord horen niet bij elkaar."
        assert client.get("/duoplus/").status_code == 302

    def test_guessing_is_stopped_also_for_the_right_password(self, client: Client, anna: User) -> None:
        for _ in range(5):
            assert (
                login(client, password="geraden wachtwoord") == "Dit e-mailadres en wachtwoord horen niet bij elkaar."
            )
        assert login(client, password="geraden wachtwoord") == STOPPED
        assert login(client) == STOPPED

    def test_guessing_is_counted_per_address_however_it_is_written(self, client: Client, anna: User) -> None:
        """In the header Host anybody can write any port, and an address in capitals."""
        for number in range(5):
            fields = {"login": "Anna@Duoplus.example" if number % 2 else anna.email, "password": "geraden wachtwoord"}
            client.post(LOGIN, fields, headers={"host": f"testserver:{number + 1}"})
        answer = client.post(LOGIN, fields, headers={"host": "testserver:6"}, REMOTE_ADDR="10.9.8.7")
        assert answer.context["form"].non_field_errors() == [STOPPED]

    def test_getting_in_does_not_wipe_out_what_failed(self, client: Client, anna: User) -> None:
        for _ in range(4):
            login(client, password="geraden wachtwoord")
        assert login(Client()) == "/"
        assert login(client, password="geraden wachtwoord") == "Dit e-mailadres en wachtwoord horen niet bij elkaar."
        assert login(client) == STOPPED

    def test_guessing_at_many_people_from_one_address_is_stopped(self, client: Client, anna: User) -> None:
        for number in range(60):
            login(client, f"mens{number}@duoplus.example", "zomer in de polder")
        assert login(client) == STOPPED
        fields = {"login": anna.email, "password": builders.PASSWORD}
        assert client.post(LOGIN, fields, REMOTE_ADDR="10.9.8.7")["Location"] == "/"

    def test_an_office_that_logs_in_within_a_minute_gets_in(self, duoplus: Organisation, anna: User) -> None:
        """More people behind one address than any limit names; the mistakes are those of 350, one in ten."""
        people = [User(email=f"mens{number}@duoplus.example", password=anna.password) for number in range(90)]
        User.objects.bulk_create(people)
        with time_machine.travel(datetime(2026, 11, 24, 9, 0, tzinfo=UTC), tick=False):
            for number, person in enumerate(people):
                if number < 35:
                    login(Client(), person.email, "vertypt wachtwoord")
                assert login(Client(), person.email) == "/"

    def test_someone_inactive_is_told_and_stays_out(self, client: Client, anna: User) -> None:
        User.objects.update(is_active=False)
        assert login(client) == "/account/inactive/"
        assert "Uw toegang tot Duoplus is uitgezet." in text(client.get("/account/inactive/"))
        assert client.get("/duoplus/").status_code == 302

    def test_someone_made_inactive_is_out_at_once(self, client: Client, anna: User) -> None:
        login(client)
        User.objects.update(is_active=False)
        assert client.get("/duoplus/")["Location"] == "/account/login/?next=/duoplus/"

    def test_someone_without_a_password_cannot_log_in(self, client: Client) -> None:
        User.objects.create_user("bas@duoplus.example", name="Bas")
        for password in ("", "!", "wachtwoord van niemand"):
            assert login(client, "bas@duoplus.example", password) != "/"

    def test_a_password_hashed_the_old_way_is_hashed_anew(self, client: Client, anna: User, settings: Settings) -> None:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        anna.set_password(builders.PASSWORD)
        anna.save()
        settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
        assert login(client) == "/"
        anna.refresh_from_db()
        assert anna.password.startswith("argon2$argon2id$")

    def test_the_session_ends_with_the_browser_and_its_cookie_is_closed_to_scripts(
        self, client: Client, anna: User
    ) -> None:
        login(client)
        cookie = client.cookies["sessionid"]
        assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


class TestLogout:
    def test_a_button_logs_out(self, client: Client, anna: User) -> None:
        login(client)
        answer = client.post("/account/logout/")
        assert (answer["Location"], said(client, answer)) == (LOGIN, ["U bent uitgelogd."])
        assert client.get("/duoplus/").status_code == 302

    def test_a_link_only_asks(self, client: Client, anna: User) -> None:
        login(client)
        assert "Wat u heeft opgeslagen, blijft bewaard." in text(client.get("/account/logout/"))
        assert client.get("/duoplus/").status_code == 200


class TestForgottenPassword:
    def test_a_mail_with_a_link_leads_back_in(self, client: Client, anna: User, mailoutbox: list[EmailMessage]) -> None:
        assert reset(client, "Anna@duoplus.example") == "/account/password/reset/done/"
        mail = mailoutbox[0]
        assert (mail.to, mail.subject) == (["anna@duoplus.example"], "[Duoplus] Nieuw wachtwoord kiezen")
        page = client.get(link_in(mail), follow=True)
        assert (page.status_code, page.redirect_chain[0][0].endswith("-set-password/")) == (200, True)
        answer = client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
        assert answer["Location"] == "/account/password/reset/key/done/"
        assert "Log voortaan in met uw nieuwe wachtwoord." in text(client.get(answer["Location"]))
        assert (login(Client()), login(Client(), password=NEW)) == (
            "Dit e-mailadres en wachtwoord horen niet bij elkaar.",
            "/",
        )
        assert "Deze link werkt niet meer" in text(Client().get(link_in(mail)))
        assert [later.subject for later in mailoutbox[1:]] == ["[Duoplus] Uw wachtwoord is gewijzigd"]
        assert (
            "Het wachtwoord van anna@duoplus.example is opnieuw ingesteld via een link in een mail."
            in mailoutbox[1].body
        )

    def test_other_sessions_end(self, client: Client, anna: User, mailoutbox: list[EmailMessage]) -> None:
        elsewhere = Client()
        login(elsewhere)
        reset(client, anna.email)
        page = client.get(link_in(mailoutbox[0]), follow=True)
        client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
        assert elsewhere.get("/duoplus/").status_code == 302

    def test_an_unknown_address_gets_the_same_page_and_another_mail(
        self, client: Client, mailoutbox: list[EmailMessage]
    ) -> None:
        assert reset(client, "niemand@duoplus.example") == "/account/password/reset/done/"
        assert [(mail.to, mail.subject) for mail in mailoutbox] == [
            (["niemand@duoplus.example"], "[Duoplus] Dit adres is niet bekend")
        ]
        assert "/reset/key/" not in mailoutbox[0].body

    @pytest.mark.parametrize(
        ("passwords", "wrong"),
        [
            (("kort", "kort"), {"password1": ["Dit wachtwoord is te kort: neem minstens 12 tekens."]}),
            ((NEW, "iets anders dan dat"), {"password2": ["De twee wachtwoorden zijn niet gelijk."]}),
            (("password1234", "password1234"), {"password1": ["Dit wachtwoord is te algemeen."]}),
            (("gemeenschappelijke regeling DUO+ 2026",) * 2, {"password1": [GUESSED]}),
            ((NEW, ""), {"password2": ["Dit veld is verplicht."]}),
        ],
    )
    def test_a_password_that_will_not_do(
        self,
        client: Client,
        anna: User,
        mailoutbox: list[EmailMessage],
        passwords: tuple[str, str],
        wrong: dict[str, list[str]],
    ) -> None:
        reset(client, anna.email)
        page = client.get(link_in(mailoutbox[0]), follow=True)
        answer = client.post(page.request["PATH_INFO"], dict(zip(("password1", "password2"), passwords, strict=True)))
        assert (answer.status_code, errors(answer)) == (200, wrong)
        assert login(Client()) == "/"

    def test_the_name_of_the_portal_is_no_password_of_anybody(self) -> None:
        with pytest.raises(ValidationError, match=GUESSED):
            OwnWords().validate("Duoplus-2026")
        OwnWords().validate("Duoplus voor iedereen")

    def test_asking_too_often_is_stopped_with_a_page_of_ours(
        self, client: Client, anna: User, mailoutbox: list[EmailMessage]
    ) -> None:
        for _ in range(5):
            reset(client, anna.email)
        answer = client.post(RESET, {"email": anna.email})
        assert (answer.status_code, len(mailoutbox)) == (429, 5)
        assert "Dit ging te vaak achter elkaar" in text(answer)

    def test_a_mail_server_that_is_down_says_the_same_for_known_and_unknown(
        self, client: Client, anna: User, settings: Settings
    ) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        answers = [client.post(RESET, {"email": email}) for email in (anna.email, "niemand@duoplus.example")]
        assert [answer.status_code for answer in answers] == [409, 409]
        assert text(answers[0]) == text(answers[1])
        assert "De mail kon niet worden verstuurd. Probeer het straks opnieuw." in text(answers[0])

    def test_embedded_the_mail_is_a_file(self, client: Client, anna: User, settings: Settings, tmp_path: Path) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = tmp_path
        reset(client, anna.email)
        assert ["/account/password/reset/key/" in file.read_text() for file in tmp_path.iterdir()] == [True]


class TestOwnPassword:
    @pytest.mark.parametrize(
        "chosen", ["é" * 12, "woord " * 20, "12345 is niet mijn kluis", "met duoplus begint mijn dag"]
    )
    def test_any_characters_will_do_and_every_one_counts(self, client: Client, anna: User, chosen: str) -> None:
        login(client)
        fields = {"oldpassword": builders.PASSWORD, "password1": chosen, "password2": chosen}
        assert client.post("/account/password/change/", fields).status_code == 302
        assert login(Client(), password=chosen) == "/"
        assert login(Client(), password=chosen[:-1].strip()) == "Dit e-mailadres en wachtwoord horen niet bij elkaar."

    def test_it_is_changed_with_the_present_one(self, client: Client, anna: User) -> None:
        login(client)
        fields = {"oldpassword": builders.PASSWORD, "password1": NEW, "password2": NEW}
        home = client.post("/account/password/change/", fields, follow=True)
        assert home.redirect_chain == [("/", 302), ("/duoplus/", 302)]
        assert [str(message) for message in home.context["messages"]] == ["Uw wachtwoord is gewijzigd."]
        assert client.get("/duoplus/").status_code == 200
        assert login(Client(), password=NEW) == "/"

    def test_it_is_changed_also_when_the_mail_about_it_fails(
        self, client: Client, anna: User, settings: Settings
    ) -> None:
        login(client)
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        fields = {"oldpassword": builders.PASSWORD, "password1": NEW, "password2": NEW}
        assert client.post("/account/password/change/", fields).status_code == 302
        anna.refresh_from_db()
        assert anna.check_password(NEW)

    def test_the_present_one_must_be_right(self, client: Client, anna: User) -> None:
        login(client)
        fields = {"oldpassword": "iets heel anders", "password1": NEW, "password2": NEW + "!"}
        assert errors(client.post("/account/password/change/", fields)) == {
            "oldpassword": ["Dit is niet uw huidige wachtwoord."],
            "password2": ["De twee wachtwoorden zijn niet gelijk."],
        }


class TestLog:
    def entries(self) -> list[tuple[str, ...]]:
        """Deed, result, organisation and address of each, in order."""
        rows = LogEntry.objects.order_by("id").select_related("organisation")
        return [
            (row.action.removeprefix("accounts."), row.result, str(row.organisation), str(row.address)) for row in rows
        ]

    def test_coming_and_going(self, client: Client, anna: User) -> None:
        login(client, password="iets heel anders")
        login(client, "niemand@duoplus.example")
        login(client)
        client.post("/account/logout/")
        assert self.entries() == [
            ("log_in", "failed", "Duo+", "127.0.0.1"),
            ("log_in", "done", "Duo+", "127.0.0.1"),
            ("log_out", "done", "Duo+", "127.0.0.1"),
        ]
        assert {(row.user, row.subject) for row in LogEntry.objects.all()} == {(anna, "Anna")}

    def test_passwords(self, client: Client, anna: User, mailoutbox: list[EmailMessage]) -> None:
        login(client)
        fields = {"oldpassword": builders.PASSWORD, "password1": NEW, "password2": NEW}
        client.post("/account/password/change/", fields)
        reset(client, anna.email)
        page = Client().get(link_in(mailoutbox[-1]), follow=True)
        again = {"password1": builders.PASSWORD, "password2": builders.PASSWORD}
        page.client.post(page.request["PATH_INFO"], again)
        assert [entry[:2] for entry in self.entries()] == [
            ("log_in", "done"),
            ("change_password", "done"),
            ("reset_password", "done"),
        ]

    def test_someone_inactive_was_refused(self, client: Client, anna: User) -> None:
        User.objects.update(is_active=False)
        login(client)
        assert [entry[:2] for entry in self.entries()] == [("log_in", "refused")]

    def test_too_many_attempts_are_told_to_the_operator(
        self, client: Client, anna: User, caplog: pytest.LogCaptureFixture
    ) -> None:
        for _ in range(6):
            login(client, password="iets heel anders")
        assert [record.getMessage() for record in caplog.records] == ["too many attempts from 127.0.0.1"]
        assert [entry[1] for entry in self.entries()] == ["failed"] * 5

    def test_each_organisation_of_the_person_knows(self, client: Client, anna: User) -> None:
        builders.organisation("Waterrand", "waterrand").memberships.create(user=anna, role=Role.AUDITOR)
        login(client)
        assert sorted(entry[2] for entry in self.entries()) == ["Duo+", "Waterrand"]


class TestClosed:
    def test_nobody_signs_up(self, client: Client) -> None:
        fields = {"email": "ik@elders.example", "password1": NEW}
        for answer in (client.get("/account/signup/"), client.post("/account/signup/", fields)):
            assert answer.status_code == 200
            assert "U kunt zich hier niet zelf aanmelden." in text(answer)
        assert User.objects.count() == 0

    @pytest.mark.parametrize(
        "name", ["account_email", "account_set_password", "account_request_login_code", "mfa_download_recovery_codes"]
    )
    def test_pages_of_the_library_that_we_do_not_use_have_no_address(self, name: str) -> None:
        with pytest.raises(NoReverseMatch):
            reverse(name)

    @pytest.mark.parametrize("path", ["email/", "password/set/", "confirm-email/", "login/code/confirm/", "webauthn/"])
    def test_their_paths_answer_nothing(self, client: Client, anna: User, path: str) -> None:
        login(client)
        assert client.get(f"/account/{path}").status_code == 404
