"""The colours of a page, all from the organisation's one accent."""

import re
from dataclasses import dataclass

from library.colours import ENOUGH, contrast

PAPER, INK = "#ffffff", "#1d1d1b"
FALLBACK = "#154273"


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb. `accent` can be read on paper; `cover` is the accent itself, `on_cover` reads on it."""

    accent: str
    cover: str
    on_cover: str
    rule: str
    ink: str
    quiet: str


def palette(accent: str) -> Palette:
    """The palette of an accent; anything but #rrggbb becomes the fallback."""
    cover = accent.lower() if re.fullmatch(r"#[0-9a-fA-F]{6}", accent) else FALLBACK
    readable = cover
    while contrast(readable, PAPER) < ENOUGH:
        readable = mixed(readable, "#000000", 0.06)
    return Palette(
        accent=readable,
        cover=cover,
        on_cover=max((PAPER, INK), key=lambda colour: contrast(colour, cover)),
        rule=mixed(PAPER, readable, 0.35),
        ink=INK,
        quiet="#555555",
    )


def mixed(one: str, other: str, share: float) -> str:
    """`one` with a share (0 to 1) of `other`, channel by channel."""
    pairs = ((int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
