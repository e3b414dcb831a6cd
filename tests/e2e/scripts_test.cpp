// SPDX-License-Identifier: BSL-1.0
#include "tests/e2e/events.hpp"
#include "tests/support/documents.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scratch.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include <unistd.h>

using namespace weir::test;
using Catch::Matchers::ContainsSubstring;
using weir::json;

namespace {

// A run of one stage, with all that it left.
struct outcome_of {
    explicit outcome_of(std::vector<json> steps, process_options options = {},
                        std::vector<std::string> more = {}) {
        marker = "WEIR_TEST_MARK=" + std::to_string(::getpid()) + "-" + std::to_string(++runs);
        options.environment.emplace_back("WEIR_TEST_MARK", marker.substr(marker.find('=') + 1));
        std::vector<std::string> arguments{
            "run", files.write("one.yaml", pipeline("one", {}, {stage("only", std::move(steps))})),
            "--events", files.path("events.jsonl")};
        arguments.insert(arguments.end(), more.begin(), more.end());
        end = weir_command(arguments, options);
        INFO(end.out << end.err);
        told = proven(files.read("events.jsonl"));
    }

    [[nodiscard]] json node(const std::string& path) const {
        return told.one("node.finished", "path", path);
    }

    inline static int runs = 0;
    std::string marker;
    scratch files;
    process_end end;
    events told{""};
};

json outputs(std::initializer_list<std::pair<std::string, std::string>> given) {
    json list = json::array();
    for (const auto& [name, variable] : given)
        list.push_back({{"name", name}, {"type", "String"}, {"value", variable}});
    return {{"outputVariables", list}};
}

const std::string earlier = "<+execution.steps.first.output.outputVariables.";

}  // namespace

TEST_CASE("a script that a signal ends fails with the signal's name") {
    const outcome_of run{{shell("first", "kill -KILL $$")}};
    CHECK(run.end.status == 1);
    CHECK(run.node("only/first")["error"]["message"] == "killed by signal 9 (Killed)");
}

TEST_CASE("a script that fails tells its exit status, and what follows is skipped") {
    const outcome_of run{{shell("first", "exit 7"), shell("second", "echo never")}};
    CHECK(run.end.status == 1);
    CHECK(run.node("only/first")["error"]["message"] == "exit status 7");
    CHECK(run.node("only/second")["outcome"] == "skipped");
}

TEST_CASE("shell variables that a step names as outputs reach later steps") {
    const auto given = outputs({{"out", "value"}});
    for (const char* script :
         {"value='a b'", "value='a b'; exit 0", "trap 'true' EXIT; value='a b'",
          "set -eu\nf() { value='a b'; }\nf"}) {
        const outcome_of run{
            {shell("first", script, given), shell("second", "echo \"got [" + earlier + "out>]\"")}};
        INFO(script << "\n" << run.end.out);
        CHECK(run.end.status == 0);
        CHECK_THAT(run.end.out, ContainsSubstring("got [a b]"));
    }
}

TEST_CASE("a script with outputs keeps its exit status and its line numbers") {
    const outcome_of run{
        {shell("first", "true\nthere_is_no_such_command\nexit 4", outputs({{"out", "value"}}))}};
    CHECK(run.node("only/first")["error"]["message"] == "exit status 4");
    CHECK_THAT(run.end.out, ContainsSubstring("line 2: there_is_no_such_command"));
}

TEST_CASE("an output of several lines, of another language, or of no value arrives as it was") {
    const outcome_of run{
        {shell("first", "a=$'one\\ntwo\\t\"quoted\"'; b='Grüße, 世界'",
               outputs({{"lines", "a"}, {"words", "b"}, {"nothing", "never_set"}})),
         shell("second", "printf '%s|%s|%s' '" + earlier + "lines>' '" + earlier + "words>' '" +
                             earlier + "nothing>' | od -An -c | tr -d ' \\n'")}};
    INFO(run.end.out);
    CHECK(run.end.status == 0);
    CHECK_THAT(run.end.out, ContainsSubstring("one\\ntwo"));
}

TEST_CASE("an output that is no name of a variable is refused") {
    const outcome_of run{{shell("first", "true", outputs({{"out", "a;b"}}))}};
    CHECK(run.end.status == 1);
    CHECK_THAT(run.node("only/first")["error"]["message"].get<std::string>(),
               ContainsSubstring("'a;b'"));
}

TEST_CASE("a Run step stops at the first command that fails, a ShellScript step does not") {
    const outcome_of run{{shell("first", "false\ntrue"),
                          step("second", "Run", {{"shell", "Sh"}, {"command", "false\ntrue"}})}};
    CHECK(run.node("only/first")["outcome"] == "succeeded");
    CHECK(run.node("only/second")["outcome"] == "failed");
}

TEST_CASE(
    "a script gets its environment, an empty input, ordinary signals and no descriptor of the "
    "command's") {
    json variables{
        {"environmentVariables",
         json::array({{{"name", "GREETING"}, {"type", "String"}, {"value", "hi 'you'"}}})}};
    const outcome_of run{{shell(
        "first",
        "echo \"say $GREETING\"; echo \"read $(cat | wc -c)\"\n"
        "echo \"ours $(ls -l /proc/$$/fd | grep -cE "
        "'(event|signal|pid)fd|eventpoll|events.jsonl')\"\n"
        "echo \"blocked $(sed -n 's/^SigBlk:\\t//p' /proc/self/status)\"\n"
        "echo \"ignored $((0x$(sed -n 's/^SigIgn:\\t//p' /proc/self/status) & 0x7fffffff))\"",
        variables)}};
    INFO(run.end.out);
    CHECK_THAT(run.end.out, ContainsSubstring("say hi 'you'"));
    CHECK_THAT(run.end.out, ContainsSubstring("read 0"));
    CHECK_THAT(run.end.out, ContainsSubstring("ours 0"));
    CHECK_THAT(run.end.out, ContainsSubstring("blocked 0000000000000000"));
    CHECK_THAT(run.end.out, ContainsSubstring("ignored 0"));
}

TEST_CASE("a script longer than any command line may be runs, and no file of it is left") {
    const scratch empty;
    const std::string script = "# " + std::string(300'000, 'x') + "\necho \"the end of it\"";
    const outcome_of run{{shell("first", script)}, {.environment = {{"TMPDIR", empty.path(".")}}}};
    CHECK(run.end.status == 0);
    CHECK_THAT(run.end.out, ContainsSubstring("the end of it"));
    CHECK(empty.empty());
}

TEST_CASE("a flood of output passes in bounded memory, and long lines come in pieces") {
    const outcome_of run{
        {shell("first", "head -c 50000000 /dev/zero | tr '\\0' x; echo; seq 1 100000; echo last")}};
    CHECK(run.end.status == 0);
    CHECK(run.end.out.size() > 50'000'000);
    CHECK_THAT(run.end.out.substr(run.end.out.size() - 1000), ContainsSubstring(" last\n"));
}

TEST_CASE("escape sequences of a script do not reach the terminal") {
    const outcome_of run{{shell("first", "printf 'a\\033[2Jb\\007c\\033]0;title\\007d\\n'")}};
    CHECK_THAT(run.end.out, ContainsSubstring(" abcd\n"));
    CHECK(run.end.out.find('\x1b') == std::string::npos);
}

TEST_CASE("what a script leaves in the background ends with it") {
    const outcome_of run{
        {shell("first", "sleep 1000 & setsid sleep 1000 & (setsid setsid sleep 1000 &) ; true")}};
    CHECK(run.end.status == 0);
    CHECK_FALSE(anybody_with(run.marker));
}

TEST_CASE("a step that takes too long is ended, with all its children") {
    json slow = shell("first", "sleep 1000 & sleep 1000");
    slow["step"]["timeout"] = "1s";
    const outcome_of run{{slow}};
    INFO(run.end.out);
    CHECK(run.end.status == 1);
    CHECK(run.node("only/first")["outcome"] == "timed_out");
    CHECK_FALSE(anybody_with(run.marker));
}

TEST_CASE("more steps at once than may run wait their turn") {
    std::vector<json> many;
    for (int i = 0; i < 40; ++i)
        many.push_back(shell("s" + std::to_string(i), "echo one"));
    const outcome_of run{{parallel(many)}, {}, {"--jobs", "2"}};
    CHECK(run.end.status == 0);
    CHECK(run.told.of("step.finished", "outcome", "succeeded").size() == 40);
}

TEST_CASE("a shell that is not there fails its step") {
    const outcome_of run{{shell("first", "true", {{"shell", "Fish"}})}};
    CHECK(run.end.status == 1);
    CHECK_THAT(run.node("only/first")["error"]["message"].get<std::string>(),
               ContainsSubstring("'Fish'"));
}

TEST_CASE("a Wait step waits") {
    const outcome_of run{{step("first", "Wait", {{"duration", "1s"}})}};
    CHECK(run.end.status == 0);
    const auto started = run.told.one("step.started", "path", "only/first");
    const auto finished = run.told.one("step.finished", "path", "only/first");
    CHECK(finished["t_ns"].get<std::int64_t>() - started["t_ns"].get<std::int64_t>() >=
          1'000'000'000);
}
