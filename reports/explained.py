"""How far the deviations in a report's tables are explained: of each table, and of all of them together."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from investments import explaining
from investments.coverage import Share, share
from investments.models import Table

from .models import Section


@dataclass(frozen=True)
class TableCoverage:
    """A table, the heading of the chapter that shows it first, and how many deviations wait for an explanation."""

    table: Table
    chapter: str
    share: Share
    open: int


@dataclass(frozen=True)
class ReportCoverage:
    """Tables in which something must be explained, those with the most unexplained first; `share` is of all of them."""

    share: Share
    tables: tuple[TableCoverage, ...]


def covered(tables: Collection[Table], placed: Iterable[tuple[str, Section]]) -> ReportCoverage:
    """Of those tables that these sections show, each once; a section comes with the heading of its chapter.

    At most four queries, none when no table is shown.
    """
    places: dict[int, str] = {}
    for heading, section in placed:
        if section.table_id is not None:
            places.setdefault(section.table_id, heading)
    shown = {table.pk: table for table in tables if table.pk in places}
    found = explaining.coverage(list(shown.values())) if shown else {}
    rows = [
        TableCoverage(shown[key], heading, share(found[key]), sum(item.is_open for item in found[key]))
        for key, heading in places.items()
        if found.get(key)
    ]
    # Sorting keeps the order of the report among tables that are as far.
    rows.sort(key=lambda row: row.share.explained - row.share.of)
    return ReportCoverage(share(item for items in found.values() for item in items), tuple(rows))
