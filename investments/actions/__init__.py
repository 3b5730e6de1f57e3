"""The only place that changes figures: permission, guard, change, log, follow-up."""

from .amendments import add_amendment, remove_amendment
from .cells import PREFIX, typed_cells
from .explanations import explain_line, explain_table
from .importing import (
    Preview,
    Target,
    apply_import,
    content_of,
    first_guess,
    guess_at,
    hand_in,
    map_file,
    preview,
    preview_of,
    proposed,
    sheets_of,
    undo_import,
)
from .lines import LineInput, add_line, move_line, remove_line, save_line
from .recording import COMPUTE
from .tables import create_table, recompute, shape_table, update_table
from .totals import add_total, set_members

__all__ = [
    "COMPUTE",
    "PREFIX",
    "LineInput",
    "Preview",
    "Target",
    "add_amendment",
    "add_line",
    "add_total",
    "apply_import",
    "content_of",
    "create_table",
    "explain_line",
    "explain_table",
    "first_guess",
    "guess_at",
    "hand_in",
    "map_file",
    "move_line",
    "preview",
    "preview_of",
    "proposed",
    "recompute",
    "remove_amendment",
    "remove_line",
    "save_line",
    "set_members",
    "shape_table",
    "sheets_of",
    "typed_cells",
    "undo_import",
    "update_table",
]
