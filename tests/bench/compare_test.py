#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""What `compare` makes of figures; no program is run."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
from comparison import anchors, languages, questions, report  # noqa: E402
from comparison.figures import Samples, Table, Target, judge, parse, ratio  # noqa: E402

ARRIVAL = Table("ns", "barrier", "ns_per_arrival")


def row(impl, n, value, **more):
    return {"bench": "barrier", "impl": impl, "n": n, "ns_per_arrival": value, **more}


class Figures(unittest.TestCase):
    def test_lines_that_are_no_figures_are_passed_over(self):
        good = row("go", 2, 5)
        text = f"warming up\n{json.dumps(good)}\n{{broken\n{{\"n\": 1}}\n"
        self.assertEqual(parse(text), [good])

    def test_minimum_and_median_are_over_rounds(self):
        samples = Samples(ARRIVAL, [row("go", 2, value) for value in (5, 3, 9)])
        self.assertEqual(samples.minimum("go", 2), 3)
        self.assertEqual(samples.median("go", 2), 5)
        self.assertIsNone(samples.minimum("go", 16))

    def test_a_table_takes_its_own_rows_only(self):
        warm = Table("warm", "barrier", "ns_per_arrival", gen=2, only=("weir",))
        rows = [row("weir a", 2, 1, gen=1), row("weir a", 2, 7, gen=2.0), row("go", 2, 1, gen=2),
                {"bench": "flood", "impl": "weir a", "n": 2, "ns_per_arrival": 1, "gen": 2}]
        self.assertEqual(Samples(warm, rows).minimum("weir a", 2), 7)
        self.assertEqual(Samples(warm, rows).impls(), ["weir a"])

    def test_a_figure_may_be_a_sum(self):
        both = Table("both", "barrier", "ns_per_arrival+more")
        rows = [row("go", 2, 5, more=2), row("java", 2, 5)]
        self.assertEqual(Samples(both, rows).minimum("go", 2), 7)
        self.assertEqual(Samples(both, rows).impls(), ["go"])

    def test_nothing_is_divided_by_nothing(self):
        self.assertEqual(ratio(1, 4), 0.25)
        self.assertIsNone(ratio(1, 0))
        self.assertIsNone(ratio(None, 4))


class Verdicts(unittest.TestCase):
    rows = [row("weir lanes", 16, 30), row("tokio a", 16, 100), row("tokio b", 16, 120),
            row("go", 16, 1), row("weir lanes", 2, 99), row("tokio a", 2, 100),
            row("weir lanes", 1000, 99)]

    def judge(self, limit, theirs=("tokio*",), least=16):
        target = Target("t", ARRIVAL, "weir lanes", limit, theirs, least)
        return judge(target, Samples(ARRIVAL, self.rows))

    def test_the_best_of_those_named_counts(self):
        (verdict,) = self.judge(0.3)
        self.assertEqual((verdict.n, verdict.theirs, verdict.value), (16, ("tokio a", 100), 0.3))
        self.assertTrue(verdict.reached)
        self.assertFalse(self.judge(0.29)[0].reached)

    def test_ours_is_not_compared_with_its_own_variants(self):
        rows = [row("weir lanes", 16, 40), row("weir lanes, 2 workers", 16, 20)]
        target = Target("t", ARRIVAL, "weir lanes, 2 workers", 0.75, ("weir lanes",))
        self.assertEqual(judge(target, Samples(ARRIVAL, rows))[0].value, 0.5)

    def test_who_did_not_run_is_not_judged(self):
        self.assertEqual(self.judge(0.3, ("java",)), [])

    def test_without_a_rival_the_figure_itself_is_judged(self):
        self.assertEqual([v.reached for v in self.judge(40, ())], [True, False])


class Report(unittest.TestCase):
    def test_ours_over_the_best_that_is_no_floor(self):
        rows = [row("weir lanes", 16, 30), row("go", 16, 60), row("callback", 16, 1)]
        lines = report.table(Samples(ARRIVAL, rows)).splitlines()
        self.assertEqual(lines[0], "| N | weir lanes | go | (callback) | best other | ratio |")
        self.assertEqual(lines[2], "| 16 | 30 | 60 | 1 | go | 0.5 |")

    def test_a_figure_that_is_not_there(self):
        rows = [row("weir lanes", 16, 30), row("go", 2, 1234.5)]
        lines = report.table(Samples(ARRIVAL, rows)).splitlines()
        self.assertEqual(lines[2:], ["| 2 | – | 1,234 | go | – |", "| 16 | 30 | – | – | – |"])

    def test_everything_that_is_asked_has_a_table(self):
        self.assertEqual(questions.COMMANDS.keys(), questions.TABLES.keys())
        for target in questions.TARGETS:
            self.assertTrue(any(target.table in each for each in questions.TABLES.values()))
        for commands in questions.COMMANDS.values():
            small = [each.arguments for each in commands(1_000)]
            self.assertTrue(all("n=10000" not in arguments for arguments in small))


class Languages(unittest.TestCase):
    def test_each_is_beside_what_its_users_have_and_threads_are_told(self):
        def ours(impl, lang, n, value, **more):
            return {"bench": "languages", "impl": impl, "lang": lang, "n": n,
                    "ns_per_arrival": value, "threads": 7, "library_threads": 2,
                    "parked_bytes": 300, **more}

        rows = [row("go chan P1", 100, 400, lang="go", parked_bytes=2720),
                ours("weir Go, batch", "go", 16, 50, ns_per_event=20),
                ours("weir Go, batch", "go", 100, 60), ours("weir Go, batch", "go", 100, 40),
                ours("goroutines at a channel barrier", "go", 100, 200, library_threads=0),
                row("weir lanes", 100, 1, lang="c++")]
        lines = languages.table(rows).splitlines()
        self.assertEqual(lines[0].split(" | ")[1:3], ["N = 16", "N = 100"])
        self.assertEqual(lines[2:], [
            "| weir Go, batch | 50 / 20 | 40 | 300 | 2 of 7 | goroutines at a channel barrier | – / 0.2 |",
            "| go chan P1 | – | 400 | 2,720 | – | – | – |",
            "| goroutines at a channel barrier | – | 200 | 300 | 0 of 7 | – | – |"])

    def test_nothing_measured_is_no_table(self):
        self.assertEqual(languages.table([]), "")


class Missing(unittest.TestCase):
    def test_no_anchors_is_no_error(self):
        with tempfile.TemporaryDirectory() as place:
            none = anchors.Anchors(Path(place) / "none", Path(place) / "out", Path(place))
            none.build()
            self.assertEqual(list(none.left_out), ["everything"])
            self.assertFalse((Path(place) / "out").exists())

    def test_what_does_not_build_is_left_out_with_a_reason(self):
        with tempfile.TemporaryDirectory() as place:
            (Path(place) / "in").mkdir()
            empty = anchors.Anchors(Path(place) / "in", Path(place) / "out", Path(place))
            empty.build()
            self.assertEqual(empty.commands.keys() - {"asyncio"}, set())
            self.assertTrue(all(empty.left_out.values()))


if __name__ == "__main__":
    unittest.main()
