"""Postings that bear out explanations, and whether the ledger still holds them as they were when they were chosen."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.http import Http404

from .models import Claim, Evidence, Explanation, Posting, Table

FACTS = ("period", "date", "account", "cost_centre", "description", "document", "amount")
"""What makes two postings the same: the ledger gives new ids whenever a period is read again."""


@dataclass(frozen=True)
class Bundle:
    """The postings chosen for one claim, each with whether the ledger still holds it; the sum has debit positive."""

    rows: tuple[tuple[Evidence, bool], ...] = ()

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row, _ in self.rows), Decimal(0))

    @property
    def gone(self) -> int:
        """How many the ledger no longer holds as they were."""
        return sum(not is_there for _, is_there in self.rows)


def get_claim(explanation: Explanation, line_id: int) -> Claim:
    """What the explanation claims of the line, or 404 when it does not cover it."""
    found = explanation.claims.select_related("line__table", "line__owner_team").filter(line=line_id).first()
    if found is None:
        raise Http404
    return found


def of_table(table: Table) -> dict[int, Bundle]:
    """What was chosen, by claim. One query, and another when there is anything."""
    rows = list(Evidence.objects.filter(claim__explanation__table=table))
    left = Counter(facts(posting) for posting in _alike(table, rows)) if rows else Counter()
    by_claim = defaultdict(list)
    for row in rows:
        by_claim[row.claim_id].append(row)
    return {
        key: Bundle(tuple((row, left[facts(row)] >= count) for row, count in _counted(found)))
        for key, found in by_claim.items()
    }


def postings_chosen(claim: Claim, table: Table) -> set[int]:
    """Ids of the ledger's postings that were chosen for the claim."""
    rows = list(claim.evidence.all())
    wanted = Counter(facts(row) for row in rows)
    found = set()
    for posting in _alike(table, rows) if rows else ():
        if wanted[facts(posting)]:
            wanted[facts(posting)] -= 1
            found.add(posting.pk)
    return found


def facts(row: Posting | Evidence) -> Hashable:
    """All that tells one posting from another."""
    return tuple(getattr(row, name) for name in FACTS)


def _counted(rows: Iterable[Evidence]) -> Iterable[tuple[Evidence, int]]:
    """Each with its number among those that are the same: two equal postings need two in the ledger."""
    seen: Counter[Hashable] = Counter()
    for row in rows:
        seen[facts(row)] += 1
        yield row, seen[facts(row)]


def _alike(table: Table, rows: Iterable[Evidence]) -> QuerySet[Posting]:
    """Postings of the table's year that may be one of these."""
    wanted = {name: {getattr(row, name) for row in rows} for name in ("account", "date", "document")}
    return Posting.objects.filter(
        ledger__organisation=table.organisation_id,
        ledger__year=table.year,
        **{f"{name}__in": found for name, found in wanted.items()},
    ).order_by("pk")
