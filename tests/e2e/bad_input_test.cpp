// SPDX-License-Identifier: BSL-1.0
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

namespace {

constexpr int success = 0, usage = 2, document = 3, environment = 4;

// A pipeline of one stage whose steps are `steps`, in block YAML.
std::string one_stage(const std::string& steps, const std::string& more = {}) {
    return "pipeline:\n  name: One\n  identifier: one\n" + more +
           "  stages:\n    - stage:\n        name: Only\n        identifier: only\n        type: "
           "Custom\n"
           "        spec:\n          execution:\n            steps:\n" +
           steps;
}

const std::string good_step = R"(              - step:
                  type: ShellScript
                  name: Say
                  identifier: say
                  spec:
                    shell: Bash
                    source:
                      type: Inline
                      spec:
                        script: echo hello
)";

// Runs, and checks, a document that is to be refused at `place` ("6:3") with `code`.
void refused(const std::string& text, const std::string& code, const std::string& place) {
    const scratch files;
    const std::string name = files.write("bad.yaml", text);
    const process_end run = weir_command({"run", name, "--events", files.path("events.jsonl")});
    INFO(run.err);
    CHECK(run.status == document);
    CHECK_THAT(run.err, ContainsSubstring(name + ":" + place + ": error[" + code + "]: "));
    CHECK(run.out.empty());
    CHECK(files.read("events.jsonl").empty());
    const process_end check = weir_command({"check", name});
    CHECK(check.status == document);
    CHECK_THAT(check.out, ContainsSubstring("error[" + code + "]"));
}

}  // namespace

TEST_CASE("a wrong use of the command ends with 2 and says what was wrong") {
    const auto arguments =
        std::vector<std::vector<std::string>>{{},
                                              {"fly"},
                                              {"run"},
                                              {"run", "x.yaml", "--unheard-of"},
                                              {"run", "x.yaml", "--progress", "loud"},
                                              {"run", "x.yaml", "--set", "novalue"},
                                              {"run", "x.yaml", "--seed", "1"},
                                              {"run", "x.yaml", "--jobs", "0"},
                                              {"run", "x.yaml", "--slot-while-waiting", "sell"},
                                              {"run", "x.yaml", "--compat", "other"},
                                              {"check", "x.yaml", "--format", "xml"},
                                              {"plan", "x.yaml", "--format", "jpeg"}};
    for (const auto& words : arguments) {
        const process_end end = weir_command(words);
        INFO((words.empty() ? "" : words.back()) << "\n" << end.err);
        CHECK(end.status == usage);
        CHECK_FALSE(end.err.empty());
        CHECK(end.out.empty());
    }
    CHECK(weir_command({"--help"}).status == success);
    CHECK(weir_command({"run", "--help"}).status == success);
}

TEST_CASE("what cannot be read ends with 4 and its name") {
    const scratch files;
    for (const std::string command : {"run", "check", "plan"}) {
        for (const std::string& name : {files.path("missing.yaml"), files.path(".")}) {
            const process_end end = weir_command({command, name});
            CHECK(end.status == environment);
            CHECK_THAT(end.err, StartsWith("weir: cannot read '" + name + "': "));
        }
    }
    const std::string name = files.write("good.yaml", one_stage(good_step));
    const process_end end = weir_command({"run", name, "--events", files.path("no/such/place")});
    CHECK(end.status == environment);
    CHECK_THAT(end.err, StartsWith("weir: cannot write '"));
    CHECK(weir_command({"run", name, "--simulate", "--durations", files.path("missing.json")})
              .status == environment);
}

TEST_CASE("a full disk is told, after the run has ended") {
    const scratch files;
    const process_end end = weir_command(
        {"run", files.write("good.yaml", one_stage(good_step)), "--events", "/dev/full"});
    INFO(end.out << end.err);
    CHECK(end.status == environment);
    CHECK_THAT(end.err, ContainsSubstring("No space left"));
    CHECK_THAT(end.out, ContainsSubstring("succeeded"));
}

TEST_CASE("text that is no YAML is refused where it stops being YAML") {
    refused("pipeline:\n  name: One\n  identifier: [one\n", "E0101", "4:1");
    refused("pipeline:\n\tname: One\n", "E0101", "2:1");
}

TEST_CASE("a document of nothing, of another kind, or not of UTF-8 is refused") {
    const scratch files;
    for (const std::string& text :
         {std::string{}, std::string{"a: b\n"}, std::string{"pipeline:\n  name: \xff\xfe\n"},
          std::string("\0\0\0", 3)}) {
        const process_end end = weir_command({"run", files.write("bad.yaml", text)});
        INFO(end.err);
        CHECK(end.status == document);
        CHECK_THAT(end.err, ContainsSubstring("error[E010"));
    }
}

TEST_CASE("a YAML bomb is refused quickly and in little memory") {
    std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
    for (char c = 'b'; c <= 'j'; ++c) {
        const std::string before(1, static_cast<char>(c - 1)), name(1, c);
        bomb += name + ": &" + name + " [*" + before;
        for (int i = 0; i < 8; ++i)
            bomb += ", *" + before;
        bomb += "]\n";
    }
    const scratch files;
    const process_end end =
        weir_command({"run", files.write("bomb.yaml", bomb + "pipeline: *j\n")});
    INFO(end.err);
    CHECK(end.status == document);
    CHECK_THAT(end.err, ContainsSubstring("error[E0104]"));

    const std::string deep = "pipeline: " + std::string(200'000, '[');
    const process_end nested = weir_command({"run", files.write("deep.yaml", deep)});
    INFO(nested.err.substr(0, 2000));
    CHECK(nested.status == document);
    CHECK_THAT(nested.err, ContainsSubstring("error[E010"));
}

TEST_CASE("a document of 100 MB is refused") {
    const scratch files;
    std::string text = one_stage(good_step);
    text.append(100'000'000 - text.size() - 1, '#').push_back('\n');
    const process_end end = weir_command({"run", files.write("huge.yaml", text)});
    INFO(end.err.substr(0, 2000));
    CHECK(end.status == document);
    CHECK_THAT(end.err, ContainsSubstring("error[E0102]"));
    CHECK(end.err.size() < 2000);
}

TEST_CASE("a key that its place does not have is refused where it stands") {
    refused(one_stage(good_step, "  stagess: []\n"), "E0202", "4:3");
}

TEST_CASE("a barrier that nobody declares is refused, with the nearest name") {
    const std::string barrier = R"(              - step:
                  type: Barrier
                  name: Meet
                  identifier: meet
                  spec:
                    barrierRef: redy
)";
    const std::string text = one_stage(
        barrier, "  flowControl:\n    barriers:\n      - name: Ready\n        identifier: ready\n");
    refused(text, "E0301", "21:33");
    const scratch files;
    const process_end end = weir_command({"run", files.write("bad.yaml", text)});
    CHECK_THAT(end.err, ContainsSubstring("did you mean `ready`?"));
    CHECK_THAT(end.err, ContainsSubstring("   21 |                     barrierRef: redy\n"
                                          "      |                                 ^^^^\n"));
}

TEST_CASE("two nodes of one level with one identifier are refused, with both positions") {
    const std::string text = one_stage(good_step + good_step);
    refused(text, "E0205", "25:31");
    const scratch files;
    const std::string name = files.write("bad.yaml", text);
    CHECK_THAT(weir_command({"check", name}).out, ContainsSubstring(name + ":15:31: note: "));
}

TEST_CASE("findings as JSON are one array for all files, with positions") {
    const scratch files;
    const std::string bad = files.write("bad.yaml", one_stage(good_step, "  stagess: []\n"));
    const std::string good = files.write("good.yaml", one_stage(good_step));
    const process_end end = weir_command({"check", "--format", "json", good, bad, bad});
    CHECK(end.status == document);
    const auto findings = weir::json::parse(end.out);
    REQUIRE(findings.size() == 2);
    CHECK(findings[0]["code"] == "E0202");
    CHECK(findings[0]["severity"] == "error");
    CHECK(findings[0]["file"] == bad);
    CHECK(findings[0]["line"] == 4);
    CHECK(findings[0]["column"] == 3);
    CHECK(weir::json::parse(weir_command({"check", "--format", "json", good}).out).empty());
    CHECK(weir_command({"check", good}).status == success);
    CHECK(weir_command({"check", good, files.path("missing")}).status == environment);
}

TEST_CASE("a step type that the command does not know fails its step with the type's name") {
    const scratch files;
    const std::string text =
        pipeline("one", {}, {stage("only", {step("ask", "Http", {{"url", "x"}})})});
    const process_end end = weir_command({"run", files.write("good.yaml", text)});
    INFO(end.out << end.err);
    CHECK(end.status == 1);
    CHECK_THAT(end.out, ContainsSubstring("step of type 'Http'"));
}

TEST_CASE("standard input is a document like any other") {
    const process_end end = weir_command({"run", "-"}, {.input = one_stage(good_step)});
    INFO(end.out << end.err);
    CHECK(end.status == success);
    CHECK_THAT(end.out, ContainsSubstring("hello"));
    const process_end bad = weir_command({"run", "-"}, {.input = "a: [\n"});
    CHECK(bad.status == document);
    CHECK_THAT(bad.err, StartsWith("<stdin>:"));
}
