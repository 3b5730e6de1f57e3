import io
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.management.commands.add_organisation import default_site
from accounts.models import Membership, Organisation, User
from tests import builders

pytestmark = pytest.mark.django_db
SITE = "https://verslag.waterrand.example"
ENTRY = {
    "short_name": "Waterrand",
    "slug": "waterrand",
    "admin_email": "ida@waterrand.example",
    "admin_name": "Ida de Boer",
    "site": SITE,
}


def run(name: str = "Waterschap Waterrand", **changed: object) -> list[str]:
    out = io.StringIO()
    call_command("add_organisation", name, stdout=out, **(ENTRY | changed))
    return out.getvalue().splitlines()


def test_it_prints_a_link_with_which_the_administrator_gets_in(client: Client) -> None:
    where, what, link = run()
    assert where == "Waterschap Waterrand staat op https://verslag.waterrand.example/waterrand/"
    assert what == "Met deze link kiest ida@waterrand.example één keer een wachtwoord:"
    form = client.get(link.removeprefix(SITE), follow=True)
    fields = {"password1": builders.PASSWORD, "password2": builders.PASSWORD}
    client.post(form.request["PATH_INFO"], fields)
    login = {"login": "ida@waterrand.example", "password": builders.PASSWORD}
    assert client.post("/account/login/", login, follow=True).redirect_chain[-1] == ("/waterrand/", 302)
    assert client.get("/waterrand/mensen/").status_code == 200


def test_without_site_the_link_goes_where_the_portal_is_reached(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [".waterrand.example", "localhost"]
    for embedded, site in ((True, "http://127.0.0.1:8000"), (False, "https://waterrand.example")):
        settings.EMBEDDED = embedded
        assert default_site() == site


def test_a_password_can_come_from_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{builders.PASSWORD}\n"))
    assert run(password_stdin=True) == [
        "Waterschap Waterrand staat op https://verslag.waterrand.example/waterrand/",
        "ida@waterrand.example logt in met het eigen wachtwoord.",
    ]
    assert User.objects.get().check_password(builders.PASSWORD)


def test_an_administrator_may_already_exist() -> None:
    ida = builders.person("Ida", builders.organisation("Elders", "elders"))
    assert run(admin_email=ida.email)[1] == "ida@elders.example logt in met het eigen wachtwoord."
    assert Membership.objects.get().user == ida


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slug": "water rand"}, "--slug: Voer een geldige ‘slug’ in"),
        ({"slug": "account"}, "Het adres “account” gebruikt Duoplus zelf. Kies een ander."),
        ({"admin_email": "ida"}, "--admin-email: Voer een geldig e-mailadres in."),
        ({"admin_name": ""}, "--admin-name: Dit veld kan niet leeg zijn"),
        ({"short_name": "W" * 41}, "--short-name: Zorg dat deze waarde niet meer dan 40 tekens bevat"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(changed: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(**changed)
    assert str(caught.value).startswith(said)
    assert (Organisation.objects.count(), User.objects.count()) == (0, 0)


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("kort\n"))
    with pytest.raises(CommandError) as caught:
        run(password_stdin=True)
    assert str(caught.value) == "Dit wachtwoord is te kort: neem minstens 12 tekens."
    assert Organisation.objects.count() == 0


def test_a_password_of_someone_who_has_one_is_not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    ida = builders.person("Ida", builders.organisation("Elders", "elders"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("een ander goed wachtwoord\n"))
    with pytest.raises(CommandError, match="heeft al een wachtwoord"):
        run(admin_email=ida.email, password_stdin=True)
    assert not Organisation.objects.filter(slug="waterrand").exists()


def test_the_same_address_twice_is_refused() -> None:
    run()
    with pytest.raises(CommandError, match="Er is al een organisatie met het adres “waterrand”"):
        run()


def test_without_tables_it_says_to_migrate() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_organisation RENAME TO accounts_elsewhere")
    with pytest.raises(CommandError, match="Draai eerst"):
        run()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_elsewhere RENAME TO accounts_organisation")
