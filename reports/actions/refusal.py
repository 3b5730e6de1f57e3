"""Why a section could not be changed, said to the person who tried."""

from typing import Any, NoReturn

from accounts.errors import Conflict, Refused

from .. import queries
from ..models import Section
from ..workflow import ReportState


def explain_refusal(section: Section, seen: int, mine: dict[str, Any] | None = None) -> NoReturn:
    """Raise Conflict when somebody saved first, else Refused with the state that stands in the way.

    `mine` is what the loser wanted to save; both contents are told as labelled texts.
    """
    section = queries.get_section(section.chapter.report.organisation, section.pk)
    organisation = section.chapter.report.organisation
    if section.version != seen:
        theirs = queries.told(organisation, queries.content(section))
        own = queries.told(organisation, mine) if mine is not None else []
        raise Conflict(str(section), str(section.saved_by or "een collega"), theirs, own, section.version)
    if section.chapter.report.state != ReportState.OPEN:
        raise Refused("Dit rapport is vastgesteld; er verandert niets meer.")
    raise Refused(
        f"Dit onderdeel staat op “{section.get_state_display()}” en kan nu niet worden gewijzigd. "
        "Neem het terug of vraag de directeur om het terug te sturen."
    )
