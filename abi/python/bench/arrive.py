#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What an arrival costs through this package, and what one that is parked holds: N lanes of one scope reach one cyclic
barrier, round after round, and all are told. Prints a line of JSON.

    arrive.py how=batch n=100000 r=10
    arrive.py                           every way, with 16, 1,000 and 100,000

The ways: `batch`, all lanes by one call; `each`, one by one, both without asyncio; `host`, all lanes by one call of a
weir.Host, awaited once; `task`, a task of asyncio each.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable

import weir

LARGE = 100_000


def resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def threads() -> tuple[int, int]:
    """Those of the process, and those that the library has named."""
    names = [(task / "comm").read_text() for task in Path("/proc/self/task").iterdir()]
    return len(names), sum(name.startswith("weir-") for name in names)


class Figures:
    """Says what N lanes that met cost."""

    def __init__(self, how: str, lanes: int) -> None:
        self.before = resident()
        self.line: dict[str, object] = {"bench": "languages", "lang": "python", "impl": f"weir Python, {how}", "n": lanes}
        self.lanes = lanes

    def parked(self) -> None:
        self.line["parked_bytes"] = round((resident() - self.before) / self.lanes, 1)
        self.line["threads"], self.line["library_threads"] = threads()

    def begin(self) -> None:
        self.wall, self.processor, self.telling = time.perf_counter_ns(), time.process_time_ns(), 0

    def end(self, rounds: int) -> None:
        took, spent = time.perf_counter_ns() - self.wall, time.process_time_ns() - self.processor
        for key, value in (("ns_per_arrival", took), ("cpu_ns_per_arrival", spent), ("ns_per_event", self.telling)):
            self.line[key] = round(value / self.lanes / rounds, 1)
        print(json.dumps(self.line), flush=True)


def without_asyncio(how: str, count: int, rounds: int) -> None:
    with weir.Runtime(workers=1) as runtime, weir.Queue() as queue, weir.Scope(runtime, queue) as scope:
        figures = Figures(how, count)
        gate = scope.barrier("gate", parties=count, cyclic=True)
        *lanes, last = [scope.lane() for _ in range(count)]
        tags = range(count - 1)

        def one_by_one() -> None:
            for tag, lane in zip(tags, lanes):
                lane.arrive_nowait(gate, tag)

        def at_once() -> None:
            gate.arrive_nowait(lanes, tags)

        def finish() -> int:
            start = time.perf_counter_ns()
            last.arrive_nowait(gate, count - 1)
            left = count + 1  # the barrier tells that it was released
            while left:
                left -= len(queue.drain())
            return time.perf_counter_ns() - start

        begin: Callable[[], None] = at_once if how == "batch" else one_by_one
        begin()
        figures.parked()
        finish()
        figures.begin()
        for _ in range(rounds):
            begin()
            figures.telling += finish()
        figures.end(rounds)


async def with_asyncio(how: str, count: int, rounds: int) -> None:
    with weir.Runtime(workers=1) as runtime:
        async with weir.Host(runtime=runtime) as host, host.scope() as scope:
            await tasks_that_meet(how, count, rounds, scope)


async def tasks_that_meet(how: str, count: int, rounds: int, scope: weir.Scope) -> None:
    figures = Figures(how, count)
    gate = scope.barrier("gate", parties=count, cyclic=True)
    *lanes, last = [scope.lane() for _ in range(count)]

    async def begin() -> asyncio.Future[Any]:
        waiting: asyncio.Future[Any]
        if how == "host":
            waiting = asyncio.ensure_future(gate.arrive(lanes))
        else:
            waiting = asyncio.gather(*(lane.arrive(gate) for lane in lanes))
        await asyncio.sleep(0)  # the tasks begin in order, before this one goes on
        return waiting

    async def finish(waiting: asyncio.Future[Any]) -> int:
        start = time.perf_counter_ns()
        await last.arrive(gate)
        await waiting
        return time.perf_counter_ns() - start

    waiting = await begin()
    figures.parked()
    await finish(waiting)
    figures.begin()
    for _ in range(rounds):
        figures.telling += await finish(await begin())
    figures.end(rounds)


def measure(how: str, count: int, rounds: int) -> None:
    if how in ("batch", "each"):
        without_asyncio(how, count, rounds)
    else:
        asyncio.run(with_asyncio(how, count, rounds))


def everything() -> None:
    """Each in a process of its own: memory that another has given back would make the next look small."""
    for how in ("batch", "each", "host", "task"):
        for count in (16, 1000, LARGE):
            given = [f"how={how}", f"n={count}", f"r={2 * LARGE // count}"]
            subprocess.run([sys.executable, __file__, *given], check=True)


def main() -> None:
    given = dict(argument.split("=", 1) for argument in sys.argv[1:])
    if given:
        measure(given.get("how", "batch"), int(given.get("n", 1000)), int(given.get("r", 100)))
    else:
        everything()


if __name__ == "__main__":
    main()
