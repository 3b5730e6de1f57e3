"""The house fonts as the PDF uses them: real TTF files from two packages."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

FAMILIES = {"source-serif": "Source Serif", "source-sans": "Source Sans"}
"""Family by the value of `library.models.Font`."""

_FILES = {"Source Serif": "SourceSerifPro", "Source Sans": "SourceSansPro"}
_CUTS = (
    (300, "normal", "Light"),
    (400, "normal", "Regular"),
    (400, "italic", "It"),
    (600, "normal", "Semibold"),
    (600, "italic", "SemiboldIt"),
)


@dataclass(frozen=True)
class Face:
    """One cut of a family: the name of its file, and the address a stylesheet knows it by."""

    family: str
    weight: int
    style: str
    file: str

    @property
    def address(self) -> str:
        return f"duoplus:font/{self.file}"

    def read(self) -> bytes:
        """The font itself; raises FileNotFoundError when the package is not installed."""
        for folder in settings.FONT_FOLDERS:
            path = Path(folder) / self.file
            if path.is_file():
                return path.read_bytes()
        raise FileNotFoundError(self.file)


FACES = tuple(
    Face(family, weight, style, f"{file}-{cut}.ttf") for family, file in _FILES.items() for weight, style, cut in _CUTS
)
