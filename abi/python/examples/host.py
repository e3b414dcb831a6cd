#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""A host on asyncio that carries out examples/scenario and prints what became of it.

    host.py [FOLDER]
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Optional

import weir

FOLDER = Path(__file__).parents[3] / "examples" / "scenario"
DECISIONS = (weir.EventKind.BARRIER_RELEASED, weir.EventKind.BARRIER_BROKEN, weir.EventKind.BARRIER_VOIDED)


class Failed(Exception):
    """A step of a task that fails."""


class Trace:
    """What happened, in an order that does not depend on what was faster."""

    def __init__(self) -> None:
        self.decisions: dict[str, list[weir.Event]] = defaultdict(list)
        self.arrivals: dict[tuple[str, int, str], str] = {}
        self.nodes: dict[str, weir.Outcome] = {}

    def event(self, event: weir.Event) -> None:
        if event.scope and event.kind in DECISIONS:
            self.decisions[event.path].append(event)
        elif event.kind == weir.EventKind.NODE_FINISHED and event.outcome:
            self.nodes[event.path] = event.outcome

    def arrival(self, barrier: str, generation: int, task: str, outcome: weir.Outcome, value: Any = None) -> None:
        told = f" {json.dumps(value)}" if value is not None else ""
        self.arrivals[barrier, generation, task] = f"{outcome}{told}"

    def barrier(self, name: str, tasks: list[str]) -> None:
        for event in self.decisions[name]:
            print(f"barrier {name} {event.generation} {verdict(event)}")
            for task in tasks:
                told = self.arrivals.get((name, event.generation, task))
                if told:
                    print(f"  {task} {told}")


def verdict(event: weir.Event) -> str:
    text = str(event.kind).split(".")[1]
    if event.kind == weir.EventKind.BARRIER_BROKEN:
        text += f" by {last(event.details['culprit'])}: {event.reason}"
    return text


def last(path: str) -> str:
    return path.rsplit("/", 1)[-1]


class Day:
    """The tasks of a scenario; each is a lane, and an asyncio task."""

    def __init__(self, scenario: dict[str, Any], scope: weir.Scope, trace: Trace) -> None:
        self.trace = trace
        self.steps: dict[str, list[dict[str, Any]]] = {task["name"]: task["steps"] for task in scenario["tasks"]}
        self.barriers = {
            one["name"]: scope.barrier(one["name"], cyclic=one.get("cyclic", False)) for one in scenario["barriers"]
        }
        self.lanes = {name: scope.lane(name) for name in self.steps}
        self.tasks: dict[str, asyncio.Task[weir.Outcome]] = {}
        for name, steps in self.steps.items():
            self.lanes[name].expect(*{self.barriers[step["at"]] for step in steps if step["do"] == "meet"})
        for barrier in self.barriers.values():
            barrier.open()

    async def run(self) -> dict[str, weir.Outcome]:
        self.tasks = {name: asyncio.ensure_future(self.task(name)) for name in self.steps}
        return dict(zip(self.tasks, await asyncio.gather(*self.tasks.values())))

    async def task(self, name: str) -> weir.Outcome:
        try:
            with self.lanes[name]:  # ends the lane as the block ends
                for step in self.steps[name]:
                    await self.step(name, step)
        except asyncio.CancelledError:
            return weir.Outcome.CANCELLED
        except (Failed, weir.NotReleased):
            return weir.Outcome.FAILED
        return weir.Outcome.SUCCEEDED

    async def step(self, name: str, step: dict[str, Any]) -> None:
        if step["do"] == "work":
            await asyncio.sleep(step["ms"] / 1000)
        elif step["do"] == "fail":
            raise Failed(step["why"])
        elif step["do"] == "cancel":
            self.tasks[step["task"]].cancel()
            await asyncio.wait([self.tasks[step["task"]]])
        elif step["do"] == "join":
            await asyncio.wait([self.tasks[step["task"]]])
        else:
            timeout = step["timeout_ms"] / 1000 if "timeout_ms" in step else None
            for _ in range(step.get("times", 1)):
                await self.meet(name, step["at"], step.get("value"), timeout)

    async def meet(self, name: str, at: str, value: Any, timeout: Optional[float]) -> None:
        try:
            decision = await self.lanes[name].arrive(self.barriers[at], value=value, timeout=timeout)
        except weir.BarrierBroken as broken:
            self.trace.arrival(at, broken.decision.generation, name, weir.Outcome.FAILED)
            raise
        except asyncio.CancelledError:
            standing = 1 + len(self.trace.decisions[at])
            self.trace.arrival(at, standing, name, weir.Outcome.CANCELLED)
            raise
        values = {last(path): handed for path, handed in decision.values.items()}
        self.trace.arrival(at, decision.generation, name, weir.Outcome.SUCCEEDED, values.get(name))


async def work(step: weir.Step) -> None:
    await asyncio.sleep(step.spec["ms"] / 1000)


async def refuse(step: weir.Step) -> None:
    raise Failed(step.spec["why"])


async def main(folder: Path) -> None:
    scenario = json.loads((folder / "scenario.json").read_text())
    trace = Trace()
    async with weir.Host(on_event=trace.event) as host:
        async with host.scope(scenario["name"]) as scope:
            day = Day(scenario, scope, trace)
            ends = await day.run()
        with weir.Plan.read(folder / scenario["pipeline"]) as plan:
            end = await host.run(plan, {"Work": work, "Refuse": refuse})
    for barrier in day.barriers:
        trace.barrier(barrier, list(ends))
    for name, outcome in ends.items():
        print(f"task {name} {outcome}")
    for path in sorted(trace.nodes):
        print(f"node {path} {trace.nodes[path]}")
    print(f"run {end}")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER))
