"""The only place that changes figures: permission, guard, change, log, follow-up."""

from .amendments import (
    DecisionInput,
    add_amendment,
    add_decision,
    remove_amendment,
    remove_decision,
    save_decision,
)
from .cells import PREFIX, typed_cells
from .explanations import explain_line, explain_table
from .lines import LineInput, add_line, move_line, remove_line, save_line
from .recording import COMPUTE
from .tables import create_table, recompute, shape_table, update_table
from .totals import add_total, set_members

__all__ = [
    "COMPUTE",
    "PREFIX",
    "DecisionInput",
    "LineInput",
    "add_amendment",
    "add_decision",
    "add_line",
    "add_total",
    "create_table",
    "explain_line",
    "explain_table",
    "move_line",
    "recompute",
    "remove_amendment",
    "remove_decision",
    "remove_line",
    "save_decision",
    "save_line",
    "set_members",
    "shape_table",
    "typed_cells",
    "update_table",
]
