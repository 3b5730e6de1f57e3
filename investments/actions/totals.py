"""Totals: lines that add up other lines of their table, each counted as +1 or -1 (domain rule 5)."""

from collections.abc import Mapping

from django.db import transaction
from django.http import Http404

from accounts import log
from accounts.errors import Conflict, Refused
from accounts.members import Member
from accounts.permissions import require

from .. import permissions, queries
from ..figures import LineKind
from ..models import Line, TotalMember
from ..variance import Direction
from .lines import OUTSIDE, LineInput, add_line
from .recording import claim, compute, locked_table, record, record_fields

COUNTS = "telt op"


@transaction.atomic
def add_total(member: Member, table_id: int, label: str, members: Mapping[int, int]) -> Line:
    """A new total below all lines of the table; raise 404 for a member that is not in the table."""
    total = add_line(member, table_id, LineInput(label, None, Direction.EXPENSE), kind=LineKind.TOTAL)
    return set_members(member, total.pk, total.version, members)


@transaction.atomic
def set_members(
    member: Member, total_id: int, seen_version: int, members: Mapping[int, int], *, label: str | None = None
) -> Line:
    """Say which lines of its table a total counts, each +1 or -1, and what it is called.

    Raises Conflict, and Refused for a circle or for a line that stands outside totals.
    """
    require(permissions.may_edit_figures(member))
    table_id = queries.get_line(member.organisation, total_id).table_id
    siblings = {line.pk: line for line in queries.lines(locked_table(member, table_id))}
    total = siblings[total_id]
    if not total.is_total or not set(members) <= set(siblings):
        raise Http404
    if not all(siblings[key].counts for key in members):
        raise Refused(OUTSIDE)
    if _counts(siblings, list(members), total.pk):
        raise Refused("Een totaal kan niet zichzelf meetellen, ook niet via een ander totaal.")
    before = {row.line_id: row.sign for row in total.read_members}
    name = total.label if label is None else label
    if before == dict(members) and name == total.label:
        return total
    _claim(total, seen_version, name, was=_sum(siblings, before), becomes=_sum(siblings, members))
    if name != total.label:
        record_fields(member, total, {"label": name})
        Line.objects.filter(pk=total.pk).update(label=name)
    if before != dict(members):
        record(member, total, COUNTS, _sum(siblings, before), _sum(siblings, members))
        _store(total, members)
        compute(member, table_id)
    log.record(member, "investments.set_members", name, table=table_id, line=total.pk)
    return queries.get_line(member.organisation, total_id)


def _claim(total: Line, seen: int, label: str, *, was: str, becomes: str) -> None:
    """The total's next version; a Conflict tells the sums too."""
    try:
        claim(total, seen, {"label": label})
    except Conflict as conflict:
        conflict.theirs = [*conflict.theirs, (COUNTS, was)]
        conflict.mine = [*conflict.mine, (COUNTS, becomes)]
        raise


def _store(total: Line, members: Mapping[int, int]) -> None:
    total.members.all().delete()
    TotalMember.objects.bulk_create(TotalMember(total=total, line_id=key, sign=sign) for key, sign in members.items())


def _counts(lines: Mapping[int, Line], keys: list[int], sought: int) -> bool:
    """Whether `sought` is among the keys or below any total among them."""
    return any(
        key == sought or _counts(lines, [member.line_id for member in lines[key].read_members], sought) for key in keys
    )


def _sum(lines: Mapping[int, Line], members: Mapping[int, int]) -> str:
    """What a total counts, as people read it."""
    return ", ".join(f"{'-' if members[key] < 0 else '+'} {line}" for key, line in lines.items() if key in members)
