"""Tables of figures: lines, amendments, stored variances, files they came from, what each figure was before."""

from .budget import Amendment, Variance
from .history import Change
from .imports import ImportState, TableImport
from .tables import Cell, Line, Table, TotalMember

__all__ = ["Amendment", "Cell", "Change", "ImportState", "Line", "Table", "TableImport", "TotalMember", "Variance"]
