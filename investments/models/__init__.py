"""Tables of figures: lines, amendments, stored variances, the ledger, files, and what each figure was before."""

from .budget import Amendment, Variance
from .history import Change
from .imports import ImportState, TableImport
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
    "Cell",
    "Change",
    "ImportState",
    "Ledger",
    "LedgerImport",
    "LedgerImportState",
    "LedgerPeriod",
    "LedgerRule",
    "LedgerVersion",
    "Line",
    "Posting",
    "Table",
    "TableImport",
    "TotalMember",
    "Variance",
]
