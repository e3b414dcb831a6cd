#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What an arrival and its event cost through this package; one JSON line for each figure.

    arrive.py [N ...]

arrive   Lane.arrive_nowait for each of N lanes of a cyclic barrier, and Queue.drain
batch    Barrier.arrive_nowait for all of them, and Queue.drain
drain    of `batch`, the part of Queue.drain
host     Barrier.arrive of a weir.Host, awaited once for all of them
await    N tasks of a weir.Host, each awaiting its own Lane.arrive
parked   the memory of N lanes that wait (arrive_nowait), bytes each
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Callable

import weir


def say(what: str, count: int, unit: str, value: float) -> None:
    print(json.dumps({"program": "weir-python", "what": what, "n": count, unit: round(value)}), flush=True)


def best(work: Callable[[], float], count: int) -> float:
    """Nanoseconds for each of `count`, of the best of some rounds."""
    return min(work() for _ in range(max(3, 20_000 // count))) / count


class Meeting:
    def __init__(self, queue: weir.Queue, scope: weir.Scope, count: int) -> None:
        self.queue = queue
        self.gate = scope.barrier(f"gate{count}", parties=count, cyclic=True)
        self.lanes = [scope.lane() for _ in range(count)]
        self.tags = range(count)

    def one_by_one(self) -> float:
        start = time.perf_counter_ns()
        for tag, lane in enumerate(self.lanes):
            lane.arrive_nowait(self.gate, tag)
        self.drain()
        return time.perf_counter_ns() - start

    def batch(self) -> float:
        start = time.perf_counter_ns()
        self.gate.arrive_nowait(self.lanes, self.tags)
        self.drain()
        return time.perf_counter_ns() - start

    def draining(self) -> float:
        self.gate.arrive_nowait(self.lanes, self.tags)
        start = time.perf_counter_ns()
        self.drain()
        return time.perf_counter_ns() - start

    def drain(self) -> None:
        left = len(self.lanes) + 1
        while left:
            left -= len(self.queue.drain())


def without_asyncio(counts: list[int]) -> None:
    with weir.Runtime(workers=1) as runtime, weir.Queue() as queue, weir.Scope(runtime, queue) as scope:
        for count in counts:
            meeting = Meeting(queue, scope, count)
            say("arrive", count, "ns", best(meeting.one_by_one, count))
            say("batch", count, "ns", best(meeting.batch, count))
            say("drain", count, "ns", best(meeting.draining, count))


async def with_asyncio(count: int) -> None:
    async with weir.Host() as host, host.scope() as scope:
        gate = scope.barrier("gate", parties=count, cyclic=True)
        lanes = [scope.lane() for _ in range(count)]
        together = each = float("inf")
        for _ in range(max(3, 20_000 // count)):
            start = time.perf_counter_ns()
            await gate.arrive(lanes)
            together = min(together, time.perf_counter_ns() - start)
            start = time.perf_counter_ns()
            await asyncio.gather(*(lane.arrive(gate) for lane in lanes))
            each = min(each, time.perf_counter_ns() - start)
        say("host", count, "ns", together / count)
        say("await", count, "ns", each / count)


def resident() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


def parked(count: int) -> None:
    with weir.Runtime(workers=1) as runtime, weir.Queue() as queue, weir.Scope(runtime, queue) as scope:
        gate = scope.barrier("gate", parties=count + 1)
        before = resident()
        lanes = [scope.lane() for _ in range(count)]
        gate.arrive_nowait(lanes, range(count))
        say("parked", count, "bytes", (resident() - before) / count)


if __name__ == "__main__":
    counts = [int(count) for count in sys.argv[1:]] or [16, 1000, 100_000]
    parked(max(counts))
    without_asyncio(counts)
    for count in counts:
        asyncio.run(with_asyncio(count))
