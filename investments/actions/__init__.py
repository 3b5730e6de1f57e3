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
from .ledger_imports import IMPORT, Outcome, bring_in, confirm_import, request_import, withdraw_import
from .lines import LineInput, add_line, move_line, remove_line, save_line
from .mapping import RuleInput, add_rule, close_period, end_rule, open_period
from .recording import COMPUTE, STATED
from .stated import statable_columns, state_figures, stated_figures
from .tables import create_table, follow_table, recompute, shape_table, update_table
from .totals import add_total, set_members

__all__ = [
    "COMPUTE",
    "IMPORT",
    "PREFIX",
    "STATED",
    "LineInput",
    "Outcome",
    "Preview",
    "RuleInput",
    "Target",
    "add_amendment",
    "add_line",
    "add_rule",
    "add_total",
    "apply_import",
    "bring_in",
    "close_period",
    "confirm_import",
    "content_of",
    "create_table",
    "end_rule",
    "explain_line",
    "explain_table",
    "first_guess",
    "follow_table",
    "guess_at",
    "hand_in",
    "map_file",
    "move_line",
    "open_period",
    "preview",
    "preview_of",
    "proposed",
    "recompute",
    "remove_amendment",
    "remove_line",
    "request_import",
    "save_line",
    "set_members",
    "shape_table",
    "sheets_of",
    "statable_columns",
    "state_figures",
    "stated_figures",
    "typed_cells",
    "undo_import",
    "update_table",
    "withdraw_import",
]
