"""Codes of the ledger (accounts, cost centres) and ranges of them (domain rule 10).

A code is text: "0100" and "100" are two codes. A range holds the codes of the same length as its bounds, in the order
of their characters, so that for digits it is the order of the numbers and leading zeros never get lost.
"""

from dataclasses import dataclass

LONGEST = 24


class CodeError(ValueError):
    """Not a range of codes; `str(error)` says in Dutch what is wrong."""


@dataclass(frozen=True)
class CodeRange:
    """Codes from `first` up to and including `last`; with neither, all codes."""

    first: str = ""
    last: str = ""

    def __str__(self) -> str:
        if not self.first:
            return "alle"
        return self.first if self.first == self.last else f"{self.first} t/m {self.last}"

    @property
    def is_all(self) -> bool:
        return not self.first

    def holds(self, code: str) -> bool:
        return self.is_all or (len(code) == len(self.first) and self.first <= code <= self.last)

    def meets(self, other: "CodeRange") -> bool:
        """Whether a code can be in both."""
        if self.is_all or other.is_all:
            return True
        return len(self.first) == len(other.first) and self.first <= other.last and other.first <= self.last


ALL = CodeRange()


def code_range(first: str, last: str = "") -> CodeRange:
    """The range as typed; a single code is a range of one. Raises CodeError."""
    start, end = first.strip(), last.strip() or first.strip()
    if not start and end:
        raise CodeError("Vul ook in waar de reeks begint.")
    if len(start) != len(end):
        raise CodeError(f"“{start}” en “{end}” zijn niet even lang. Een reeks gaat over codes van gelijke lengte.")
    if end < start:
        raise CodeError(f"“{end}” komt vóór “{start}”. Zet de laagste code vooraan.")
    return CodeRange(start, end)
