"""The hostile corpus in every field of every row: no page runs or fetches anything, and neither does the PDF."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import CharField, Model, TextField
from django.test import Client
from django.urls import reverse

from accounts import append_only, log, sealing
from accounts.models import LogEntry, Team, User
from accounts.roles import Role
from investments.models import Table
from library import html
from library.models import HouseStyle
from publishing.freezing import freeze
from publishing.models import Edition, Preview
from reports.models import Achievement, Goal, Report, Section, SectionKind
from tests import builders, world
from tests.access import ACCESS
from tests.hostile import HOSTILE, assert_harmless
from tests.publishing.blocks import logo
from tests.publishing.printing import printed
from tests.test_access import ALL, url

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OURS = ("accounts", "library", "investments", "reports", "publishing")
# What the portal writes itself: hashes, names of actions, a checked colour.
OWN_WORDS = {
    (User, "password"),
    (LogEntry, "action"),
    (HouseStyle, "accent"),
    (Section, "agreed_hash"),
    *((Edition, name) for name in ("content_hash", "sha256")),
    *((Preview, name) for name in ("asked", "shape")),
}
TURNS = 6


@pytest.fixture
def made() -> world.World:
    """One of everything, goals and achievements included."""
    built = world.build()
    section = Section.objects.get()
    Goal.objects.create(section=section, position=1, objective="Doel", document_id=built.subjects["document_id"])
    Achievement.objects.create(section=section, position=1, theme_id=built.subjects["theme_id"])
    builders.section(section.chapter, section.owner_team, "Cijfers", SectionKind.FIGURES, Table.objects.get(year=2020))
    log.record_operation(built.organisation, "accounts.add_organisation", "Duo+")
    sealing.seal_waiting()
    append_only.lift(connection, ["UPDATE"])
    return built


def models() -> Iterator[type[Model]]:
    for app in OURS:
        yield from apps.get_app_config(app).get_models()


def is_typed(model: type[Model], field: object) -> bool:
    """A line of plain text that a person fills in."""
    return type(field) is CharField and not field.choices and (model, field.name) not in OWN_WORDS


def poison(corpus: list[str], turn: int) -> None:
    """Every line of plain text becomes one of the texts, every rich text all of them, cleaned as it is when stored."""
    rich = html.clean("".join(corpus))
    count = turn
    for model in models():
        values: dict[str, str] = {}
        for field in model._meta.fields:
            if is_typed(model, field):
                count += TURNS
                values[field.name] = corpus[count % len(corpus)][: field.max_length]
            elif type(field) is TextField:
                values[field.name] = rich
        if values:
            model._default_manager.update(**values)


@pytest.mark.parametrize("turn", range(TURNS))
def test_no_page_lets_anything_through(made: world.World, client: Client, turn: int) -> None:
    everything = builders.person("Alles", made.organisation, *Role, teams=(Team.objects.get(),))
    poison(HOSTILE, turn)
    client.force_login(everything)
    for name, access in ACCESS.items():
        if access.read is None:
            continue
        answer = client.get(url(name, made))
        assert answer.status_code == 200, name
        body = b"".join(answer) if answer.streaming else answer.content
        if answer["Content-Type"].startswith("text/html"):
            assert_harmless(body.decode())


def test_the_start_page_lets_nothing_through(made: world.World, client: Client) -> None:
    everything = builders.person("Alles", made.organisation, *Role)
    builders.person("Alles", made.other, *Role)
    made.other.memberships.create(user=everything, role=Role.AUDITOR)
    poison(HOSTILE, 0)
    client.force_login(everything)
    assert set(ALL["start"].takes) == set()
    assert_harmless(client.get(reverse("start")).content.decode())


def test_nothing_is_fetched_while_the_pdf_is_made(made: world.World, listener: tuple[str, list[str]]) -> None:
    there, heard = listener
    poison([text.replace("http://127.0.0.1:9", there) for text in HOSTILE], 0)
    HouseStyle.objects.update(accent="#154273")
    content = freeze(Report.objects.get(), (), draft=True)
    made_of = printed(content, logo())
    assert made_of.pages >= 3
    assert made_of.data.startswith(b"%PDF")
    assert heard == []
