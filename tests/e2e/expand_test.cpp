// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <algorithm>
#include <csignal>
#include <sstream>

using namespace weir;
using namespace weir::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

process_end expand(const std::string& text, std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"expand", "-"});
    return weir_command(std::move(options), {.input = text});
}

}  // namespace

TEST_CASE("expand lists a loop's instances, one JSON object a line") {
    const process_end got = expand("strategy: {matrix: {os: [linux, mac], v: [1.10]}}");
    CHECK(got.status == 0);
    CHECK(got.err.empty());
    CHECK(
        got.out ==
        "{\"index\":0,\"of\":2,\"suffix\":\"_0_0\",\"values\":{\"os\":\"linux\",\"v\":\"1.10\"}}\n"
        "{\"index\":1,\"of\":2,\"suffix\":\"_1_0\",\"values\":{\"os\":\"mac\",\"v\":\"1.10\"}}\n");
    const process_end labels = expand("matrix: {os: [linux], v: [1.10]}", {"--labels"});
    CHECK_THAT(labels.out, ContainsSubstring("\"suffix\":\"_linux_110\""));
    const process_end compat = expand("repeat: {items: [a, b], start: 0}", {"--compat", "harness"});
    CHECK(compat.out == "{\"index\":0,\"of\":1,\"suffix\":\"_0\",\"values\":{\"item\":\"a\"}}\n");
}

TEST_CASE("expand reads the loops of other engines from files, and says what they leave unsaid") {
    const scratch files;
    const std::string name =
        files.write("job.yml", "parallel:\n  matrix:\n    - A: []\n    - B: [x, y]\n");
    const process_end got = weir_command({"expand", name, "--dialect", "gitlab"});
    CHECK(got.status == 0);
    CHECK(got.out ==
          "{\"index\":0,\"of\":2,\"suffix\":\": [x]\",\"values\":{\"B\":\"x\"}}\n"
          "{\"index\":1,\"of\":2,\"suffix\":\": [y]\",\"values\":{\"B\":\"y\"}}\n");
    CHECK_THAT(got.err, StartsWith(name + ":3:7: warning[W0403]: "));
    for (const char* text :
         {"matrix: {a: [1]}", "parallel: 1", "params: [{name: a, value: [b]}]", "withItems: [1]"}) {
        std::size_t read = 0;
        for (const char* dialect : {"harness", "github", "gitlab", "tekton", "argo"}) {
            read += expand(text, {"--dialect", dialect}).status == 0 ? 1 : 0;
        }
        INFO(text);
        CHECK(read == (std::string_view{text}.starts_with("matrix") ? 2 : 1));
    }
}

TEST_CASE("expand ends as the other commands do") {
    const process_end refused = expand("matrix:\n  a: []\n");
    CHECK(refused.status == 3);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, ContainsSubstring("<stdin>:2:3: error[E0401]: "));
    const process_end unknown = expand("parallel: 2", {"--dialect", "gitlob"});
    CHECK(unknown.status == 2);
    CHECK_THAT(unknown.err, ContainsSubstring("harness, github, gitlab, tekton, argo"));
    CHECK(weir_command({"expand"}).status == 2);
    CHECK(weir_command({"expand", "/nowhere/at/all"}).status == 4);
    CHECK(expand("matrix: {a: [1, 2], exclude: [{a: 1}, {a: 2}]}").status == 0);
}

TEST_CASE("expand writes as it goes: a million instances are no list in memory") {
    std::ostringstream axis;
    axis << "[";
    for (int i = 0; i < 1000; ++i) {
        axis << (i == 0 ? "" : ",") << i;
    }
    axis << "]";
    const process_end all =
        expand("matrix: {a: " + axis.str() + ", b: [" + std::string{"0,1,2,3,4,5,6,7,8,9]}"});
    CHECK(all.status == 0);
    CHECK(std::count(all.out.begin(), all.out.end(), '\n') == 10'000);
    CHECK_THAT(all.out.substr(all.out.size() - 80),
               ContainsSubstring("\"index\":9999,\"of\":10000"));

    // Nobody reads: it ends at the first write, as programs in front of `head` do.
    const process_end gone =
        weir_command({"expand", "-"}, {.input = "parallelism: 1000000", .reader_gone = true});
    CHECK(gone.status == 128 + SIGPIPE);
}
