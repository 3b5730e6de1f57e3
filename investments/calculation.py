"""Figures of all lines of a table at once, with pandas. Only workers import this module."""

from collections.abc import Collection, Hashable, Mapping, Sequence

import pandas as pd

from . import variance
from .figures import Figures, LineFigures, flattened

AMOUNTS = ["original", "amendments", "actual"]


def calculate(lines: Sequence[LineFigures], wanted: Collection[int] | None = None) -> dict[int, Figures]:
    """Figures by line key, in cents (domain rules 2, 3 and 5), of the `wanted` lines or of all.

    Totals come from the unrounded lines; a total's result is the sum of its members' favourable results.
    An actual that was not entered counts as zero. Raises CircularTotal.
    """
    by_key = {line.key: line for line in lines}
    keys = by_key if wanted is None else wanted
    if not keys:
        return {}
    pairs = [(key, part, sign) for key in keys for part, sign in flattened(by_key[key], by_key)]
    counted = pd.DataFrame(pairs, columns=["line", "key", "sign"]).merge(_plain(by_key, pairs), on="key")
    signed = [*AMOUNTS, "amended"]
    counted[signed] = counted[signed].mul(counted["sign"], axis=0)
    sums = counted.groupby("line")[[*signed, "result"]].sum()
    rows = dict(zip(sums.index.tolist(), sums.to_dict("records"), strict=True))
    return {key: _figures(rows.get(key, {})) for key in keys}


def _plain(by_key: Mapping[int, LineFigures], pairs: Sequence[tuple[int, int, int]]) -> pd.DataFrame:
    """Each line that counts in one of the pairs (line, part, sign), with its result."""
    parts = [by_key[key] for key in dict.fromkeys(key for _, key, _ in pairs)]
    plain = pd.DataFrame(
        [
            (
                line.key,
                variance.SIGNS[variance.Direction(line.direction)],
                line.original,
                line.amendments,
                line.actual or 0,
            )
            for line in parts
        ],
        columns=["key", "direction_sign", *AMOUNTS],
    ).astype("int64")
    plain["amended"] = variance.amended(plain["original"], plain["amendments"])
    plain["result"] = variance.result(plain["amended"], plain["actual"], plain["direction_sign"])
    return plain


def _figures(row: Mapping[Hashable, int]) -> Figures:
    values = {name: int(row.get(name, 0)) for name in (*AMOUNTS, "amended", "result")}
    return Figures(**values, percentage=variance.percentage(values["result"], values["amended"]))
