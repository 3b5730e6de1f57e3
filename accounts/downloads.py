"""Files in storage as downloads: whole, or from where an earlier attempt broke off (RFC 9110, one range at a time)."""

import re
from dataclasses import dataclass

from django.core.files.base import File
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, quote_etag

RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)


class Unsatisfiable(ValueError):
    """A range of which the file has no byte."""


@dataclass
class Part:
    """So many bytes of an open file, from where it stands."""

    file: File
    left: int

    def read(self, size: int) -> bytes:
        found: bytes = self.file.read(min(size, self.left))
        self.left -= len(found)
        return found

    def close(self) -> None:
        self.file.close()


def download(request: HttpRequest, file: File, name: str, kind: str, *, tag: str) -> HttpResponseBase:
    """The open file as an attachment called `name`, whole or in part; the answer closes it.

    `tag` is the same as long as the bytes are: who goes on with a file that has changed gets all of it.
    """
    size, etag = file.size or 0, quote_etag(tag)
    common = {"Accept-Ranges": "bytes", "ETag": etag}
    if request.method == "HEAD":
        file.close()
        common["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        return HttpResponse(content_type=kind, headers={**common, "Content-Length": str(size)})
    try:
        wanted = span(_asked(request, etag), size)
    except Unsatisfiable:
        file.close()
        return HttpResponse(status=416, headers={**common, "Content-Range": f"bytes */{size}"})
    if wanted is None:
        return FileResponse(file, as_attachment=True, filename=name, content_type=kind, headers=common)
    first, last = wanted
    file.seek(first)
    common |= {"Content-Length": str(last - first + 1), "Content-Range": f"bytes {first}-{last}/{size}"}
    part = Part(file, last - first + 1)
    return FileResponse(part, as_attachment=True, filename=name, status=206, content_type=kind, headers=common)


def span(asked: str, size: int) -> tuple[int, int] | None:
    """The first and last byte of a `Range` header in a file of `size` bytes, None where it asks for all of it.

    What cannot be read, and more than one range at once, counts as not asked. Raises Unsatisfiable.
    """
    found = RANGE.fullmatch(asked.strip())
    if found is None or found.groups() == ("", ""):
        return None
    start, end = found.groups()
    if not start:
        first, last = max(size - int(end), 0), size - 1
    else:
        first, last = int(start), min(int(end), size - 1) if end else size - 1
        if end and int(end) < first:
            return None
    if first >= size:
        raise Unsatisfiable(asked)
    return first, last


def _asked(request: HttpRequest, etag: str) -> str:
    """The range that is asked for; none when it would go on with other bytes than these."""
    condition = request.headers.get("If-Range", etag)
    return request.headers.get("Range", "") if condition == etag else ""
