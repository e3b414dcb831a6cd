# SPDX-License-Identifier: BSL-1.0
"""Figures that programs print, one JSON object a line, gathered over several rounds."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Iterable

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """One question: which figure of which benchmark (a sum, as "one+other", where that is what can
    be compared); `gen` where it runs several generations; `only`, how names begin, and `least_n`
    where it is not for all that ran."""

    title: str
    bench: str
    figure: str
    gen: int | None = None
    only: tuple[str, ...] = ("",)
    least_n: int = 0

    def value(self, row: Row) -> float | None:
        if row["bench"] != self.bench or self.gen not in (None, int(row.get("gen", 1))):
            return None
        if not row["impl"].startswith(self.only) or row["n"] < self.least_n:
            return None
        parts = [row.get(part) for part in self.figure.split("+")]
        return float(sum(parts)) if all(isinstance(p, (int, float)) for p in parts) else None


def parse(text: str) -> list[Row]:
    """The lines that are figures; whatever else a program prints is passed over."""
    rows = []
    for line in text.splitlines():
        if not line.startswith("{"):
            continue
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if {"bench", "impl", "n"} <= row.keys():
            rows.append(row)
    return rows


class Samples:
    """The values of one table, by implementation and N."""

    def __init__(self, table: Table, rows: Iterable[Row]) -> None:
        self.table = table
        self._values: dict[tuple[str, int], list[float]] = defaultdict(list)
        for row in rows:
            value = table.value(row)
            if value is not None:
                self._values[row["impl"], row["n"]].append(value)

    def impls(self) -> list[str]:
        return list(dict.fromkeys(impl for impl, _ in self._values))

    def sizes(self) -> list[int]:
        return sorted({n for _, n in self._values})

    def minimum(self, impl: str, n: int) -> float | None:
        return min(self._values.get((impl, n), []), default=None)

    def median(self, impl: str, n: int) -> float | None:
        values = self._values.get((impl, n))
        return statistics.median(values) if values else None

    def best(self, impls: Iterable[str], n: int) -> tuple[str, float] | None:
        """Whose minimum is least, and that."""
        known = [(impl, value) for impl in impls if (value := self.minimum(impl, n)) is not None]
        return min(known, key=lambda each: each[1], default=None)


def ratio(ours: float | None, theirs: float | None) -> float | None:
    return None if ours is None or not theirs else ours / theirs


@dataclass(frozen=True)
class Target:
    """`ours` costs at most `limit` times the best of those whose name is one of the patterns
    `theirs`; without any, at most `limit`."""

    text: str
    table: Table
    ours: str
    limit: float
    theirs: tuple[str, ...] = ()
    least_n: int = 0
    most_n: int = 1 << 62


@dataclass(frozen=True)
class Verdict:
    target: Target
    n: int
    ours: float
    theirs: tuple[str, float] | None

    @property
    def value(self) -> float:
        return self.ours / self.theirs[1] if self.theirs else self.ours

    @property
    def reached(self) -> bool:
        return self.value <= self.target.limit


def judge(target: Target, samples: Samples) -> list[Verdict]:
    """One verdict for each N at which both sides have a figure."""
    verdicts = []
    rivals = [impl for impl in samples.impls()
              if any(fnmatchcase(impl, pattern) for pattern in target.theirs)]
    for n in samples.sizes():
        ours = samples.minimum(target.ours, n)
        theirs = samples.best(rivals, n)
        comparable = theirs is not None and theirs[1] > 0 if target.theirs else True
        if ours is not None and comparable and target.least_n <= n <= target.most_n:
            verdicts.append(Verdict(target, n, ours, theirs))
    return verdicts
