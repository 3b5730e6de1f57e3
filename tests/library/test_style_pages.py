from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import LogEntry, Organisation
from accounts.roles import Role
from library.models import HouseStyle, Theme
from reports.models import Achievement, SectionKind
from tests import builders
from tests.pages import content, errors, said, text
from tests.uploads import image, pdf

pytestmark = pytest.mark.django_db
STYLE, THEMES = "/duoplus/huisstijl/", "/duoplus/themas/"


@pytest.fixture
def duoplus() -> Organisation:
    return builders.organisation()


@pytest.fixture
def noor(duoplus: Organisation, client: Client) -> Client:
    client.force_login(builders.person("Noor", duoplus, Role.ADMINISTRATOR))
    return client


def theme(organisation: Organisation, name: str = "Kosten") -> Theme:
    position = organisation.themes.count() + 1
    return Theme.objects.create(organisation=organisation, name=name, heading=f"Kop {name}", position=position)


class TestThemes:
    def test_the_list_is_in_order_of_the_report(self, noor: Client, duoplus: Organisation) -> None:
        for name in ("Kwaliteit", "Kwetsbaarheid", "Kosten"):
            theme(duoplus, name)
        assert [row.name for row in noor.get(THEMES).context["themes"]] == ["Kwaliteit", "Kwetsbaarheid", "Kosten"]

    def test_the_list_stays_within_its_budget(
        self, noor: Client, duoplus: Organisation, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(20):
            theme(duoplus, f"Thema {number}")
        with django_assert_num_queries(5):
            noor.get(THEMES)

    def test_an_empty_list_says_what_that_means(self, noor: Client) -> None:
        assert "Er zijn nog geen thema's. Zonder thema's staan prestaties bij elkaar onder één kop." in text(
            noor.get(THEMES)
        )

    def test_adding_and_changing(self, noor: Client) -> None:
        answer = noor.post(f"{THEMES}nieuw/", {"name": "Kosten", "heading": "Wat het kostte"})
        assert (answer["Location"], said(noor, answer)) == (THEMES, ["Thema “Kosten” is toegevoegd."])
        made = Theme.objects.get()
        form = noor.get(f"{THEMES}{made.pk}/").context["form"]
        assert (form["name"].value(), form["heading"].value()) == ("Kosten", "Wat het kostte")
        fields = {"name": "Geld", "heading": "Wat het kostte", "seen": form["seen"].value()}
        assert said(noor, noor.post(f"{THEMES}{made.pk}/", fields)) == ["Thema “Geld” is opgeslagen."]

    def test_a_name_that_exists_is_said_at_the_field(self, noor: Client, duoplus: Organisation) -> None:
        theme(duoplus)
        other = theme(duoplus, "Kwaliteit")
        answer = noor.post(f"{THEMES}nieuw/", {"name": "KOSTEN", "heading": "Kop"})
        assert (answer.status_code, errors(answer)) == (422, {"name": ["Dit thema bestaat al."]})
        seen = noor.get(f"{THEMES}{other.pk}/").context["form"]["seen"].value()
        answer = noor.post(f"{THEMES}{other.pk}/", {"name": "kosten", "heading": "Kop", "seen": seen})
        assert (answer.status_code, errors(answer)) == (422, {"name": ["Dit thema bestaat al."]})

    def test_buttons_move_and_stop_at_the_ends(self, noor: Client, duoplus: Organisation) -> None:
        first, second = theme(duoplus, "Kwaliteit"), theme(duoplus, "Kosten")
        page = noor.get(THEMES).content.decode()
        assert page.count("disabled") == 2
        for to, names in (("up", ["Kosten", "Kwaliteit"]), ("up", ["Kosten", "Kwaliteit"]), ("sideways", None)):
            assert noor.post(f"{THEMES}{second.pk}/verplaatsen/", {"to": to})["Location"] == THEMES
            assert [row.name for row in Theme.objects.all()] == (names or ["Kosten", "Kwaliteit"])
        noor.post(f"{THEMES}{first.pk}/verplaatsen/", {"to": "up"})
        assert [row.name for row in Theme.objects.all()] == ["Kwaliteit", "Kosten"]

    def test_removing_asks_and_is_refused_for_a_theme_in_use(self, noor: Client, duoplus: Organisation) -> None:
        unused, used = theme(duoplus), theme(duoplus, "Kwaliteit")
        section = builders.section(
            builders.chapter(builders.report(duoplus)), builders.team(duoplus), kind=SectionKind.ACHIEVEMENTS
        )
        Achievement.objects.create(section=section, position=1, theme=used, title="Sneller antwoord")
        assert "Thema “Kosten” verwijderen?" in text(noor.get(f"{THEMES}{unused.pk}/verwijderen/"))
        answer = noor.post(f"{THEMES}{unused.pk}/verwijderen/")
        assert said(noor, answer) == ["Thema “Kosten” is verwijderd."]
        refused = noor.post(f"{THEMES}{used.pk}/verwijderen/")
        assert (refused.status_code, "Onder dit thema staat “Sneller antwoord”." in text(refused)) == (409, True)

    def test_a_foreign_theme_is_not_found(self, noor: Client) -> None:
        foreign = theme(builders.organisation("Waterrand", "waterrand"))
        for path in ("", "verplaatsen/", "verwijderen/"):
            answer = noor.post(f"{THEMES}{foreign.pk}/{path}", {"name": "Van ons", "heading": "x", "to": "up"})
            assert answer.status_code == 404

    @pytest.mark.parametrize("role", [Role.CONTROLLER, Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR])
    def test_other_roles_read_and_change_nothing(self, client: Client, duoplus: Organisation, role: Role) -> None:
        made = theme(duoplus)
        client.force_login(builders.person("Anton", duoplus, role))
        page = client.get(THEMES)
        assert (page.status_code, f"themas/{made.pk}/" in page.content.decode()) == (200, False)
        for path in ("nieuw/", f"{made.pk}/", f"{made.pk}/verplaatsen/", f"{made.pk}/verwijderen/"):
            assert client.post(THEMES + path, {"name": "x", "heading": "x", "to": "up"}).status_code == 403
        assert LogEntry.objects.filter(result="done").count() == 0


class TestHouseStyle:
    def post(self, client: Client, **changed: Any) -> Any:
        form = client.get(STYLE).context["form"]
        fields = {name: form[name].value() for name in ("accent", "font", "seen")}
        return client.post(STYLE, fields | changed)

    def test_it_is_saved_and_colours_the_pages(self, noor: Client) -> None:
        answer = self.post(noor, accent="#1F5266", font="source-sans")
        assert said(noor, answer) == ["De huisstijl is opgeslagen. Nieuwe edities krijgen haar ook."]
        style = HouseStyle.objects.get()
        assert (style.accent, style.font) == ("#1f5266", "source-sans")
        assert "--organisation-accent: #1f5266" in noor.get(THEMES).content.decode()

    @pytest.mark.parametrize(
        ("accent", "wrong"),
        [
            (
                "#ffcc00",
                "Deze kleur heeft op wit een contrast van 1,5; dat moet minstens 4,5 zijn. Kies een donkerder kleur.",
            ),
            ("rood", "Geef de kleur als # met zes cijfers of letters a tot f."),
            ("#123456}</style>", "Geef de kleur als # met zes cijfers of letters a tot f."),
            ("#123456\n", "Geef de kleur als # met zes cijfers of letters a tot f."),
        ],
    )
    def test_a_colour_that_will_not_do_is_said_at_the_field(self, noor: Client, accent: str, wrong: str) -> None:
        answer = self.post(noor, accent=accent)
        assert (answer.status_code, errors(answer)) == (422, {"accent": [wrong]})
        assert HouseStyle.objects.count() == 0

    def test_a_logo_is_shown_under_its_own_type(self, noor: Client) -> None:
        sent = image("JPEG", name="logo.html")
        picture = sent.read()
        sent.seek(0)
        self.post(noor, logo=sent)
        answer = noor.get(f"{STYLE}logo/")
        assert content(answer) == picture
        assert (answer["Content-Type"], answer["X-Content-Type-Options"], answer["Cache-Control"]) == (
            "image/jpeg",
            "nosniff",
            "private, max-age=3600",
        )

    def test_without_a_logo_there_is_none(self, noor: Client) -> None:
        assert noor.get(f"{STYLE}logo/").status_code == 404
        self.post(noor, logo=image())
        self.post(noor, remove_logo="on")
        assert noor.get(f"{STYLE}logo/").status_code == 404

    def test_a_logo_that_is_no_image(self, noor: Client) -> None:
        assert errors(self.post(noor, logo=pdf("logo.png"))) == {
            "logo": ["Dit is geen png- of jpeg-afbeelding. Sla het logo in een van die soorten op."]
        }

    def test_what_someone_else_chose_first_is_shown(self, noor: Client, duoplus: Organisation) -> None:
        seen = noor.get(STYLE).context["form"]["seen"].value()
        HouseStyle.objects.create(organisation=duoplus, accent="#000000")
        answer = noor.post(STYLE, {"accent": "#1f5266", "font": "source-serif", "seen": seen})
        assert (answer.status_code, answer.context["conflict"].theirs) == (409, [("accentkleur", "#000000")])

    def test_the_preview_follows_what_is_being_chosen(self, noor: Client) -> None:
        page = noor.get(f"{STYLE}voorbeeld/", {"accent": "#aa0000", "font": "source-sans"}).content.decode()
        assert 'fill="#aa0000"' in page
        assert "Source Serif" not in page
        assert HouseStyle.objects.count() == 0

    def test_the_preview_draws_no_rubbish(self, noor: Client, duoplus: Organisation) -> None:
        HouseStyle.objects.create(organisation=duoplus, accent="#1f5266")
        page = noor.get(f"{STYLE}voorbeeld/", {"accent": '"/><script>', "font": "comic"}).content.decode()
        assert 'fill="#1f5266"' in page
        assert "script" not in page

    @pytest.mark.parametrize("role", [Role.CONTROLLER, Role.TEAM_LEAD, Role.DIRECTOR, Role.AUDITOR])
    def test_other_roles_see_the_logo_only(self, client: Client, duoplus: Organisation, role: Role) -> None:
        style = HouseStyle.objects.create(organisation=duoplus)
        style.logo.save("1a.png", image())
        client.force_login(builders.person("Anton", duoplus, role))
        assert content(client.get(f"{STYLE}logo/")) == image().read()
        assert [client.get(path).status_code for path in (STYLE, f"{STYLE}voorbeeld/")] == [403, 403]
        assert client.post(STYLE, {"accent": "#000000", "font": "source-sans"}).status_code == 403

    def test_the_logo_of_another_organisation_is_not_found(self, noor: Client) -> None:
        style = HouseStyle.objects.create(organisation=builders.organisation("Waterrand", "waterrand"))
        style.logo.save("1a.png", image())
        assert noor.get(f"{STYLE}logo/").status_code == 404
        assert noor.get("/waterrand/huisstijl/logo/").status_code == 404
