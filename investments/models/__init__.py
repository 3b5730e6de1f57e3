"""Tables of figures: lines, amendments, stored variances, and what each figure was before."""

from .budget import Amendment, Decision, Variance
from .history import Change
from .tables import Cell, Line, Table, TotalMember

__all__ = ["Amendment", "Cell", "Change", "Decision", "Line", "Table", "TotalMember", "Variance"]
