// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/inputs.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/input_text.hpp"
#include "adapters/harness/overlay.hpp"
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_import.hpp"
#include "adapters/harness/yaml_scalar.hpp"
#include "adapters/harness/yaml_text.hpp"

#include <set>
#include <unordered_map>
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

// What was given for an input: a text (`named`), or a value of a document.
struct given_value {
    const std::string* text = nullptr;
    yaml::value value;

    explicit operator bool() const noexcept { return text || value; }
    [[nodiscard]] bool asks() const noexcept {
        return text ? text->find(open_input) != std::string::npos : is_open_input(value);
    }
};

class application {
public:
    application(context& c, yaml::document& d, const input_sources& from)
        : context_(c), document_(d), from_(from) {}

    void run(yaml::value pipeline);

private:
    void walk(yaml::value, std::string& path);
    void walk_list(yaml::value, std::string& path);
    void visit_variable(yaml::value entry, std::string& path, bool of_pipeline);
    void visit_input(yaml::value, std::string_view path, std::string_view short_name,
                     yaml::value fallback, bool text);
    bool fits(const input_text&, std::string_view value, yaml::value at, const std::string& name,
              const plan::span& given_at);
    void put(yaml::value, const given_value&, const std::string& name, bool as_text);
    void put_text(yaml::value, std::string_view given, bool as_text);
    void localize(yaml::value, const std::string& name);
    given_value given(yaml::value at, std::string_view path, std::string_view short_name);
    std::string called(std::string_view path, std::string_view short_name);
    void miss(std::string name, yaml::value at, bool while_running);
    void tell_unused();

    context& context_;
    yaml::document& document_;
    const input_sources& from_;
    std::unordered_map<yaml::node_index, yaml::value> laid_;  // by the place's identity
    std::unordered_set<yaml::node_index> visited_;            // inputs that stay
    std::vector<std::string> names_;  // of all inputs and pipeline variables, for "did you mean"
    std::set<std::string, std::less<>> used_;  // names in `named` that found their place
};

given_value application::given(yaml::value at, std::string_view path, std::string_view short_name) {
    if (from_.named && !from_.named->empty() && path.size() <= longest_name) {
        std::string_view without_prefix = path;
        without_prefix.remove_prefix(pipeline_prefix.size());
        for (const std::string_view name : {path, without_prefix, short_name}) {
            const auto found =
                name.empty() ? from_.named->end() : from_.named->find(std::string{name});
            if (found != from_.named->end()) {
                used_.insert(found->first);
                return {&found->second, {}};
            }
        }
    }
    const auto laid = laid_.find(at.identity());
    return laid == laid_.end() ? given_value{} : given_value{nullptr, laid->second};
}

std::string application::called(std::string_view path, std::string_view short_name) {
    std::string name{(short_name.empty() ? path : short_name).substr(0, longest_name)};
    if (names_.size() < most_names) {
        names_.push_back(name);
    }
    return name;
}

void application::miss(std::string name, yaml::value at, bool while_running) {
    visited_.insert(at.identity());
    if (context_.missing_count++ < most_notes) {
        context_.missing.push_back({std::move(name), at.where(), while_running, from_.of_child});
    }
}

// A given text takes the node's place. Lists and maps come as YAML or JSON in brackets.
void application::put_text(yaml::value at, std::string_view value, bool as_text) {
    const yaml::node_index i = at.identity();
    const plan::span where = at.where();
    if (const auto fault = yaml::check_text(value)) {
        context_.report(plan::code::bad_value, where,
                        "a value that was given here: " + fault->message);
        return;
    }
    if (!as_text && !value.empty() && (value[0] == '[' || value[0] == '{')) {
        const yaml::node_index made =
            yaml::compose_into(document_, value, where, yaml::limits{}, context_.findings());
        if (made != yaml::none) {
            yaml::replace(document_, i, made);
        }
        return;
    }
    yaml::set_text(document_, i, value,
                   as_text || value.empty() ? kind::text : yaml::kind_of_plain(value));
}

// Expressions in what a parent gives are the parent's: in the child they go by the input's name.
void application::localize(yaml::value v, const std::string& name) {
    if (v.is_scalar()) {
        if (expressions::has_expression(v.text()) && !is_open_input(v)) {
            const std::string text = from_.translate(name, v);
            yaml::set_text(
                document_, v.identity(), text,
                expressions::has_expression(text) ? kind::text : yaml::kind_of_plain(text));
        }
        return;
    }
    const bool mapping = v.is(kind::mapping);
    std::size_t index = 0;
    for (yaml::value child = v.first(); child; child = child.next()) {
        std::string below = name + '.' + std::to_string(index++);
        if (mapping) {
            below = name + '.' + std::string{child.text()};
            child = child.next();
        }
        localize(child, below.size() > longest_name ? name : below);
    }
}

void application::put(yaml::value at, const given_value& value, const std::string& name,
                      bool as_text) {
    if (value.text) {
        put_text(at, *value.text, as_text);
        return;
    }
    const yaml::node_index i = at.identity();
    const yaml::node_index copy = yaml::import(document_, value.value, yaml::limits{}.nodes);
    if (copy == yaml::none) {
        context_.report(plan::code::too_large, at.where(),
                        "with its inputs, the document is too large");
        return;
    }
    if (from_.translate) {
        localize({document_, copy}, name);
    }
    if (value.value.is_scalar()) {
        const yaml::node made = document_.nodes[copy];
        document_.nodes[i].text = made.text;
        document_.nodes[i].size = made.size;
        document_.nodes[i].what = as_text ? kind::text : made.what;
    } else {
        yaml::replace(document_, i, copy);
    }
}

bool application::fits(const input_text& asked, std::string_view value, yaml::value at,
                       const std::string& name, const plan::span& given_at) {
    std::string why;
    std::string help;
    if (!allows(asked, value)) {
        for (const std::string& a : asked.allowed) {
            help += (help.empty() ? "allowed: `" : ", `") + a + "`";
        }
        why = "does not allow it";
    } else if (!fits_pattern(asked, value)) {
        why = "asks for another pattern";
        help = "it must match `" + asked.pattern + "`";
    } else {
        return true;
    }
    plan::diagnostic& told = context_.report(
        plan::code::bad_value, given_at.known() ? given_at : at.where(),
        "`" + std::string{value} + "` was given for `" + name + "`, which " + why, help);
    if (given_at.known()) {
        told.notes.push_back({"it is asked for here", at.where()});
    }
    return false;
}

void application::visit_input(yaml::value v, std::string_view path, std::string_view short_name,
                              yaml::value fallback, bool text) {
    const std::string name = called(path, short_name);
    const given_value value = given(v, path, short_name);
    const input_text asked = parse_input(v.text());
    if (!asked.fault.empty()) {
        visited_.insert(v.identity());
        context_.report(plan::code::bad_value, v.where(), asked.fault);
        return;
    }
    if (value && value.asks()) {
        // A document that passes an input on has been told of it where that stands.
        if (value.text) {
            context_.report(plan::code::bad_value, v.where(),
                            "what was given for `" + name + "` asks for an input itself");
        }
        visited_.insert(v.identity());
    } else if (value) {
        const bool scalar = value.text || value.value.is_scalar();
        const std::string_view given =
            value.text ? std::string_view{*value.text} : value.value.text();
        const plan::span where = value.text ? plan::span{} : value.value.where();
        if (!scalar || fits(asked, given, v, name, where)) {
            put(v, value, name, text);
        }
    } else if (asked.fallback) {
        put_text(v, *asked.fallback, text);
    } else if (fallback && fallback.is_scalar() && !fallback.is(kind::null) &&
               !is_open_input(fallback)) {
        put_text(v, fallback.text(), text);
    } else {
        miss(name, v, asked.while_running);
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
    if (is_open_input(value)) {
        if (!visited_.contains(value.identity())) {
            visit_input(value, path, short_name, entry["default"], text);
        }
        return;
    }
    const std::string name = called(path, short_name);
    const given_value over = given(value, path, short_name);
    if (over.text && !over.asks()) {
        put_text(value, *over.text, text);
    } else if (over.text) {
        context_.report(plan::code::bad_value, value.where(),
                        "what was given for `" + name + "` asks for an input itself");
    }
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
        const list_entry e = entry_of(entry);
        path += '.';
        path += e.name.empty() ? "[" + std::to_string(index) + "]" : std::string{e.name};
        ++index;
        if (variables && entry.is(kind::mapping)) {
            visit_variable(e.inner, path, of_pipeline);
        } else {
            walk(e.inner, path);
        }
        path.resize(length);
    }
}

void application::walk(yaml::value v, std::string& path) {
    if (v.is_scalar()) {
        if (is_open_input(v) && !visited_.contains(v.identity())) {
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

void application::tell_unused() {
    if (!from_.named) {
        return;
    }
    for (const auto& [name, value] : *from_.named) {
        if (!used_.contains(name)) {
            const std::vector<std::string_view> known{names_.begin(), names_.end()};
            context_.report(plan::code::unknown_input, {},
                            "`" + name + "` is no variable or input of this pipeline",
                            context_.suggestion(name, known));
        }
    }
}

void application::run(yaml::value pipeline) {
    for (const input_source& source : from_.laid_over) {
        overlay(context_, source.what, pipeline, source.pipeline,
                [&](yaml::value at, yaml::value given) { laid_[at.identity()] = given; });
    }
    if (!document_.inputs.empty() || (from_.named && !from_.named->empty())) {
        std::string path = "pipeline";
        walk(pipeline, path);
    }
    tell_unused();
}

}  // namespace

void apply_inputs(context& c, yaml::document& document, yaml::value pipeline,
                  const input_sources& from) {
    application{c, document, from}.run(pipeline);
}

bool tell_missing(context& c) {
    if (c.missing.empty() || c.options.inputs_may_be_missing) {
        return true;
    }
    const std::string count = c.missing_count == 1
                                  ? "a runtime input was"
                                  : std::to_string(c.missing_count) + " runtime inputs were";
    std::string list;
    bool of_child = true;
    for (const missing_input& m : c.missing) {
        list += (list.empty() ? "`" : ", `") + m.name + "`";
        of_child = of_child && m.of_child;
    }
    plan::diagnostic& told =
        c.report(plan::code::missing_input, c.missing[0].where, count + " not given: " + list,
                 of_child ? "give each in `inputs` of the stage that runs the child pipeline"
                          : "give each with --set NAME=VALUE, or in an input set (--inputs FILE)");
    for (std::size_t i = 0; i < c.missing.size(); ++i) {
        const missing_input& m = c.missing[i];
        if (m.while_running) {
            told.notes.push_back(
                {"`" + m.name + "` is asked for during the run; here it is given before", m.where});
        } else if (i > 0) {
            told.notes.push_back({"`" + m.name + "`", m.where});
        }
    }
    return false;
}

}  // namespace weir::harness
