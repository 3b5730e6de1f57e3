"""What people typed survives a session that ended, and a form that is too old."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import Settings

from accounts import kept
from accounts.models import Organisation, Team, User
from accounts.roles import Role
from tests import builders
from tests.pages import let_expire, text

pytestmark = pytest.mark.django_db
FORM = "/duoplus/teams/nieuw/"
KEPT = "Uw sessie was verlopen. Uw invoer is bewaard, maar nog niet opgeslagen."


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation) -> User:
    return builders.person("Noor", duoplus, Role.ADMINISTRATOR)


def login(client: Client, answer: object) -> str:
    """Log in on the page that the answer leads to; where that leads."""
    page = answer["Location"]  # type: ignore[index]
    next_page = page.partition("next=")[2]
    fields = {"login": "noor@duoplus.example", "password": builders.PASSWORD, "next": next_page}
    return str(client.post(page, fields)["Location"])


def test_a_form_comes_back_with_what_was_typed_and_can_then_be_saved(client: Client, noor: User) -> None:
    client.force_login(noor)
    client.get(FORM)
    Session.objects.all().delete()
    answer = client.post(FORM, {"name": "Juridische Zaken"}, headers={"referer": f"http://testserver{FORM}"})
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={FORM}")
    assert Team.objects.count() == 0
    back = login(client, answer)
    assert back == FORM
    page = client.get(back)
    assert (page.status_code, page.context["form"]["name"].value()) == (200, "Juridische Zaken")
    assert [str(message) for message in page.context["messages"]] == [KEPT]
    client.post(FORM, {"name": page.context["form"]["name"].value()})
    assert Team.objects.get().name == "Juridische Zaken"


def test_it_is_handed_out_once(client: Client, noor: User) -> None:
    let_expire(client, noor)
    login(client, client.post(FORM, {"name": "Juridische Zaken"}))
    assert client.get(FORM).context["form"].is_bound is True
    assert client.get(FORM).context["form"].is_bound is False


def test_another_page_does_not_take_it(client: Client, noor: User) -> None:
    let_expire(client, noor)
    login(client, client.post(FORM, {"name": "Juridische Zaken"}))
    assert client.get("/duoplus/mensen/nieuw/").context["form"].is_bound is False
    assert client.get(FORM).context["form"]["name"].value() == "Juridische Zaken"


def test_a_button_that_only_posts_leads_back_to_its_page(client: Client, noor: User) -> None:
    page = f"/duoplus/mensen/{noor.pk}/"
    answer = client.post(f"{page}uitnodiging/", headers={"referer": f"http://testserver{page}?van=lijst"})
    assert answer["Location"] == f"/account/login/?next={page}%3Fvan%3Dlijst"


def test_a_referer_of_another_site_is_not_followed(client: Client, noor: User) -> None:
    answer = client.post(FORM, {"name": "x"}, headers={"referer": "https://example.com/elders/"})
    assert answer["Location"] == f"/account/login/?next={FORM}"


def test_a_partial_update_moves_the_whole_page(client: Client, noor: User) -> None:
    headers = {"hx-request": "true", "referer": f"http://testserver{FORM}"}
    for answer in (client.post(FORM, {"name": "x"}, headers=headers), client.get("/duoplus/teams/", headers=headers)):
        assert (answer.status_code, answer["HX-Redirect"]) == (200, f"/account/login/?next={FORM}")


def test_neither_the_token_nor_a_huge_text_is_kept(client: Client, noor: User) -> None:
    let_expire(client, noor)
    client.post(FORM, {"name": "Staf", "csrfmiddlewaretoken": "geheim"})
    assert client.session[kept.SESSION_KEY] == {"path": FORM, "fields": "name=Staf", "author": noor.pk}
    other = Client()
    let_expire(other, noor)
    other.post(FORM, {"name": "x" * kept.LARGEST})
    assert kept.SESSION_KEY not in other.session


def test_what_is_kept_ends_within_the_hour(client: Client, noor: User) -> None:
    let_expire(client, noor)
    client.post(FORM, {"name": "Staf"})
    assert client.session.get_expiry_age() <= kept.LIFETIME_SECONDS
    login(client, client.get(FORM))
    client.get(FORM)
    assert client.session.get_expire_at_browser_close() is True


def test_strangers_cannot_fill_the_database(client: Client, noor: User, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "keep_input": "2/m/ip"}
    for _ in range(3):
        client = Client()
        let_expire(client, noor)
        answer = client.post(FORM, {"name": "Staf"})
        assert answer["Location"] == f"/account/login/?next={FORM}"
    assert Session.objects.count() == 2


class TestWhose:
    """What was typed comes back to whoever typed it, also when another person logs in there."""

    @pytest.fixture
    def coen(self, duoplus: Organisation) -> User:
        return builders.person("Coen", duoplus, Role.ADMINISTRATOR)

    def test_another_person_is_not_shown_it(self, client: Client, noor: User, coen: User) -> None:
        let_expire(client, noor)
        client.post(FORM, {"name": "Juridische Zaken"})
        client.force_login(coen)
        page = client.get(FORM)
        assert (page.context["form"].is_bound, list(page.context["messages"])) == (False, [])
        assert "Juridische Zaken" not in page.content.decode()

    def test_the_last_who_used_the_browser_typed_it(self, client: Client, noor: User, coen: User) -> None:
        let_expire(client, noor)
        let_expire(client, coen)
        client.post(FORM, {"name": "Juridische Zaken"})
        assert client.session[kept.SESSION_KEY]["author"] == coen.pk

    @pytest.mark.parametrize("noted", [None, "1", "1:geraden", ""])
    def test_of_nobody_in_particular_nothing_is_stored(self, client: Client, noor: User, noted: str | None) -> None:
        if noted is not None:
            client.cookies[kept.COOKIE] = noted
        answer = client.post(FORM, {"name": "Juridische Zaken"})
        assert answer["Location"] == f"/account/login/?next={FORM}"
        assert Session.objects.count() == 0

    def test_the_browser_is_told_once_and_in_a_cookie_that_no_script_reads(
        self, client: Client, noor: User, settings: Settings
    ) -> None:
        settings.SESSION_COOKIE_SECURE = True
        client.force_login(noor)
        cookie = client.get(FORM).cookies[kept.COOKIE]
        assert cookie.value.startswith(f"{noor.pk}:")
        flags = {name: cookie[name] for name in ("secure", "httponly", "samesite", "max-age", "expires")}
        assert flags == {"secure": True, "httponly": True, "samesite": "Lax", "max-age": "", "expires": ""}
        assert kept.COOKIE not in client.get(FORM).cookies

    def test_an_old_form_of_a_browser_that_two_people_used_is_nobodys(self, noor: User, coen: User) -> None:
        """Its token was given out before the last login: to the one or to the other."""
        strict = Client(enforce_csrf_checks=True)
        let_expire(strict, noor)
        strict.force_login(coen)
        strict.get(FORM)
        headers = {"origin": "http://testserver", "referer": f"http://testserver{FORM}"}
        assert strict.post(FORM, {"name": "Staf"}, headers=headers)["Location"] == FORM
        assert strict.get(FORM).context["form"].is_bound is False


class TestOldForms:
    """Where the token of the form is not that of the session: logged in again in another window."""

    @pytest.fixture
    def strict(self, noor: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(noor)
        client.get(FORM)
        return client

    def test_a_form_of_ours_comes_back_with_what_was_typed(self, strict: Client) -> None:
        headers = {"origin": "http://testserver", "referer": f"http://testserver{FORM}"}
        answer = strict.post(FORM, {"name": "Staf"}, headers=headers)
        assert (answer.status_code, answer["Location"]) == (302, FORM)
        page = strict.get(FORM)
        assert page.context["form"]["name"].value() == "Staf"
        assert [str(message) for message in page.context["messages"]] == [KEPT]
        assert Team.objects.count() == 0

    @pytest.mark.parametrize("headers", [{}, {"origin": "https://example.com"}, {"origin": "null"}])
    def test_a_form_of_another_site_gets_nothing(self, strict: Client, headers: dict[str, str]) -> None:
        answer = strict.post(FORM, {"name": "Staf"}, headers=headers)
        assert answer.status_code == 403
        assert "Dit formulier was niet meer geldig" in text(answer)
        assert strict.get(FORM).context["form"].is_bound is False

    def test_the_login_form_itself_says_what_to_do(self, noor: User) -> None:
        strict = Client(enforce_csrf_checks=True)
        headers = {"origin": "http://testserver", "referer": "http://testserver/account/login/?next=/duoplus/"}
        answer = strict.post("/account/login/", {"login": "noor@duoplus.example"}, headers=headers)
        assert answer.status_code == 403
        assert 'href="/account/login/?next=/duoplus/"' in answer.content.decode()

    def test_without_any_cookie_it_is_a_session_that_ended(self, noor: User) -> None:
        """The browser forgot all: neither the token nor the session is there, nor who used it."""
        strict = Client(enforce_csrf_checks=True)
        headers = {"origin": "http://testserver", "referer": f"http://testserver{FORM}"}
        answer = strict.post(FORM, {"name": "Staf"}, headers=headers)
        assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={FORM}")
        assert kept.SESSION_KEY not in strict.session
        partial = Client(enforce_csrf_checks=True).post(
            FORM, {"name": "Staf"}, headers={**headers, "hx-request": "true"}
        )
        assert partial["HX-Redirect"] == f"/account/login/?next={FORM}"
