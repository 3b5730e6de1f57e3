import re
import struct
import zlib

import pytest
from django.core.files.base import ContentFile
from PIL import ImageFile

from accounts.errors import Refused
from library import files
from tests.uploads import PDF, image, pdf

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class Claimed(ContentFile):
    """A file that says it has a size, without the bytes."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self.size = size


def test_a_pdf_gets_a_name_of_its_own_and_can_still_be_read() -> None:
    upload = pdf("../../etc/passwd")
    assert re.fullmatch(r"[0-9a-f]{32}\.pdf", files.pdf_name(upload))
    assert upload.read() == PDF
    assert files.pdf_name(upload) != files.pdf_name(upload)


@pytest.mark.parametrize("content", [PDF[:-6], b"%PDF-1.7", PDF + b" " * 1025])
def test_a_pdf_that_was_cut_off_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="Dit pdf-bestand is niet compleet"):
        files.pdf_name(ContentFile(content, "begroting.pdf"))


@pytest.mark.parametrize("content", [b"", b"%PDF", b"<html>%PDF-1.7", b"\n%PDF-1.7", b"PK\x03\x04", SVG])
def test_anything_else_is_refused_whatever_it_is_called(content: bytes) -> None:
    with pytest.raises(Refused, match="Dit is geen pdf-bestand"):
        files.pdf_name(ContentFile(content, "begroting.pdf"))


def test_a_pdf_may_be_fifty_megabytes() -> None:
    assert files.pdf_name(Claimed(PDF, 50 * 1024 * 1024)).endswith(".pdf")
    with pytest.raises(Refused, match="groter dan 50 MB"):
        files.pdf_name(Claimed(PDF, 50 * 1024 * 1024 + 1))


@pytest.mark.parametrize(("kind", "ending"), [("PNG", "png"), ("JPEG", "jpg")])
def test_a_logo_is_named_after_what_is_in_it(kind: str, ending: str) -> None:
    upload = image(kind, name="logo.svg")
    assert re.fullmatch(rf"[0-9a-f]{{32}}\.{ending}", files.logo_name(upload))
    assert upload.tell() == 0


@pytest.mark.parametrize("content", [b"", SVG, PDF, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", image().read()[:-20]])
def test_no_other_image_and_no_broken_one(content: bytes) -> None:
    with pytest.raises(Refused, match="Dit is geen png- of jpeg-afbeelding"):
        files.logo_name(ContentFile(content, "logo.png"))


def chunk(kind: bytes, content: bytes) -> bytes:
    """A part of a PNG image."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize("kind", [b"iCCP", b"zTXt", b"iTXt"])
def test_a_small_image_that_unpacks_to_a_large_one_is_refused(kind: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a web process, which loads no WeasyPrint: that makes Pillow lenient for all that run beside it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", value=False)
    bomb = zlib.compress(bytes(80 * 2**20), 9)
    head = {b"iCCP": b"x\0\0", b"zTXt": b"x\0\0", b"iTXt": b"x\0\1\0\0\0"}[kind]
    start, rest = image().read()[:33], image().read()[33:]
    with pytest.raises(Refused, match="Dit is geen png- of jpeg-afbeelding"):
        files.logo_name(ContentFile(start + chunk(kind, head + bomb) + rest, "logo.png"))


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "BMP", "TIFF"])
def test_kinds_that_not_every_reader_of_the_pdf_knows(kind: str) -> None:
    with pytest.raises(Refused, match="Dit is geen png- of jpeg-afbeelding"):
        files.logo_name(image(kind))


def test_a_logo_is_limited_in_bytes_and_in_pixels() -> None:
    assert files.logo_name(image(size=(4000, 1))).endswith(".png")
    with pytest.raises(Refused, match="Dit logo is 4001 bij 1 beeldpunten; meer dan 4000 is te groot"):
        files.logo_name(image(size=(4001, 1)))
    with pytest.raises(Refused, match="groter dan 2 MB"):
        files.logo_name(Claimed(image().read(), 2 * 1024 * 1024 + 1))
