"""What a merge writes on pages, in fonts that the file holds.

At the foot of each stand edition and time, CONCEPT, and the number of the page, marked as an artifact, so that a reader
aloud passes over them. In the contents stands the page of each chapter, which is told with its link.
"""

import io
from dataclasses import dataclass
from functools import lru_cache

from django.utils.formats import date_format
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf

from .faces import FACES
from .layout import Stamp
from .palette import Palette

PLAIN, STRONG = "/DuoplusPlain", "/DuoplusStrong"
FAMILY, REGULAR, BOLD = "Source Sans", 400, 600
SIGN = "CONCEPT"
# Letters in a font of one byte each, as ASCII has them: all that Dutch months, numbers and our own words need.
LETTERS = "".join(map(chr, range(32, 127)))
# Points, from the left and the foot of a page of A4. They follow the margins of the stylesheet: 24 mm at the outside,
# 50 mm where the column of text begins.
SIZE = 8.0
LEFT, RIGHT, MIDDLE = 68.03, 527.24, 334.49
BASELINE = 45.8
SIGN_WIDTH, SIGN_HEIGHT, SIGN_FOOT = 68.03, 14.17, 41.4
SIGN_SPACING = 0.48
SIGN_BASELINE = 45.75
# Of a line of the contents, above its foot: the padding below, half the leading and what hangs below letters.
ENTRY_SIZE, ENTRY_BASELINE = 10.25, 6.59


@dataclass(frozen=True)
class Cut:
    """A font of the house with `LETTERS` only: the file, and the width of each in thousandths of its size."""

    name: str
    file: bytes
    widths: tuple[int, ...]
    box: tuple[int, ...]
    ascent: int
    descent: int
    cap_height: int

    def width(self, words: str, size: float) -> float:
        """Points that the words take."""
        return sum(self.widths[LETTERS.index(letter)] for letter in words) * size / 1000


@lru_cache(maxsize=2)
def cut(weight: int) -> Cut:
    """The upright font of this weight; the same bytes each time."""
    face = next(face for face in FACES if (face.family, face.weight, face.style) == (FAMILY, weight, "normal"))
    options = subset.Options(hinting=False, notdef_outline=True, layout_features=[], name_IDs=[1, 2, 4, 6])
    # Reading how letters join takes six times as long as all the rest, and these stand apart.
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    font = TTFont(io.BytesIO(face.read()), recalcTimestamp=False, lazy=True)
    cutter = subset.Subsetter(options)
    cutter.populate(text=LETTERS)
    cutter.subset(font)
    written = io.BytesIO()
    font.save(written)
    scale = 1000 / font["head"].unitsPerEm
    glyphs = font.getBestCmap()
    head, lines, marks = font["head"], font["hhea"], font["OS/2"]
    return Cut(
        name=f"DUOPLS+{face.file.removesuffix('.ttf')}",
        file=written.getvalue(),
        widths=tuple(round(font["hmtx"][glyphs[ord(letter)]][0] * scale) for letter in LETTERS),
        box=tuple(round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)),
        ascent=round(lines.ascent * scale),
        descent=round(lines.descent * scale),
        cap_height=round(marks.sCapHeight * scale),
    )


def embed(pdf: Pdf, font: Cut) -> Object:
    """The font as an object of the file."""
    file = pdf.make_stream(font.file, Length1=len(font.file))
    name = Name(f"/{font.name}")
    descriptor = Dictionary(
        Type=Name.FontDescriptor, FontName=name, Flags=32, FontBBox=Array(font.box), ItalicAngle=0,
        Ascent=font.ascent, Descent=font.descent, CapHeight=font.cap_height, StemV=80, FontFile2=file,
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.TrueType, BaseFont=name, Encoding=Name.WinAnsiEncoding,
            FirstChar=ord(LETTERS[0]), LastChar=ord(LETTERS[-1]), Widths=Array(font.widths),
            FontDescriptor=pdf.make_indirect(descriptor),
        )
    )  # fmt: skip


class Stamps:
    """What is written on the pages of one edition. The fonts go into the resources of every page."""

    def __init__(self, pdf: Pdf, stamp: Stamp, colours: Palette, *, draft: bool) -> None:
        self._regular, self._bold = cut(REGULAR), cut(BOLD)
        self.fonts = {PLAIN: embed(pdf, self._regular), STRONG: embed(pdf, self._bold)}
        self._quiet, self._ink = _rgb(colours.quiet), _rgb(colours.ink)
        edition = f"Editie {stamp.edition}, {date_format(stamp.made_at, 'j F Y')}"
        self._same = _text(PLAIN, LEFT, edition)
        if draft:
            self._same = f"{self._same} {_sign(self._bold, self._ink)}"

    def foot(self, page: int, pages: int) -> str:
        """The drawing of a page's foot, to come before that of the page itself."""
        number = f"Pagina {page} van {pages}"
        numbered = _text(PLAIN, RIGHT - self._regular.width(number, SIZE), number)
        drawing = f"q {self._quiet} rg {self._same} {numbered} Q"
        return f"/Artifact <</Type /Pagination /Subtype /Footer>> BDC {drawing} EMC"

    def entry(self, page: int, x: float, y: float, *, mark: int, bold: bool) -> str:
        """The drawing of a page's number in the contents, ending at `x` above `y`; `mark` is its number in the tags."""
        name, font = (STRONG, self._bold) if bold else (PLAIN, self._regular)
        # A space keeps the number apart from the title for who hears it.
        words = f" {page}"
        at = x - font.width(words, ENTRY_SIZE)
        letters = f"BT {name} {ENTRY_SIZE} Tf {at:.2f} {y + ENTRY_BASELINE:.2f} Td ({words}) Tj ET"
        return f"/Link <</MCID {mark}>> BDC q {self._ink} rg {letters} Q EMC"


def _text(font: str, x: float, words: str) -> str:
    return f"BT {font} {SIZE:g} Tf {x:.2f} {BASELINE} Td ({words}) Tj ET"


def _sign(font: Cut, colour: str) -> str:
    """CONCEPT in a box."""
    width = font.width(SIGN, SIZE) + SIGN_SPACING * len(SIGN)
    box = f"{MIDDLE - SIGN_WIDTH / 2:.2f} {SIGN_FOOT} {SIGN_WIDTH} {SIGN_HEIGHT} re S"
    letters = f"{STRONG} {SIZE:g} Tf {SIGN_SPACING} Tc {MIDDLE - width / 2:.2f} {SIGN_BASELINE} Td ({SIGN}) Tj"
    return f"q {colour} rg {colour} RG 0.8 w {box} BT {letters} ET Q"


def _rgb(colour: str) -> str:
    return " ".join(f"{int(colour[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))
