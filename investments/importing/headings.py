"""What the words above a column say about it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

OWN, TEXT, LEFT_OUT = "own", "text", ""
"""A column of the table's own with amounts or words, or none of the table's at all."""

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_CUMULATIVE = re.compile(r"t/m|tot en met|cumulatief|31-12|ultimo", re.IGNORECASE)
_BUDGET = (
    ("mark", r"v\s*/\s*n|voordeel\s*/\s*nadeel"),
    (
        "amended",
        r"\bna\s+(begrotings)?wijziging|bijgestel|actuele? begroting|gewijzigd|incl\w*\.?\s+wijziging|\bactueel",
    ),
    ("amendments", r"wijziging(en)?|mutaties? begroting|bijstelling"),
    ("original", r"primiti|primair|oorspronkelijk|vastgestelde begroting"),
    ("actual", r"rekening|realisatie|gerealiseerd|werkelijk|besteed|uitgegeven|uitgaven"),
    ("result", r"verschil|afwijking|resultaat|restant|\bsaldo\b|\brest\b"),
    ("budget", r"begroot|begroting|krediet|\braming|budget"),
)
_PLANNED = ("original", "amendments", "amended", "budget")
_SUMS = re.compile(r"saldo|restant|\brest|verschil|totaal|resultaat|eind|ultimo|31-12|\bvrij|\bstand", re.IGNORECASE)
_TAKEN_AWAY = re.compile(
    r"onttrek|vrijval|aanwend|verminder|lasten|afschrijv|desinvest|bijdrage|aflossing|besteed|realisatie|bestemd",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Heading:
    """`use` is what the words stand for: a column of the budget, "budget" for one without a phase, or OWN."""

    use: str
    years: frozenset[int]
    is_cumulative: bool

    def is_about(self, year: int) -> bool:
        return not self.years or year in self.years


def recognise(words: str) -> Heading:
    """What a heading says, whatever the table around it."""
    found = next((use for use, pattern in _BUDGET if re.search(pattern, words, re.IGNORECASE)), OWN)
    years = frozenset(int(year) for year in _YEAR.findall(words))
    return Heading(found, years, bool(_CUMULATIVE.search(words)))


def year_of(above: Iterable[str], captions: Iterable[str] = ()) -> int | None:
    """The fiscal year that the words above the columns are about, else those above the table; None when in doubt.

    It is the last year with a budget and an actual; of columns that are neither, as on a balance sheet, the last.
    """
    found = [recognise(words) for words in above]
    budgets = {year for item in found if item.use in _PLANNED for year in item.years}
    actuals = {year for item in found if item.use == "actual" for year in item.years}
    others = {year for item in found for year in item.years}
    if budgets and actuals:
        return max(budgets & actuals, default=None)
    if budgets:
        return budgets.pop() if len(budgets) == 1 else None
    years = actuals or others or {int(year) for words in captions for year in _YEAR.findall(words)}
    return max(years, default=None)


def may_be_sum(words: str) -> bool:
    """Whether a column with this heading is likely to follow from the columns before it."""
    return bool(_SUMS.search(words))


def usual_sign(words: str) -> int:
    """Which way a column with this heading is counted when the figures do not tell."""
    return -1 if _TAKEN_AWAY.search(words) else 1


_UNITS = (
    (1_000_000, r"x\s*€?\s*(1\s+miljoen|1\.000\.000|1\s*mln)|in\s+miljoenen|€\s*(miljoen|mln)"),
    (1_000, r"x\s*€?\s*1[.\s]?000|in\s+duizenden|duizend\s+euro|€\s*1\.000\b|x\s*duizend"),
    (1, r"x\s*€\s*1\b(?![.\s]?000)|in\s+(hele\s+)?euro|in\s+€|€\s*1\b(?![.\s]?000)"),
)


def unit_of(caption: str) -> int | None:
    """The unit that a caption states, in euros."""
    return next((unit for unit, pattern in _UNITS if re.search(pattern, caption, re.IGNORECASE)), None)


_TOTAL = re.compile(r"totaal|totalen|saldo|resultaat|^(lasten|baten)\b|\bsom\b|^per saldo", re.IGNORECASE)
_INCOME = re.compile(
    r"\bbaten\b|opbrengst|inkomsten|onttrek|ontvangst|uitkering|heffing|\bbate\b|dividend", re.IGNORECASE
)
_EXPENSE = re.compile(r"\blasten\b|uitgaven|storting|toevoeging|kosten|\blast\b", re.IGNORECASE)


def may_be_total(label: str) -> bool:
    return not label or bool(_TOTAL.search(label))


def says_income(label: str) -> bool:
    """Whether the words name income: then less is unfavourable."""
    return bool(_INCOME.search(label)) and not _EXPENSE.search(label)


def says_expense(label: str) -> bool:
    return bool(_EXPENSE.search(label)) and not _INCOME.search(label)
