"""Why credits were overspent, and how much of a year may be unlawful (domain rule 9)."""

from decimal import Decimal

from django.db import transaction

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.models import Organisation
from accounts.permissions import require

from .. import lawfulness, permissions
from ..models import CreditClass, LawfulnessLimit
from ..overspending import Ground
from .recording import Shown, check_version, locked_table, record, shown


@transaction.atomic
def classify_credit(member: Member, line_id: int, seen_version: int, ground: str, reason: str) -> CreditClass:
    """Say why a credit was overspent; `seen_version` is 0 when nobody had.

    Raises Conflict, and Refused where it was not overspent.
    """
    require(permissions.may_edit_figures(member))
    locked_table(member, lawfulness.get_credit(member.organisation, line_id).line.table_id)
    found = lawfulness.get_credit(member.organisation, line_id)
    if not found.figures.excess:
        raise Refused("Dit krediet is niet overschreden.")
    held = getattr(found.line, "credit_class", None) or CreditClass(line=found.line, version=0)
    if (held.ground, held.reason) == (ground, reason):
        return held
    check_version(
        member, held, seen_version, _shown(held.ground, held.reason), _shown(ground, reason), line=found.line.pk
    )
    was = Ground(held.ground).label if held.ground else "te classificeren"
    record(member, found.line, "overschrijding", str(was), str(Ground(ground).label))
    held.ground, held.reason, held.version = ground, reason, held.version + 1
    held.save()
    log.record(
        member,
        "investments.classify_credit",
        found.line,
        line=found.line.pk,
        ground=ground,
        excess=shown("amount", Decimal(found.figures.excess) / 100),
    )
    return held


@transaction.atomic
def set_lawfulness_limit(
    member: Member, year: int, seen_version: int, percentage: Decimal, base: Decimal | None
) -> LawfulnessLimit:
    """The limit of a year: percent of all expense, or of `base` euros. `seen_version` is 0 when there was none."""
    require(permissions.may_edit_figures(member))
    Organisation.objects.select_for_update(no_key=True).get(pk=member.organisation.pk)
    held = lawfulness.limit_of(member.organisation, year)
    if held and (held.percentage, held.base) == (percentage, base):
        return held
    limit = held or LawfulnessLimit(organisation=member.organisation, year=year, version=0)
    theirs = _shown_limit(held.percentage if held else None, held.base if held else None)
    check_version(member, limit, seen_version, theirs, _shown_limit(percentage, base), limit=limit.pk or 0)
    limit.percentage, limit.base, limit.version = percentage, base, limit.version + 1
    limit.save()
    log.record(
        member,
        "investments.set_lawfulness_limit",
        limit,
        limit=limit.pk,
        year=year,
        percentage=str(percentage),
        base=shown("amount", base),
    )
    return limit


def _shown(ground: str, reason: str) -> Shown:
    return [("klasse", str(Ground(ground).label) if ground else "te classificeren"), ("reden", reason)]


def _shown_limit(percentage: Decimal | None, base: Decimal | None) -> Shown:
    told = "leeg" if percentage is None else f"{percentage:f}".replace(".", ",")
    return [("percentage", told), ("totale lasten", shown("amount", base))]
