"""Names of places in a PDF, which those who lay it out and those who look something up in it must agree on."""


def chapter_anchor(number: str) -> str:
    """Where a chapter begins."""
    return f"hoofdstuk-{number}"


def section_anchor(number: str, place: int) -> str:
    """Where a section begins; the sections of a chapter count from 1."""
    return f"onderdeel-{number}-{place}"
