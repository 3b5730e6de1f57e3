"""Files as they come in, good and hostile, made by code."""

import io
import struct
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Fill = Callable[[Any, Any], None]
"""Writes into a sheet of a workbook."""


def xlsx(*rows: Sequence[object], fill: Fill | None = None, sheet: str = "Blad1") -> bytes:
    """Numbers as numbers, text as text; `fill` adds what plain rows cannot hold."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                page.write_string(number, column, value)
            elif value is not None:
                page.write(number, column, value)
    if fill is not None:
        fill(book, page)
    book.close()
    return made.getvalue()


def csv(*rows: Sequence[str], separator: str = ";", encoding: str = "utf-8") -> bytes:
    return "".join(separator.join(row) + "\r\n" for row in rows).encode(encoding)


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same zip with one of the files inside changed, or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        held = {entry: source.read(entry) for entry in source.namelist()}
        held[name] = change(held.get(name, b""))
        for entry, inside in held.items():
            target.writestr(entry, inside)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def ods(*rows: str) -> bytes:
    """Each row as the XML of its cells."""
    made = io.BytesIO()
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>" for row in rows
    )
    with zipfile.ZipFile(made, "w") as target:
        target.writestr("mimetype", kind)
        target.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?>'
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
        target.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} {calc}><office:body>'
            f'<office:spreadsheet><table:table table:name="Blad1">{body}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return made.getvalue()


def words(text: str) -> str:
    """A cell of ODS with text."""
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def amount(value: object, more: str = "") -> str:
    """A cell of ODS with a number."""
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}" {more}><text:p>{value}</text:p>'
        "</table:table-cell>"
    )


def record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0x0DBB, 0x07CC, 0, 6))


def label(row: int, column: int, text: str) -> bytes:
    inside = text.encode("utf-16-le")
    return record(0x204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + inside)


def number(row: int, column: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, 0, value))


def error(row: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<HHHBB", row, column, 0, code, 1))


def shared(*texts: str) -> bytes:
    """The shared texts of an XLS, cut as long records are."""
    whole = b"".join(struct.pack("<HB", len(text), 0) + text.encode("latin-1") for text in texts)
    first, rest = whole[:8000], whole[8000:]
    more = [rest[place : place + 8000] for place in range(0, len(rest), 8000)]
    head = record(0xFC, struct.pack("<II", len(texts), len(texts)) + first)
    return head + b"".join(record(0x3C, b"\0" + part) for part in more)


def refers(row: int, column: int, text: int) -> bytes:
    return record(0xFD, struct.pack("<HHHI", row, column, 0, text))


def xls(*cells: bytes, head: bytes = b"", streams: Sequence[str] = ()) -> bytes:
    """An XLS of one sheet; `streams` are the names of empty streams beside the workbook."""
    name = b"Blad1"
    start = len(bof(5)) + len(head) + 4 + 8 + len(name) + 4
    bound = record(0x85, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
    book = bof(5) + head + bound + record(0x0A, b"") + bof(0x10) + b"".join(cells) + record(0x0A, b"")
    return container({"Workbook": book.ljust(4096, b"\0"), **dict.fromkeys(streams, b"")})


def container(streams: dict[str, bytes]) -> bytes:
    """A compound file: a sector of the table, then the directory, then the streams one after the other."""
    free, end, table_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    directory_sectors = (len(streams) + 1 + 3) // 4
    table, body, following = [table_sector], b"", 1 + directory_sectors
    table += [*range(2, 1 + directory_sectors), end]
    for place, (name, content) in enumerate(streams.items(), start=1):
        sectors = -(-len(content) // 512)
        other = place + 1 if place < len(streams) else free
        entries.append(_entry(name, 2, following if sectors else end, len(content), right=other))
        if sectors:
            table += [*range(following + 1, following + sectors), end]
        body += content.ljust(sectors * 512, b"\0")
        following += sectors
    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header = struct.pack("<8s16xHHHHH6x", mark, 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<9I", 0, 1, 1, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", 0, *[free] * 108)
    directory = b"".join(entries).ljust(directory_sectors * 512, b"\0")
    return header + struct.pack("<128I", *table, *[free] * (128 - len(table))) + directory + body


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    written = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIII", written, len(written), kind, 1, 0xFFFFFFFF, right, child, b"", 0, 0, 0, start, size, 0
    )
