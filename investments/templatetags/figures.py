"""Amounts in templates, written as people read them."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import amounts, statements
from ..judging import Verdict
from ..statements import Cell

register = template.Library()
SHORT = {Verdict.ROUNDING: "afronding", Verdict.BROKEN: "telt niet op"}
EXACT = format_html(
    '<span class="verdict verdict--exact verdict--small" title="{0}"><span class="visually-hidden">{0}</span></span>',
    Verdict.EXACT.label,
)


@register.filter
def euros(amount: Decimal | None) -> str:
    """A Decimal in euros as "1.234,50"; nothing for None."""
    return amounts.euros(amounts.to_cents(amount)) if isinstance(amount, Decimal) else ""


@register.filter
def cents(amount: int | None) -> str:
    """Whole cents as euros: "1.234,50"; nothing for None."""
    return "" if amount is None else amounts.euros(amount)


@register.filter
def percent(value: Decimal | None) -> str:
    """A percentage as short as it can be: "2,5%"."""
    return "" if value is None else f"{value.normalize():f}%".replace(".", ",")


@register.filter
def favourable(result: Decimal | int | None) -> bool | None:
    """Whether a result is a voordeel (domain rule 3); None for zero and for what is not computed yet."""
    return result > 0 if result else None


@register.filter
def share(percentage: int | None) -> str:
    """Whole percents as printed, "n.v.t." for None."""
    return statements.share(percentage)


@register.filter
def verdict_mark(cell: Cell, proof: str) -> SafeString:
    """A tick beside a printed sum that is exact, a word that leads to its proof beside any other, or nothing."""
    if cell.judgement is None:
        return SafeString()
    verdict = cell.judgement.verdict
    if verdict == Verdict.EXACT:
        return EXACT
    return format_html(
        '<a class="verdict verdict--{} verdict--small" href="{}#{}" title="Toon de optelling">{}</a>',
        verdict.value,
        proof,
        cell.judgement.anchor,
        SHORT[verdict],
    )


@register.filter
def grouped(whole: int) -> str:
    """A whole number with Dutch thousands separators."""
    return amounts.grouped(whole)
