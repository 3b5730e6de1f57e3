import pytest
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import LogEntry, Membership, Organisation, User
from accounts.roles import Role
from tests import builders
from tests.pages import column, errors, said, text
from tests.second_factors import turn_on

pytestmark = pytest.mark.django_db
LIST = "/duoplus/mensen/"


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Noor", duoplus, Role.ADMINISTRATOR))
    return client


def names(client: Client, **query: str | int) -> list[str]:
    return [row.record.name for row in client.get(LIST, query).context["table"].rows]


def roles_of(name: str) -> dict[str, list[str]]:
    rows = Membership.objects.filter(user__name=name, organisation__slug="duoplus")
    return {row.role: [team.name for team in row.teams.all()] for row in rows}


class TestList:
    def test_it_shows_roles_teams_and_access(self, noor: Client, duoplus: Organisation) -> None:
        team = builders.team(duoplus)
        builders.person("Anna", duoplus, Role.DIRECTOR, Role.TEAM_LEAD, teams=(team,))
        invited = User.objects.create_user("bas@duoplus.example", name="Bas")
        Membership.objects.create(user=invited, organisation=duoplus, role=Role.AUDITOR)
        builders.person("Ida", builders.organisation("Waterrand", "waterrand"), Role.DIRECTOR)
        rows = noor.get(LIST).context["table"].rows
        assert [(row.record.name, row.get_cell("roles"), row.get_cell("teams")) for row in rows] == [
            ("Anna", "teamleider, directeur", "Financiën"),
            ("Bas", "auditor", ""),
            ("Noor", "functioneel beheerder", ""),
        ]
        access = [" ".join(str(row.get_cell("last_login")).split()) for row in rows]
        assert access[:2] == ["nog niet", '<span class="status status--waiting">uitgenodigd</span>']

    def test_it_sorts_both_ways(self, noor: Client, duoplus: Organisation) -> None:
        builders.person("Anna Zwart", duoplus, Role.DIRECTOR)
        builders.person("Zoë Aalders", duoplus, Role.DIRECTOR)
        User.objects.filter(name="Anna Zwart").update(email="z@duoplus.example", last_login="2021-01-01T12:00Z")
        User.objects.filter(name="Noor").update(last_login="2021-02-01T12:00Z")
        User.objects.filter(name="Zoë Aalders").update(last_login="2021-03-01T12:00Z")
        assert names(noor, sort="name") == ["Anna Zwart", "Noor", "Zoë Aalders"]
        assert names(noor, sort="-name") == ["Zoë Aalders", "Noor", "Anna Zwart"]
        assert names(noor, sort="email") == ["Noor", "Anna Zwart", "Zoë Aalders"]
        assert names(noor, sort="-email") == ["Zoë Aalders", "Anna Zwart", "Noor"]
        assert names(noor, sort="last_login") == ["Anna Zwart", "Noor", "Zoë Aalders"]
        assert names(noor, sort="-last_login") == ["Zoë Aalders", "Noor", "Anna Zwart"]

    def test_it_shows_and_sorts_by_who_has_a_second_factor(self, noor: Client, duoplus: Organisation) -> None:
        turn_on(builders.person("Zoë", duoplus, Role.DIRECTOR))
        rows = noor.get(LIST).context["table"].rows
        shown = [" ".join(str(row.get_cell("second_factor")).split()) for row in rows]
        assert shown == ["nog niet", '<span class="status status--done">aan</span>']
        assert (names(noor, sort="second_factor"), names(noor, sort="-second_factor")) == (
            ["Noor", "Zoë"],
            ["Zoë", "Noor"],
        )

    def test_it_does_not_tell_when_somebody_was_elsewhere(self, noor: Client, duoplus: Organisation) -> None:
        ida = builders.person("Ida", builders.organisation("Waterrand", "waterrand"), Role.DIRECTOR)
        Membership.objects.create(user=ida, organisation=duoplus, role=Role.AUDITOR)
        User.objects.filter(pk=ida.pk).update(last_login="2021-01-01T12:00Z")
        page = noor.get(LIST)
        assert str(page.context["table"].rows[0].get_cell("last_login")).strip() == "ook elders"
        assert "2021" not in text(page)

    def test_it_filters_by_name_role_and_team(self, noor: Client, duoplus: Organisation) -> None:
        finance, staff = builders.team(duoplus), builders.team(duoplus, "Staf")
        anna = builders.person("Anna", duoplus, Role.TEAM_LEAD, teams=(finance,))
        builders.person("Bas", duoplus, Role.TEAM_LEAD, Role.DIRECTOR, teams=(staff,))
        elsewhere = builders.organisation("Waterrand", "waterrand")
        Membership.objects.create(user=anna, organisation=elsewhere, role=Role.AUDITOR)
        assert names(noor, name="AN") == ["Anna"]
        assert names(noor, name="bas@duo") == ["Bas"]
        assert names(noor, role="team_lead") == ["Anna", "Bas"]
        assert names(noor, role="team_lead", team=staff.pk) == ["Bas"]
        assert names(noor, role="auditor") == []
        assert names(noor, team=finance.pk, name="bas") == []

    def test_a_filter_does_not_offer_or_take_foreign_teams(self, noor: Client, duoplus: Organisation) -> None:
        foreign = builders.team(builders.organisation("Waterrand", "waterrand"), "Dijken")
        page = noor.get(LIST, {"team": foreign.pk})
        assert (page.status_code, "Dijken" in page.content.decode()) == (200, False)

    def test_nobody_found_says_what_to_do(self, noor: Client) -> None:
        assert "Niemand voldoet aan deze keuze. Wis het filter om iedereen te zien." in text(
            noor.get(LIST, {"name": "Xantippe"})
        )

    def test_it_stays_within_its_budget(
        self, noor: Client, duoplus: Organisation, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        teams = [builders.team(duoplus, f"Team {number}") for number in range(5)]
        for number in range(40):
            builders.person(f"Mens{number}", duoplus, Role.TEAM_LEAD, Role.CONTROLLER, teams=tuple(teams))
        with django_assert_num_queries(9):
            page = noor.get(LIST)
        assert len(column(page, "email")) == 25

    def test_the_auditor_reads_and_has_no_buttons(self, client: Client, duoplus: Organisation) -> None:
        willem = builders.person("Willem", duoplus, Role.AUDITOR)
        client.force_login(willem)
        page = client.get(LIST)
        assert (page.status_code, f"mensen/{willem.pk}/" in page.content.decode()) == (200, False)
        assert "nieuw/" not in page.content.decode()


class TestAdding:
    def test_someone_new_is_invited(self, noor: Client, duoplus: Organisation, mailoutbox: list[EmailMessage]) -> None:
        team = builders.team(duoplus)
        fields = {"name": "Joost", "email": "joost@duoplus.example", "roles": ["team_lead"], "teams": [team.pk]}
        answer = noor.post(f"{LIST}nieuw/", fields)
        assert (answer.status_code, answer["Location"]) == (302, LIST)
        assert said(noor, answer) == ["Joost is toegevoegd. De uitnodiging is per mail verstuurd."]
        assert roles_of("Joost") == {"team_lead": ["Financiën"]}
        assert [mail.to for mail in mailoutbox] == [["joost@duoplus.example"]]
        assert "http://testserver/account/password/reset/key/" in mailoutbox[0].body

    def test_a_known_address_keeps_its_name_and_that_is_said(self, noor: Client) -> None:
        builders.person("Ida", builders.organisation("Waterrand", "waterrand"), Role.DIRECTOR)
        fields = {"name": "I. de Vries", "email": "ida@waterrand.example", "roles": ["auditor"]}
        known = "I. de Vries is toegevoegd onder de naam Ida, waaronder dit adres al bekend was."
        assert said(noor, noor.post(f"{LIST}nieuw/", fields)) == [f"{known} De uitnodiging is per mail verstuurd."]

    def test_a_mail_that_fails_leaves_the_person_and_says_so(self, noor: Client, settings: Settings) -> None:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        fields = {"name": "Joost", "email": "joost@duoplus.example", "roles": ["auditor"]}
        answer = noor.post(f"{LIST}nieuw/", fields)
        assert said(noor, answer) == [
            "Joost is toegevoegd. De mail kon niet worden verstuurd. Probeer het straks opnieuw."
        ]
        assert roles_of("Joost") == {"auditor": []}

    @pytest.mark.parametrize(
        ("changed", "wrong"),
        [
            ({"name": ""}, {"name": ["Dit veld is verplicht."]}),
            ({"email": "joost"}, {"email": ["Voer een geldig e-mailadres in."]}),
            ({"email": "NOOR@duoplus.example"}, {"email": ["Deze persoon hoort al bij uw organisatie."]}),
            ({"roles": []}, {"roles": ["Kies ten minste één rol."]}),
            ({"roles": ["team_lead"]}, {"teams": ["Kies ten minste één team voor deze teamleider."]}),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(
        self, noor: Client, changed: dict[str, object], wrong: dict[str, list[str]], mailoutbox: list[EmailMessage]
    ) -> None:
        fields = {"name": "Joost", "email": "joost@duoplus.example", "roles": ["auditor"]} | changed
        answer = noor.post(f"{LIST}nieuw/", fields)
        assert (answer.status_code, errors(answer)) == (422, wrong)
        assert (User.objects.count(), mailoutbox) == (1, [])
        for name in ("name", "email"):
            assert answer.context["form"][name].value() == fields[name]

    def test_teams_without_the_role_are_not_dropped_silently(self, noor: Client, duoplus: Organisation) -> None:
        team = builders.team(duoplus)
        fields = {"name": "Joost", "email": "j@duoplus.example", "roles": ["controller"], "teams": [team.pk]}
        assert errors(noor.post(f"{LIST}nieuw/", fields)) == {
            "roles": ["Alleen een teamleider heeft teams: kies ook die rol, of kies geen teams."]
        }

    def test_without_teams_it_says_where_to_make_them(self, noor: Client) -> None:
        assert "Er zijn nog geen teams. Voeg ze eerst toe bij Teams." in text(noor.get(f"{LIST}nieuw/"))

    def test_a_foreign_team_is_no_choice(self, noor: Client) -> None:
        foreign = builders.team(builders.organisation("Waterrand", "waterrand"))
        fields = {"name": "J", "email": "j@duoplus.example", "roles": ["team_lead"], "teams": [foreign.pk]}
        assert list(errors(noor.post(f"{LIST}nieuw/", fields))) == ["teams"]


class TestChanging:
    def test_roles_and_teams(self, noor: Client, duoplus: Organisation) -> None:
        team = builders.team(duoplus)
        joost = builders.person("Joost", duoplus, Role.CONTROLLER)
        form = noor.get(f"{LIST}{joost.pk}/").context["form"]
        assert (form["name"].value(), form["roles"].value(), form["teams"].value()) == ("Joost", ["controller"], [])
        fields = {"name": "Joost", "roles": ["team_lead"], "teams": [team.pk], "seen": form["seen"].value()}
        answer = noor.post(f"{LIST}{joost.pk}/", fields)
        assert (answer["Location"], roles_of("Joost")) == (LIST, {"team_lead": ["Financiën"]})
        assert said(noor, answer) == ["De gegevens van Joost zijn opgeslagen."]

    def test_the_last_administrator_cannot_step_down(self, noor: Client) -> None:
        person = User.objects.get(name="Noor")
        seen = noor.get(f"{LIST}{person.pk}/").context["form"]["seen"].value()
        answer = noor.post(f"{LIST}{person.pk}/", {"name": "Noor", "roles": ["auditor"], "seen": seen})
        assert (answer.status_code, errors(answer)) == (
            422,
            {"roles": ["Er moet ten minste één functioneel beheerder overblijven."]},
        )
        assert roles_of("Noor") == {"administrator": []}

    def test_who_steps_down_goes_home(self, noor: Client, duoplus: Organisation) -> None:
        builders.person("Mina", duoplus, Role.ADMINISTRATOR)
        person = User.objects.get(name="Noor")
        seen = noor.get(f"{LIST}{person.pk}/").context["form"]["seen"].value()
        answer = noor.post(f"{LIST}{person.pk}/", {"name": "Noor", "roles": ["auditor"], "seen": seen}, follow=True)
        assert (answer.redirect_chain[-1][0], answer.status_code) == ("/duoplus/", 200)

    def test_what_someone_else_changed_first_is_shown(self, noor: Client, duoplus: Organisation) -> None:
        joost = builders.person("Joost", duoplus, Role.CONTROLLER)
        seen = noor.get(f"{LIST}{joost.pk}/").context["form"]["seen"].value()
        Membership.objects.filter(user=joost).update(role=Role.AUDITOR)
        answer = noor.post(f"{LIST}{joost.pk}/", {"name": "Joost", "roles": ["director"], "seen": seen})
        assert answer.status_code == 409
        assert answer.context["conflict"].theirs == [("rollen", "auditor")]
        assert answer.context["conflict"].mine == [("rollen", "directeur")]

    def test_a_shared_name_is_shown_and_kept(self, noor: Client, duoplus: Organisation) -> None:
        saskia = builders.person("Saskia", duoplus, Role.CONTROLLER)
        Membership.objects.create(
            user=saskia, organisation=builders.organisation("Waterrand", "waterrand"), role=Role.AUDITOR
        )
        page = noor.get(f"{LIST}{saskia.pk}/")
        assert "Hoort ook bij een andere organisatie; daarom ligt de naam vast." in text(page)
        assert "Waterrand" not in page.content.decode()
        seen = page.context["form"]["seen"].value()
        noor.post(f"{LIST}{saskia.pk}/", {"name": "Sas", "roles": ["director"], "seen": seen})
        saskia.refresh_from_db()
        assert (saskia.name, roles_of("Saskia")) == ("Saskia", {"director": []})


class TestRemovingAndInviting:
    def test_removing_asks_first_and_keeps_the_account(self, noor: Client, duoplus: Organisation) -> None:
        joost = builders.person("Joost", duoplus, Role.CONTROLLER)
        page = noor.get(f"{LIST}{joost.pk}/verwijderen/")
        assert "Joost uit Duo+ verwijderen?" in text(page)
        answer = noor.post(f"{LIST}{joost.pk}/verwijderen/")
        assert (answer["Location"], said(noor, answer)) == (LIST, ["Joost hoort niet meer bij Duo+."])
        assert (roles_of("Joost"), User.objects.filter(name="Joost").exists()) == ({}, True)

    def test_who_is_removed_is_out_at_once(self, noor: Client, duoplus: Organisation) -> None:
        joost = builders.person("Joost", duoplus, Role.CONTROLLER)
        his = Client()
        his.force_login(joost)
        assert his.get("/duoplus/").status_code == 200
        noor.post(f"{LIST}{joost.pk}/verwijderen/")
        assert his.get("/duoplus/").status_code == 404

    def test_the_last_administrator_stays(self, noor: Client) -> None:
        person = User.objects.get(name="Noor")
        answer = noor.post(f"{LIST}{person.pk}/verwijderen/")
        assert answer.status_code == 409
        assert "Er moet ten minste één functioneel beheerder overblijven." in text(answer)

    def test_an_invitation_is_sent_again(
        self, noor: Client, duoplus: Organisation, mailoutbox: list[EmailMessage]
    ) -> None:
        joost = User.objects.create_user("joost@duoplus.example", name="Joost")
        Membership.objects.create(user=joost, organisation=duoplus, role=Role.AUDITOR)
        answer = noor.post(f"{LIST}{joost.pk}/uitnodiging/")
        assert answer["Location"] == f"{LIST}{joost.pk}/"
        assert said(noor, answer) == ["Joost. De uitnodiging is per mail verstuurd."]
        assert [mail.to for mail in mailoutbox] == [["joost@duoplus.example"]]


@pytest.mark.parametrize("role", [Role.CONTROLLER, Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR])
def test_other_roles_change_nothing(
    client: Client, duoplus: Organisation, role: Role, mailoutbox: list[EmailMessage]
) -> None:
    anton = builders.person("Anton", duoplus, role)
    client.force_login(anton)
    assert client.get(LIST).status_code == (200 if role == Role.AUDITOR else 403)
    for address in (f"{LIST}nieuw/", f"{LIST}{anton.pk}/", f"{LIST}{anton.pk}/verwijderen/"):
        assert client.get(address).status_code == 403
        fields = {"name": "A", "email": "a@b.example", "roles": ["administrator"]}
        assert client.post(address, fields).status_code == 403
    assert client.post(f"{LIST}{anton.pk}/uitnodiging/").status_code == 403
    assert (roles_of("Anton"), LogEntry.objects.filter(result="done").count(), mailoutbox) == ({role.value: []}, 0, [])


def test_a_foreign_person_is_not_found(noor: Client, mailoutbox: list[EmailMessage]) -> None:
    foreign = builders.person("Ida", builders.organisation("Waterrand", "waterrand"), Role.AUDITOR)
    for address in (f"{LIST}{foreign.pk}/", f"{LIST}{foreign.pk}/verwijderen/"):
        assert noor.get(address).status_code == 404
        assert noor.post(address, {"name": "I", "roles": ["auditor"]}).status_code == 404
    assert noor.post(f"{LIST}{foreign.pk}/uitnodiging/").status_code == 404
    assert mailoutbox == []
