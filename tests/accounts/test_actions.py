import pytest
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import Http404

from accounts import actions, queries
from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.models import LogEntry, Membership, Organisation, Team, User
from accounts.roles import Role
from accounts.seen import mark
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation) -> Member:
    return builders.member("Noor Bakhuis", duoplus, Role.ADMINISTRATOR)


def roles_of(user: User, organisation: Organisation) -> dict[str, list[str]]:
    rows = Membership.objects.filter(user=user, organisation=organisation)
    return {row.role: sorted(team.name for team in row.teams.all()) for row in rows}


def logged(action: str) -> list[tuple[str, dict[str, object]]]:
    return list(LogEntry.objects.filter(action=action).values_list("subject", "data"))


def mark_of(user: User, organisation: Organisation) -> str:
    return mark(actions.shown_person(queries.get_person(organisation, user.pk)))


class TestOrganisations:
    def test_the_first_administrator_comes_with_it(self) -> None:
        organisation, user = actions.add_organisation(
            name="Waterschap Waterrand",
            short_name="Waterrand",
            slug="waterrand",
            email="Ida@Waterrand.example",
            person="Ida",
        )
        assert (organisation.name, organisation.short_name, organisation.slug) == (
            "Waterschap Waterrand",
            "Waterrand",
            "waterrand",
        )
        assert (user.email, user.name, user.has_usable_password()) == ("ida@waterrand.example", "Ida", False)
        assert roles_of(user, organisation) == {"administrator": []}
        entry = LogEntry.objects.get()
        assert (entry.action, entry.user, entry.address) == ("accounts.add_organisation", None, None)

    def test_a_slug_is_given_once(self, duoplus: Organisation) -> None:
        with pytest.raises(Refused, match="Er is al een organisatie met het adres “duoplus”"):
            actions.add_organisation(name="Duo", short_name="Duo", slug="duoplus", email="a@duo.example", person="Anna")
        assert User.objects.count() == 0

    def test_addresses_of_the_portal_itself_are_not_given_away(self) -> None:
        with pytest.raises(Refused, match="“account” gebruikt Duoplus zelf"):
            actions.add_organisation(name="A", short_name="A", slug="account", email="a@a.example", person="Anna")


class TestTeams:
    def test_a_team_is_added_and_logged(self, noor: Member) -> None:
        team = actions.add_team(noor, "Financiën")
        assert list(queries.teams(noor.organisation)) == [team]
        assert logged("accounts.add_team") == [("Financiën", {"team": team.pk})]

    def test_a_name_is_given_once_whatever_the_case(self, noor: Member) -> None:
        actions.add_team(noor, "Financien")
        with pytest.raises(Refused, match="Dit team bestaat al"):
            actions.add_team(noor, "FINANCIEN")
        assert len(logged("accounts.add_team")) == 1

    def test_another_organisation_may_use_the_same_name(self, noor: Member) -> None:
        builders.team(builders.organisation("Waterrand", "waterrand"), "Financiën")
        assert actions.add_team(noor, "Financiën").name == "Financiën"

    def test_renaming_keeps_the_old_name_in_the_log(self, noor: Member) -> None:
        team = builders.team(noor.organisation, "P&O")
        actions.rename_team(noor, team.pk, "Personeel", seen_mark=mark([("naam", "P&O")]))
        team.refresh_from_db()
        assert team.name == "Personeel"
        assert logged("accounts.rename_team") == [("Personeel", {"team": team.pk, "was": "P&O"})]

    def test_a_team_is_not_renamed_to_one_that_exists(self, noor: Member) -> None:
        builders.team(noor.organisation, "Staf")
        team = builders.team(noor.organisation, "P&O")
        with pytest.raises(Refused, match="Dit team bestaat al"):
            actions.rename_team(noor, team.pk, "staf", seen_mark=mark([("naam", "P&O")]))

    def test_who_saw_an_older_name_is_told_who_was_first(self, noor: Member) -> None:
        team = builders.team(noor.organisation, "P&O")
        mina = builders.member("Mina", noor.organisation, Role.ADMINISTRATOR)
        seen = mark([("naam", "P&O")])
        actions.rename_team(mina, team.pk, "Personeel", seen_mark=seen)
        with pytest.raises(Conflict) as caught:
            actions.rename_team(noor, team.pk, "Mensen", seen_mark=seen)
        assert (caught.value.saved_by, caught.value.theirs, caught.value.mine) == (
            "Mina",
            [("naam", "Personeel")],
            [("naam", "Mensen")],
        )
        assert Team.objects.get().name == "Personeel"

    def test_two_people_with_the_same_idea_have_no_conflict(self, noor: Member) -> None:
        team = builders.team(noor.organisation, "P&O")
        seen = mark([("naam", "P&O")])
        actions.rename_team(noor, team.pk, "Personeel", seen_mark=seen)
        actions.rename_team(noor, team.pk, "Personeel", seen_mark=seen)
        assert Team.objects.get().name == "Personeel"

    def test_a_team_that_owns_nothing_goes_and_its_lead_stays(self, noor: Member) -> None:
        team = builders.team(noor.organisation)
        lead = builders.person("Joost", noor.organisation, Role.TEAM_LEAD, teams=(team,))
        actions.remove_team(noor, team.pk)
        assert Team.objects.count() == 0
        assert roles_of(lead, noor.organisation) == {"team_lead": []}

    def test_a_team_with_sections_or_lines_stays_and_says_which(self, noor: Member) -> None:
        team = builders.team(noor.organisation)
        builders.section(builders.chapter(builders.report(noor.organisation)), team, "Leeswijzer")
        builders.line(builders.table(noor.organisation), "Aanschaf telefoons", owner=team)
        with pytest.raises(Refused) as caught:
            actions.remove_team(noor, team.pk)
        assert str(caught.value) == (
            "Dit team heeft nog “Aanschaf telefoons” en “Leeswijzer”. Geef dat eerst aan een ander team."
        )
        assert (Team.objects.count(), logged("accounts.remove_team")) == (1, [])

    def test_a_foreign_team_is_not_found(self, noor: Member) -> None:
        foreign = builders.team(builders.organisation("Waterrand", "waterrand"))
        with pytest.raises(Http404):
            actions.rename_team(noor, foreign.pk, "Van ons", seen_mark="")
        with pytest.raises(Http404):
            actions.remove_team(noor, foreign.pk)


class TestPeople:
    def test_someone_new_gets_an_account_without_a_password(self, noor: Member) -> None:
        team = builders.team(noor.organisation)
        user = actions.add_person(
            noor, email=" Joost@Duo.Example ", name="Joost", roles=["team_lead", "controller"], team_ids=[team.pk]
        )
        assert (user.email, user.name, user.has_usable_password()) == ("joost@duo.example", "Joost", False)
        assert roles_of(user, noor.organisation) == {"controller": [], "team_lead": ["Financiën"]}
        assert logged("accounts.add_person") == [("Joost", {"person": user.pk, "roles": ["controller", "team_lead"]})]

    def test_someone_from_another_organisation_keeps_name_and_password(self, noor: Member) -> None:
        waterrand = builders.organisation("Waterrand", "waterrand")
        saskia = builders.person("Saskia Roelofsen", waterrand, Role.AUDITOR)
        user = actions.add_person(
            noor, email="SASKIA@waterrand.example", name="Mevrouw S.", roles=["controller"], team_ids=[]
        )
        assert (user.pk, user.name, user.check_password(builders.PASSWORD)) == (saskia.pk, "Saskia Roelofsen", True)
        assert roles_of(user, waterrand) == {"auditor": []}

    def test_someone_who_belongs_nowhere_can_come_back_under_a_better_name(self, noor: Member) -> None:
        left = User.objects.create_user("j@duo.example", name="Jost")
        assert actions.add_person(noor, email="j@duo.example", name="Joost", roles=["auditor"], team_ids=[]) == left
        left.refresh_from_db()
        assert left.name == "Joost"

    def test_nobody_is_added_twice(self, noor: Member) -> None:
        builders.person("Joost", noor.organisation, Role.AUDITOR)
        with pytest.raises(Refused, match="Deze persoon hoort al bij uw organisatie"):
            actions.add_person(noor, email="joost@duoplus.example", name="J", roles=["director"], team_ids=[])

    def test_a_foreign_team_cannot_be_led(self, noor: Member) -> None:
        foreign = builders.team(builders.organisation("Waterrand", "waterrand"))
        with pytest.raises(Http404):
            actions.add_person(noor, email="j@x.example", name="J", roles=["team_lead"], team_ids=[foreign.pk])
        assert not User.objects.filter(email="j@x.example").exists()

    def test_roles_teams_and_name_are_replaced(self, noor: Member) -> None:
        duoplus = noor.organisation
        staff, finance = builders.team(duoplus, "Staf"), builders.team(duoplus)
        joost = builders.person("Joost", duoplus, Role.TEAM_LEAD, Role.CONTROLLER, teams=(staff,))
        actions.update_person(
            noor,
            joost.pk,
            name="Joost Vermaat",
            roles=["team_lead", "director"],
            team_ids=[finance.pk],
            seen_mark=mark_of(joost, duoplus),
        )
        joost.refresh_from_db()
        assert (joost.name, roles_of(joost, duoplus)) == (
            "Joost Vermaat",
            {"director": [], "team_lead": ["Financiën"]},
        )
        assert logged("accounts.update_person") == [
            (
                "Joost Vermaat",
                {
                    "person": joost.pk,
                    "roles": ["director", "team_lead"],
                    "was_roles": ["controller", "team_lead"],
                },
            )
        ]

    def test_a_name_that_another_organisation_shares_stays(self, noor: Member) -> None:
        duoplus = noor.organisation
        saskia = builders.person("Saskia", duoplus, Role.CONTROLLER)
        Membership.objects.create(
            user=saskia, organisation=builders.organisation("Waterrand", "waterrand"), role=Role.AUDITOR
        )
        actions.update_person(
            noor, saskia.pk, name="Sas", roles=["director"], team_ids=[], seen_mark=mark_of(saskia, duoplus)
        )
        saskia.refresh_from_db()
        assert (saskia.name, roles_of(saskia, duoplus)) == ("Saskia", {"director": []})

    def test_who_saw_older_roles_is_told(self, noor: Member) -> None:
        duoplus = noor.organisation
        joost = builders.person("Joost", duoplus, Role.CONTROLLER)
        seen = mark_of(joost, duoplus)
        actions.update_person(noor, joost.pk, name="Joost", roles=["auditor"], team_ids=[], seen_mark=seen)
        with pytest.raises(Conflict) as caught:
            actions.update_person(
                noor, joost.pk, name="Joost", roles=["controller", "director"], team_ids=[], seen_mark=seen
            )
        assert (caught.value.theirs, caught.value.mine) == (
            [("rollen", "auditor")],
            [("rollen", "controller, directeur")],
        )
        assert roles_of(joost, duoplus) == {"auditor": []}

    def test_an_administrator_must_remain(self, noor: Member) -> None:
        duoplus = noor.organisation
        with pytest.raises(Refused, match="ten minste één functioneel beheerder"):
            actions.update_person(
                noor, noor.user.pk, name="Noor", roles=["auditor"], team_ids=[], seen_mark=mark_of(noor.user, duoplus)
            )
        with pytest.raises(Refused, match="ten minste één functioneel beheerder"):
            actions.remove_person(noor, noor.user.pk)
        assert roles_of(noor.user, duoplus) == {"administrator": []}

    def test_removing_takes_the_roles_here_and_leaves_account_and_other_roles(self, noor: Member) -> None:
        waterrand = builders.organisation("Waterrand", "waterrand")
        saskia = builders.person("Saskia", noor.organisation, Role.CONTROLLER, Role.DIRECTOR)
        Membership.objects.create(user=saskia, organisation=waterrand, role=Role.AUDITOR)
        actions.remove_person(noor, saskia.pk)
        assert roles_of(saskia, noor.organisation) == {}
        assert roles_of(saskia, waterrand) == {"auditor": []}
        assert logged("accounts.remove_person") == [
            ("Saskia", {"person": saskia.pk, "was_roles": ["controller", "director"]})
        ]

    def test_a_foreign_person_is_not_found(self, noor: Member) -> None:
        foreign = builders.person("Ida", builders.organisation("Waterrand", "waterrand"), Role.AUDITOR)
        for attempt in (
            lambda: actions.update_person(noor, foreign.pk, name="I", roles=["auditor"], team_ids=[], seen_mark=""),
            lambda: actions.remove_person(noor, foreign.pk),
            lambda: actions.invite(noor, foreign.pk, site="https://duoplus.example"),
        ):
            with pytest.raises(Http404):
                attempt()

    def test_an_invitation_is_logged_without_its_link(self, noor: Member, mailoutbox: list[EmailMessage]) -> None:
        user = actions.add_person(noor, email="j@x.example", name="Joost", roles=["auditor"], team_ids=[])
        actions.invite(noor, user.pk, site="https://duoplus.example")
        assert [mail.to for mail in mailoutbox] == [["j@x.example"]]
        assert logged("accounts.invite") == [("Joost", {"person": user.pk})]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_the_administrator_changes_people_and_teams(duoplus: Organisation, role: Role) -> None:
    team = builders.team(duoplus)
    other = builders.member("Anton", duoplus, role, teams=(team,))
    for attempt in (
        lambda: actions.add_team(other, "Staf"),
        lambda: actions.rename_team(other, team.pk, "Staf", seen_mark=""),
        lambda: actions.remove_team(other, team.pk),
        lambda: actions.add_person(other, email="a@b.example", name="A", roles=["auditor"], team_ids=[]),
        lambda: actions.update_person(other, other.user.pk, name="A", roles=["director"], team_ids=[], seen_mark=""),
        lambda: actions.remove_person(other, other.user.pk),
        lambda: actions.invite(other, other.user.pk, site="https://duoplus.example"),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert LogEntry.objects.count() == 0
