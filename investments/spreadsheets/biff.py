"""XLS: how far its sheets reach and where errors stand, found before anything makes room for them.

Follows [MS-CFB] for the container and [MS-XLS] for the records inside.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from .limits import DAMAGED, LOCKED, MACROS, NO_SPREADSHEET, FileRefused, Limits, check_extent, too_large

Errors = dict[int, dict[tuple[int, int], str]]
"""The words of each error by the index of its sheet, row and column, from 0."""

END_OF_CHAIN = 0xFFFFFFFA
"""From here on numbers of sectors have a meaning of their own."""
SMALL = 4096
"""A stream of fewer bytes stands in the stream of small ones, in pieces of 64."""
ENTRY = 128

BOF, EOF, FILEPASS, BOUNDSHEET, DIMENSIONS = 0x809, 0x0A, 0x2F, 0x85, 0x200
FORMULA, BOOLERR, MULRK, MULBLANK = 0x06, 0x205, 0xBD, 0xBE
SST, CONTINUE, LABELSST = 0xFC, 0x3C, 0xFD
CELLS = frozenset({FORMULA, 0xD6, LABELSST, 0x201, 0x203, 0x204, BOOLERR, 0x27E, MULRK, MULBLANK})
WORDS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


def judged(content: bytes, limits: Limits) -> Errors:
    """The errors in each sheet; raise FileRefused for another file, a locked one, macros or a cell far away."""
    try:
        container = _Container(content)
        streams = container.streams()
        if "EncryptedPackage" in streams:
            raise FileRefused(LOCKED)
        if any(name.startswith("_VBA_PROJECT") for name in streams):
            raise FileRefused(MACROS)
        found = streams.get("Workbook") or streams.get("Book")
        if found is None:
            raise FileRefused(NO_SPREADSHEET)
        return _errors(container.read(*found), limits)
    except (struct.error, IndexError) as error:
        raise FileRefused(DAMAGED) from error


class _Container:
    """The file system inside the file."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = 1 << struct.unpack_from("<H", content, 30)[0]
        if self.size not in (512, 4096):
            raise FileRefused(DAMAGED)
        self.first_directory, self.first_mini = (struct.unpack_from("<I", content, place)[0] for place in (48, 60))
        self.table = self._table()
        self.root: tuple[int, int] = (END_OF_CHAIN, 0)

    def streams(self) -> dict[str, tuple[int, int]]:
        """Start and size of everything in the directory, by name."""
        directory = self._chain(self.first_directory)
        found = {}
        for place in range(0, len(directory), ENTRY):
            (length,) = struct.unpack_from("<H", directory, place + 64)
            name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", directory, place + 116)
            found[name] = (start, size)
            if directory[place + 66] == 5:
                self.root = (start, size)
        return found

    def read(self, start: int, size: int) -> bytes:
        if size >= SMALL:
            return self._chain(start)[:size]
        small, table = self._chain(self.root[0]), self._numbers(self._chain(self.first_mini))
        return b"".join(small[number * 64 : number * 64 + 64] for number in _followed(start, table))[:size]

    def _table(self) -> list[int]:
        """Which sector follows each."""
        sectors = list(struct.unpack_from("<109I", self.content, 76))
        (following,) = struct.unpack_from("<I", self.content, 68)
        seen: set[int] = set()
        while following < END_OF_CHAIN and following not in seen:
            seen.add(following)
            *more, following = self._numbers(self._sector(following))
            sectors += more
        return self._numbers(b"".join(self._sector(number) for number in sectors if number < END_OF_CHAIN))

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in _followed(start, self.table))

    def _sector(self, number: int) -> bytes:
        place = (number + 1) * self.size
        if place >= len(self.content):
            raise FileRefused(DAMAGED)
        return self.content[place : place + self.size]

    @staticmethod
    def _numbers(content: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4]))


def _followed(start: int, table: list[int]) -> Iterator[int]:
    """The numbers of a chain; one that goes in a circle or is cut off is damaged."""
    number, steps = start, 0
    while number < END_OF_CHAIN:
        if number >= len(table) or steps > len(table):
            raise FileRefused(DAMAGED)
        yield number
        number, steps = table[number], steps + 1


@dataclass(frozen=True)
class _Record:
    kind: int
    data: bytes

    def extent(self) -> tuple[int, int]:
        """The last row and column that the record fills, from 1; nothing for a record without cells."""
        if self.kind == DIMENSIONS:
            _, rows, _, columns = struct.unpack_from("<IIHH", self.data)
            return rows, columns
        if self.kind not in CELLS:
            return 0, 0
        row, column = struct.unpack_from("<HH", self.data)
        if self.kind in (MULRK, MULBLANK):
            (column,) = struct.unpack_from("<H", self.data, len(self.data) - 2)
        return row + 1, column + 1

    def error(self) -> str | None:
        """The error that the cell shows."""
        if self.kind == BOOLERR and self.data[7]:
            return WORDS.get(self.data[6], "#FOUT")
        if self.kind == FORMULA and self.data[12:14] == b"\xff\xff" and self.data[6] == 2:
            return WORDS.get(self.data[8], "#FOUT")
        return None


def _records(stream: bytes, place: int) -> Iterator[_Record]:
    """The records of one part of the workbook, those of a chart inside it included."""
    depth = 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        yield _Record(kind, stream[place + 4 : place + 4 + length])
        place += 4 + length
        depth += (kind == BOF) - (kind == EOF)
        if depth == 0:
            return
    raise FileRefused(DAMAGED)


def _text_lengths(parts: list[bytes]) -> list[int]:
    """Characters of each shared text; a text that goes on in the next part says its kind again there."""
    lengths: list[int] = []
    part, place = 0, 8
    while part < len(parts) and place + 3 <= len(parts[part]):
        length, kind = struct.unpack_from("<HB", parts[part], place)
        place += 3
        runs = struct.unpack_from("<H", parts[part], place)[0] if kind & 8 else 0
        place += 2 if kind & 8 else 0
        more = struct.unpack_from("<I", parts[part], place)[0] if kind & 4 else 0
        place += 4 if kind & 4 else 0
        lengths.append(length)
        while (room := (len(parts[part]) - place) // (1 + (kind & 1))) < length:
            part, place, length = part + 1, 1, length - max(room, 0)
            kind = parts[part][0]
        place += length * (1 + (kind & 1)) + runs * 4 + more
        while part < len(parts) and place >= len(parts[part]):
            part, place = part + 1, place - len(parts[part])
    return lengths


def _check_texts(parts: list[bytes], referred: list[int], limits: Limits) -> None:
    """Raise FileRefused when many cells refer to long texts: each cell would get a copy."""
    lengths = _text_lengths(parts)
    if sum(lengths[index] for index in referred if index < len(lengths)) > limits.unpacked:
        raise FileRefused(too_large(limits))


def _errors(stream: bytes, limits: Limits) -> Errors:
    starts, parts = [], []
    last = 0
    for record in _records(stream, 0):
        if record.kind == SST or (record.kind == CONTINUE and last == SST):
            parts.append(record.data)
        last = record.kind if record.kind != CONTINUE else last
        if record.kind == FILEPASS:
            raise FileRefused(LOCKED)
        if record.kind == BOUNDSHEET and record.data[5] == 0:
            starts.append(struct.unpack_from("<I", record.data)[0])
    found: Errors = {}
    referred: list[int] = []
    for index, start in enumerate(starts):
        for record in _records(stream, start):
            check_extent(*record.extent(), limits)
            if record.kind == LABELSST:
                referred.append(struct.unpack_from("<I", record.data, 6)[0])
            if words := record.error():
                row, column = struct.unpack_from("<HH", record.data)
                found.setdefault(index, {})[row, column] = words
    _check_texts(parts, referred, limits)
    return found
