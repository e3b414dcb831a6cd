# SPDX-License-Identifier: BSL-1.0
"""Tables for people, and everything for programs."""

from __future__ import annotations

from typing import Any

from .figures import Row, Samples, Verdict, judge, ratio
from .questions import FLOORS, TABLES, TARGETS


def number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def markdown(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def is_ours(impl: str) -> bool:
    return impl.startswith("weir ")


def table(samples: Samples) -> str:
    """Ours, then others, then floors; then the first of ours over the best of others."""
    ours = [impl for impl in samples.impls() if is_ours(impl)]
    floors = [impl for impl in samples.impls() if impl.startswith(FLOORS)]
    others = [impl for impl in samples.impls() if impl not in ours + floors]
    head = ["N", *ours, *others, *(f"({impl})" for impl in floors), "best other", "ratio"]
    rows = []
    for n in samples.sizes():
        best = samples.best(others, n)
        first = samples.minimum(ours[0], n) if ours else None
        rows.append([f"{n:,}", *(number(samples.minimum(i, n)) for i in ours + others + floors),
                     best[0] if best else "–", number(ratio(first, best[1] if best else None))])
    return markdown(head, rows)


def verdicts(samples: dict[str, list[Samples]]) -> list[Verdict]:
    every = [each for tables in samples.values() for each in tables]
    return [verdict for target in TARGETS for each in every if each.table == target.table
            for verdict in judge(target, each)]


def targets(judged: list[Verdict]) -> str:
    rows = [[v.target.text, f"{v.n:,}", number(v.ours), v.theirs[0] if v.theirs else "–",
             number(v.theirs[1] if v.theirs else None), number(v.value), number(v.target.limit),
             "yes" if v.reached else "**no**"] for v in judged]
    return markdown(["target", "N", "ours", "theirs", "", "value", "limit", "reached"], rows)


def gather(whats: list[str], rows: list[Row]) -> dict[str, list[Samples]]:
    return {what: [Samples(each, rows) for each in TABLES[what]] for what in whats}


def as_json(samples: dict[str, list[Samples]], judged: list[Verdict]) -> dict[str, Any]:
    figures = [
        {"what": what, "question": each.table.title, "bench": each.table.bench,
         "figure": each.table.figure, "impl": impl, "n": n, "minimum": each.minimum(impl, n),
         "median": each.median(impl, n)}
        for what, tables in samples.items() for each in tables for impl in each.impls()
        for n in each.sizes() if each.minimum(impl, n) is not None
    ]
    reached = [
        {"target": v.target.text, "n": v.n, "ours": v.ours, "theirs": v.theirs, "value": v.value,
         "limit": v.target.limit, "reached": v.reached} for v in judged
    ]
    return {"figures": figures, "targets": reached}
