"""The section that somebody is about to change, held until that is done."""

from collections.abc import Collection
from typing import Any, NoReturn

from accounts.errors import Conflict, Refused
from accounts.members import Member

from .. import queries
from ..models import Section
from ..workflow import ReportState, SectionState


def held_section(member: Member, section_id: int) -> Section:
    """The section as it stands, its row locked until the caller commits; 404 for another organisation's.

    Two who change one section come after each other, and the second reads what the first left. Conditions in the
    WHERE of the UPDATE alone would not do: Django puts them in a subquery when one needs a join (the report's state),
    and PostgreSQL does not look at that again after waiting.
    """
    list(Section.objects.select_for_update(no_key=True).filter(pk=section_id).values_list("pk"))
    return queries.get_section(member.organisation, section_id)


def require_unchanged(section: Section, seen: int, states: Collection[str], mine: dict[str, Any] | None = None) -> None:
    """Raise Conflict when somebody saved the held section since version `seen`, Refused when its state forbids.

    `mine` is what the caller wants to save; both contents are told as labelled texts.
    """
    if section.version != seen:
        _raise_conflict(section, mine)
    if section.chapter.report.state != ReportState.OPEN:
        raise Refused("Dit rapport is vastgesteld; er verandert niets meer.")
    if section.state not in states and section.state == SectionState.DRAFT:
        raise Refused("Dit onderdeel is weer een concept: het is intussen teruggenomen of teruggestuurd.")
    if section.state not in states:
        raise Refused(
            f"Dit onderdeel staat op “{section.get_state_display()}” en kan nu niet worden gewijzigd. "
            "Neem het terug of vraag de directeur om het terug te sturen."
        )


def _raise_conflict(section: Section, mine: dict[str, Any] | None) -> NoReturn:
    organisation = section.chapter.report.organisation
    theirs = queries.told(organisation, queries.content(section))
    own = queries.told(organisation, mine) if mine is not None else []
    raise Conflict(str(section), str(section.saved_by or "een collega"), theirs, own, section.version)
