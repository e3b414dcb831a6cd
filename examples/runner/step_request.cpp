// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/step_request.hpp"

#include "examples/runner/json.hpp"
#include "examples/runner/script.hpp"

#include <charconv>

namespace weir::runner {

namespace {

std::string or_else(const json_value& value, std::string_view otherwise) {
    return value.text().empty() ? std::string{otherwise} : value.text();
}

std::vector<script_output> outputs_of(const json_value& spec) {
    std::vector<script_output> outputs;
    for (const json_value& item : spec["outputVariables"].items()) {
        const std::string& name = item.is_scalar() ? item.text() : item["name"].text();
        outputs.push_back({name, or_else(item["value"], name)});
    }
    return outputs;
}

// A list of {name, value}, or a map: Harness writes both.
std::vector<std::pair<std::string, std::string>> environment_of(const json_value& given) {
    std::vector<std::pair<std::string, std::string>> environment;
    for (std::size_t i = 0; i < given.items().size(); ++i) {
        const json_value& item = given.items()[i];
        if (given.what() == json_value::kind::object) {
            environment.emplace_back(given.keys()[i], item.text());
        } else {
            environment.emplace_back(item["name"].text(), item["value"].text());
        }
    }
    return environment;
}

step_request shell_script(const json_value& spec) {
    const json_value& source = spec["source"];
    if (or_else(source["type"], "Inline") != "Inline") {
        return refused_request{"this runner runs inline scripts only, not a source of type '" +
                               source["type"].text() + "'"};
    }
    if (!spec["executionTarget"]["host"].text().empty()) {
        return refused_request{"this runner runs scripts on its own machine only, not on '" +
                               spec["executionTarget"]["host"].text() + "'"};
    }
    step_request request = compose_script(or_else(spec["shell"], "Bash"),
                                          source["spec"]["script"].text(), outputs_of(spec), false);
    if (auto* script = std::get_if<script_request>(&request)) {
        script->environment = environment_of(spec["environmentVariables"]);
    }
    return request;
}

step_request run_command(const json_value& spec) {
    step_request request = compose_script(or_else(spec["shell"], "Sh"), spec["command"].text(),
                                          outputs_of(spec), true);
    if (auto* script = std::get_if<script_request>(&request)) {
        script->environment = environment_of(spec["envVariables"]);
    }
    return request;
}

// "1h 30m": numbers with w, d, h, m, s or ms. Negative when it cannot be read.
std::chrono::milliseconds duration_of(std::string_view text) {
    constexpr std::chrono::milliseconds unreadable{-1};
    std::int64_t sum = 0;
    bool any = false;
    while (!text.empty()) {
        if (text.front() == ' ') {
            text.remove_prefix(1);
            continue;
        }
        std::int64_t number = 0;
        const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
        if (read.ec != std::errc{} || number < 0 || number > 1'000'000'000)
            return unreadable;
        text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
        const std::string_view unit = text.substr(0, text.starts_with("ms") ? 2 : 1);
        const std::int64_t worth = unit == "ms"  ? 1
                                   : unit == "s" ? 1000
                                   : unit == "m" ? 60'000
                                   : unit == "h" ? 3'600'000
                                   : unit == "d" ? 86'400'000
                                   : unit == "w" ? 604'800'000
                                                 : 0;
        if (worth == 0)
            return unreadable;
        text.remove_prefix(unit.size());
        sum += number * worth;
        any = true;
    }
    return any ? std::chrono::milliseconds{sum} : unreadable;
}

step_request wait_step(const json_value& spec) {
    const std::string& written = spec["duration"].text();
    const std::chrono::milliseconds duration = duration_of(written);
    if (duration.count() < 0)
        return refused_request{"'" + written + "' is not a duration such as '1h 30m'"};
    return wait_request{duration};
}

}  // namespace

step_request read_step_request(std::string_view input) {
    const auto step = json_value::parse(input);
    if (!step)
        return refused_request{"the library's description of the step is not JSON"};
    const std::string& type = (*step)["type"].text();
    const json_value& spec = (*step)["spec"];
    if (type == "ShellScript")
        return shell_script(spec);
    if (type == "Run")
        return run_command(spec);
    if (type == "Wait")
        return wait_step(spec);
    return refused_request{"this runner cannot carry out a step of type '" + type +
                           "' (it knows ShellScript, Run and Wait)"};
}

std::string outputs_json(std::string_view left) {
    std::vector<std::pair<std::string_view, std::string_view>> pairs;
    for (;;) {
        const std::size_t name_end = left.find('\0');
        if (name_end == std::string_view::npos)
            break;
        const std::size_t value_end = left.find('\0', name_end + 1);
        if (value_end == std::string_view::npos)
            break;
        const std::string_view name = left.substr(0, name_end);
        // A script may hand over twice, at its end and by its trap: the last value stands.
        std::erase_if(pairs, [name](const auto& pair) { return pair.first == name; });
        pairs.emplace_back(name, left.substr(name_end + 1, value_end - name_end - 1));
        left.remove_prefix(value_end + 1);
    }
    if (pairs.empty())
        return {};
    std::string json = "{";
    for (const auto& [name, value] : pairs) {
        if (json.size() > 1)
            json.push_back(',');
        append_json(json, name);
        json.push_back(':');
        append_json(json, value);
    }
    return json + "}";
}

}  // namespace weir::runner
