"""Tables of figures: lines, amendments, stored variances, the ledger, and what each figure was before."""

from .budget import Amendment, Variance
from .history import Change
from .ledger import (
    Balance,
    ImportState,
    Ledger,
    LedgerImport,
    LedgerPeriod,
    LedgerRule,
    LedgerVersion,
    Posting,
)
from .tables import Cell, Line, Table, TotalMember

__all__ = [
    "Amendment",
    "Balance",
    "Cell",
    "Change",
    "ImportState",
    "Ledger",
    "LedgerImport",
    "LedgerPeriod",
    "LedgerRule",
    "LedgerVersion",
    "Line",
    "Posting",
    "Table",
    "TotalMember",
    "Variance",
]
