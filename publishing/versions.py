"""With what an edition is laid out: the same content gives the same bytes as long as these are the same."""

from importlib.metadata import version

LAYOUT = "1"
"""Goes up with every change of templates or stylesheet that changes what is printed."""


def weasyprint() -> str:
    """The version that is installed, without loading it."""
    return version("weasyprint")
