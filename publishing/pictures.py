"""Pages of a PDF drawn as pictures, by the one library here that draws; it has no threads, so one draws at a time."""

import io
from contextlib import closing
from pathlib import Path
from threading import Lock

import pypdfium2

# pdfium has no threads: two that draw at once bring the process down.
drawing = Lock()


class NoPicture(Exception):
    """There is no such page, or the file is no PDF."""


def draw(source: Path | bytes, page: int, width: int) -> bytes:
    """A page (counted from 0) as PNG of so many pixels wide; raises NoPicture."""
    target = io.BytesIO()
    try:
        with drawing, closing(pypdfium2.PdfDocument(source)) as document:
            found = document[page]
            image = found.render(scale=width / found.get_width()).to_pil()
    except (pypdfium2.PdfiumError, IndexError) as error:
        raise NoPicture from error
    image.save(target, "PNG")
    return target.getvalue()
