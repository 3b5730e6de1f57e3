"""The columns of a table: what stands in each, and which a kind of table has unless it says otherwise."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices

from .variance import Direction

BUDGET = ("original", "amendments", "amended", "actual", "result")
"""Columns of the budget line itself, in euros: computed by `calculation`, explained when they deviate (rule 3)."""
SHARE, MARK = "percentage", "mark"
"""The result as a percentage and as V or N, each in a column of its own."""


DEVIATES = ("result", SHARE, MARK)
"""Columns that show a deviation. A credit over several years has none: what is left of it goes on."""

FOLLOWS = {
    "amended": ("original", "amendments"),
    "result": ("amended", "actual"),
    SHARE: ("result",),
    MARK: ("result",),
}
"""What a column of the budget is computed from."""


class ColumnKind(TextChoices):
    AMOUNT = "amount", "bedrag"
    TEXT = "text", "tekst"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    `terms` are (key of a column, +1 or -1): then the column is their sum and nobody types in it. Any other column with
    a key outside `BUDGET` is typed. `unknown`: an empty cell is not zero but not known, nor is what follows from it.
    """

    key: str
    label: str
    kind: str = ColumnKind.AMOUNT
    terms: tuple[tuple[str, int], ...] = ()
    unknown: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether its cells are the table's own, typed or imported."""
        return not self.terms and self.key not in (*BUDGET, SHARE, MARK)

    @property
    def is_computed(self) -> bool:
        """Whether the portal makes the amounts in it, also of a plain line."""
        return bool(self.terms) or self.key in ("amendments", "amended", "result")

    @property
    def is_amount(self) -> bool:
        return self.kind == ColumnKind.AMOUNT and self.key not in (SHARE, MARK)

    @property
    def heading(self) -> str:
        """The label as it stands above a column."""
        return self.label[:1].upper() + self.label[1:]

    @property
    def is_text(self) -> bool:
        return self.kind == ColumnKind.TEXT

    def as_data(self) -> dict[str, Any]:
        """Plain values for JSON, without what is as usual."""
        usual = Column("", "")
        return {name: value for name, value in asdict(self).items() if value != getattr(usual, name)}


class TableKind(TextChoices):
    INVESTMENTS = "investments", "investeringen"
    CREDITS = "credits", "meerjarige kredieten"
    INCOME_EXPENSE = "income_expense", "baten en lasten"
    PROGRAMMES = "programmes", "baten en lasten per programma"
    RESERVES = "reserves", "reserves"
    PROVISIONS = "provisions", "voorzieningen"
    FIXED_ASSETS = "fixed_assets", "vaste activa"
    BALANCE_SHEET = "balance_sheet", "balans"
    FREE = "free", "vrije tabel"


ORIGINAL = Column("original", "begroot {year}")
AMENDMENTS = Column("amendments", "wijziging {year}")
AMENDED = Column("amended", "begroot na wijzigingen {year}")
ACTUAL = Column("actual", "rekening {year}")
RESULT = Column("result", "resultaat {year}")
FIVE = (ORIGINAL, AMENDMENTS, AMENDED, ACTUAL, RESULT)

PROGRAMMES = tuple(
    column
    for key, label in (("original", "begroot"), ("amended", "na wijziging"), ("actual", "rekening"))
    for column in (
        Column(f"expense_{key}", f"lasten {label} {{year}}"),
        Column(f"income_{key}", f"baten {label} {{year}}"),
        Column(f"balance_{key}", f"saldo {label} {{year}}", terms=((f"income_{key}", 1), (f"expense_{key}", -1))),
    )
)
"""Expense, income and their balance of one programme a line, in the budget, the amended budget and the accounts."""

DEFAULTS: Mapping[str, tuple[Column, ...]] = {
    TableKind.INVESTMENTS: FIVE,
    TableKind.INCOME_EXPENSE: FIVE,
    TableKind.PROGRAMMES: PROGRAMMES,
    TableKind.CREDITS: (
        Column("amended", "krediet"),
        Column("spent_before", "besteed t/m {year-1}"),
        Column("actual", "besteed {year}"),
        Column("remainder", "restant", terms=(("amended", 1), ("spent_before", -1), ("actual", -1))),
        Column("carried_over", "over naar {year+1}"),
        Column("status", "stand", kind=ColumnKind.TEXT),
    ),
    TableKind.RESERVES: (
        Column("opening", "saldo 1-1-{year}"),
        Column("additions", "toevoegingen", unknown=True),
        Column("withdrawals", "onttrekkingen", unknown=True),
        Column("closing", "saldo 31-12-{year}", terms=(("opening", 1), ("additions", 1), ("withdrawals", -1))),
        Column("committed", "waarvan bestemd"),
        Column("free", "vrij besteedbaar", terms=(("closing", 1), ("committed", -1))),
    ),
    TableKind.PROVISIONS: (
        Column("opening", "saldo 1-1-{year}"),
        Column("additions", "toevoegingen", unknown=True),
        Column("releases", "vrijval", unknown=True),
        Column("uses", "aanwending", unknown=True),
        Column(
            "closing",
            "saldo 31-12-{year}",
            terms=(("opening", 1), ("additions", 1), ("releases", -1), ("uses", -1)),
        ),
    ),
    TableKind.FIXED_ASSETS: (
        Column("opening", "boekwaarde 1-1-{year}"),
        Column("acquisitions", "investeringen"),
        Column("disposals", "desinvesteringen"),
        Column("contributions", "bijdragen van derden"),
        Column("depreciation", "afschrijvingen"),
        Column(
            "closing",
            "boekwaarde 31-12-{year}",
            terms=(
                ("opening", 1),
                ("acquisitions", 1),
                ("disposals", -1),
                ("contributions", -1),
                ("depreciation", -1),
            ),
        ),
    ),
    TableKind.BALANCE_SHEET: (Column("closing", "31-12-{year}"), Column("opening", "31-12-{year-1}")),
    TableKind.FREE: (Column("amount", "bedrag"),),
}


DIRECTIONS: Mapping[str, tuple[Direction, ...]] = {
    TableKind.INVESTMENTS: (Direction.CREDIT, Direction.EXPENSE, Direction.INCOME),
    TableKind.CREDITS: (Direction.CREDIT, Direction.EXPENSE, Direction.INCOME),
    TableKind.FIXED_ASSETS: (Direction.ASSET,),
    TableKind.BALANCE_SHEET: (Direction.ASSET, Direction.LIABILITY),
}


def directions_of(kind: str) -> tuple[Direction, ...]:
    """Which way lines of this kind of table may go, the usual one first."""
    return DIRECTIONS.get(kind, (Direction.EXPENSE, Direction.INCOME, Direction.CREDIT))


BUDGETED = tuple(kind for kind, columns in DEFAULTS.items() if any(column.key in BUDGET for column in columns))
"""Kinds whose lines are compared with a budget."""


def columns_for(kind: str, stored: Iterable[Mapping[str, Any]], year: int) -> tuple[Column, ...]:
    """The table's own columns, or those of its kind when it names none; years stand in their labels."""
    chosen = tuple(column(data) for data in stored) or DEFAULTS[kind]
    return tuple(_with_year(item, year) for item in chosen)


def column(data: Mapping[str, Any]) -> Column:
    """The column that `as_data` (or its JSON) came from."""
    terms = tuple((key, sign) for key, sign in data.get("terms", ()))
    return Column(**{**data, "terms": terms})


def _with_year(item: Column, year: int) -> Column:
    label = item.label
    for written, shown in (("{year-1}", year - 1), ("{year}", year), ("{year+1}", year + 1)):
        label = label.replace(written, str(shown))
    return Column(item.key, label, item.kind, item.terms, item.unknown)


def with_needed(columns: Iterable[Column], year: int) -> tuple[Column, ...]:
    """The columns, and before each those of the budget that it follows from, so that people can type what it needs."""
    budget = {item.key: _with_year(item, year) for item in FIVE}
    chosen = {item.key: item for item in columns}
    order: dict[str, Column] = {}

    def add(key: str) -> None:
        item = chosen.get(key) or budget.get(key)
        if item is None or key in order:
            return
        for needed in FOLLOWS.get(key, tuple(term for term, _ in item.terms)):
            if needed not in chosen:
                add(needed)
        order[key] = item

    for item in chosen.values():
        add(item.key)
    return tuple(order.values())


class ColumnError(ValueError):
    """Columns that cannot stand together; `str(error)` says in Dutch what is wrong."""


def check(columns: Iterable[Column]) -> None:
    """Raise ColumnError for a key that stands twice, a sum of what is not an amount, or sums that go in a circle."""
    by_key: dict[str, Column] = {}
    for item in columns:
        if item.key in by_key:
            raise ColumnError(f"De kolom “{item.label}” staat er twee keer in.")
        by_key[item.key] = item
    for item in by_key.values():
        _follow(item, by_key, ())


def _follow(item: Column, by_key: Mapping[str, Column], above: tuple[str, ...]) -> None:
    if item.key in above:
        raise ColumnError(f"De kolom “{item.label}” telt zichzelf mee.")
    for key, _ in item.terms:
        found = by_key.get(key)
        if found is None and key in BUDGET:
            continue
        if found is None or not found.is_amount:
            raise ColumnError(f"De kolom “{item.label}” telt een kolom op die er niet is of geen bedragen bevat.")
        _follow(found, by_key, (*above, item.key))
