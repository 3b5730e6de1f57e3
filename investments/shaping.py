"""The form in which a table gets its columns and its look."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.http import QueryDict
from django.utils.text import slugify

from .columns import BUDGET, MARK, SHARE, Column, ColumnKind, with_needed
from .forms import VersionedForm
from .models import Table
from .rounding import UNITS, unit_note
from .styles import Marks, PrintStyle, Zero

MOST_COLUMNS = 24
AMOUNT, UNKNOWN, TEXT, SUM = "amount", "unknown", "text", "sum"
SORTS = [
    (AMOUNT, "bedragen"),
    (UNKNOWN, "bedragen; leeg is onbekend"),
    (TEXT, "woorden"),
    (SUM, "som van andere kolommen"),
    ("original", "begroting"),
    ("amendments", "begrotingswijzigingen"),
    ("amended", "begroting na wijzigingen"),
    ("actual", "rekening"),
    ("result", "resultaat"),
    (SHARE, "resultaat in procenten"),
    (MARK, "V of N"),
]
SIGNS = [(1, "positief"), (-1, "negatief")]


class StyleForm(VersionedForm):
    """How the table prints; the unit stands in the settings."""

    zero = forms.ChoiceField(label="Nul wordt gedrukt als", choices=Zero.choices, required=False)
    hide_empty = forms.BooleanField(label="Lege regels weglaten", required=False)
    expense_sign = forms.TypedChoiceField(label="Lasten", choices=SIGNS, coerce=int)
    income_sign = forms.TypedChoiceField(label="Baten en saldi", choices=SIGNS, coerce=int)
    reversed_result = forms.BooleanField(label="Afwijking als rekening min begroting", required=False)
    marks = forms.ChoiceField(label="Voordeel en nadeel", choices=Marks.choices)
    zero_mark = forms.ChoiceField(
        label="Achter een afwijking van nul", choices=[("", "niets"), ("V", "V"), ("N", "N")], required=False
    )
    resolution = forms.TypedChoiceField(
        label="De cijfers zijn aangeleverd",
        choices=[(unit, "op de euro" if unit == 1 else f"afgerond {unit_note(unit)}") for unit in UNITS],
        coerce=int,
        help_text="Bepaalt wat als afrondingsverschil geldt.",
    )
    prints_months = forms.BooleanField(
        label="Het verloop per maand afdrukken",
        required=False,
        help_text="Van de regels die uit het grootboek komen, als grafiek bij de tabel in het rapport.",
    )

    def __init__(self, data: QueryDict | None, table: Table) -> None:
        style = table.print_style
        initial = {name: getattr(style, name) for name in self.base_fields if hasattr(style, name)}
        more = {"version": table.version, "prints_months": table.prints_months}
        super().__init__(data, initial={**initial, **more})

    def style(self, table: Table) -> PrintStyle:
        chosen = {name: value for name, value in self.cleaned_data.items() if name not in ("version", "prints_months")}
        return replace(table.print_style, **chosen)


class ColumnForm(forms.Form):
    """One column. Sums name other columns by their heading."""

    key = forms.CharField(required=False, widget=forms.HiddenInput)
    label = forms.CharField(
        label="Opschrift",
        max_length=120,
        error_messages={"required": "Geef de kolom een opschrift, of verwijder deze rij."},
    )
    sort = forms.ChoiceField(label="Wat erin staat", choices=SORTS)
    plus = forms.CharField(label="Telt op", required=False)
    minus = forms.CharField(label="Trekt af", required=False)
    carried = forms.ChoiceField(label="De bedragen", required=False)

    def __init__(self, *args: Any, last_year: Table | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if last_year is None:
            del self.fields["carried"]
            return
        columns = [(item.key, f"uit {last_year}: {item.label}") for item in carriable(last_year)]
        self.fields["carried"].choices = [("", "worden hier getypt of berekend"), *columns]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        entry = super().clean() or {}
        if entry.get("carried") and entry.get("sort") not in (AMOUNT, UNKNOWN):
            self.add_error("carried", "Alleen een kolom met bedragen kan uit de tabel van vorig jaar komen.")
        return entry

    @property
    def changed_data(self) -> list[str]:
        """A row counts as filled by what it holds, not by its place or by the first choice of a list."""
        return [name for name in super().changed_data if name not in ("ORDER", "DELETE", "sort", "carried")]


class Columns(BaseFormSet):
    """The columns in their order; an emptied row is gone, one extra row waits to be filled."""

    default_error_messages: ClassVar = {
        "missing_management_form": "De kolommen zijn niet meegestuurd. Laad de pagina opnieuw.",
        "too_many_forms": f"Er passen ten hoogste {MOST_COLUMNS} kolommen in een tabel.",
    }

    def initial_form_count(self) -> int:
        return 0 if self.is_bound else super().initial_form_count()

    def clean(self) -> None:
        """Say at its field which column a sum names in vain."""
        if any(self.errors) or self.non_form_errors():
            return
        named = {form.cleaned_data["label"].casefold() for form in self.ordered_forms}
        for form in self.ordered_forms:
            for field in ("plus", "minus"):
                for name in _names(form.cleaned_data[field]):
                    if name.casefold() not in named:
                        form.add_error(field, f"Er is geen kolom “{name}”.")

    def columns(self) -> tuple[Column, ...]:
        """The columns as entered; `columns.check` judges whether they can stand together."""
        rows = [form.cleaned_data for form in self.ordered_forms]
        taken: set[str] = set()
        keys = {row["label"].casefold(): _key(row, taken) for row in rows}
        return tuple(_column(row, keys) for row in rows)

    def carried(self, table: Table) -> dict[str, str]:
        """By column of the table the one of last year's table that fills it; without such a table, what was chosen."""
        if table.previous_table is None:
            return dict(table.carried)
        rows = [form.cleaned_data for form in self.ordered_forms]
        return {column.key: row["carried"] for column, row in zip(self.columns(), rows, strict=True) if row["carried"]}


ColumnRows = cast(
    "type[Columns]",
    formset_factory(
        ColumnForm, formset=Columns, extra=1, max_num=MOST_COLUMNS, validate_max=True, can_order=True, can_delete=True
    ),
)


def column_rows(data: QueryDict | None, table: Table) -> Columns:
    """The columns of a table to change; years stand in the labels as they are printed."""
    columns = table.printed_columns
    labels = {column.key: column.label for column in columns}
    rows = [{**dict(_initial(column, labels)), "carried": table.carried.get(column.key, "")} for column in columns]
    return ColumnRows(
        data,
        initial=rows if data is None else None,
        prefix="columns",
        form_kwargs={"last_year": table.previous_table},
    )


def carriable(table: Table) -> tuple[Column, ...]:
    """Columns of a table that may fill one of the next year: all amounts that it has."""
    return tuple(item for item in with_needed(table.printed_columns, table.year) if item.is_amount)


def _initial(column: Column, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "key", column.key
    yield "label", column.label
    yield "sort", _sort(column)
    for name, sign in (("plus", 1), ("minus", -1)):
        yield name, "; ".join(labels.get(key, key) for key, found in column.terms if found == sign)


def _sort(column: Column) -> str:
    if column.key in (*BUDGET, SHARE, MARK):
        return column.key
    return SUM if column.terms else TEXT if column.is_text else UNKNOWN if column.unknown else AMOUNT


def _key(row: Mapping[str, Any], taken: set[str]) -> str:
    """The key that a column keeps, or one after its first heading."""
    if row["sort"] in (*BUDGET, SHARE, MARK):
        return str(row["sort"])
    own = str(row["key"]) if row["key"] not in (*BUDGET, SHARE, MARK) else ""
    key = own or slugify(row["label"]).replace("-", "_")[:30] or "kolom"
    while key in taken or (not own and key in (*BUDGET, SHARE, MARK)):
        key += "_"
    taken.add(key)
    return key


def _column(row: Mapping[str, Any], keys: Mapping[str, str]) -> Column:
    sort = row["sort"]
    terms = tuple(
        (keys[name.casefold()], sign)
        for field, sign in (("plus", 1), ("minus", -1))
        for name in _names(row[field])
        if sort == SUM
    )
    kind = ColumnKind.TEXT if sort == TEXT else ColumnKind.AMOUNT
    return Column(keys[row["label"].casefold()], row["label"], kind, terms, unknown=sort == UNKNOWN)


def _names(written: str) -> list[str]:
    return [name.strip() for name in written.split(";") if name.strip()]
