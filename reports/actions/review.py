"""Where a section stands: submitted, sent back, agreed."""

from django.db import transaction
from django.http import Http404

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import permissions, queries
from ..models import Section
from ..workflow import TRANSITIONS, ReportState, SectionState
from .refusal import explain_refusal


@transaction.atomic
def take(
    member: Member, section_id: int, seen_version: int, name: str, reason: str = "", seen_hash: str = ""
) -> Section:
    """Take a step of the workflow; raise Refused when the section is not where the step starts.

    Who saw an older version than the one that stands gets Conflict, and who agrees to other figures than those seen
    (`seen_hash`, the fingerprint of text and figures; empty when not asked) gets Refused: nobody agrees unseen.
    """
    transition = TRANSITIONS.get(name)
    if transition is None:
        raise Http404
    section = queries.get_section(member.organisation, section_id)
    require(permissions.may_take(member, section, transition))
    if transition.needs_reason and not reason.strip():
        raise Refused("Geef een reden, zodat de schrijver weet wat er moet veranderen.")
    agreed = transition.target == SectionState.AGREED
    fingerprint = queries.agreement_hash(section) if agreed else ""
    if agreed and section.version == seen_version and seen_hash not in {"", fingerprint}:
        raise Refused("Terwijl u las, zijn cijfers of toelichtingen van dit onderdeel gewijzigd. Lees het opnieuw.")
    moved = Section.objects.filter(
        pk=section.pk, version=seen_version, state__in=transition.sources, chapter__report__state=ReportState.OPEN
    ).update(
        state=transition.target,
        reason=reason.strip()[:1000],
        agreed_hash=fingerprint,
        agreed_by=member.user if agreed else None,
    )
    if not moved:
        explain_refusal(section, seen_version)
    log.record(member, f"reports.{name}", section, section=section.pk, version=section.version)
    section.refresh_from_db()
    return section
