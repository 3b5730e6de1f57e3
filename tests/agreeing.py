"""Whether an agreement counts, asked of one section by itself: what lists ask of many at once must say the same."""

from reports import queries
from reports.models import Section
from reports.workflow import SectionState


def agreement_holds(section: Section) -> bool:
    """Whether what was agreed to is what stands there now."""
    return section.state == SectionState.AGREED and section.agreed_hash == queries.agreement_hash(section)
