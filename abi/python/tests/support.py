# SPDX-License-Identifier: BSL-1.0
"""What the tests share. `abi/python/test` sets the environment that is read here."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path
from typing import Callable, Iterator, Optional

import weir

ROOT = Path(__file__).parents[1]
INCLUDE = Path(os.environ["WEIR_INCLUDE"])
SCENARIO = Path(os.environ["WEIR_SCENARIO"])
LIBRARY = Path(os.environ["WEIR_LIB"])
OUT = Path(os.environ["WEIR_OUT"])
COMPILER = shutil.which("cc")

ONE_STEP = """
pipeline:
  name: One
  identifier: one
  stages:
    - stage:
        name: Only
        identifier: only
        type: Custom
        spec:
          execution:
            steps:
              - step:
                  type: Task
                  name: Go
                  identifier: go
                  spec:
                    answer: 42
"""


def python(*arguments: str, **environment: Optional[str]) -> subprocess.CompletedProcess[str]:
    """Another interpreter, with these changes of the environment (None: unset)."""
    OUT.mkdir(parents=True, exist_ok=True)
    changed = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **environment}
    return subprocess.run(
        [sys.executable, *arguments],
        env={name: value for name, value in changed.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
        cwd=OUT,  # not where the package is
    )


def threads() -> int:
    return len(os.listdir("/proc/self/task"))


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


class ScopeTest(unittest.TestCase):
    """A host without asyncio, with one root scope."""

    def setUp(self) -> None:
        self.runtime = weir.Runtime(workers=1)
        self.queue = weir.Queue()
        self.root = weir.Scope(self.runtime, self.queue, "build", tag=4711)

    def tearDown(self) -> None:
        with self.root:
            pass
        self.queue.drain()
        self.queue.close()
        self.runtime.close()

    def expected(self, barrier: weir.Barrier, *names: str) -> list[weir.Lane]:
        """Lanes that the barrier expects; it is opened."""
        lanes = [self.root.lane(name) for name in names]
        for lane in lanes:
            lane.expect(barrier)
        barrier.open()
        return lanes


def until(queue: weir.Queue, last: Callable[[weir.Event], bool]) -> list[weir.Event]:
    """All events up to the batch with that one in it."""
    events: list[weir.Event] = []
    while not any(map(last, events)):
        batch = queue.wait(30)
        if not batch:
            raise AssertionError(f"no such event; there were {events}")
        events += batch
    return events


def ends(events: list[weir.Event]) -> str:
    """"7+ 8+ 9-": the tags of the arrivals that ended, with how."""
    signs = {weir.Outcome.SUCCEEDED: "+", weir.Outcome.FAILED: "-", weir.Outcome.CANCELLED: "c"}
    done = (event for event in events if event.kind == weir.EventKind.BARRIER_DONE)
    return " ".join(f"{e.tag}{signs.get(e.outcome, 't') if e.outcome else '?'}{'l' * e.late}" for e in done)


async def turns(count: int = 3) -> None:
    """Lets the tasks that are ready go as far as they can."""
    for _ in range(count):
        await asyncio.sleep(0)


def batches(lanes: list[weir.Lane], size: int) -> Iterator[list[weir.Lane]]:
    return (lanes[start : start + size] for start in range(0, len(lanes), size))
