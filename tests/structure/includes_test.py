#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The include test itself: good lines pass, and each kind of bad line is caught."""

import unittest

from includes import check_line

GOOD = [
    ("fibers/park.cpp", '#include "fibers/park.hpp"'),
    ("fibers/park.cpp", "#include <boost/fiber/seat.hpp>"),
    ("fibers/park.cpp", "#include <vector>"),
    ("adapters/plan/json.hpp", "#include <nlohmann/json.hpp>"),
    ("adapters/harness/yaml.cpp", "#include <yaml.h>"),
    ("adapters/harness/load.cpp", '#include "adapters/expressions/expression.hpp"'),
    ("adapters/run/run.cpp", '#include "fibers/park.hpp"'),
    ("plugin/api.cpp", '#include "weir/weir.h"'),
    ("plugin/api.cpp", '#include "abi/functions.def"'),
    ("plugin/log.cpp", "# include <spdlog/logger.h>"),
    ("abi/include/weir/weir.h", "#include <stdint.h>"),
    ("examples/runner/main.cpp", '#include "examples/runner/loop.hpp"'),
    ("examples/runner/main.cpp", "#include <CLI/CLI.hpp>"),
    ("examples/c/demo.c", "#include <weir/weir.h>"),
    ("abi/cpp/include/weir/lane.hpp", "#include <weir/weir.h>"),
    ("abi/cpp/tests/main.cpp", '#include "abi/cpp/tests/check.hpp"'),
    ("abi/cpp/examples/host/scenario.hpp", "#include <nlohmann/json.hpp>"),
    ("fibers/park.cpp", '// #include "plugin/api.hpp"'),
]

BAD = [
    ("upward", "fibers/park.cpp", '#include "adapters/run/run.hpp"'),
    ("upward", "adapters/plan/plan.cpp", '#include "plugin/api.hpp"'),
    ("sideways", "adapters/check/check.cpp", '#include "adapters/run/run.hpp"'),
    ("sideways", "adapters/run/run.cpp", '#include "adapters/harness/load.hpp"'),
    ("sideways", "adapters/plan/plan.cpp", '#include "fibers/park.hpp"'),
    ("unknown room", "plugin/api.cpp", '#include "adapters/argo/load.hpp"'),
    ("unknown place", "plugin/api.cpp", '#include "api.hpp"'),
    ("relative", "adapters/plan/plan.cpp", '#include "../harness/load.hpp"'),
    ("relative", "plugin/api.cpp", '#include "plugin/../fibers/park.hpp"'),
    ("absolute", "plugin/api.cpp", '#include "/usr/include/yaml.h"'),
    ("spaces", "fibers/park.cpp", '  #  include  "plugin/api.hpp"'),
    ("angle brackets", "fibers/park.cpp", "#include <plugin/api.hpp>"),
    ("angle brackets", "plugin/api.cpp", "#include <fibers/park.hpp>"),
    ("the host's insight", "examples/runner/main.cpp", '#include "plugin/api.hpp"'),
    ("the host's insight", "examples/runner/main.cpp", '#include "abi/functions.def"'),
    ("the ABI below", "fibers/park.cpp", '#include "weir/weir.h"'),
    ("the ABI's header", "abi/include/weir/weir.h", "#include <stdbool.h>"),
    ("Boost", "adapters/run/run.cpp", "#include <boost/fiber/context.hpp>"),
    ("Boost in a host", "examples/runner/main.cpp", "#include <boost/asio.hpp>"),
    ("json", "plugin/events.cpp", "#include <nlohmann/json.hpp>"),
    ("json", "adapters/run/run.hpp", "#include <nlohmann/json_fwd.hpp>"),
    ("json", "abi/cpp/include/weir/finding.hpp", "#include <nlohmann/json.hpp>"),
    ("the binding's insight", "abi/cpp/tests/main.cpp", '#include "plugin/api.hpp"'),
    ("spdlog", "fibers/park.cpp", "#include <spdlog/spdlog.h>"),
    ("fmt", "adapters/run/run.cpp", "#include <fmt/format.h>"),
    ("yaml", "plugin/api.cpp", "#include <yaml.h>"),
    ("command line", "plugin/api.cpp", "#include <CLI/CLI.hpp>"),
]


class Includes(unittest.TestCase):
    def test_good_lines_pass(self):
        for path, line in GOOD:
            with self.subTest(path=path, line=line):
                self.assertIsNone(check_line(path, line))

    def test_bad_lines_are_caught(self):
        for why, path, line in BAD:
            with self.subTest(why, path=path, line=line):
                self.assertIsNotNone(check_line(path, line))

    def test_a_missing_file_is_caught(self):
        line = '#include "fibers/park.hpp"'
        self.assertIsNotNone(check_line("fibers/park.cpp", line, lambda path: False))


if __name__ == "__main__":
    unittest.main()
