# SPDX-License-Identifier: BSL-1.0
"""What is asked, of whom, and what we want to reach (the design's "Numbers to beat")."""

from __future__ import annotations

from dataclasses import dataclass

from .figures import Table, Target

SIZES = (2, 16, 1_000, 10_000, 100_000, 1_000_000)

# Nothing that anybody could use: they show what is left to spend.
FLOORS = ("splice", "fctx", "callback", "function", "min", "os_", "fiber inbox")


@dataclass(frozen=True)
class Command:
    program: str  # of ours, or one of the anchors'
    arguments: str


ARRIVAL = Table("ns an arrival at a cyclic barrier", "barrier", "ns_per_arrival")
MAKE = "create_ns+first_run_park_ns"
WAITING = Table("bytes resident, one that waits", "parkmem", "parked_bytes", 1)
RECORDS = Table("bytes resident, a lane of the C ABI's at a barrier", "barrier", "parked_bytes",
                only=("weir records",), least_n=1_000)
ASLEEP = Table("ns from a foreign thread's call to the lane, runtime asleep (p50)",
               "latency_idle", "p50_ns")
BUSY = Table("ns from a foreign thread's call to the lane, runtime busy (p50)",
             "latency_busy", "p50_ns")
FLOOD = Table("ns a wake-up, all of N one by one", "flood", "ns_per_completion")

TABLES = {
    "barrier": [ARRIVAL],
    "languages": [],  # a table of its own: languages.py
    "wake": [ASLEEP, BUSY, FLOOD],
    "memory": [
        WAITING,
        RECORDS,
        Table("bytes of page tables, one that waits", "parkmem", "pte_bytes", 1),
        Table("bytes of address space, one that waits", "parkmem", "virtual_bytes", 1),
        Table("ns to make one and have it park, cold", "parkmem", MAKE, 1),
        Table("ns to make one and have it park, warm", "parkmem", MAKE, 2),
        Table("ns to wake and end one, warm", "parkmem", "resume_destroy_ns", 2),
        Table("ns to give back the memory of one that ended", "trim", "ns_per_lane"),
    ],
}

LANES = "weir lanes"
TARGETS = [
    Target("lane, up to 10,000: 0.3 x tokio", ARRIVAL, LANES, 0.3, ("tokio*",), 16, 10_000),
    Target("lane, beyond: 0.55 x tokio", ARRIVAL, LANES, 0.55, ("tokio*",), 10_001),
    Target("lane: 0.25 x Boost.Fiber's barrier", ARRIVAL, LANES, 0.25, ("boost*",), 16),
    Target("lane, from 1,000: 0.2 x Go", ARRIVAL, LANES, 0.2, ("go*",), 1_000),
    Target("stacks in random order, 10,000: 1.5 x in order", ARRIVAL, f"{LANES}, shuffled", 1.5,
           (LANES,), 10_000, 10_000),
    Target("two workers, from 1,000: 0.75 x one", ARRIVAL, f"{LANES}, 2 workers", 0.75, (LANES,),
           1_000),
    Target("record through the C ABI: 0.1 x tokio", ARRIVAL, "weir records", 0.1, ("tokio*",)),
    Target("record: 64 bytes", RECORDS, "weir records", 64, (), 100_000),
    Target("parked lane: 4,400 bytes", WAITING, "weir lane", 4_400, (), 100_000),
    Target("asleep: 1.15 x a bare thread on an eventfd", ASLEEP, "weir event", 1.15,
           ("os_eventfd",)),
    Target("busy: 0.5 x Boost's promise", BUSY, "weir event", 0.5, ("fiber promise",)),
    Target("flood: 1.5 x tokio", FLOOD, "weir event", 1.5, ("tokio*",)),
]


def rounds(n: int, arrivals: int = 5_000_000) -> int:
    return max(2, arrivals // n)


def barrier(most: int) -> list[Command]:
    all_of_them = []
    for n in (n for n in SIZES if n <= most):
        r = f"n={n} r={rounds(n)}"
        two = f"n={n} r={rounds(n, 100_000 if n <= 16 else 5_000_000)}"  # a kernel's wake a round
        all_of_them += [
            Command("meet", r),
            Command("meet", f"{r} deadline=1"),
            Command("meet", f"{r} shuffle=1"),
            Command("meet", f"{two} workers=2"),
            Command("records", r),
            Command("barrier", f"{r} impl=boost stack=default"),
            Command("barrier", f"{r} impl=boost stack=slab kb=16"),
            Command("go", f"barrier impl=cond procs=1 {r}"),
            Command("go", f"barrier impl=chan procs=1 {r}"),
            Command("tokio", f"barrier {r} threads=0"),
            Command("tokio", f"barrier {two} threads=2"),
            Command("barrier", f"{r} impl=splice stack=slab kb=16"),
            Command("barrier", f"{r} impl=fctx stack=slab kb=16"),
            Command("barrier", f"{r} impl=callback"),
        ]
        if n <= 10_000:
            all_of_them.append(Command("asyncio", f"barrier n={n} r={rounds(n, 50_000)}"))
        if n <= 1_000:
            few = max(20, 40_000 // n)
            all_of_them += [
                Command("threads", f"impl=std n={n} r={few}"),
                Command("threads", f"impl=pthread n={n} r={few}"),
                Command("java", f"cyclic {n} {few}"),
            ]
    return all_of_them


def wake(most: int) -> list[Command]:
    latency, flood = f"n={min(10_000, most)}", min(100_000, most)
    return [
        Command("wake", latency),
        *(Command("parkresume", f"{latency} impl={impl}")
          for impl in ("promise", "cv", "eventfd", "inbox", "os_cv", "os_eventfd")),
        Command("go", f"latency {latency}"),
        Command("tokio", f"latency {latency}"),
        Command("asyncio", f"latency {latency}"),
        Command("wake", f"{latency} busy=1"),
        *(Command("parkresume", f"{latency} busy=1 impl={impl}")
          for impl in ("promise", "cv", "eventfd", "inbox")),
        Command("wake", f"n={flood} mode=flood"),
        *(Command("parkresume", f"mode=flood parked={flood} impl={impl}")
          for impl in ("promise", "inbox")),
        Command("go", f"flood n={flood}"),
        Command("tokio", f"flood n={flood}"),
    ]


def memory(most: int) -> list[Command]:
    all_of_them = []
    for n in (n for n in (1_000, 100_000, 1_000_000) if n <= most):
        all_of_them += [
            Command("parked", f"n={n} gens=2"),
            Command("records", f"n={n} r=2"),
            Command("parkmem", f"n={n} gens=2 impl=boost stack=default"),
            Command("parkmem", f"n={n} gens=2 impl=boost stack=slab kb=16"),
            Command("go", f"parkmem n={n}"),
            Command("tokio", f"parkmem n={n}"),
            Command("asyncio", f"parkmem n={n}"),
            Command("parkmem", f"n={n} gens=2 impl=min stack=slab kb=16"),
            Command("parkmem", f"n={n} impl=callback"),
        ]
    return all_of_them


def languages(most: int) -> list[Command]:
    """One scenario in each language: languages.py says more."""
    ways = {
        "weir C": ("batch", "each"), "weir C++": ("batch", "each"),
        "weir Go": ("batch", "each", "goroutine", "channel"), "weir Rust": ("batch", "each"),
        "weir Python": ("batch", "each", "host", "task"),
    }
    all_of_them = []
    for n in (n for n in (16, 1_000, 100_000) if n <= most):
        for program, hows in ways.items():
            arrivals = 200_000 if program == "weir Python" else 2_000_000
            all_of_them += [Command(program, f"how={how} n={n} r={rounds(n, arrivals)}")
                            for how in hows]
        r = f"n={n} r={rounds(n, 2_000_000)}"
        all_of_them += [
            Command("go", f"barrier impl=cond procs=1 {r}"),
            Command("go", f"barrier impl=chan procs=1 {r}"),
            Command("tokio", f"barrier {r} threads=0"),
            Command("asyncio", f"barrier n={n} r={rounds(n, 100_000)}"),
            Command("barrier", f"{r} impl=callback"),
        ]
    return all_of_them


COMMANDS = {"barrier": barrier, "wake": wake, "memory": memory, "languages": languages}
