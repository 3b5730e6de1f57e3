"""Why figures deviate, told for a whole table or for the lines that one explanation covers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts import log
from accounts.errors import Refused
from accounts.members import Member
from accounts.permissions import require
from library import html
from library import queries as library

from .. import explaining, permissions, queries
from ..models import Claim, Explanation, Line, Nature, Table
from .recording import Shown, check_version, claim, locked_table, record, record_fields, shown

Claims = Mapping[int, Decimal | None]
"""What is accounted for by line, in euros and in the sign of its result; None is all that others leave."""


@dataclass(frozen=True)
class ExplanationInput:
    """All that a person enters of an explanation; `text` is HTML."""

    text: str
    claims: Claims
    cause: str = ""
    nature: str = ""
    document_id: int | None = None
    link: str = ""


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
def add_explanation(member: Member, table_id: int, entry: ExplanationInput) -> Explanation:
    """An explanation of lines of one table; raise Refused without a line or a text, html.TooDeep."""
    return _add(member, locked_table(member, table_id), entry)


@transaction.atomic
def save_explanation(member: Member, explanation_id: int, seen_version: int, entry: ExplanationInput) -> Explanation:
    """Store an explanation with all that it accounts for; raise Conflict, Refused, html.TooDeep."""
    locked_table(member, explaining.get_explanation(member.organisation, explanation_id).table_id)
    return _save(member, explaining.get_explanation(member.organisation, explanation_id), seen_version, entry)


@transaction.atomic
def explain_line(member: Member, line_id: int, seen_version: int, entry: ExplanationInput) -> Explanation:
    """Store what explains one line: a new explanation, or the one that the line has.

    `seen_version` is 0 when there was none. Raises Conflict, Refused, html.TooDeep.
    """
    line = queries.get_line(member.organisation, line_id)
    require(permissions.may_explain_line(member, line))
    table = locked_table(member, line.table_id)
    held = explaining.own_explanation(line)
    return _save(member, held, seen_version, entry) if held else _add(member, table, entry)


@transaction.atomic
def remove_explanation(member: Member, explanation_id: int, seen_version: int) -> None:
    """Take an explanation back; what it said stays in the changes of its lines. Raises Conflict."""
    table = locked_table(member, explaining.get_explanation(member.organisation, explanation_id).table_id)
    explanation = explaining.get_explanation(member.organisation, explanation_id)
    lines = _lines(table, [row.line_id for row in explanation.claims.all()])
    require(permissions.may_explain_lines(member, lines.values()))
    theirs = shown_explanation(explanation)
    check_version(member, explanation, seen_version, theirs, theirs, explanation=explanation.pk)
    for line in lines.values():
        record(member, line, "toelichting", shown("explanation", explanation.text), "verwijderd")
    log.record(member, "investments.remove_explanation", explanation.table, **_logged(explanation, lines))
    explanation.delete()


def shown_explanation(explanation: Explanation) -> Shown:
    """The explanation as people read it."""
    claims = {row.line_id: row.amount for row in explanation.claims.all()}
    entry = ExplanationInput(
        explanation.text, claims, explanation.cause, explanation.nature, explanation.document_id, explanation.link
    )
    return _shown(explanation.table, entry)


def _add(member: Member, table: Table, entry: ExplanationInput) -> Explanation:
    lines = _checked(member, table, entry)
    explanation = Explanation.objects.create(table=table, **_fields(member, entry))
    _store(explanation, entry.claims)
    for line in lines.values():
        record(member, line, "toelichting", "", shown("explanation", explanation.text))
    log.record(member, "investments.add_explanation", explanation.table, **_logged(explanation, lines))
    return explanation


def _save(member: Member, explanation: Explanation, seen_version: int, entry: ExplanationInput) -> Explanation:
    before = {row.line_id: row.amount for row in explanation.claims.all()}
    require(permissions.may_explain_lines(member, _lines(explanation.table, before).values()))
    lines = _checked(member, explanation.table, entry)
    values = _fields(member, entry)
    changed = {name: value for name, value in values.items() if getattr(explanation, name) != value}
    if not changed and before == dict(entry.claims):
        return explanation
    theirs, mine = shown_explanation(explanation), _shown(explanation.table, entry)
    check_version(member, explanation, seen_version, theirs, mine, explanation=explanation.pk)
    was, became = shown("explanation", explanation.text), shown("explanation", values["text"])
    Explanation.objects.filter(pk=explanation.pk).update(**changed, version=explanation.version + 1)
    explanation.refresh_from_db()
    _store(explanation, entry.claims)
    for key, line in {**_lines(explanation.table, before), **lines}.items():
        record(
            member,
            line,
            "toelichting",
            was if key in before else "",
            became if key in entry.claims else "telt hier niet meer",
        )
    log.record(member, "investments.save_explanation", explanation.table, **_logged(explanation, lines))
    return explanation


def _checked(member: Member, table: Table, entry: ExplanationInput) -> dict[int, Line]:
    """The lines that the entry covers; raise 404, PermissionDenied or Refused when it cannot be stored."""
    lines = _lines(table, entry.claims)
    require(permissions.may_explain_lines(member, lines.values()))
    if not lines:
        raise Refused("Kies ten minste één regel.")
    if not html.text(html.clean(entry.text)):
        raise Refused("Schrijf waarom de regel afwijkt, of verwijder de toelichting.")
    if entry.link and urlsplit(entry.link).scheme not in {"https", "http"}:
        raise Refused("Een link begint met https://.")
    return lines


def _lines(table: Table, keys: Iterable[int]) -> dict[int, Line]:
    wanted = set(keys)
    found = {line.pk: line for line in table.lines.filter(pk__in=wanted) if not line.is_heading}
    if found.keys() != wanted:
        raise Http404
    return found


def _fields(member: Member, entry: ExplanationInput) -> dict[str, str | int | None]:
    if entry.document_id is not None:
        get_object_or_404(library.documents(member.organisation), pk=entry.document_id)
    return {
        "text": html.clean(entry.text),
        "cause": entry.cause,
        "nature": entry.nature,
        "document_id": entry.document_id,
        "link": entry.link,
    }


def _store(explanation: Explanation, claims: Claims) -> None:
    explanation.claims.exclude(line__in=claims).delete()
    Claim.objects.bulk_create(
        [Claim(explanation=explanation, line_id=key, amount=amount) for key, amount in claims.items()],
        update_conflicts=True,
        unique_fields=["explanation", "line"],
        update_fields=["amount"],
    )


def _shown(table: Table, entry: ExplanationInput) -> Shown:
    documents = library.documents(table.organisation)
    document = documents.filter(pk=entry.document_id).first() if entry.document_id else None
    covered = [
        f"{line}: {'de rest' if entry.claims[line.pk] is None else shown('amount', entry.claims[line.pk])}"
        for line in table.lines.filter(pk__in=entry.claims)
    ]
    return [
        ("toelichting", shown("explanation", html.clean(entry.text))),
        ("verklaart", "; ".join(covered) or "niets"),
        ("oorzaak", entry.cause),
        ("aard", Nature(entry.nature).label if entry.nature else ""),
        ("bron", str(document or "")),
        ("link", entry.link),
    ]


def _logged(explanation: Explanation, lines: Mapping[int, Line]) -> dict[str, Any]:
    """What the log says of it: ids and amounts, no words."""
    amounts = {str(row.line_id): shown("amount", row.amount) for row in explanation.claims.all()}
    return {
        "table": explanation.table_id,
        "explanation": explanation.pk,
        "lines": sorted(lines),
        "amounts": amounts,
    }
