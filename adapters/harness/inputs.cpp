// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/inputs.hpp"

#include "adapters/harness/input_text.hpp"
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_scalar.hpp"
#include "adapters/harness/yaml_text.hpp"

#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

using yaml::kind;

constexpr std::string_view pipeline_prefix = "pipeline.";
constexpr std::string_view open_input = "<+input>";
constexpr std::size_t most_notes = 100;
constexpr std::size_t longest_name = 512;   // of an input: longer ones cannot be given
constexpr std::size_t most_names = 10'000;  // kept, for "did you mean"

class application {
public:
    application(context& c, yaml::document& d) : context_(c), document_(d) {
        for (const yaml::node_index i : d.inputs) {
            open_.insert(i);
        }
    }

    bool run(yaml::value pipeline);

private:
    struct missing_input {
        std::string name;
        plan::span where;
        bool while_running;
    };

    void walk(yaml::value, std::string& path);
    void walk_list(yaml::value, std::string& path);
    void visit_variable(yaml::value entry, std::string& path, bool of_pipeline);
    void visit_input(yaml::value, std::string_view path, std::string_view short_name,
                     yaml::value fallback, bool text);
    void put(yaml::value, std::string_view given, bool as_text);
    const std::string* given(std::string_view path, std::string_view short_name);
    std::string called(std::string_view path, std::string_view short_name);
    bool report();

    context& context_;
    yaml::document& document_;
    std::unordered_set<yaml::node_index> open_;
    std::vector<missing_input> missing_;  // the first of them
    std::size_t missing_count_ = 0;
    std::vector<std::string> names_;  // of all inputs and pipeline variables, for "did you mean"
    std::set<std::string, std::less<>>
        used_;  // names in load_options::variables that found their place
};

const std::string* application::given(std::string_view path, std::string_view short_name) {
    const auto& variables = context_.options.variables;
    if (variables.empty() || path.size() > longest_name) {
        return nullptr;
    }
    std::string_view without_prefix = path;
    without_prefix.remove_prefix(pipeline_prefix.size());
    for (const std::string_view name : {path, without_prefix, short_name}) {
        const auto found = name.empty() ? variables.end() : variables.find(std::string{name});
        if (found != variables.end()) {
            used_.insert(found->first);
            return &found->second;
        }
    }
    return nullptr;
}

std::string application::called(std::string_view path, std::string_view short_name) {
    std::string name{(short_name.empty() ? path : short_name).substr(0, longest_name)};
    if (names_.size() < most_names) {
        names_.push_back(name);
    }
    return name;
}

// A given value takes the node's place. Lists and maps come as YAML or JSON in brackets.
void application::put(yaml::value at, std::string_view value, bool as_text) {
    const yaml::node_index i = at.identity();
    const plan::span where = at.where();
    if (const auto fault = yaml::check_text(value)) {
        context_.report(plan::code::bad_value, where, "a value that was given here: " + fault->message);
        return;
    }
    if (!as_text && !value.empty() && (value[0] == '[' || value[0] == '{')) {
        const yaml::node_index made =
            yaml::compose_into(document_, value, where, yaml::limits{}, context_.findings());
        if (made != yaml::none) {
            document_.nodes[i].alias = true;
            document_.nodes[i].first = made;
        }
        return;
    }
    const std::string_view kept = document_.keep(value);
    yaml::node& n = document_.nodes[i];
    n.text = kept.data();
    n.size = static_cast<std::uint32_t>(kept.size());
    n.what = as_text || value.empty() ? kind::text : yaml::kind_of_plain(value);
}

void application::visit_input(yaml::value v, std::string_view path, std::string_view short_name,
                              yaml::value fallback, bool text) {
    const std::string name = called(path, short_name);
    const std::string* const value = given(path, short_name);
    const input_text asked = parse_input(v.text());
    if (!asked.fault.empty()) {
        context_.report(plan::code::bad_value, v.where(), asked.fault);
        return;
    }
    if (value) {
        if (value->find(open_input) != std::string::npos) {
            context_.report(plan::code::bad_value, v.where(),
                            "what was given for `" + name + "` asks for an input itself");
            return;
        }
        if (!allows(asked, *value)) {
            std::string list;
            for (const std::string& a : asked.allowed) {
                list += (list.empty() ? "`" : ", `") + a + "`";
            }
            context_.report(
                plan::code::bad_value, v.where(),
                "`" + *value + "` was given for `" + name + "`, which does not allow it",
                "allowed: " + list);
            return;
        }
        put(v, *value, text);
    } else if (asked.fallback) {
        put(v, *asked.fallback, text);
    } else if (fallback && fallback.is_scalar() && !fallback.is(kind::null) &&
               !is_open_input(fallback)) {
        put(v, fallback.text(), text);
    } else {
        if (missing_count_++ < most_notes) {
            missing_.push_back({name, v.where(), asked.while_running});
        }
    }
}

void application::visit_variable(yaml::value entry, std::string& path, bool of_pipeline) {
    const yaml::value value = entry["value"];
    if (!value || !value.is_scalar()) {
        walk(entry, path);
        return;
    }
    const yaml::value type = entry["type"];
    const bool text = !type || type.text() != "Number";
    const std::string_view short_name = of_pipeline ? entry["name"].text() : std::string_view{};
    if (open_.erase(value.identity()) > 0) {
        visit_input(value, path, short_name, entry["default"], text);
        return;
    }
    const std::string name = called(path, short_name);
    const std::string* const over = given(path, short_name);
    if (over && over->find(open_input) == std::string::npos) {
        put(value, *over, text);
    } else if (over) {
        context_.report(plan::code::bad_value, value.where(),
                        "what was given for `" + name + "` asks for an input itself");
    }
}

// What an entry of a list is called in a path; its inner value where the entry only says what it
// is.
std::pair<std::string, yaml::value> named_entry(yaml::value entry, std::size_t index) {
    yaml::value inner = entry;
    if (entry.is(kind::mapping) && entry.size() == 2 && entry.first().next().is(kind::mapping)) {
        inner = entry.first().next();
    }
    for (const std::string_view key : {"identifier", "name"}) {
        const yaml::value name = inner[key];
        if (name && name.is_scalar() && !name.text().empty()) {
            return {std::string{name.text()}, inner};
        }
    }
    return {"[" + std::to_string(index) + "]", entry};
}

void application::walk_list(yaml::value v, std::string& path) {
    const std::size_t length = path.size();
    const bool variables = path.ends_with(".variables");
    const bool of_pipeline = path == "pipeline.variables";
    std::size_t index = 0;
    for (yaml::value entry = v.first(); entry; entry = entry.next()) {
        // Entries of a `parallel` count to the level around.
        if (entry.is(kind::mapping) && entry.size() == 2 && entry.first().text() == "parallel") {
            if (entry.first().next().is(kind::sequence)) {
                walk_list(entry.first().next(), path);
            }
            continue;
        }
        auto [name, inner] = named_entry(entry, index++);
        (path += '.') += name;
        if (variables && entry.is(kind::mapping)) {
            visit_variable(inner, path, of_pipeline);
        } else {
            walk(inner, path);
        }
        path.resize(length);
    }
}

void application::walk(yaml::value v, std::string& path) {
    if (v.is_scalar()) {
        if (open_.erase(v.identity()) > 0) {
            visit_input(v, path, {}, {}, false);
        }
        return;
    }
    if (v.is(kind::sequence)) {
        walk_list(v, path);
        return;
    }
    const std::size_t length = path.size();
    for (yaml::value key = v.first(); key; key = key.next().next()) {
        (path += '.') += key.text();
        walk(key.next(), path);
        path.resize(length);
    }
}

bool application::report() {
    for (const auto& [name, value] : context_.options.variables) {
        if (!used_.contains(name)) {
            const std::vector<std::string_view> known{names_.begin(), names_.end()};
            context_.report(plan::code::unknown_input, {},
                            "`" + name + "` is no variable or input of this pipeline",
                            context_.suggestion(name, known));
        }
    }
    if (missing_.empty() || context_.options.inputs_may_be_missing) {
        return true;
    }
    const std::string count = missing_.size() == 1
                                  ? "a runtime input was"
                                  : std::to_string(missing_count_) + " runtime inputs were";
    std::string list;
    for (std::size_t i = 0; i < missing_.size() && i < most_notes; ++i) {
        list += (i == 0 ? "`" : ", `") + missing_[i].name + "`";
    }
    plan::diagnostic& told =
        context_.report(plan::code::missing_input, missing_[0].where, count + " not given: " + list,
                        "give each with --set NAME=VALUE");
    for (std::size_t i = 0; i < missing_.size() && i < most_notes; ++i) {
        if (missing_[i].while_running) {
            told.notes.push_back(
                {"`" + missing_[i].name + "` is asked for during the run; here it is given before",
                 missing_[i].where});
        } else if (i > 0) {
            told.notes.push_back({"`" + missing_[i].name + "`", missing_[i].where});
        }
    }
    return false;
}

bool application::run(yaml::value pipeline) {
    if (!open_.empty() || !context_.options.variables.empty()) {
        std::string path = "pipeline";
        walk(pipeline, path);
    }
    return report();
}

}  // namespace

bool apply_inputs(context& c, yaml::document& document, yaml::value pipeline) {
    return application{c, document}.run(pipeline);
}

}  // namespace weir::harness
