"""CSV as people and packages write it: separated by ; , or tab, in UTF-8 or in the code page of Windows."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from .limits import EMPTY, FileRefused, Limits, Row, check_extent

SEPARATORS = (";", "\t", ",")
SAMPLE = 64 * 1024
AT_ONCE = 1024 * 1024
LONGEST_CELL = 32_768


def encoding_of(file: BinaryIO) -> str:
    """UTF-8 when all of the file is, else the code page of Windows; FileRefused for what is no text in either."""
    file.seek(0)
    start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused(
            "Dit bestand is opgeslagen als “Unicode-tekst”. Sla het op als CSV UTF-8 en kies dat bestand."
        )
    for encoding in ("utf-8-sig", "cp1252"):
        if _decodes(file, encoding):
            return encoding
    raise FileRefused("De tekens in dit bestand zijn niet te lezen. Sla het op als CSV UTF-8 en kies dat bestand.")


def _decodes(file: BinaryIO, encoding: str) -> bool:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        while piece := text.read(AT_ONCE):
            if "\0" in piece:
                return False
    except UnicodeDecodeError:
        return False
    finally:
        text.detach()
    return True


def separator_of(sample: str) -> str:
    """What parts the cells: the sign that gives the same number of cells on most lines; FileRefused when none does."""
    found = {sign: _width(sample, sign) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: found[sign])
    if found[best][1] < 2:
        raise FileRefused(
            "In dit bestand staat maar één kolom. Scheid de kolommen met een puntkomma, een komma of een tab."
        )
    return best


def _width(sample: str, separator: str) -> tuple[int, int]:
    """How many lines agree on having more than one cell, and how many cells they have."""
    widths = Counter(len(row) for row in csv.reader(io.StringIO(sample), delimiter=separator) if len(row) > 1)
    cells, lines = widths.most_common(1)[0] if widths else (1, 0)
    return lines, cells


def rows(file: BinaryIO, limits: Limits) -> Iterator[Row]:
    """The rows, all cells as text; those that are empty are None."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        sample = text.read(SAMPLE)
        if not sample.strip():
            raise FileRefused(EMPTY)
        whole = sample[: sample.rfind("\n") + 1] or sample
        separator = separator_of(whole)
        file.seek(0)
        text.detach()
        text = io.TextIOWrapper(file, encoding, newline="")
        for number, row in enumerate(csv.reader(text, delimiter=separator, strict=True), start=1):
            check_extent(number, len(row), limits)
            yield [cell.strip() or None for cell in row]
    except csv.Error as error:
        raise FileRefused(
            "Dit csv-bestand is niet te lezen: een aanhalingsteken wordt niet gesloten of een cel is te lang."
        ) from error
    finally:
        text.detach()
