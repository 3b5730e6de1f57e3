"""Contrast of colours (WCAG 2.2, success criterion 1.4.3)."""

ENOUGH = 4.5


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of a colour written as #rrggbb."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21, of two colours written as #rrggbb."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def problem_on_white(colour: str) -> str:
    """Why a colour written as #rrggbb cannot be read on white, in Dutch with the ratio, or an empty string."""
    ratio = contrast(colour, "#ffffff")
    if ratio >= ENOUGH:
        return ""
    # Cut off, not rounded: 4,46 must not read as the 4,5 that it misses.
    shown = f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
    return f"Deze kleur heeft op wit een contrast van {shown}; dat moet minstens 4,5 zijn. Kies een donkerder kleur."
