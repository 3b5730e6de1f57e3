"""What WeasyPrint does slowly where many short documents with charts are made, done faster."""
# ruff: noqa: PLC0415  only workers render: see publishing.pdf.

import re
from functools import lru_cache
from math import inf
from typing import Any

LENGTH = re.compile(r"\[\d+\]$")
BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How much of a text comes before its place."""


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
    """Let WeasyPrint embed fonts by way of `_AnyLength`, and draw the texts of charts by `_write`.

    It would go on without a drawing that fails, also when that is for want of memory; now the page fails with it.
    """
    from weasyprint.images import SVGImage
    from weasyprint.pdf import fonts
    from weasyprint.svg import SVG

    fonts.ffi = _AnyLength(fonts.ffi)
    draw_node = SVG.draw_node

    def draw(drawing: Any, node: Any, font_size: float, *args: Any, **options: Any) -> None:
        if node.tag == "text":
            _write(drawing, node)
        else:
            draw_node(drawing, node, font_size, *args, **options)

    def draw_image(image: Any, stream: Any, width: float, height: float, _style: Any) -> None:
        image._svg.draw(stream, width, height, image._base_url, image._context)  # noqa: SLF001  as the library does

    SVG.draw_node = draw
    SVGImage.draw = draw_image


def _write(drawing: Any, node: Any) -> None:
    """Draw a text of a chart: words at one place, that begin, end or have their middle there.

    WeasyPrint lays out each letter of a drawing by itself, since each may have its own place: a twelfth of the time of
    a chapter with two charts, and no letter knows its neighbours. It makes an object of each text that does not begin
    at its place, and pdfium, which draws our previews, cuts off the first letter of some.
    """
    from weasyprint.css.properties import INITIAL_VALUES
    from weasyprint.draw.text import draw_first_line
    from weasyprint.matrix import Matrix
    from weasyprint.svg.text import Style, TextBox
    from weasyprint.text.line_break import split_first_line

    size = float(node.get("font-size"))
    style = Style(INITIAL_VALUES | {"font_family": [node.get("font-family")], "font_size": size})
    style.font_config = drawing.font_config
    layout, _, _, width, _, baseline = split_first_line(node.text, style, drawing.context, inf, 0)
    left = float(node.get("x")) - BEFORE[node.get("text-anchor", "start")] * width
    box = TextBox(layout, style)
    box.baseline = baseline
    drawing.stream.push_state()
    fill, stroke = drawing.set_graphical_state(node, size)
    drawing.stream.begin_text()
    layout.reactivate(style)
    drawing.fill_stroke(fill, stroke, text=True)
    draw_first_line(drawing.stream, box, "none", "none", Matrix(d=-1, e=left, f=float(node.get("y"))))
    drawing.stream.end_text()
    drawing.stream.pop_state()
