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
from .evidence import choose_postings
from .explanations import (
    ExplanationInput,
    add_explanation,
    explain_line,
    explain_table,
    remove_explanation,
    save_explanation,
)
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
    year_of,
)
from .lawfulness import classify_credit, set_lawfulness_limit
from .ledger_imports import (
    IMPORT,
    Outcome,
    bring_in,
    choose_columns,
    confirm_import,
    request_import,
    withdraw_import,
)
from .lines import LineInput, add_line, move_line, remove_line, save_line
from .mapping import MappingInput, add_rule, close_period, end_rule, open_period
from .quotes import add_quote, remove_quote
from .recording import COMPUTE, STATED
from .rules import RuleInput, set_causes, set_deviation_rule, set_table_rule
from .stated import statable_columns, state_figures, stated_figures
from .tables import TableExtras, create_table, follow_table, recompute, shape_table, update_table
from .totals import add_total, set_members

__all__ = [
    "COMPUTE",
    "IMPORT",
    "PREFIX",
    "STATED",
    "DecisionInput",
    "ExplanationInput",
    "LineInput",
    "MappingInput",
    "Outcome",
    "Preview",
    "RuleInput",
    "TableExtras",
    "Target",
    "add_amendment",
    "add_decision",
    "add_explanation",
    "add_line",
    "add_quote",
    "add_rule",
    "add_total",
    "apply_import",
    "bring_in",
    "choose_columns",
    "choose_postings",
    "classify_credit",
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
    "remove_decision",
    "remove_explanation",
    "remove_line",
    "remove_quote",
    "request_import",
    "save_decision",
    "save_explanation",
    "save_line",
    "set_causes",
    "set_deviation_rule",
    "set_lawfulness_limit",
    "set_members",
    "set_table_rule",
    "shape_table",
    "sheets_of",
    "statable_columns",
    "state_figures",
    "stated_figures",
    "typed_cells",
    "undo_import",
    "update_table",
    "withdraw_import",
    "year_of",
]
