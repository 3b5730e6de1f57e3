"""Steps of the workflow against saves in the same moment: what was shown is what is submitted and agreed to."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import connection

from accounts import seen
from accounts.members import Member
from accounts.roles import Role
from investments import actions as figures
from investments.actions import LineInput
from library import actions as library
from library.models import Theme
from reports import actions, queries
from reports.actions import AchievementInput, SectionInput
from reports.models import Section, SectionKind, SectionVersion
from reports.workflow import SectionState
from tests import builders
from tests.agreeing import agreement_holds
from tests.races.racing import succeeded, together
from tests.reports import office as offices
from tests.reports.office import Office, signed_in

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 25


@pytest.fixture
def office() -> Office:
    return offices.build()


@pytest.fixture
def petra(office: Office) -> Member:
    """Another lead of the same team."""
    return builders.member("Petra Goedhart", office.organisation, Role.TEAM_LEAD, teams=(office.team,))


def sections(office: Office, *steps: str) -> Iterable[Section]:
    """A section with text for each round, brought to where the race starts."""
    for number in range(ROUNDS):
        section = office.add(f"Ronde {number}")
        office.write("<p>gezien</p>", section)
        for step in steps:
            office.take(step, section)
        yield Section.objects.get(pk=section.pk)


def saved(person: Member, section: Section, text: str = "nieuw") -> Callable[[], Section]:
    return partial(actions.save_section, person, section.pk, section.version, SectionInput(f"<p>{text}</p>"))


def taken(person: Member, section: Section, step: str, reason: str = "") -> Callable[[], Section]:
    seen = queries.agreement_hash(section)
    return partial(actions.take, person, section.pk, section.version, step, reason, seen)


def stands(section: Section) -> tuple[str, str, int]:
    now = Section.objects.get(pk=section.pk)
    return now.state, now.text, now.version


def test_a_submitted_section_holds_the_text_that_was_shown(office: Office, petra: Member) -> None:
    for section in sections(office):
        submit, save = together(taken(office.lead, section, "submit"), saved(petra, section))
        assert succeeded(submit) is not succeeded(save)
        shown = ("in_review", "<p>gezien</p>", 2) if succeeded(submit) else ("draft", "<p>nieuw</p>", 3)
        assert stands(section) == shown


def test_of_two_who_save_and_submit_one_is_submitted_whole(office: Office, petra: Member) -> None:
    for section in sections(office):
        calls = [
            partial(actions.submit_section, person, section.pk, section.version, SectionInput(f"<p>{person.user}</p>"))
            for person in (office.lead, petra)
        ]
        ends = dict(zip((office.lead, petra), together(*calls), strict=True))
        (winner,) = [person for person, end in ends.items() if succeeded(end)]
        assert stands(section) == ("in_review", f"<p>{winner.user}</p>", 3)


def test_an_agreement_never_covers_what_is_written_after_a_withdrawal(office: Office) -> None:
    def withdraw_and_write(section: Section) -> None:
        taken(office.lead, section, "withdraw")()
        saved(office.lead, section)()

    for section in sections(office, "submit"):
        agree, write = together(taken(office.director, section, "agree"), partial(withdraw_and_write, section))
        assert succeeded(agree) is not succeeded(write)
        assert stands(section) == (("agreed", "<p>gezien</p>", 2) if succeeded(agree) else ("draft", "<p>nieuw</p>", 3))


@pytest.mark.parametrize("before", [("submit",), ("submit", "agree")])
def test_a_save_stands_only_on_what_was_sent_back(office: Office, before: tuple[str, ...]) -> None:
    for section in sections(office, *before):
        back = taken(office.director, section, "send_back", "Noem de kosten.")
        sent, save = together(back, saved(office.lead, section))
        assert succeeded(sent)
        now = Section.objects.get(pk=section.pk)
        assert (now.state, now.agreed_hash, now.reason) == (SectionState.DRAFT, "", "Noem de kosten.")
        assert (now.text, now.version) == (("<p>nieuw</p>", 3) if succeeded(save) else ("<p>gezien</p>", 2))


def test_two_versions_are_never_brought_back_at_once(office: Office, petra: Member) -> None:
    for section in sections(office):
        office.write("<p>later</p>", section)
        back = partial(actions.restore_version, petra, section.pk, 3, 2)
        now = Section.objects.get(pk=section.pk)
        restore, save = together(back, saved(office.lead, now))
        assert succeeded(restore) is not succeeded(save)
        kept = list(SectionVersion.objects.filter(section=section).values_list("number", "content__text"))
        assert kept == [(4, stands(section)[1]), (3, "<p>later</p>"), (2, "<p>gezien</p>")]


def test_an_agreement_counts_only_for_the_figures_that_were_shown(office: Office) -> None:
    for number in range(ROUNDS):
        table = builders.table(office.organisation, f"Tabel {number}")
        line = builders.line(table, original="100", actual="90")
        section = office.add(f"Cijfers {number}", SectionKind.FIGURES, table=table)
        office.take("submit", section)
        section = Section.objects.get(pk=section.pk)
        entry = replace(LineInput.of(line), actual=Decimal(95))
        agree, save = together(
            taken(office.director, section, "agree"), partial(figures.save_line, office.controller, line.pk, 1, entry)
        )
        assert succeeded(save)
        now = Section.objects.get(pk=section.pk)
        assert (now.state, agreement_holds(now)) == ("agreed" if succeeded(agree) else "in_review", False)


def test_an_agreement_is_asked_for_the_figures_on_the_page(office: Office) -> None:
    """A controller saves after the page was given its figures and before it is finished."""
    table = builders.table(office.organisation)
    line = builders.line(table, original="100", actual="90")
    section = office.add("Investeringen", SectionKind.FIGURES, table=table)
    office.take("submit", section)
    entry = replace(LineInput.of(line), actual=Decimal(95))
    save = partial(figures.save_line, office.controller, line.pk, 1, entry)
    saves: list[object] = []

    def save_after_first_look(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if 'FROM "investments_line"' in sql and not saves:
            saves.extend(together(save))
        return found

    director = signed_in(office.director)
    with connection.execute_wrapper(save_after_first_look):
        page = director.get(office.url("section", section))
    (asked,) = [step.form.initial for step in page.context["steps"] if step.transition.name == "agree"]
    answer = director.post(office.url("section-step", section, step="agree"), asked)
    assert len(saves) == 1
    assert answer.status_code == 409
    assert "zijn cijfers of toelichtingen van dit onderdeel gewijzigd" in answer.content.decode()


def test_an_agreement_counts_only_for_the_headings_that_were_shown(office: Office) -> None:
    administrator = builders.member("Noor", office.organisation, Role.ADMINISTRATOR)
    for number in range(ROUNDS):
        theme = Theme.objects.create(organisation=office.organisation, name=f"Thema {number}", heading="Oud")
        section = office.add(f"Prestaties {number}", SectionKind.ACHIEVEMENTS)
        entry = SectionInput(achievements=[AchievementInput(theme.pk, "Balie")])
        actions.save_section(office.lead, section.pk, 1, entry)
        office.take("submit", section)
        section = Section.objects.get(pk=section.pk)
        mark = seen.mark(library.shown_theme(theme))
        rename = partial(
            library.update_theme, administrator, theme.pk, name=theme.name, heading="Nieuw", seen_mark=mark
        )
        _, renamed = together(taken(office.director, section, "agree"), rename)
        assert succeeded(renamed)
        assert agreement_holds(Section.objects.get(pk=section.pk)) is False
