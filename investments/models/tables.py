"""Tables of figures: their lines, cells and what totals count."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation, Team
from library.models import FIRST_YEAR, LAST_YEAR

from ..checks import Quote, quote
from ..columns import BUDGET, DEVIATES, Column, TableKind, columns_for, with_needed
from ..fields import AmountField
from ..figures import LineKind
from ..rounding import UNITS, unit_note
from ..styles import PrintStyle
from ..variance import Direction, reported

if TYPE_CHECKING:
    from .explanations import Claim


class Table(models.Model):
    """A table of figures of one organisation and fiscal year; reports show it.

    `columns` holds `Column.as_data()`; empty means those of the kind. `style` holds `PrintStyle.as_data()` without its
    unit. What closed in `previous_table` must open here, and `carried` says by column of this table from which of that
    one its amounts come. `quotes` holds `Quote.as_data()`. `version` covers all but the lines.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="tables")
    year = models.PositiveSmallIntegerField(
        "boekjaar", validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
    )
    title = models.CharField("titel", max_length=200)
    kind = models.CharField("soort", max_length=20, choices=TableKind, default=TableKind.INVESTMENTS)
    unit = models.PositiveIntegerField(
        "afdrukken in", choices=[(unit, unit_note(unit)) for unit in UNITS], default=1000
    )
    columns = models.JSONField("kolommen", default=list, blank=True)
    style = models.JSONField("opmaak", default=dict, blank=True)
    previous_table = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="next_tables",
        verbose_name="tabel van vorig jaar",
    )
    carried = models.JSONField("uit de tabel van vorig jaar", default=dict, blank=True)
    quotes = models.JSONField("uitspraken in de tekst", default=list, blank=True)
    prints_months = models.BooleanField("verloop per maand afdrukken", default=False)
    explanation = models.TextField("toelichting", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["-year", "title"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "year", "title"],
                name="table_once",
                violation_error_message="Er is al een tabel met deze titel in dit jaar.",
            ),
            models.CheckConstraint(condition=models.Q(unit__in=UNITS), name="table_unit_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"

    @property
    def printed_columns(self) -> tuple[Column, ...]:
        return columns_for(self.kind, self.columns, self.year)

    @property
    def has_budget(self) -> bool:
        """Whether its lines have a budget or actual, and so a deviation to compute."""
        return any(column.key in BUDGET for column in with_needed(self.printed_columns, self.year))

    @property
    def shows_deviations(self) -> bool:
        """Whether what its lines deviate is printed, and so asks for an explanation (domain rule 8)."""
        return any(column.key in DEVIATES for column in self.printed_columns)

    @property
    def quoted(self) -> tuple[Quote, ...]:
        """What texts say of the table."""
        return tuple(quote(data) for data in self.quotes)

    @property
    def own_columns(self) -> tuple[Column, ...]:
        """Columns of the table's own that are no sum: people type in them, or last year's table fills them."""
        return tuple(column for column in self.printed_columns if column.is_typed)

    @property
    def carries(self) -> dict[str, tuple[Column, str]]:
        """Columns that the table of last year fills, by key, each with the key of its column there."""
        if self.previous_table_id is None:
            return {}
        return {
            column.key: (column, self.carried[column.key])
            for column in self.own_columns
            if column.is_amount and column.key in self.carried
        }

    @property
    def typed_columns(self) -> tuple[Column, ...]:
        """Columns of the table's own in which people type."""
        return tuple(column for column in self.own_columns if column.key not in self.carries)

    @property
    def print_style(self) -> PrintStyle:
        return PrintStyle(**{**self.style, "unit": self.unit})


class Line(models.Model):
    """One line: euros and cents as entered, expense and income both positive (domain rule 3).

    A total has members instead of amounts. `version` covers label, owner, direction, amounts and members.
    Why it deviates stands in explanations, which others write at the same time.
    """

    table = models.ForeignKey(Table, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField()
    label = models.CharField("omschrijving", max_length=200)
    kind = models.CharField("soort", max_length=12, choices=LineKind, default=LineKind.LINE)
    direction = models.CharField("richting", max_length=10, choices=Direction, default=Direction.EXPENSE)
    owner_team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="lines", verbose_name="team"
    )
    original = AmountField("begroot", default=0)
    actual = AmountField("rekening", null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    # What `queries` read with the line: what a total counts, what stands in it, what it is explained by, whether rules
    # count postings in it, and their sum, debit positive.
    read_members: "list[TotalMember]"
    read_cells: "list[Cell]"
    read_claims: "list[Claim]"
    is_from_ledger: bool = False
    ledger_total: Decimal | None = None
    # By column the cents that last year's table fills it with, None where it has nothing for this line.
    carried: Mapping[str, int | None] = MappingProxyType({})

    class Meta:
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=LineKind.values), name="line_kind_known"),
            models.CheckConstraint(condition=models.Q(direction__in=Direction.values), name="line_direction_known"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[LineKind.LINE, LineKind.INFORMATION])
                | models.Q(original=0, actual__isnull=True),
                name="line_total_without_amounts",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_total(self) -> bool:
        return self.kind == LineKind.TOTAL

    @property
    def is_heading(self) -> bool:
        return self.kind == LineKind.HEADING

    @property
    def counts(self) -> bool:
        """Whether a total may count it: what is there for information stands outside every total."""
        return self.kind in (LineKind.LINE, LineKind.TOTAL)

    @property
    def reported_actual(self) -> Decimal | None:
        """What the ledger says where rules count postings in the line, else what was entered (domain rule 10)."""
        return reported(self.actual, self.ledger_total, self.direction, is_posted=self.is_from_ledger)

    @property
    def has_amounts(self) -> bool:
        """Whether people type amounts in it: not in totals and headings."""
        return self.kind in (LineKind.LINE, LineKind.INFORMATION)


class Cell(models.Model):
    """What stands in a column of the table's own, or what the source stated where the portal computes.

    An amount in euros or words, by the kind of the column; an empty cell has no row. The line's version covers it.
    """

    line = models.ForeignKey(Line, models.CASCADE, related_name="cells")
    column = models.CharField(max_length=40)
    amount = AmountField(null=True)
    text = models.CharField(max_length=300, blank=True)
    is_stated = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["line", "column"], name="cell_once")]

    def __str__(self) -> str:
        return f"{self.line_id} {self.column}"


class TotalMember(models.Model):
    """A line that counts in a total, as +1 or -1 (domain rule 5)."""

    total = models.ForeignKey(Line, models.CASCADE, related_name="members")
    line = models.ForeignKey(Line, models.RESTRICT, related_name="counted_in")
    sign = models.SmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["total", "line"], name="member_once"),
            models.CheckConstraint(condition=models.Q(sign__in=[1, -1]), name="member_sign"),
            models.CheckConstraint(condition=~models.Q(total=models.F("line")), name="member_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.sign:+d} {self.line_id} in {self.total_id}"
