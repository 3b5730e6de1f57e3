"""What WeasyPrint does slowly where many short documents are made, done faster with the same outcome."""

import re
from functools import lru_cache
from typing import Any

LENGTH = re.compile(r"\[\d+\]$")


class _AnyLength:
    """The bridge to C libraries, that knows arrays of every length by one name of their type.

    A name that it has not seen is parsed, together with all that was ever declared: 10 ms. WeasyPrint writes the number
    of glyphs in it, twice for each font of a document.
    """

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, kind: str, values: Any = None) -> Any:
        """Memory for the values, or, without them, for what `kind` says."""
        return self._ffi.new(kind) if values is None else self._ffi.new(LENGTH.sub("[]", kind), values)


@lru_cache(maxsize=1)
def hurry() -> None:
    """Let WeasyPrint embed fonts by way of `_AnyLength`."""
    from weasyprint.pdf import fonts  # noqa: PLC0415  only workers render: see publishing.pdf

    fonts.ffi = _AnyLength(fonts.ffi)
