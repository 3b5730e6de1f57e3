"""Files that people hand in: judged by what is in them, never by their name or the type a browser states."""

import os
import secrets

from django.core.files.base import File
from PIL import Image, UnidentifiedImageError

from accounts.errors import Refused

MIB = 1024 * 1024
LARGEST_DOCUMENT = 50 * MIB
LARGEST_LOGO = 2 * MIB
PDF_END = 1024
"""Bytes at the end of a PDF in which readers look for its mark."""
WIDEST_LOGO = 4000
"""Pixels, in either direction: a small file can unpack to an image that fills the memory."""

LOGO_TYPES = {"png": "image/png", "jpg": "image/jpeg"}


def pdf_name(file: File) -> str:
    """A new name for a PDF; raise Refused for anything else and for a file above LARGEST_DOCUMENT."""
    if (file.size or 0) > LARGEST_DOCUMENT:
        raise Refused(
            f"Dit bestand is groter dan {LARGEST_DOCUMENT // MIB} MB. Sla het kleiner op of geef een webadres."
        )
    file.seek(0)
    starts_well = file.read(5) == b"%PDF-"
    file.seek(-min(file.size or 0, PDF_END), os.SEEK_END)
    ends_well = b"%%EOF" in file.read()
    file.seek(0)
    if not starts_well:
        raise Refused("Dit is geen pdf-bestand. Sla het document op als pdf en kies dat bestand.")
    if not ends_well:
        raise Refused("Dit pdf-bestand is niet compleet. Sla het document opnieuw op als pdf en kies dat bestand.")
    return f"{secrets.token_hex(16)}.pdf"


def logo_name(file: File) -> str:
    """A new name for a PNG or JPEG image; raise Refused for anything else and for images beyond the limits."""
    if (file.size or 0) > LARGEST_LOGO:
        raise Refused(f"Dit bestand is groter dan {LARGEST_LOGO // MIB} MB. Sla het logo kleiner op.")
    file.seek(0)
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as image:
            width, height, kind = image.width, image.height, image.format
            if max(width, height) <= WIDEST_LOGO:
                image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("Dit is geen png- of jpeg-afbeelding. Sla het logo in een van die soorten op.") from error
    file.seek(0)
    if max(width, height) > WIDEST_LOGO:
        raise Refused(f"Dit logo is {width} bij {height} beeldpunten; meer dan {WIDEST_LOGO} is te groot.")
    return f"{secrets.token_hex(16)}.{'png' if kind == 'PNG' else 'jpg'}"
