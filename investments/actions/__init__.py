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
from .explanations import (
    ExplanationInput,
    add_explanation,
    explain_line,
    explain_table,
    remove_explanation,
    save_explanation,
)
from .lawfulness import classify_credit, set_lawfulness_limit
from .lines import LineInput, add_line, move_line, remove_line, save_line
from .recording import COMPUTE
from .rules import RuleInput, set_causes, set_deviation_rule
from .tables import create_table, recompute, shape_table, update_table
from .totals import add_total, set_members

__all__ = [
    "COMPUTE",
    "PREFIX",
    "DecisionInput",
    "ExplanationInput",
    "LineInput",
    "RuleInput",
    "add_amendment",
    "add_decision",
    "add_explanation",
    "add_line",
    "add_total",
    "classify_credit",
    "create_table",
    "explain_line",
    "explain_table",
    "move_line",
    "recompute",
    "remove_amendment",
    "remove_decision",
    "remove_explanation",
    "remove_line",
    "save_decision",
    "save_explanation",
    "save_line",
    "set_causes",
    "set_deviation_rule",
    "set_lawfulness_limit",
    "set_members",
    "shape_table",
    "typed_cells",
    "update_table",
]
