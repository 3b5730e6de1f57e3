"""What the commands for tables have in common: in whose name, which table, and a report of what a file does."""

from typing import Any

from django.core.management import CommandError

from accounts.members import Member, member_of
from accounts.models import Membership, Organisation
from accounts.roles import Role
from investments import queries
from investments.actions import Preview
from investments.models import Table


def organisation_of(slug: str) -> Organisation:
    """The organisation; CommandError that names the others when there is none by this address."""
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(f"There is no organisation {slug}; known are: {known or '(none)'}.")
    return found


def controller_of(slug: str) -> Member:
    """The controller in whose name figures come in; CommandError when there is none."""
    organisation = organisation_of(slug)
    rows = Membership.objects.filter(organisation=organisation, role=Role.CONTROLLER, user__is_active=True)
    first = rows.select_related("user").order_by("pk").first()
    member = member_of(first.user, slug) if first else None
    if member is None:
        raise CommandError(f"The organisation {slug} has no controller, and only a controller enters figures.")
    return member


def table_of(organisation: Organisation, year: int, title: str) -> Table | None:
    """The table of that year with this title, whatever its capitals."""
    return queries.tables(organisation).filter(year=year, title__iexact=title).first()


def missing(organisation: Organisation, year: int, title: str) -> CommandError:
    """What to say of a table that is not there: which there are."""
    known = ", ".join(queries.tables(organisation).filter(year=year).values_list("title", flat=True))
    return CommandError(f"{organisation} has no table “{title}” in {year}; it has: {known or '(none)'}.")


def told(preview: Preview, doubts: tuple[str, ...] = ()) -> dict[str, Any]:
    """What a file does, as plain values."""
    statement = preview.outcome.statement
    judgements = statement.judgements if statement else ()
    return {
        "lines": len(preview.draft.lines),
        "columns": [column.label for column in preview.draft.columns],
        "changes": [
            {"line": item.label, "field": item.field, "was": item.was, "becomes": item.becomes}
            for item in preview.outcome.differences
        ],
        "refused": [str(cell) for cell in preview.draft.refused],
        "problems": list(preview.outcome.problems),
        "doubts": list(doubts),
        "rounded_to_cents": preview.draft.rounded,
        "sums": {
            verdict: sum(item.verdict == verdict for item in judgements) for verdict in ("exact", "rounding", "broken")
        },
    }
