"""Tables of figures: lines, amendments, stored variances, and what each figure was before."""

from .budget import Amendment, Decision, Variance
from .explanations import CauseList, Claim, DeviationRule, Explanation, Nature
from .history import Change
from .lawfulness import CreditClass, LawfulnessLimit
from .tables import Cell, Line, Table, TotalMember

__all__ = [
    "Amendment",
    "CauseList",
    "Cell",
    "Change",
    "Claim",
    "CreditClass",
    "Decision",
    "DeviationRule",
    "Explanation",
    "LawfulnessLimit",
    "Line",
    "Nature",
    "Table",
    "TotalMember",
    "Variance",
]
