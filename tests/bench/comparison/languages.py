# SPDX-License-Identifier: BSL-1.0
"""The one table about languages: what an arrival costs through each of them, beside what each has
without us."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Iterable

from .figures import Row, ratio
from .report import is_ours, markdown, number

# What a user of that language would take otherwise, which the last column compares with.
RIVALS = {"c": "tokio*", "c++": "tokio*", "go": "go*", "rust": "tokio*", "python": "asyncio*"}
OTHERS = ("go *", "goroutines *", "tokio current_thread", "asyncio.Barrier", "callback")


class Figures:
    """The least of what was measured, by implementation, N and name of the figure."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.least: dict[tuple[str, int, str], float] = {}
        self.languages: dict[str, str] = {}
        for row in rows:
            if row["bench"] == "languages" or (row["bench"] == "barrier" and is_rival(row["impl"])):
                self._take(row)

    def _take(self, row: Row) -> None:
        self.languages.setdefault(row["impl"], row["lang"])
        for figure, value in row.items():
            if isinstance(value, (int, float)) and figure not in ("n", "round", "rounds"):
                key = row["impl"], row["n"], figure
                self.least[key] = min(value, self.least.get(key, value))

    def get(self, impl: str, n: int, figure: str) -> float | None:
        return self.least.get((impl, n, figure))

    def impls(self) -> list[str]:
        """Ours first, each as it came."""
        return sorted(self.languages, key=lambda impl: not is_ours(impl))  # stable

    def rival(self, impl: str, n: int) -> str | None:
        """Who is best of those that this one is beside."""
        pattern = RIVALS.get(self.languages[impl], "")
        found = [(value, name) for name in self.languages if fnmatchcase(name, pattern)
                 if not is_ours(name) and (value := self.get(name, n, "ns_per_arrival"))]
        return min(found)[1] if found else None

    def ratio(self, impl: str, rival: str, n: int) -> str:
        return number(ratio(*(self.get(each, n, "ns_per_arrival") for each in (impl, rival))))


def is_rival(impl: str) -> bool:
    return any(fnmatchcase(impl, pattern) for pattern in OTHERS)


def threads(of: Figures, impl: str, n: int) -> str:
    library, every = of.get(impl, n, "library_threads"), of.get(impl, n, "threads")
    return "–" if every is None else f"{number(library)} of {number(every)}"


def table(rows: Iterable[Row]) -> str:
    """For each N the time of an arrival with all that it brings, in it that of its end, and the time
    over that of who is best at the greatest N; for that one, memory and threads."""
    of = Figures(rows)
    sizes = sorted({n for _, n, _ in of.least})
    if not sizes:
        return ""
    most = sizes[-1]
    head = ["ns an arrival / of it the end", *(f"N = {n:,}" for n in sizes), "bytes each",
            "threads: library's of all", "beside", "ratio, for each N"]
    lines = []
    for impl in of.impls():
        cells = [impl if impl != "callback" else "(a record with a callback)"]
        for n in sizes:
            event = of.get(impl, n, "ns_per_event")
            told = f" / {number(event)}" if event is not None else ""
            cells.append(number(of.get(impl, n, "ns_per_arrival")) + told)
        cells += [number(of.get(impl, most, "parked_bytes")), threads(of, impl, most)]
        rival = of.rival(impl, most) if is_ours(impl) else None
        ratios = [of.ratio(impl, rival, n) for n in sizes] if rival else ["–"]
        cells += [rival or "–", " / ".join(ratios)]
        lines.append(cells)
    return markdown(head, lines)
