"""XLSX and ODS: what a reader needs, measured and copied into a zip of our own.

The copy holds what we unpacked ourselves: a size that lies, an entity or a cell far away reaches no other reader.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO
from xml.parsers import expat

from .limits import DAMAGED, LOCKED, MACROS, MOST_ENTRIES, NO_SPREADSHEET, FileRefused, Limits, check_extent, too_large

NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:_rels/)?workbook\.xml(?:\.rels)?|xl/worksheets/(?:_rels/)?[^/]+"
    r"|xl/sharedStrings\.xml|xl/styles\.xml|mimetype|content\.xml|META-INF/manifest\.xml",
    re.IGNORECASE,
)
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
AT_ONCE = 1024 * 1024
LETTERS = 26
SHORTEST_REFERENCE = 20
"""Bytes that a cell with a shared text takes at least, as a sheet writes it."""

_DEFINITION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ROWS = re.compile(rb"""\sr\s*=\s*["'][A-Za-z]*([0-9]+)["']""")
_COLUMNS = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)[0-9]+["']""")
# No pattern goes past the end of a tag or the start of the next, however a file is broken: that keeps them linear.
_ERROR = re.compile(rb"""(<(?:\w+:)?c\b[^<>]*?\st\s*=\s*["'])e(["'])""")
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"""<((?:\w+:)?)c\b((?:(?!\st\s*=)[^<>])*)>\s*<(?:\w+:)?f\b[^<>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_REFERENCE = re.compile(rb"""\st\s*=\s*["']s["'][^<>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<""")
_TAG_OF_ERROR = re.compile(rb"""<[^<>]*calcext:value-type="error"[^<>]*>""")
# Most sheets have neither, and looking for a sign is quicker than taking every cell apart. A pattern that begins with a
# letter is looked for by that letter, ten times as fast as one that begins with a choice.
_ANY_ERROR = re.compile(rb"""e(?<=["']e)["']""")
_ANY_FORMULA = re.compile(rb"f(?<=[<:]f)\b")
NOT_COMPUTED = "#FORMULE"
"""What stands in a cell whose formula was never computed: the file came from a program and not from Excel."""


def safe_copy(file: BinaryIO, limits: Limits) -> io.BytesIO:
    """What a reader of spreadsheets needs of this zip; raise FileRefused for whatever is not a plain spreadsheet."""
    try:
        with zipfile.ZipFile(file) as source:
            entries = _entries(source, limits)
            copy = io.BytesIO()
            with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as target:
                for entry, content in _contents(source, entries, limits):
                    target.writestr(zipfile.ZipInfo(entry.filename), content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise error if isinstance(error, FileRefused) else FileRefused(DAMAGED) from error
    copy.seek(0)
    return copy


def _entries(source: zipfile.ZipFile, limits: Limits) -> list[zipfile.ZipInfo]:
    """The files inside that are needed."""
    everything = source.infolist()
    names = {entry.filename.lower() for entry in everything}
    if len(everything) > MOST_ENTRIES:
        raise FileRefused(f"In dit bestand zitten {len(everything)} losse bestanden; dat hoort niet bij een tabel.")
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused(MACROS)
    if not names & {"xl/workbook.xml", "content.xml"}:
        raise FileRefused(NO_SPREADSHEET)
    needed = [entry for entry in everything if NEEDED.fullmatch(entry.filename)]
    if len({entry.filename.lower() for entry in needed}) != len(needed):
        raise FileRefused(DAMAGED)
    if any(entry.flag_bits & 1 for entry in needed):
        raise FileRefused(LOCKED)
    if sum(entry.file_size for entry in needed) > limits.unpacked:
        raise FileRefused(too_large(limits))
    return needed


def _contents(
    source: zipfile.ZipFile, entries: list[zipfile.ZipInfo], limits: Limits
) -> Iterator[tuple[zipfile.ZipInfo, bytes]]:
    """Each file with its content; reading stops at the size that the zip states, which was checked."""
    lengths: list[int] = []
    # The texts of XLSX stand in one file, and are measured before the sheets that refer to them.
    for entry in sorted(entries, key=lambda entry: entry.filename.lower() != "xl/sharedstrings.xml"):
        with source.open(entry) as opened:
            content = opened.read(entry.file_size)
            if len(content) != entry.file_size or opened.read(1):
                raise FileRefused(DAMAGED)
        _refuse_definitions(content)
        if entry.filename == "META-INF/manifest.xml" and b"encryption-data" in content:
            raise FileRefused(LOCKED)
        if entry.filename.lower() == "[content_types].xml" and b"macroEnabled" in content:
            raise FileRefused(MACROS)
        if entry.filename.lower() == "xl/sharedstrings.xml":
            starts = [found.start() for found in _TEXT.finditer(content)]
            lengths = [end - start for start, end in pairwise([*starts, len(content)])]
        elif SHEET.fullmatch(entry.filename):
            if _reaches_far(content, limits):
                check_extent(*_extent(content), limits)
            _check_texts(content, lengths, limits)
            content = _told(content)
        elif entry.filename == "content.xml":
            _check_open_document(content, limits)
            content = _TAG_OF_ERROR.sub(lambda tag: tag[0].replace(b'office:string-value=""', b""), content)
        yield entry, content


def _refuse_definitions(content: bytes) -> None:
    """No document type and so no entities; and no encoding in which those would not be seen."""
    if _DEFINITION.search(content) or b"\0" in content[:AT_ONCE]:
        raise FileRefused("In dit bestand staan definities die niet in een spreadsheet horen. Sla het opnieuw op.")


def _reaches_far(content: bytes, limits: Limits) -> bool:
    """Whether a cell of a sheet of XLSX can lie beyond the limits, by how long its name is; most sheets end at once."""
    letters = int(limits.columns >= LETTERS)
    far = rb"""r(?<=\sr)\s*=\s*["'](?:[A-Za-z]{%d}|[A-Za-z]{0,%d}[0-9]{%d})"""
    return bool(re.search(far % (letters + 1, letters, len(str(limits.rows))), content))


def _extent(content: bytes) -> tuple[int, int]:
    """The last row and column that any cell of a sheet of XLSX names."""
    rows = max((int(found) for found in set(_ROWS.findall(content))), default=0)
    letters = {found.upper() for found in _COLUMNS.findall(content)}
    return rows, max((_column(found) for found in letters), default=0)


def _column(letters: bytes) -> int:
    """The number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_texts(content: bytes, lengths: list[int], limits: Limits) -> None:
    """Raise FileRefused when many cells refer to long texts: each cell would get a copy."""
    if len(content) // SHORTEST_REFERENCE * max(lengths, default=0) <= limits.unpacked:
        return
    referred = (int(found) for found in _REFERENCE.findall(content))
    if sum(lengths[index] for index in referred if index < len(lengths)) > limits.unpacked:
        raise FileRefused(too_large(limits))


def _told(content: bytes) -> bytes:
    """The sheet with its errors, and its formulas that nobody computed, as words: a reader would leave them empty."""
    if _ANY_ERROR.search(content):
        content = _ERROR.sub(rb"\1str\2", content)
    if not _ANY_FORMULA.search(content):
        return content
    words = NOT_COMPUTED.encode()
    return _FORMULA_WITHOUT_VALUE.sub(rb'<\1c\2 t="str"><\1v>' + words + rb"</\1v></\1c>", content)


@dataclass
class _Extent:
    """How far the filled cells of an ODS sheet reach, repetitions included."""

    limits: Limits
    row: int = 0
    column: int = 0
    rows_at_once: int = 1
    cells_at_once: int = 1
    characters: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        _, _, local = name.rpartition(":")
        if local == "table":
            self.row = 0
        elif local == "table-row":
            self.rows_at_once = _count(attributes, "table:number-rows-repeated")
            self.row += self.rows_at_once
            self.column = 0
        elif local in ("table-cell", "covered-table-cell"):
            self.cells_at_once = _count(attributes, "table:number-columns-repeated")
            self.column += self.cells_at_once
            if any(key.rpartition(":")[2] in ("value-type", "formula") for key in attributes):
                check_extent(self.row, self.column, self.limits)

    def text(self, characters: str) -> None:
        self.characters += len(characters) * self.cells_at_once * self.rows_at_once
        if self.characters > self.limits.unpacked:
            raise FileRefused(too_large(self.limits))


def _count(attributes: dict[str, str], name: str) -> int:
    written = attributes.get(name, "1")
    if not written.isdecimal():
        raise FileRefused(DAMAGED)
    return int(written)


def _check_open_document(content: bytes, limits: Limits) -> None:
    extent = _Extent(limits)
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.CharacterDataHandler = extent.text
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as error:
        raise FileRefused(DAMAGED) from error
