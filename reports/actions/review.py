"""Where a section stands: submitted, sent back, agreed."""

from django.db import transaction
from django.http import Http404

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import permissions, queries
from ..models import Section
from ..workflow import TRANSITIONS, SectionState
from .holding import held_section, require_unchanged


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
    section = held_section(member, section_id)
    require(permissions.may_take(member, section, transition))
    if transition.needs_reason and not reason.strip():
        raise Refused("Geef een reden, zodat de schrijver weet wat er moet veranderen.")
    require_unchanged(section, seen_version, transition.sources)
    agreed = transition.target == SectionState.AGREED
    fingerprint = queries.agreement_hash(section) if agreed else ""
    if agreed and seen_hash not in {"", fingerprint}:
        raise Refused("Terwijl u las, zijn cijfers of toelichtingen van dit onderdeel gewijzigd. Lees het opnieuw.")
    section.state, section.reason = transition.target, reason.strip()[:1000]
    section.agreed_hash, section.agreed_by = fingerprint, member.user if agreed else None
    section.save(update_fields=["state", "reason", "agreed_hash", "agreed_by"])
    log.record(member, f"reports.{name}", section, section=section.pk, version=section.version)
    return section
