"""The forms in which a file becomes a table: handed in, its columns and lines chosen, applied."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from accounts.errors import Refused
from accounts.models import Organisation
from library.models import FIRST_YEAR, LAST_YEAR

from . import queries
from .actions import year_of
from .columns import MARK
from .figures import LineKind
from .forms import VersionedForm
from .importing.headings import LEFT_OUT, OWN, TEXT
from .importing.layout import column_name
from .importing.mapping import FileColumn, FileLine, FileMapping
from .importing.places import PlaceError, read_columns, read_rows, written_columns, written_rows
from .models import Table, TableImport
from .rounding import UNITS, unit_note
from .variance import Direction

USES = [
    (OWN, "eigen kolom met bedragen"),
    (TEXT, "eigen kolom met woorden"),
    (LEFT_OUT, "weglaten"),
    ("original", "begroot (primitief)"),
    ("amendments", "begrotingswijzigingen"),
    ("amended", "begroot na wijzigingen"),
    ("actual", "rekening"),
    ("result", "resultaat"),
    (MARK, "V of N"),
]
SORTS = [
    *((value, f"regel: {label}") for value, label in Direction.choices),
    *((value, label) for value, label in LineKind.choices if value != LineKind.LINE),
    ("", "weglaten"),
]
AS_STATED = "0"


class FileForm(forms.Form):
    """A file, and the table that it is for: one that is there, or a new one with this title and year."""

    file = forms.FileField(
        label="Bestand",
        help_text="Een xlsx-, xls-, ods- of csv-bestand van ten hoogste 10 MB.",
        error_messages={"required": "Kies een bestand.", "empty": "Dit bestand is leeg."},
    )
    table = forms.ModelChoiceField(
        label="Tabel", queryset=Table.objects.none(), required=False, empty_label="een nieuwe tabel"
    )
    title = forms.CharField(label="Titel van de nieuwe tabel", max_length=200, required=False)
    year = forms.IntegerField(
        label="Boekjaar van de nieuwe tabel",
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        required=False,
        help_text="Leeg: het jaar dat de opschriften in het bestand noemen.",
    )
    unit = forms.TypedChoiceField(
        label="De bedragen in het bestand zijn",
        choices=[(AS_STATED, "zoals het bestand zegt"), *((unit, unit_note(unit)) for unit in UNITS)],
        coerce=int,
    )

    def __init__(
        self, data: QueryDict | None, files: Any, *, organisation: Organisation, table: Table | None = None
    ) -> None:
        initial = {"table": table, "unit": AS_STATED}
        super().__init__(data, files, initial=initial)
        self.fields["table"].queryset = queries.tables(organisation)  # type: ignore[attr-defined]

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        if not title and not self.cleaned_data.get("table") and "table" not in self.errors:
            raise ValidationError("Geef de nieuwe tabel een titel, of kies een tabel die er al is.")
        return title

    def clean(self) -> dict[str, Any]:
        """Take the year of a new table from its file when none was typed."""
        entry = super().clean() or {}
        if self.errors or entry["table"] or entry["year"]:
            return entry
        try:
            entry["year"] = year_of(entry["file"])
        except Refused as refusal:
            self.add_error("file", str(refusal))
        else:
            if entry["year"] is None:
                self.add_error("year", "De opschriften in het bestand laten het boekjaar open. Vul het in.")
        return entry

    @property
    def upload(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        return file


class MappingForm(VersionedForm):
    """What becomes of each column and line. Other heading rows or another sheet make a new first mapping."""

    sheet = forms.ChoiceField(label="Blad", required=False)
    first = forms.IntegerField(label="Opschriften vanaf rij", min_value=1)
    last = forms.IntegerField(label="tot en met rij", min_value=1)
    unit = forms.TypedChoiceField(
        label="De bedragen in het bestand zijn", choices=[(unit, unit_note(unit)) for unit in UNITS], coerce=int
    )
    reversed_result = forms.BooleanField(label="Het verschil is rekening min begroting", required=False)

    def __init__(self, data: QueryDict | None, row: TableImport, sheets: Sequence[str]) -> None:
        self.mapping = FileMapping.of(row.mapping)
        self.rows = [line.row for line in self.mapping.lines]
        self.places = {column_name(column.place): column.place for column in self.mapping.columns}
        super().__init__(data, initial={**dict(self._initial()), "version": row.version})
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        if len(sheets) == 1:
            self.fields["sheet"].widget = forms.HiddenInput()
        for column in self.mapping.columns:
            label = f"{column_name(column.place)}: {column.heading}"
            self.fields[f"column_{column.place}"] = _choice(label, USES)
            self.fields[f"terms_{column.place}"] = _places(label)
        for line in self.mapping.lines:
            label = f"rij {line.row}: {line.label}"
            self.fields[f"line_{line.row}"] = _choice(label, SORTS)
            if line.is_total:
                self.fields[f"members_{line.row}"] = _places(label)

    def _initial(self) -> Iterator[tuple[str, Any]]:
        mapping = self.mapping
        yield from ((name, getattr(mapping, name)) for name in ("sheet", "first", "last", "unit"))
        yield "reversed_result", mapping.style.reversed_result
        for column in mapping.columns:
            yield f"column_{column.place}", column.use
            yield f"terms_{column.place}", written_columns(column.terms)
        for line in mapping.lines:
            yield f"line_{line.row}", line.direction if line.kind == LineKind.LINE else line.kind
            yield f"members_{line.row}", written_rows(line.members, self.rows)

    @property
    def column_rows(self) -> list[tuple[str, str, forms.BoundField, forms.BoundField]]:
        """Of each column its letter and heading, what it becomes, and what it adds up."""
        return [
            (column_name(item.place), item.heading, self[f"column_{item.place}"], self[f"terms_{item.place}"])
            for item in self.mapping.columns
        ]

    @property
    def line_rows(self) -> list[tuple[int, str, forms.BoundField, forms.BoundField | None]]:
        """Of each line its row and label, what it becomes, and of a total what it adds up."""
        return [
            (item.row, item.label, self[f"line_{item.row}"], self[f"members_{item.row}"] if item.is_total else None)
            for item in self.mapping.lines
        ]

    def clean(self) -> dict[str, Any]:
        """Read what columns and totals add up; say at the field what is no place in the file."""
        typed = self.cleaned_data
        for name in list(typed):
            kind, _, _ = name.partition("_")
            try:
                if kind == "terms":
                    typed[name] = read_columns(typed[name], self.places)
                elif kind == "members":
                    typed[name] = read_rows(typed[name], self.rows)
            except PlaceError as error:
                self.add_error(name, str(error))
        return typed

    @property
    def is_elsewhere(self) -> bool:
        """Whether the table is said to stand in other rows or on another sheet."""
        return any(self.cleaned_data[name] != getattr(self.mapping, name) for name in ("sheet", "first", "last"))

    @property
    def chosen(self) -> FileMapping:
        typed = self.cleaned_data
        style = replace(self.mapping.style, reversed_result=typed["reversed_result"])
        if self.mapping.style.unit == self.mapping.unit:
            # A new table prints in the unit that its file counts in.
            style = replace(style, unit=typed["unit"])
        columns = tuple(self._column(column) for column in self.mapping.columns)
        lines = tuple(self._line(line) for line in self.mapping.lines)
        return replace(self.mapping, unit=typed["unit"], style=style, columns=columns, lines=lines)

    def _column(self, column: FileColumn) -> FileColumn:
        use = self.cleaned_data[f"column_{column.place}"]
        return replace(column, use=use, terms=self.cleaned_data[f"terms_{column.place}"] if use == OWN else ())

    def _line(self, line: FileLine) -> FileLine:
        sort = self.cleaned_data[f"line_{line.row}"]
        members = self.cleaned_data.get(f"members_{line.row}", line.members)
        if sort in Direction.values:
            return replace(line, kind=LineKind.LINE, direction=sort, members=())
        return replace(line, kind=sort, members=members if sort == LineKind.TOTAL else ())


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    """A choice in a row of a table, which names it for who does not see the row."""
    return forms.ChoiceField(
        label=label, choices=choices, required=False, widget=forms.Select(attrs={"aria-label": label})
    )


def _places(label: str) -> forms.CharField:
    name = f"{label}, telt op"
    return forms.CharField(label=name, required=False, widget=forms.TextInput(attrs={"aria-label": name}))


class ApplyForm(forms.Form):
    """The button below a preview: which version of the mapping and which state of the table it showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
