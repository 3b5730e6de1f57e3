"""Tables of figures: lines, amendments, stored variances, the ledger, files, and what each figure was before."""

from .budget import Amendment, Decision, Variance
from .explanations import CauseList, Claim, DeviationRule, Evidence, Explanation, Nature
from .history import Change
from .imports import ImportState, TableImport
from .lawfulness import CreditClass, LawfulnessLimit
from .ledger import (
    Balance,
    Ledger,
    LedgerImport,
    LedgerImportState,
    LedgerPeriod,
    LedgerRule,
    LedgerVersion,
    Posting,
)
from .tables import Cell, Line, Table, TotalMember

__all__ = [
    "Amendment",
    "Balance",
    "CauseList",
    "Cell",
    "Change",
    "Claim",
    "CreditClass",
    "Decision",
    "DeviationRule",
    "Evidence",
    "Explanation",
    "ImportState",
    "LawfulnessLimit",
    "Ledger",
    "LedgerImport",
    "LedgerImportState",
    "LedgerPeriod",
    "LedgerRule",
    "LedgerVersion",
    "Line",
    "Nature",
    "Posting",
    "Table",
    "TableImport",
    "TotalMember",
    "Variance",
]
