"""Rows and columns as people name them: "4 t/m 9; -12" and "B; C; -D"."""

import re
from collections.abc import Mapping, Sequence

from .layout import column_name

Terms = tuple[tuple[int, int], ...]
_ROWS = re.compile(r"(?P<sign>[-−–]?)\s*(?P<first>[0-9]{1,7})(?:\s*t/m\s*(?P<last>[0-9]{1,7}))?", re.IGNORECASE)
_COLUMN = re.compile(r"(?P<sign>[-−–]?)\s*(?P<name>[A-Za-z]{1,3})")


class PlaceError(ValueError):
    """Not places of this file; `str(error)` says in Dutch what to write."""


def read_rows(written: str, known: Sequence[int]) -> Terms:
    """Rows with +1 or -1; a range takes the lines that stand in it. Raises PlaceError."""
    found: dict[int, int] = {}
    for part in _parts(written):
        match = _ROWS.fullmatch(part)
        if match is None:
            raise PlaceError(f"“{part}” noemt geen rij. Schrijf bijvoorbeeld 4 t/m 9; -12.")
        first, sign = int(match["first"]), -1 if match["sign"] else 1
        last = int(match["last"] or first)
        rows = [row for row in known if first <= row <= last]
        if not rows:
            raise PlaceError(f"In rij {part.lstrip('-−– ')} staat geen regel.")
        found |= dict.fromkeys(rows, sign)
    return tuple(found.items())


def written_rows(members: Terms, known: Sequence[int]) -> str:
    """Rows as `read_rows` takes them; neighbours with one sign become a range."""
    signs = dict(members)
    runs: list[list[int]] = []
    for before, row in zip([0, *known], known, strict=False):
        if row in signs:
            joins = bool(runs) and runs[-1][-1] == before and signs[before] == signs[row]
            runs[-1].append(row) if joins else runs.append([row])
    return "; ".join(_written(run, signs[run[0]]) for run in runs)


def _written(run: Sequence[int], sign: int) -> str:
    rows = f"{run[0]} t/m {run[-1]}" if len(run) > 1 else f"{run[0]}"
    return f"-{rows}" if sign < 0 else rows


def read_columns(written: str, known: Mapping[str, int]) -> Terms:
    """Columns with +1 or -1; `known` are their places by letter. Raises PlaceError."""
    found: dict[int, int] = {}
    for part in _parts(written):
        match = _COLUMN.fullmatch(part)
        if match is None or match["name"].upper() not in known:
            raise PlaceError(f"“{part}” is geen kolom van dit bestand. Schrijf bijvoorbeeld B; C; -D.")
        found[known[match["name"].upper()]] = -1 if match["sign"] else 1
    return tuple(found.items())


def written_columns(terms: Terms) -> str:
    return "; ".join(("-" if sign < 0 else "") + column_name(place) for place, sign in terms)


def _parts(written: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;,]", written) if part.strip()]
