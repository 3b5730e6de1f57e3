"""What becomes of each column and line of a file: guessed first, then chosen, and remembered for the next file."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ..columns import BUDGET, MARK
from ..figures import LineKind
from ..rounding import UNITS
from ..styles import PrintStyle
from ..variance import Direction
from .headings import LEFT_OUT, OWN, TEXT

USES = (*BUDGET, MARK, OWN, TEXT, LEFT_OUT)


@dataclass(frozen=True)
class FileColumn:
    """A column of the file. `use` is a column of the budget, MARK, OWN, TEXT or LEFT_OUT.

    An own column with `terms` (place of another column, +1 or -1) is their sum; what the file has there is stated.
    """

    place: int
    heading: str
    use: str
    terms: tuple[tuple[int, int], ...] = ()

    @property
    def is_amount(self) -> bool:
        return self.use == OWN or self.use in BUDGET


@dataclass(frozen=True)
class FileLine:
    """A row of the file as a line; without a kind it is left out. `members` are (row, +1 or -1)."""

    row: int
    label: str
    kind: str = LineKind.LINE
    direction: str = Direction.EXPENSE
    members: tuple[tuple[int, int], ...] = ()

    @property
    def is_total(self) -> bool:
        return self.kind == LineKind.TOTAL


@dataclass(frozen=True)
class FileMapping:
    """All choices for one sheet. Rows count from 1 and columns from 0; `unit` is that of the file, in euros."""

    sheet: str
    first: int
    last: int
    label: int
    unit: int
    columns: tuple[FileColumn, ...]
    lines: tuple[FileLine, ...]
    style: PrintStyle = field(default_factory=PrintStyle)

    @property
    def signature(self) -> str:
        """The same for files of one source: its headings, without their years."""
        text = json.dumps([_without_digits(column.heading) for column in self.columns])
        return hashlib.sha256(text.encode()).hexdigest()

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "style": self.style.as_data() | {"unit": self.style.unit}}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "FileMapping":
        """What `as_data` (or its JSON) came from."""
        columns = tuple(FileColumn(**{**item, "terms": _pairs(item["terms"])}) for item in data["columns"])
        lines = tuple(FileLine(**{**item, "members": _pairs(item["members"])}) for item in data["lines"])
        return cls(**{**data, "columns": columns, "lines": lines, "style": PrintStyle(**data["style"])})


def _pairs(data: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
    return tuple((key, sign) for key, sign in data)


def _without_digits(text: str) -> str:
    return "".join(sign for sign in text.casefold() if not sign.isdigit())


# --- instructions: the same choices by name ---------------------------------------------------------------------------
class InstructionError(ValueError):
    """Instructions that do not fit the file; `str(error)` says in Dutch what is wrong."""


def names(lines: Sequence[FileLine]) -> dict[str, int]:
    """The row of each line by its label; a label that stands there again gets a number: "Totaal (2)"."""
    found: dict[str, int] = {}
    for line in lines:
        name, count = line.label, 1
        while name in found:
            count += 1
            name = f"{line.label} ({count})"
        found[name] = line.row
    return found


def instructions(mapping: FileMapping) -> dict[str, Any]:
    """The choices by the words of the file, so that they fit its next edition with other rows."""
    named = {row: name for name, row in names(mapping.lines).items()}
    headings = {column.place: column.heading for column in mapping.columns}
    return {
        "unit": mapping.unit,
        "style": mapping.style.as_data() | {"unit": mapping.style.unit},
        "columns": {
            column.heading: {"use": column.use, "terms": {headings[place]: sign for place, sign in column.terms}}
            for column in mapping.columns
        },
        "lines": {
            named[line.row]: {
                "kind": line.kind,
                "direction": line.direction,
                "members": {named[row]: sign for row, sign in line.members},
            }
            for line in mapping.lines
        },
    }


def instructed(mapping: FileMapping, told: Mapping[str, Any]) -> FileMapping:
    """The mapping with what the instructions say; whatever they leave out stays as it was guessed.

    Raises InstructionError for a column or line that the file does not have.
    """
    try:
        unknown = set(told) - {"unit", "style", "columns", "lines"}
        if unknown:
            raise InstructionError(f"Onbekend in de koppeling: {', '.join(sorted(unknown))}.")
        if told.get("unit", mapping.unit) not in UNITS:
            raise InstructionError(f"Een bestand telt in {', '.join(map(str, UNITS[:-1]))} of {UNITS[-1]} euro.")
        return replace(
            mapping,
            unit=told.get("unit", mapping.unit),
            style=_instructed_style(mapping.style, told.get("style", {})),
            columns=_instructed_columns(mapping.columns, told.get("columns", {})),
            lines=_instructed_lines(mapping.lines, told.get("lines", {})),
        )
    except (AttributeError, TypeError) as error:
        raise InstructionError("De koppeling is niet opgebouwd zoals “import_table --help” laat zien.") from error


def _instructed_style(style: PrintStyle, told: Mapping[str, Any]) -> PrintStyle:
    unknown = set(told) - set(asdict(style))
    if unknown:
        raise InstructionError(f"De koppeling noemt een opmaak die niet bestaat: {', '.join(sorted(unknown))}.")
    return replace(style, **told)


def _instructed_columns(
    columns: tuple[FileColumn, ...], told: Mapping[str, Mapping[str, Any]]
) -> tuple[FileColumn, ...]:
    places = {column.heading: column.place for column in columns}
    _require_known("kolom", [*told, *(name for item in told.values() for name in item.get("terms", ()))], places)
    for heading, item in told.items():
        if item.get("use", OWN) not in USES:
            raise InstructionError(f"“{item['use']}” bestaat niet als bestemming van de kolom “{heading}”.")
    return tuple(
        replace(
            column,
            use=told[column.heading].get("use", column.use),
            terms=tuple((places[name], sign) for name, sign in told[column.heading]["terms"].items())
            if "terms" in told[column.heading]
            else column.terms,
        )
        if column.heading in told
        else column
        for column in columns
    )


def _instructed_lines(lines: tuple[FileLine, ...], told: Mapping[str, Mapping[str, Any]]) -> tuple[FileLine, ...]:
    rows = names(lines)
    _require_known("regel", [*told, *(name for item in told.values() for name in item.get("members", ()))], rows)
    by_row = {rows[name]: item for name, item in told.items()}
    return tuple(_instructed_line(line, by_row.get(line.row, {}), rows) for line in lines)


def _instructed_line(line: FileLine, told: Mapping[str, Any], rows: Mapping[str, int]) -> FileLine:
    kind, direction = told.get("kind", line.kind), told.get("direction", line.direction)
    if (kind and kind not in LineKind.values) or direction not in Direction.values:
        raise InstructionError(f"De koppeling geeft de regel “{line.label}” een soort of richting die niet bestaat.")
    members = line.members
    if "members" in told:
        members = tuple((rows[name], sign) for name, sign in told["members"].items())
    return replace(line, kind=kind, direction=direction, members=members if kind == LineKind.TOTAL else ())


def _require_known(what: str, asked: Iterable[str], known: Mapping[str, int]) -> None:
    missing = [name for name in asked if name not in known]
    if missing:
        raise InstructionError(f"Het bestand heeft geen {what} “{missing[0]}”.")


def remembered(mapping: FileMapping, told: Mapping[str, Any]) -> FileMapping:
    """The mapping with those earlier choices that fit this file: its own lines may be others, and its years are."""
    columns = {_without_digits(name): item for name, item in told["columns"].items()}
    headings = {_without_digits(column.heading): column.heading for column in mapping.columns}
    rows = names(mapping.lines)
    fitting = {
        "unit": told["unit"],
        "style": told["style"],
        "columns": {
            heading: {
                "use": columns[name]["use"],
                "terms": {headings[_without_digits(term)]: sign for term, sign in columns[name]["terms"].items()},
            }
            for name, heading in headings.items()
            if name in columns and all(_without_digits(term) in headings for term in columns[name]["terms"])
        },
        "lines": {
            name: item
            for name, item in told["lines"].items()
            if name in rows and all(member in rows for member in item["members"])
        },
    }
    return instructed(mapping, fitting)
