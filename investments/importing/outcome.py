"""The table as it will be: what the file holds, laid over what stands there, computed, judged and compared."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from .. import summing
from ..amounts import euros
from ..columns import Column, with_needed
from ..evaluation import evaluate, orientation
from ..figures import CircularTotal, LineFigures, LineKind
from ..statements import Statement, build
from ..styles import PrintStyle
from .draft import Draft

TYPED = ("original", "amendments", "actual")


@dataclass(frozen=True)
class Standing:
    """A table before the import: nothing, for a new one. Its columns and style stay as they are."""

    columns: tuple[Column, ...] = ()
    lines: tuple[LineFigures, ...] = ()
    style: PrintStyle | None = None


@dataclass(frozen=True)
class Difference:
    """One cell or line that the import changes, as people read it; `key` is that of its line."""

    key: int
    label: str
    field: str
    was: str
    becomes: str


@dataclass(frozen=True)
class Outcome:
    """The table after the import. Lines that are new have minus the number of their row as key."""

    columns: tuple[Column, ...]
    style: PrintStyle
    lines: tuple[LineFigures, ...]
    problems: tuple[str, ...]
    statement: Statement | None = None
    differences: tuple[Difference, ...] = field(default=())


def outcome(draft: Draft, style: PrintStyle, title: str, year: int, standing: Standing) -> Outcome:
    """What becomes of the table; `style` is how the file was written."""
    columns = (*standing.columns, *(item for item in draft.columns if item.key not in _keys(standing, year)))
    if not standing.columns:
        columns = draft.columns
    printed = style if standing.style is None else _as_rounded(standing.style, style)
    keys = _matches(draft, standing.lines)
    lines = _merged(draft, standing.lines, keys)
    if draft.problems:
        return Outcome(columns, printed, tuple(lines), draft.problems)
    try:
        lines = _with_stated(lines, {keys[row]: given for row, given in draft.given.items()}, columns, style, year)
        statement = build(title, printed, columns, lines, summing.figures_of(lines))
    except CircularTotal as circle:
        return Outcome(columns, printed, tuple(lines), (f"Het totaal “{circle}” telt zichzelf mee.",))
    differences = tuple(_differences(standing.lines, lines, with_needed(columns, year)))
    return Outcome(columns, printed, tuple(lines), (), statement, differences)


def _keys(standing: Standing, year: int) -> set[str]:
    """Columns that need not be added: those of the table, and those of the budget that they follow from."""
    return {column.key for column in with_needed(standing.columns, year)}


def _as_rounded(own: PrintStyle, of_file: PrintStyle) -> PrintStyle:
    return replace(own, resolution=max(own.resolution, of_file.resolution))


def same(label: str) -> str:
    """What a label is known by: without signs of footnotes, capitals and doubled spaces."""
    return re.sub(r"\s+", " ", re.sub(r"[*†‡¹²³⁴⁵]+$", "", label.strip())).strip().casefold()


def _matches(draft: Draft, standing: Sequence[LineFigures]) -> dict[int, int]:
    """The key of each row: of the line with that label, in order where there are several; a new one otherwise."""
    waiting: dict[str, list[int]] = {}
    for line in standing:
        waiting.setdefault(same(line.label), []).append(line.key)
    return {line.key: (waiting.get(same(line.label)) or [-line.key]).pop(0) for line in draft.lines}


def _merged(draft: Draft, standing: Sequence[LineFigures], keys: Mapping[int, int]) -> list[LineFigures]:
    """The lines that stand there with what the file says of them, each new line behind the one above it in the file."""
    held = {line.key: line for line in standing}
    read = [
        replace(line, key=keys[line.key], members=tuple((keys[row], sign) for row, sign in line.members if row in keys))
        for line in draft.lines
    ]
    order = [line.key for line in standing]
    place = -1
    for line in read:
        if line.key in held:
            place = order.index(line.key)
        else:
            place += 1
            order.insert(place if standing else len(order), line.key)
    rows = {key: row for row, key in keys.items()}
    found = {line.key: _laid_over(held.get(line.key), line, draft.given.get(rows[line.key], {})) for line in read}
    return [found.get(key) or held[key] for key in order]


def _laid_over(held: LineFigures | None, read: LineFigures, given: Mapping[str, int]) -> LineFigures:
    """A line with what the file gives; its kind and direction stay as they are.

    A total keeps its members, and counts the new lines that it adds up in the file.
    """
    if held is None:
        return read
    if held.kind in (LineKind.TOTAL, LineKind.HEADING):
        new = tuple((key, sign) for key, sign in read.members if key < 0 or not held.members)
        members = (*held.members, *new) if held.is_total else ()
        return replace(held, members=members, stated=_without(held.stated, given))
    budget = {
        name: getattr(read, name) for name in TYPED if name in given or (name in TYPED[:2] and "amended" in given)
    }
    if "original" not in given and "amended" in given:
        # The file has the amended budget alone: what was decided before stays, and the rest is an amendment.
        budget = {**budget, "original": held.original, "amendments": read.original + read.amendments - held.original}
    return replace(
        held,
        **budget,
        cells=tuple(sorted({**dict(held.cells), **dict(read.cells)}.items())),
        texts=tuple(sorted({**dict(held.texts), **dict(read.texts)}.items())),
        stated=_without(held.stated, given),
    )


def _without(stated: Sequence[tuple[str, int]], given: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple((key, cents) for key, cents in stated if key not in given)


def _with_stated(
    lines: Sequence[LineFigures],
    given: Mapping[int, Mapping[str, int]],
    columns: Sequence[Column],
    style: PrintStyle,
    year: int,
) -> list[LineFigures]:
    """The lines, with what the file has where something else is computed. Raises CircularTotal."""
    by_key = {line.key: line for line in lines}
    computed = evaluate(lines, with_needed(columns, year), summing.figures_of(lines)).computed
    return [
        line
        if line.kind == LineKind.HEADING or line.key not in given
        else replace(
            line, stated=_stated(line, given[line.key], computed[line.key], style.sign(orientation(line, by_key)))
        )
        for line in lines
    ]


def _stated(
    line: LineFigures, given: Mapping[str, int], computed: Mapping[str, int | None], sign: int
) -> tuple[tuple[str, int], ...]:
    found = {key: cents if key == "result" else cents * sign for key, cents in given.items()}
    return tuple(
        sorted(
            {
                **dict(line.stated),
                **{key: cents for key, cents in found.items() if (computed.get(key) or 0) != cents},
            }.items()
        )
    )


def _differences(
    standing: Sequence[LineFigures], lines: Sequence[LineFigures], columns: Sequence[Column]
) -> Iterator[Difference]:
    """What changes of lines that stand there, and which are new."""
    held = {line.key: line for line in standing}
    labels = {column.key: column.label for column in columns}
    names = {line.key: line.label for line in lines}
    for line in lines:
        was = held.get(line.key)
        if was is None:
            if standing:
                yield Difference(line.key, line.label, "regel", "", "nieuw")
            continue
        if added := [member for member in line.members if member not in was.members]:
            counted = ", ".join(f"{'-' if sign < 0 else '+'} {names[key]}" for key, sign in added)
            yield Difference(line.key, line.label, "telt op", "", counted)
        before, after = _cells(was), _cells(line)
        for key, label in labels.items():
            if before.get(key, "") != after.get(key, ""):
                yield Difference(line.key, line.label, label, before.get(key, ""), after.get(key, ""))


def _cells(line: LineFigures) -> dict[str, str]:
    """What stands in a line, as people read it; a stated figure goes before a typed one."""
    amounts = {} if line.is_total else {key: cents for key in TYPED if (cents := getattr(line, key)) is not None}
    shown = {**amounts, **dict(line.cells), **dict(line.stated)}
    return {**{key: euros(cents) for key, cents in shown.items()}, **dict(line.texts)}
