"""Amounts as Dutch people write them, exactly: Decimal euros, never floats (domain rules 1, 6 and 7)."""

import re
from decimal import Decimal

LARGEST = Decimal("9999999999999.99")
MINUS = "-\u2012\u2013\u2014\u2212"
"""Hyphen, figure dash, en dash, em dash and minus sign: what keyboards, Word and Excel make of a minus."""


class AmountError(ValueError):
    """Not one amount; `str(error)` says in Dutch what is wrong and what to type."""


_DIGITS = r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[1-9][0-9]{0,2}(?: [0-9]{3})+)"
_AMOUNT = re.compile(rf"(?P<whole>{_DIGITS})(?:,(?P<cents>[0-9]{{1,2}}))?")
_WHOLE = re.compile(rf"(?P<whole>{_DIGITS}),[{MINUS}]{{1,2}}")
_TWO_READINGS = re.compile(r"[0-9]+\.[0-9]+|[0-9,]*[0-9],[0-9]{3}(?:\.[0-9]+)?|0[0-9]{0,2}(?:[. ][0-9]{3})+")


def parse(written: str) -> Decimal:
    """The amount in euros that was typed or pasted.

    Takes `1.234,56`, `€ 1.234`, `1 234`, `(1.234)`, `1.234-`, `−1.234`, `1.234,-`, `1,5`; a lone dash is zero. A dot is
    always a thousands separator and `1.234` is never 1,234: what has two readings raises AmountError, and so do two
    cells of a spreadsheet at once.
    """
    value = re.sub(r"[ \u00a0\u2009\u202f]+", " ", written.strip())
    if value and all(sign in MINUS for sign in value):
        return Decimal(0)
    negative, digits = _sign(value)
    amount = _magnitude(digits, written)
    if amount > LARGEST:
        raise AmountError("Dit bedrag is te groot.")
    return -amount if negative and amount else amount


def _sign(value: str) -> tuple[bool, str]:
    """Whether the amount is negative, and its digits without sign and euro sign."""
    bare = _without_euro(value)
    if bare.startswith("(") and bare.endswith(")"):
        return True, _without_euro(bare[1:-1].strip())
    if bare[:1] in MINUS:
        return True, _without_euro(bare[1:].strip())
    if bare[-1:] in MINUS and not bare[:-1].rstrip(MINUS).endswith(","):
        return True, _without_euro(bare[:-1].strip())
    return False, _without_euro(bare.removeprefix("+").strip())


def _without_euro(value: str) -> str:
    return value.removeprefix("€").removesuffix("€").strip()


def _magnitude(digits: str, written: str) -> Decimal:
    if match := _AMOUNT.fullmatch(digits) or _WHOLE.fullmatch(digits):
        whole = match["whole"].replace(".", "").replace(" ", "")
        return Decimal(f"{whole}.{match.groupdict().get('cents') or 0}")
    if _TWO_READINGS.fullmatch(digits):
        raise AmountError(
            f"“{written.strip()}” kan twee dingen betekenen. Schrijf duizendtallen met een punt en centen met "
            "een komma: 1.234,56."
        )
    raise AmountError(f"“{written.strip()}” is geen bedrag. Schrijf bijvoorbeeld 1.234,56 of -500.")


def to_cents(euros: Decimal) -> int:
    """Whole cents; raise AmountError when the amount has fractions of a cent."""
    cents = euros * 100
    if cents != cents.to_integral_value():
        raise AmountError("Een bedrag heeft ten hoogste twee decimalen.")
    return int(cents)


def from_cents(cents: int) -> Decimal:
    """Euros with two decimals."""
    return Decimal(cents).scaleb(-2)


def grouped(whole: int) -> str:
    """Digits with Dutch thousands separators and a hyphen for minus: -1234 is "-1.234"."""
    return f"{whole:,}".replace(",", ".")


def euros(cents: int) -> str:
    """Cents as a person reads or types them: 23200000 is "232.000", 150 is "1,50", 0 is "0"."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    return f"{sign}{grouped(whole)}" + (f",{rest:02d}" if rest else "")
