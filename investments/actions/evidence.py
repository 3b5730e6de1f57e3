"""Postings chosen to bear out an explanation, and taken back."""

from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require

from .. import evidence, explaining, ledger_queries, permissions, queries
from ..models import Claim, Evidence, Line
from .recording import locked_table, record, shown

MOST = 100
"""Postings for one line of an explanation: what a reader can go through."""


@transaction.atomic
def choose_postings(
    member: Member, explanation_id: int, line_id: int, chosen: Iterable[int], dropped: Iterable[int]
) -> None:
    """Add postings of the line by their id, and take back earlier choices by theirs; raise Refused, 404.

    What two people choose at once is both kept, so there is no version to compare. An earlier choice stays what it was.
    """
    explanation = explaining.get_explanation(member.organisation, explanation_id)
    line = queries.get_line(member.organisation, line_id)
    claim = evidence.get_claim(explanation, line.pk)
    require(permissions.may_choose_postings(member, line))
    table = locked_table(member, explanation.table_id)
    was = _told(claim)
    claim.evidence.filter(pk__in=dropped).delete()
    wanted = set(chosen) - evidence.postings_chosen(claim, table)
    _add(claim, line, wanted)
    if claim.evidence.count() > MOST:
        raise Refused(f"Kies ten hoogste {MOST} boekingen bij een regel.")
    if (became := _told(claim)) != was:
        record(member, line, "bewijs", was, became)
    log.record(
        member,
        "investments.choose_postings",
        explanation.table,
        table=table.pk,
        explanation=explanation.pk,
        line=line.pk,
        postings=claim.evidence.count(),
    )


def _add(claim: Claim, line: Line, wanted: set[int]) -> None:
    postings = list(ledger_queries.postings_of(line).filter(pk__in=wanted))
    if len(postings) != len(wanted):
        raise Refused("Een gekozen boeking staat niet meer bij deze regel. Kies opnieuw.")
    Evidence.objects.bulk_create(
        Evidence(claim=claim, **{name: getattr(posting, name) for name in evidence.FACTS}) for posting in postings
    )


def _told(claim: Claim) -> str:
    """How many and their sum: who may read a history may not read postings."""
    amounts = list(claim.evidence.values_list("amount", flat=True))
    number = f"{len(amounts)} boeking{'' if len(amounts) == 1 else 'en'}"
    return f"{number}, samen {shown('amount', sum(amounts, Decimal(0)))}" if amounts else "geen boekingen"
