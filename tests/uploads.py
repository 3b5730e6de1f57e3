"""Files as a browser sends them."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


def pdf(name: str = "begroting.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def image(kind: str = "PNG", size: tuple[int, int] = (60, 20), name: str = "logo.png") -> SimpleUploadedFile:
    made = io.BytesIO()
    Image.new("RGB", size, "#1f5266").save(made, kind)
    return SimpleUploadedFile(name, made.getvalue(), "image/png")
