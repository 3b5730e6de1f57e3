"""What a section holds: saved as a whole, with every version kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from accounts import log
from accounts.members import Member
from accounts.permissions import require
from library import html
from library import queries as library

from .. import permissions, queries
from ..models import Achievement, Goal, Section, SectionVersion
from ..workflow import SectionState
from .holding import held_section, require_unchanged
from .review import take


@dataclass(frozen=True)
class GoalInput:
    """A goal as typed; `planned_action` and `result` are HTML, the objective is plain text."""

    objective: str
    planned_action: str = ""
    result: str = ""
    document_id: int | None = None
    page: str = ""


@dataclass(frozen=True)
class AchievementInput:
    """An achievement as typed; `text` is HTML."""

    theme_id: int | None = None
    title: str = ""
    text: str = ""


@dataclass(frozen=True)
class SectionInput:
    """All that one save of a section holds."""

    text: str = ""
    goals: Sequence[GoalInput] = ()
    achievements: Sequence[AchievementInput] = ()


@transaction.atomic
def save_section(member: Member, section_id: int, seen_version: int, entry: SectionInput) -> Section:
    """Store the section as a whole and keep the version; raise Conflict, Refused or html.TooDeep.

    A save of what stands there already makes no version, whatever version was seen: nothing would be lost.
    """
    section = held_section(member, section_id)
    require(permissions.may_write(member, section))
    before = queries.content(section)
    after = _cleaned(entry)
    _check_references(member, after)
    if before == after:
        return section
    require_unchanged(section, seen_version, {SectionState.DRAFT}, after)
    _store(member, section, after)
    log.record(member, "reports.save_section", section, section=section.pk, version=section.version)
    return section


@transaction.atomic
def submit_section(member: Member, section_id: int, seen_version: int, entry: SectionInput) -> Section:
    """Save the section and submit what was saved, or neither; raise as save_section does."""
    saved = save_section(member, section_id, seen_version, entry)
    return take(member, section_id, saved.version, "submit")


@transaction.atomic
def restore_version(member: Member, section_id: int, seen_version: int, number: int) -> Section:
    """Bring back what a section held at version `number`, as a new version; raise as save_section does.

    A document or theme that was removed since is left out.
    """
    section = queries.get_section(member.organisation, section_id)
    old = queries.get_version(section, number).content
    documents = set(library.documents(member.organisation).values_list("pk", flat=True))
    themes = set(library.themes(member.organisation).values_list("pk", flat=True))
    goals = [
        GoalInput(
            objective=goal["objective"],
            planned_action=goal["planned_action"],
            result=goal["result"],
            document_id=goal["document"] if goal["document"] in documents else None,
            page=goal["page"],
        )
        for goal in old["goals"]
    ]
    achievements = [
        AchievementInput(item["theme"] if item["theme"] in themes else None, item["title"], item["text"])
        for item in old["achievements"]
    ]
    return save_section(member, section_id, seen_version, SectionInput(old["text"], goals, achievements))


def _cleaned(entry: SectionInput) -> dict[str, Any]:
    """The entry in the shape of `queries.content`, with all HTML cleaned; raise html.TooDeep."""
    return {
        "text": html.clean(entry.text),
        "goals": [
            {
                "objective": goal.objective.strip(),
                "planned_action": html.clean(goal.planned_action),
                "result": html.clean(goal.result),
                "document": goal.document_id,
                "page": goal.page.strip(),
            }
            for goal in entry.goals
        ],
        "achievements": [
            {"theme": item.theme_id, "title": item.title.strip(), "text": html.clean(item.text)}
            for item in _by_theme(entry.achievements)
        ],
    }


def _by_theme(achievements: Sequence[AchievementInput]) -> list[AchievementInput]:
    """Achievements of one theme together, in the order in which the themes first come: each has one heading."""
    themes = list(dict.fromkeys(item.theme_id for item in achievements))
    return sorted(achievements, key=lambda item: themes.index(item.theme_id))


def _check_references(member: Member, after: dict[str, Any]) -> None:
    """404 for a document or theme that is not this organisation's; the others cannot be removed until the commit."""
    documents = {goal["document"] for goal in after["goals"]} - {None}
    themes = {item["theme"] for item in after["achievements"]} - {None}
    for rows, keys in (
        (library.documents(member.organisation), documents),
        (library.themes(member.organisation), themes),
    ):
        held = rows.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True)
        if len(held.values_list("pk")) != len(keys):
            raise Http404


def _store(member: Member, section: Section, after: dict[str, Any]) -> None:
    section.version += 1
    section.text, section.saved_by, section.saved_at = after["text"], member.user, timezone.now()
    section.save(update_fields=["version", "text", "saved_by", "saved_at"])
    section.goals.all().delete()
    section.achievements.all().delete()
    Goal.objects.bulk_create(
        Goal(section=section, position=index, document_id=goal["document"], **_without(goal, "document"))
        for index, goal in enumerate(after["goals"], start=1)
    )
    Achievement.objects.bulk_create(
        Achievement(section=section, position=index, theme_id=item["theme"], **_without(item, "theme"))
        for index, item in enumerate(after["achievements"], start=1)
    )
    SectionVersion.objects.create(
        section=section, number=section.version, content=after, saved_by=member.user, saved_at=section.saved_at
    )


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in values.items() if key != name}
