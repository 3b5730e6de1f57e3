"""Reads of explanations and of what still needs one, always for one organisation. Coverage is in cents."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Abs
from django.shortcuts import get_object_or_404

from accounts.members import Member
from accounts.models import Organisation
from accounts.roles import Role

from .amounts import to_cents
from .coverage import Claim as Claimed
from .coverage import Coverage, Deviation, Tolerance, cover
from .figures import LineKind
from .models import CauseList, Claim, DeviationRule, Explanation, Line, Table, TotalMember, Variance

USUAL_CAUSES = (
    "prijs",
    "volume",
    "planning of doorgeschoven",
    "wetgeving",
    "incidentele baten of lasten",
    "overig",
)


def cause_list(organisation: Organisation) -> CauseList:
    """What the organisation tells its deviations by; the usual causes, never stored, when it has none of its own."""
    found = CauseList.objects.filter(organisation=organisation).first()
    return found or CauseList(organisation=organisation, names=list(USUAL_CAUSES), version=0)


def rule(organisation: Organisation, year: int) -> DeviationRule:
    """The rule for a year; one that was never stored, and asks to explain everything, when there is none."""
    found = DeviationRule.objects.filter(organisation=organisation, year=year).first()
    return found or DeviationRule(organisation=organisation, year=year, version=0)


def own_rule(table: Table) -> DeviationRule:
    """The rule of the table itself; one that was never stored, and says what its year does, when there is none."""
    found = DeviationRule.objects.filter(table=table).first()
    if found:
        return found
    said = rule(table.organisation, table.year)
    return DeviationRule(
        organisation=table.organisation,
        table=table,
        applies=False,
        version=0,
        **{field.name: getattr(said, field.name) for field in fields(Tolerance)},
    )


def rule_of(table: Table) -> DeviationRule:
    """The rule that holds for the table: its own, else that of its year."""
    own = own_rule(table)
    return own if own.applies else rule(table.organisation, table.year)


def tolerance(rule: DeviationRule) -> Tolerance:
    """A stored rule as plain values."""
    return Tolerance(
        amount=None if rule.amount is None else to_cents(rule.amount),
        percentage=None if rule.percentage is None else int(rule.percentage * 100),
        both=rule.both,
        inclusive=rule.inclusive,
        per_total=rule.per_total,
    )


def get_explanation(organisation: Organisation, explanation_id: int) -> Explanation:
    """The explanation with its table, or 404 for one that is not this organisation's."""
    rows = Explanation.objects.select_related("table", "document")
    return get_object_or_404(rows, table__organisation=organisation, pk=explanation_id)


def explanations_of(line: Line) -> list[Explanation]:
    """Those that cover the line, oldest first."""
    return list(Explanation.objects.filter(claims__line=line).order_by("pk"))


def own_explanation(line: Line) -> Explanation | None:
    """The only explanation that covers the line; None without one, or with more."""
    found = explanations_of(line)
    return found[0] if len(found) == 1 else None


def explainable(member: Member, table: Table, lines: Iterable[Line]) -> list[Line]:
    """Those of its `lines` that this person may explain; totals where those are judged, and what is explained."""
    judged = (LineKind.LINE, LineKind.TOTAL) if rule_of(table).per_total else (LineKind.LINE,)
    rows = [line for line in lines if line.kind in judged or line.read_claims]
    return [line for line in rows if member.has(Role.CONTROLLER) or member.leads(line.owner_team_id)]


def lines(keys: Collection[int]) -> QuerySet[Line]:
    """Lines by their id, with table, team and variance."""
    return Line.objects.filter(pk__in=keys).select_related("table", "owner_team", "variance")


def result(line: Line) -> int:
    """The computed deviation in cents; 0 while there is none."""
    return to_cents(line.variance.result) if hasattr(line, "variance") else 0


# --- as printed -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Told:
    """An explanation at the first line that it covers, with what it accounts for in each, in the order of the table."""

    explanation: Explanation
    claims: tuple[tuple[Line, Claim], ...]

    @property
    def label(self) -> str:
        """Its lines by name: “Servers, Telefoons en Schermen”."""
        names = [str(line) for line, _ in self.claims]
        return " en ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def told(lines: Iterable[Line]) -> list[Told]:
    """Each explanation of rows of `queries.lines` once, in their order; those without words are left out."""
    found: dict[int, list[tuple[Line, Claim]]] = {}
    for line in lines:
        for claim in line.read_claims:
            if claim.explanation.text:
                found.setdefault(claim.explanation_id, []).append((line, claim))
    return [Told(claims[0][1].explanation, tuple(claims)) for claims in found.values()]


def words_at(line: Line) -> str:
    """All that explains the line, as HTML: what an agreement to its figures is about."""
    return "".join(claim.explanation.text for claim in line.read_claims)


# --- coverage ---------------------------------------------------------------------------------------------------------
def coverage(tables: Collection[Table]) -> dict[int, list[Coverage]]:
    """By table what must be explained and how far it is, as last computed. At most four queries."""
    rules = _tolerances(tables)
    per_total = any(rule.per_total for rule in rules.values())
    rows = _deviations(tables, _members(tables) if per_total else {})
    return {table.pk: cover(rows[table.pk], rules[table.pk]) for table in tables}


def _tolerances(tables: Collection[Table]) -> dict[int, Tolerance]:
    """By table the rule that holds for it."""
    stored = DeviationRule.objects.filter(organisation__in={table.organisation_id for table in tables}, applies=True)
    of_years, of_tables = {}, {}
    for row in stored:
        if row.table_id is None:
            of_years[row.organisation_id, row.year] = tolerance(row)
        else:
            of_tables[row.table_id] = tolerance(row)
    return {
        table.pk: of_tables.get(table.pk) or of_years.get((table.organisation_id, table.year)) or Tolerance()
        for table in tables
    }


def with_own_rule(tables: Collection[Table]) -> set[int]:
    """Ids of those for which a rule of their own holds."""
    return set(DeviationRule.objects.filter(table__in=tables, applies=True).values_list("table_id", flat=True))


def _members(tables: Collection[Table]) -> dict[int, list[int]]:
    """What each total counts directly."""
    found: dict[int, list[int]] = defaultdict(list)
    for total, line in TotalMember.objects.filter(total__table__in=tables).values_list("total", "line"):
        found[total].append(line)
    return found


def _deviations(tables: Collection[Table], members: Mapping[int, list[int]]) -> dict[int, list[Deviation]]:
    ids = [table.pk for table in tables if table.shows_deviations]
    stored = Variance.objects.filter(line__table__in=ids, line__kind__in=(LineKind.LINE, LineKind.TOTAL)).exclude(
        result=0
    )
    claims: dict[int, list[Claimed]] = defaultdict(list)
    for key, amount in Claim.objects.filter(line__table__in=ids).values_list("line", "amount"):
        claims[key].append(None if amount is None else to_cents(amount))
    found: dict[int, list[Deviation]] = defaultdict(list)
    for row in stored.select_related("line").order_by("line__position", "line_id"):
        line = row.line
        found[line.table_id].append(
            Deviation(
                line.pk,
                to_cents(row.amended),
                to_cents(row.result),
                tuple(claims[line.pk]),
                is_total=line.is_total,
                counts_lines=any(key not in members for key in members.get(line.pk, ())),
                members=tuple(_plain(line.pk, members, frozenset())),
            )
        )
    return found


def _plain(key: int, members: Mapping[int, list[int]], above: frozenset[int]) -> list[int]:
    """The plain lines below a total, once each; a circle, which no calculation accepts, is not followed."""
    if key in above or key not in members:
        return [] if key in above else [key]
    return [line for part in members[key] for line in _plain(part, members, above | {key})]


def open_lines(rows: QuerySet[Line]) -> QuerySet[Line]:
    """Those of the rows whose deviation must still be explained."""
    tables = Table.objects.filter(pk__in=rows.order_by().values("table"))
    found = coverage(list(tables))
    return rows.filter(pk__in=[item.key for items in found.values() for item in items if item.is_open])


def with_explained(rows: QuerySet[Line]) -> QuerySet[Line]:
    """The rows, each with `is_explained`: whether an explanation covers it."""
    return rows.annotate(is_explained=Exists(Claim.objects.filter(line=OuterRef("pk"))))


def to_explain(member: Member) -> QuerySet[Line]:
    """What waits for an explanation by this person, the largest deviation first."""
    rows = Line.objects.filter(table__organisation=member.organisation).select_related(
        "table", "owner_team", "variance"
    )
    mine = rows if member.has(Role.CONTROLLER) else rows.filter(owner_team__in=member.team_ids)
    return open_lines(mine).order_by(Abs("variance__result").desc(), "pk")
