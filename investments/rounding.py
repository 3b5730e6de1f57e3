"""The one rounding, at display: half away from zero, to the unit of the table (domain rules 1 and 2)."""

from .amounts import grouped

UNITS = (1, 1_000, 1_000_000)
ZERO = "-"


def rounded(cents: int, unit: int) -> int:
    """Whole units (euros, thousands, ...) nearest to the amount in cents; halves go away from zero."""
    step = unit * 100
    magnitude = (2 * abs(cents) + step) // (2 * step)
    return magnitude if cents >= 0 else -magnitude


def printed(cents: int, unit: int, zero: str = ZERO) -> str:
    """The cell as the table prints it; whatever rounds to zero prints as `zero`, a dash by default (domain rule 6)."""
    units = rounded(cents, unit)
    return grouped(units) if units else zero


def unit_note(unit: int) -> str:
    """The table's own line on its unit: "(bedrag x € 1.000)"."""
    return f"(bedrag x € {grouped(unit)})"
