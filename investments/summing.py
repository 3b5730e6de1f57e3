"""Figures of all lines of a table at once, without pandas: for a preview, an export or a page that is printed.

`calculation` computes the same for what is stored; a test holds the two together.
"""

from collections.abc import Sequence

from . import variance
from .figures import Figures, LineFigures, flattened

AMOUNTS = ("original", "amendments", "actual")


def figures_of(lines: Sequence[LineFigures]) -> dict[int, Figures]:
    """Figures by line key, in cents (domain rules 2, 3 and 5). Raises CircularTotal."""
    by_key = {line.key: line for line in lines}
    plain = {line.key: _plain(line) for line in lines if not line.is_total}
    return {line.key: _added([(plain[key], sign) for key, sign in flattened(line, by_key)]) for line in lines}


def _plain(line: LineFigures) -> dict[str, int]:
    amounts = {"original": line.original, "amendments": line.amendments, "actual": line.actual or 0}
    amended = variance.amended(line.original, line.amendments)
    sign = variance.SIGNS[variance.Direction(line.direction)]
    return amounts | {"amended": amended, "result": variance.result(amended, amounts["actual"], sign)}


def _added(parts: Sequence[tuple[dict[str, int], int]]) -> Figures:
    """Signed sums, but for the result: favourable is favourable whichever way a line is counted."""
    sums = {name: sum(part[name] * sign for part, sign in parts) for name in (*AMOUNTS, "amended")}
    result = sum(part["result"] for part, _ in parts)
    return Figures(**sums, result=result, percentage=variance.percentage(result, sums["amended"]))
