"""The five columns of domain rule 6, for 2020."""

from investments.columns import TableKind, columns_for

FIVE_2020 = columns_for(TableKind.INVESTMENTS, [], 2020)
