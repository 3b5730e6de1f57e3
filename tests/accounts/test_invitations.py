import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from accounts import invitations
from accounts.errors import Refused
from accounts.members import Member
from accounts.models import User
from accounts.roles import Role
from tests import builders

pytestmark = pytest.mark.django_db
SITE = "https://verslag.duoplus.example"
NEW = "een heel nieuw wachtwoord"


@pytest.fixture
def noor() -> Member:
    return builders.member("Noor Bakhuis", builders.organisation(), Role.ADMINISTRATOR)


@pytest.fixture
def joost() -> User:
    return User.objects.create_user("joost@duoplus.example", name="Joost Vermaat")


def test_someone_new_gets_a_link(noor: Member, joost: User, mailoutbox: list[EmailMessage]) -> None:
    with time_machine.travel(datetime(2021, 3, 1, 9, 30, tzinfo=UTC), tick=False):
        invitations.send(joost, noor, SITE)
        link = invitations.password_link(joost, SITE)
    mail = mailoutbox[0]
    assert (mail.subject, mail.to) == ("[Duoplus] Toegang tot Duo+", ["joost@duoplus.example"])
    assert mail.body == (
        "Goedendag Joost Vermaat,\n\n"
        "Noor Bakhuis heeft u toegevoegd aan Gemeenschappelijke regeling Duo+ in Duoplus.\n\n"
        f"Met deze link kiest u uw wachtwoord:\n\n{link}\n\n"
        "De link werkt één keer, tot donderdag 4 maart 2021 10:30. Daarna vraagt u een nieuwe aan met "
        f"“Wachtwoord vergeten?” op {SITE}/account/login/\n\n"
        "Duoplus\n"
    )


def test_someone_with_a_password_is_told_to_use_it(noor: Member, mailoutbox: list[EmailMessage]) -> None:
    invitations.send(builders.person("Saskia", noor.organisation, Role.AUDITOR), noor, SITE)
    body = str(mailoutbox[0].body)
    assert re.findall(r"https://\S+", body) == [f"{SITE}/account/login/"]
    assert "U logt in met het wachtwoord dat u al heeft:" in body


def test_the_link_works_once_and_never_for_someone_else(joost: User, client: Client) -> None:
    link = invitations.password_link(joost, "")
    form = client.get(link, follow=True)
    assert form.redirect_chain == [(f"{link.rsplit('-', 1)[0].rsplit('-', 1)[0]}-set-password/", 302)]
    answer = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert (answer.status_code, answer["Location"]) == (302, "/account/password/reset/key/done/")
    joost.refresh_from_db()
    assert joost.check_password(NEW)
    assert joost.password.startswith("argon2$argon2id$")
    again = Client().get(link)
    assert (again.status_code, "Deze link werkt niet meer" in again.content.decode()) == (200, True)


def test_the_link_ends(joost: User, client: Client, settings: Settings) -> None:
    with time_machine.travel(datetime(2021, 3, 1, tzinfo=UTC), tick=False) as clock:
        link = invitations.password_link(joost, "")
        clock.shift(settings.PASSWORD_RESET_TIMEOUT + 1)
        assert "Deze link werkt niet meer" in client.get(link).content.decode()


def test_a_mail_server_that_is_down_is_said(noor: Member, joost: User, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(Refused, match="De mail kon niet worden verstuurd"):
        invitations.send(joost, noor, SITE)


def test_a_name_cannot_add_headers_to_the_mail(joost: User, mailoutbox: list[EmailMessage]) -> None:
    organisation = builders.organisation("Duo+\nBcc: rest@example.com")
    invitations.send(joost, builders.member("Noor", organisation, Role.ADMINISTRATOR), SITE)
    assert mailoutbox[0].subject == "[Duoplus] Toegang tot Duo+ Bcc: rest@example.com"
