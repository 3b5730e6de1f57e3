"""Figures of all lines of a table at once, with pandas. Only workers import this module."""

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from . import variance
from .figures import Figures, LineFigures, flattened

AMOUNTS = ["original", "amendments", "actual"]


def calculate(lines: Sequence[LineFigures]) -> dict[int, Figures]:
    """Figures by line key, in cents (domain rules 2, 3 and 5).

    Totals come from the unrounded lines; a total's result is the sum of its members' favourable results.
    An actual that was not entered counts as zero. Raises CircularTotal.
    """
    if not lines:
        return {}
    by_key = {line.key: line for line in lines}
    plain = pd.DataFrame(
        [
            (
                line.key,
                variance.SIGNS[variance.Direction(line.direction)],
                line.original,
                line.amendments,
                line.actual or 0,
            )
            for line in lines
            if not line.is_total
        ],
        columns=["key", "direction_sign", *AMOUNTS],
    ).astype("int64")
    plain["amended"] = variance.amended(plain["original"], plain["amendments"])
    plain["result"] = variance.result(plain["amended"], plain["actual"], plain["direction_sign"])

    counted = pd.DataFrame(
        [(line.key, key, sign) for line in lines for key, sign in flattened(line, by_key)],
        columns=["line", "key", "sign"],
    ).merge(plain, on="key")
    signed = [*AMOUNTS, "amended"]
    counted[signed] = counted[signed].mul(counted["sign"], axis=0)
    sums = counted.groupby("line")[[*signed, "result"]].sum()
    rows = dict(zip(sums.index.tolist(), sums.to_dict("records"), strict=True))
    return {line.key: _figures(rows.get(line.key, {})) for line in lines}


def _figures(row: Mapping[Hashable, int]) -> Figures:
    values = {name: int(row.get(name, 0)) for name in (*AMOUNTS, "amended", "result")}
    return Figures(**values, percentage=variance.percentage(values["result"], values["amended"]))
