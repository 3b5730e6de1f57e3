"""The only place that changes figures: permission, guard, change, log, follow-up."""

from .amendments import add_amendment, remove_amendment
from .cells import PREFIX, typed_cells
from .explanations import explain_line, explain_table
from .importing import IMPORT, Outcome, bring_in, confirm_import, request_import, withdraw_import
from .lines import LineInput, add_line, move_line, remove_line, save_line
from .mapping import RuleInput, add_rule, close_period, end_rule, open_period
from .recording import COMPUTE
from .tables import create_table, recompute, shape_table, update_table
from .totals import add_total, set_members

__all__ = [
    "COMPUTE",
    "IMPORT",
    "PREFIX",
    "LineInput",
    "Outcome",
    "RuleInput",
    "add_amendment",
    "add_line",
    "add_rule",
    "add_total",
    "bring_in",
    "close_period",
    "confirm_import",
    "create_table",
    "end_rule",
    "explain_line",
    "explain_table",
    "move_line",
    "open_period",
    "recompute",
    "remove_amendment",
    "remove_line",
    "request_import",
    "save_line",
    "set_members",
    "shape_table",
    "typed_cells",
    "update_table",
    "withdraw_import",
]
