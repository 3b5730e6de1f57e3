"""Why figures deviate, told for a whole table or for one line."""

from django.db import transaction

from accounts import log
from accounts.members import Member
from accounts.permissions import require
from library import html

from .. import permissions, queries
from ..models import Line, Table
from .recording import claim, record_fields


@transaction.atomic
def explain_table(member: Member, table_id: int, seen_version: int, explanation: str) -> None:
    """Save the explanation (HTML) of the whole table; raise Conflict, html.TooDeep."""
    require(permissions.may_edit_figures(member))
    table = queries.get_table(member.organisation, table_id)
    values = {"explanation": html.clean(explanation)}
    if values["explanation"] == table.explanation:
        return
    claim(table, seen_version, values)
    record_fields(member, table, values)
    Table.objects.filter(pk=table.pk).update(**values)
    log.record(member, "investments.explain_table", table, table=table.pk)


@transaction.atomic
def explain_line(member: Member, line_id: int, seen_version: int, explanation: str) -> None:
    """Save the explanation (HTML) of one line's deviation; raise Conflict, html.TooDeep.

    `seen_version` is the line's `explanation_version`: who types amounts meanwhile is in nobody's way.
    """
    line = queries.get_line(member.organisation, line_id)
    require(permissions.may_explain_line(member, line))
    values = {"explanation": html.clean(explanation)}
    if values["explanation"] == line.explanation:
        return
    claim(line, seen_version, values, counter="explanation_version")
    record_fields(member, line, values)
    Line.objects.filter(pk=line.pk).update(**values)
    log.record(member, "investments.explain_line", line, line=line.pk)
