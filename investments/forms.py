"""Forms of figures: they read what was typed and lay out; what is allowed, actions decide."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts import queries as people
from accounts.errors import Conflict
from accounts.models import Team
from library.fields import RichTextField
from library.models import FIRST_YEAR, LAST_YEAR

from .actions import PREFIX, STATED, LineInput, statable_columns, stated_figures, typed_cells
from .amounts import AmountError, euros, parse, to_cents
from .checks import Quote
from .columns import Column, TableKind, directions_of, with_needed
from .figures import LineKind
from .models import Line, Table
from .rounding import UNITS, unit_note
from .variance import Direction

LONGEST_AMOUNT = 40
AMOUNTS = ("original", "actual")
LINE_KINDS = [
    (LineKind.LINE, "met bedragen"),
    (LineKind.INFORMATION, "ter informatie: telt in geen totaal mee"),
    (LineKind.HEADING, "kop: zonder bedragen"),
]
QUOTED = [(1, "de euro"), (1_000, "duizenden"), (100_000, "tienden van een miljoen"), (1_000_000, "miljoenen")]
COUNTS = [(1, "telt op"), (-1, "wordt afgetrokken"), (0, "telt niet mee")]


class AmountFormField(forms.Field):
    """An amount in euros as Dutch people write it; empty becomes `nothing` (None unless told otherwise)."""

    widget = forms.TextInput

    def __init__(self, *, nothing: Decimal | None = None, **kwargs: Any) -> None:
        self.nothing = nothing
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value: Any) -> Any:
        """A stored amount as its user would type it; what was typed stays as it was typed."""
        return euros(to_cents(value)) if isinstance(value, Decimal) else value

    def to_python(self, value: str | None) -> Decimal | None:
        written = (value or "").strip()
        if not written:
            return self.nothing
        if len(written) > LONGEST_AMOUNT:
            raise ValidationError("Dit is te lang voor een bedrag.")
        try:
            return parse(written)
        except AmountError as error:
            raise ValidationError(str(error)) from error


class VersionedForm(forms.Form):
    """A form over a row that others may change: it carries the version that its user saw."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, initial: Mapping[str, Any] | None = None, auto_id: str = "id_%s"
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id=auto_id)

    @property
    def seen_version(self) -> int:
        """The version in the post; 0, which never was, when that is missing."""
        return self.cleaned_data.get("version") or 0

    def go_on_from(self, conflict: Conflict) -> None:
        """Keep what was typed, so that saving once more is a choice against what the other person saved."""
        kept = QueryDict(mutable=True)
        kept.update(self.data)
        kept["version"] = str(conflict.current_version)
        self.data = kept


class TableForm(VersionedForm):
    """Title, year, kind and printed unit of a table; the kind is chosen once."""

    title = forms.CharField(label="Titel", max_length=200)
    year = forms.IntegerField(label="Boekjaar", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    kind = forms.ChoiceField(label="Soort", choices=TableKind.choices)
    unit = forms.TypedChoiceField(
        label="Afdrukken in",
        choices=[(unit, unit_note(unit)) for unit in UNITS],
        coerce=int,
        help_text="Alleen voor het rapport. Invoeren gaat altijd in euro’s.",
    )

    def __init__(self, data: QueryDict | None = None, *, table: Table | None = None) -> None:
        names = ("title", "year", "kind", "unit", "version")
        last_year = {"year": timezone.localdate().year - 1, "unit": 1000}
        initial = {name: getattr(table, name) for name in names} if table else last_year
        super().__init__(data, initial=initial)
        if table:
            del self.fields["kind"]

    @property
    def entry(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class FollowForm(VersionedForm):
    """From which table of the year before a table goes on."""

    previous = forms.ModelChoiceField(
        label="Tabel van vorig jaar",
        queryset=Table.objects.none(),
        required=False,
        empty_label="geen",
        help_text="Wat daar het eind is, moet hier het begin zijn, en een kolom van een eerder jaar kan eruit komen. "
        "Regels horen bij elkaar als ze hetzelfde heten.",
    )

    def __init__(self, data: QueryDict | None = None, *, table: Table, choices: QuerySet[Table]) -> None:
        super().__init__(data, initial={"previous": table.previous_table_id, "version": table.version})
        self.fields["previous"].queryset = choices  # type: ignore[attr-defined]

    @property
    def previous_id(self) -> int | None:
        chosen = self.cleaned_data["previous"]
        return chosen.pk if chosen else None


def field_name(column: Column, table: Table) -> str | None:
    """The field in which people type what stands in a column; None where that is computed or comes from last year."""
    if column.key in AMOUNTS:
        return column.key
    return f"{PREFIX}{column.key}" if column.is_typed and column.key not in table.carries else None


def column_field(column: Column) -> forms.Field:
    """A field for the cells of a column."""
    if column.is_text:
        return forms.CharField(label=column.heading, required=False, max_length=300)
    nothing = Decimal(0) if column.key == "original" else None
    return AmountFormField(label=column.heading, required=False, nothing=nothing)


class RowForm(VersionedForm):
    """What was typed in one row of the grid: amounts in euros, and words in columns of words.

    The grid lays out the inputs. `line` names the row where the post is read back after an expired session.
    """

    line = forms.IntegerField(required=False)

    def __init__(self, data: QueryDict, *, line: Line) -> None:
        super().__init__(data, auto_id=f"regel-{line.pk}-%s")
        table = line.table
        self.columns = {}
        for column in with_needed(table.printed_columns, table.year):
            name = field_name(column, table)
            if name and not (name == "actual" and line.is_from_ledger):
                self.columns[name] = column
                self.fields[name] = column_field(column)
        cells = typed_cells(line)
        self.stored: dict[str, Any] = {
            name: getattr(line, name) if name in AMOUNTS else cells[name.removeprefix(PREFIX)] for name in self.columns
        }

    @property
    def amounts(self) -> list[forms.BoundField]:
        """The fields that stand in the grid."""
        return [self[name] for name in self.columns]

    def typed(self, name: str) -> str:
        """What was typed in a field, as it was typed."""
        return str(self.data.get(name, ""))

    @property
    def first_wrong(self) -> str | None:
        """The name of the first field with an error."""
        return next((name for name in self.columns if name in self.errors), None)

    @property
    def next_version(self) -> int:
        """The version that the next save goes on from; one that was never a version when the post had none."""
        version = self.data.get("version", "")
        return int(version) if version.isdecimal() else 0

    def entry(self, line: Line) -> LineInput:
        """The line as it is stored, with what was typed."""
        typed = {name: self.cleaned_data[name] for name in self.columns}
        amounts = {name: value for name, value in typed.items() if name in AMOUNTS}
        cells = {name.removeprefix(PREFIX): value for name, value in typed.items() if name not in AMOUNTS}
        return replace(LineInput.of(line), **amounts, cells=cells)

    def is_as_stored(self) -> bool:
        """Whether saving would change nothing."""
        return self.is_valid() and all(
            (self.cleaned_data[name] or None) == (held or None) for name, held in self.stored.items()
        )


class LineForm(VersionedForm):
    """All of a line but its cells, as far as its table has use for it.

    For a new line there is one more choice for its kind, and one per total of the table: how it counts there.
    """

    kind = forms.ChoiceField(label="Soort regel", choices=LINE_KINDS, required=False)
    label = forms.CharField(label="Omschrijving", max_length=200)
    owner_team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        required=False,
        empty_label="geen team",
        help_text="De teamleider licht de afwijking van deze regel toe.",
    )
    direction = forms.ChoiceField(
        label="Richting",
        help_text="Bij lasten en kredieten is minder uitgeven een voordeel, bij baten is meer ontvangen dat.",
    )
    original = AmountFormField(label="Begroot, in euro’s", required=False, nothing=Decimal(0))
    actual = AmountFormField(
        label="Rekening, in euro’s", required=False, help_text="Leeg betekent: nog niet ingevuld. Nul is 0 of -."
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        table: Table,
        line: Line | None = None,
        totals: Iterable[Line] = (),
    ) -> None:
        self.stored = LineInput.of(line) if line else LineInput("", None, directions_of(table.kind)[0])
        names = ("label", "owner_team", "direction", "original", "actual", "version")
        initial = {name: getattr(line, name) for name in names} if line else {"direction": self.stored.direction}
        super().__init__(data, initial=initial)
        self.fields["owner_team"].queryset = people.teams(table.organisation)  # type: ignore[attr-defined]
        offered = dict.fromkeys((*directions_of(table.kind), self.stored.direction))
        self.fields["direction"].choices = [(key, Direction(key).label) for key in offered]  # type: ignore[attr-defined]
        if table.kind == TableKind.BALANCE_SHEET:
            self.fields["direction"].help_text = "Alle activa samen moeten gelijk zijn aan alle passiva."
        for name in _needless(table, line):
            del self.fields[name]
        for total in totals:
            # Of a balance sheet every total adds up one side: which, only who makes the line knows.
            initially = 0 if table.kind == TableKind.BALANCE_SHEET else 1
            self.fields[f"total_{total.pk}"] = _counting(f"In het totaal “{total}”", initial=initially)

    @property
    def entry(self) -> LineInput:
        """The line as it is stored, or a new one, with what was typed."""
        team = self.cleaned_data.get("owner_team")
        named = ("label", "direction", "original", "actual")
        typed = {name: self.cleaned_data[name] for name in named if name in self.fields}
        owner = (team.pk if team else None) if "owner_team" in self.fields else self.stored.owner_team_id
        return replace(self.stored, owner_team_id=owner, **typed)

    @property
    def chosen_kind(self) -> str:
        return self.cleaned_data.get("kind") or LineKind.LINE

    @property
    def counts_in(self) -> dict[int, int]:
        """Sign by total, for the totals in which the line counts; only a line with amounts counts anywhere."""
        return _signs(self.cleaned_data, "total_") if self.chosen_kind == LineKind.LINE else {}


def _needless(table: Table, line: Line | None) -> Iterator[str]:
    """The fields that a line of this table has no use for."""
    columns = {column.key for column in with_needed(table.printed_columns, table.year)}
    computed = {"actual"} if line and line.is_from_ledger else set()
    yield from (name for name in AMOUNTS if name not in columns - computed or (line and line.is_heading))
    if line:
        yield "kind"
    if line and line.is_heading:
        yield "owner_team"
    if (line and line.is_heading) or not (table.has_budget or table.kind == TableKind.BALANCE_SHEET):
        yield "direction"


class TotalForm(VersionedForm):
    """The name of a total, which has no amounts of its own, and with `lines` how each of them counts in it."""

    label = forms.CharField(label="Omschrijving", max_length=200)

    def __init__(self, data: QueryDict | None = None, *, total: Line | None = None, lines: Iterable[Line] = ()) -> None:
        initial = {"label": total.label, "version": total.version} if total else {"label": "Saldo"}
        super().__init__(data, initial=initial)
        counted = {member.line_id: member.sign for member in total.members.all()} if total else {}
        self.lines = [line for line in lines if line.counts and (total is None or line.pk != total.pk)]
        for line in self.lines:
            sign = counted.get(line.pk, 0) if total else int(not line.is_total)
            self.fields[f"line_{line.pk}"] = _counting(line.label, initial=sign)

    @property
    def members(self) -> dict[int, int]:
        """Sign by line, for the lines that count."""
        return _signs(self.cleaned_data, "line_")


class PlaceForm(VersionedForm):
    """Which of several, from 0."""

    place = forms.IntegerField(min_value=0)


class QuoteForm(VersionedForm):
    """What a text says of a table: how much, rounded to what, of which column and lines."""

    text = forms.CharField(
        label="Wat de tekst zegt", max_length=200, help_text="Zo kort als kan: “€ 2,8 miljoen onderschrijding”."
    )
    amount = AmountFormField(
        label="Bedrag, in euro’s", help_text="Voluit, met het teken dat de tabel heeft: 2,8 miljoen is 2.800.000."
    )
    resolution = forms.TypedChoiceField(label="De tekst is afgerond op", choices=QUOTED, coerce=int)
    column = forms.ChoiceField(label="Kolom")

    def __init__(self, data: QueryDict | None = None, *, table: Table, lines: Iterable[Line]) -> None:
        super().__init__(data, initial={"version": table.version, "resolution": 100_000})
        columns = [(item.key, item.heading) for item in table.printed_columns if item.is_amount]
        self.fields["column"].choices = columns  # type: ignore[attr-defined]
        self.lines = [line for line in lines if not line.is_heading]
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = _counting(line.label, initial=0)

    @property
    def entry(self) -> Quote:
        typed = self.cleaned_data
        chosen = tuple(_signs(typed, "line_").items())
        return Quote(typed["text"], typed["column"], to_cents(typed["amount"]), typed["resolution"], chosen)


def _counting(label: str, initial: int) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, choices=COUNTS, coerce=int, initial=initial)


def _signs(typed: Mapping[str, Any], prefix: str) -> dict[int, int]:
    return {int(name.removeprefix(prefix)): sign for name, sign in typed.items() if name.startswith(prefix) and sign}


class StatedForm(VersionedForm):
    """What a source printed in the computed cells of one line, in euros; `computed` tells what the portal finds."""

    def __init__(self, data: QueryDict | None = None, *, line: Line, computed: Mapping[str, str]) -> None:
        held = stated_figures(line)
        initial = {f"{STATED}{key}": amount for key, amount in held.items()}
        super().__init__(data, initial={**initial, "version": line.version})
        for column in statable_columns(line):
            found = f"De portal komt op {computed[column.key]}." if computed.get(column.key) else ""
            self.fields[f"{STATED}{column.key}"] = AmountFormField(
                label=column.heading, required=False, help_text=found
            )

    @property
    def stated(self) -> dict[str, Decimal | None]:
        return {
            name.removeprefix(STATED): amount for name, amount in self.cleaned_data.items() if name.startswith(STATED)
        }


class ExplanationForm(VersionedForm):
    """Why figures deviate, as rich text."""

    explanation = RichTextField(label="Toelichting", required=False)
