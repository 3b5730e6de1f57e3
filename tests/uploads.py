"""Files as a browser sends them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"
PAGE = (
    b"%PDF-1.7\n"
    b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
"""With a page that can be drawn."""


def pdf(name: str = "begroting.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def image(kind: str = "PNG", size: tuple[int, int] = (60, 20), name: str = "logo.png") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", size, "#1f5266").save(made, kind)
    return SimpleUploadedFile(name, made.getvalue(), "image/png")
