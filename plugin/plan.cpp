// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/check/check.hpp"
#include "adapters/expressions/expression.hpp"
#include "adapters/harness/load.hpp"
#include "adapters/plan/describe.hpp"
#include "adapters/plan/json.hpp"
#include "adapters/plan/read.hpp"
#include "plugin/guard.hpp"
#include "plugin/tables.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

namespace weir::plugin {

namespace {

constexpr std::uint32_t all_flags = WEIR_LOAD_COMPAT_HARNESS | WEIR_LOAD_INPUTS_OPEN |
                                    WEIR_LOAD_RUNNABLE | WEIR_LOAD_SLOTS_RELEASE |
                                    WEIR_LOAD_ALLOW_UNPROVED;

constexpr int deepest = 256;
constexpr std::uint32_t most_levels = 64;
constexpr std::uint32_t most_inputs = 1000;

// An object; anything else, null: it is none, or so deep that looking at it would cost us a stack.
json object_of(std::string_view text) {
    bool deep = false;
    json read = json::parse(
        text,
        [&](int depth, json::parse_event_t, json&) {
            deep = deep || depth > deepest;
            return !deep;
        },
        false);
    return !deep && read.is_object() ? std::move(read) : json{};
}

weir_status read_variables(std::string_view text, plan::load_options& options, weir_error* error) {
    if (text.empty())
        return WEIR_OK;
    const json values = object_of(text);
    if (values.is_null())
        return refuse(error, WEIR_E_NOT_JSON,
                      "variables is not a JSON object, or nests more than 256 deep");
    for (const auto& [name, value] : values.items()) {
        options.variables[name] = value.is_string() ? value.get<std::string>() : value.dump();
    }
    return WEIR_OK;
}

// The host's function as the adapters know it.
class host_resolver final : public plan::resolver {
public:
    host_resolver(weir_resolve_function function, void* context)
        : function_{function}, context_{context} {}

    plan::resolution resolve(const plan::reference& wanted) override {
        weir_reference asked{};
        asked.struct_size = sizeof asked;
        asked.kind = static_cast<weir_reference_kind>(wanted.kind);
        asked.level = static_cast<weir_reference_level>(wanted.scope);
        put(wanted.identifier, asked.identifier, asked.identifier_length);
        put(wanted.version, asked.version, asked.version_length);
        put(wanted.org, asked.org, asked.org_length);
        put(wanted.project, asked.project, asked.project_length);
        put(wanted.pipeline, asked.pipeline, asked.pipeline_length);
        weir_resolution found{};
        found.struct_size = sizeof found;
        const weir_status said = function_(context_, &asked, &found);
        plan::resolution got;
        const auto text = text_of(found.text, found.text_length);
        const auto file = text_of(found.file, found.file_length);
        const auto why = text_of(found.why, found.why_length);
        if (file && is_text(*file))
            got.file = *file;
        if (said == WEIR_OK && text && file) {
            got.found = true;
            got.text = *text;
        } else if (said == WEIR_OK) {
            got.why = no_text;
        } else if (why && !why->empty() && is_text(*why)) {
            got.why = *why;
        } else if (said != WEIR_E_NOT_FOUND) {
            got.why = std::string{"the host says "} + weir_status_name(said);
        }
        return got;
    }

private:
    static void put(const std::string& text, const char*& data, uint32_t& length) noexcept {
        data = text.empty() ? nullptr : text.c_str();
        length = static_cast<uint32_t>(text.size());
    }

    weir_resolve_function function_;
    void* context_;
};

static_assert(static_cast<weir_reference_kind>(plan::reference_kind::pipeline) ==
              WEIR_REFERENCE_PIPELINE);
static_assert(static_cast<weir_reference_kind>(plan::reference_kind::templated) ==
              WEIR_REFERENCE_TEMPLATE);
static_assert(static_cast<weir_reference_kind>(plan::reference_kind::input_set) ==
              WEIR_REFERENCE_INPUT_SET);
static_assert(static_cast<weir_reference_kind>(plan::reference_kind::parent) ==
              WEIR_REFERENCE_PARENT);
static_assert(static_cast<weir_reference_kind>(plan::reference_kind::value) ==
              WEIR_REFERENCE_VALUE);
static_assert(static_cast<weir_reference_kind>(plan::reference_kind::environment_group) ==
              WEIR_REFERENCE_ENVIRONMENT_GROUP);
static_assert(static_cast<weir_reference_kind>(plan::reference_kind::infrastructures) ==
              WEIR_REFERENCE_INFRASTRUCTURES);
static_assert(static_cast<weir_reference_level>(plan::reference_scope::organization) ==
              WEIR_LEVEL_ORGANIZATION);
static_assert(static_cast<weir_reference_level>(plan::reference_scope::account) ==
              WEIR_LEVEL_ACCOUNT);

weir_status read_inputs(const weir_load_options& given, plan::load_options& options,
                        weir_error* error) {
    if (given.input_count == 0)
        return WEIR_OK;
    if (!given.inputs)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "inputs is null but input_count is not 0");
    if (given.input_count > most_inputs)
        return refuse(error, WEIR_E_LIMIT, "input_count: at most 1000");
    // The first says how far apart they lie.
    const std::size_t stride = given.inputs->struct_size;
    const auto* at = reinterpret_cast<const char*>(given.inputs);
    for (uint32_t i = 0; i < given.input_count; ++i, at += stride) {
        const auto known =
            options_of(reinterpret_cast<const weir_document*>(at), sizeof(weir_document));
        if (!known || known->struct_size != stride || stride % alignof(weir_document) != 0)
            return refuse(error, WEIR_E_STRUCT_SIZE, "weir_document has the wrong struct_size");
        const auto text = text_of(known->text, known->text_length);
        const auto file = text_of(known->file, known->file_length);
        if (!text || !file)
            return refuse(error, WEIR_E_INVALID_ARGUMENT, no_text);
        if (!is_text(*file))
            return refuse(error, WEIR_E_NOT_UTF8, "inputs: file is not UTF-8");
        options.inputs.push_back({*text, file->empty() ? "<inputs>" : std::string{*file}});
    }
    return WEIR_OK;
}

weir_status read_options(const weir_load_options& given, plan::load_options& options,
                         std::string_view& adapter, weir_error* error) {
    const auto name = text_of(given.adapter, given.adapter_length);
    const auto file = text_of(given.file, given.file_length);
    const auto variables = text_of(given.variables, given.variables_length);
    if (!name || !file || !variables) {
        return refuse(error, WEIR_E_INVALID_ARGUMENT, no_text);
    }
    if ((given.flags & ~all_flags) != 0)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "flags: an unknown flag is set");
    if (given.reserved0 != 0)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "reserved0: must be 0");
    if (!is_text(*file))
        return refuse(error, WEIR_E_NOT_UTF8, "file is not UTF-8");
    if (!file->empty())
        options.file_name = *file;
    if (given.most_levels > most_levels)
        return refuse(error, WEIR_E_INVALID_ARGUMENT, "most_levels: at most 64");
    if (given.most_levels != 0)
        options.most_levels = given.most_levels;
    if (const auto status = read_inputs(given, options, error); status != WEIR_OK)
        return status;
    options.compat_harness = (given.flags & WEIR_LOAD_COMPAT_HARNESS) != 0;
    options.inputs_may_be_missing = (given.flags & WEIR_LOAD_INPUTS_OPEN) != 0;
    options.slots_release = (given.flags & WEIR_LOAD_SLOTS_RELEASE) != 0;
    adapter = *name;
    return read_variables(*variables, options, error);
}

plan::loaded unknown_kind(const plan::load_options& options) {
    plan::loaded none;
    none.files = {options.file_name};
    none.findings
        .add(plan::code::unknown_document, {0, 1, 1, 1, 2},
             "this is not a document that an adapter knows")
        .help =
        "a Harness pipeline has the key `pipeline` at its root, plan JSON is an object with "
        "`version` and `root`; to have it read as one all the same, name the adapter";
    return none;
}

struct document_adapter {
    std::string_view name;
    bool (*knows)(std::string_view document);
    plan::loaded (*load)(std::string_view document, const plan::load_options&);
};

constexpr document_adapter adapters[] = {
    {"plan", plan::looks_like_json,
     [](std::string_view text, const plan::load_options& how) {
         return plan::read_json(text, how, expressions::wrong_syntax);
     }},
    {"harness", harness::looks_like, harness::load},
};

// Null: none has that name.
const document_adapter* adapter_named(std::string_view name) noexcept {
    const auto* const found = std::ranges::find(adapters, name, &document_adapter::name);
    return found == std::end(adapters) ? nullptr : found;
}

// The one that is named, or the first that knows the document.
plan::loaded load(std::string_view document, std::string_view name,
                  const plan::load_options& options) {
    for (const auto& one : adapters) {
        if (name.empty() ? one.knows(document) : name == one.name)
            return one.load(document, options);
    }
    return unknown_kind(options);
}

// Null-terminated text behind a handle; 0 when none is left.
weir_text publish(std::string text) {
    return all().texts.add(std::make_shared<const std::string>(std::move(text)));
}

check::options checking(std::uint32_t flags) noexcept {
    check::options how;
    how.allow_unproved = (flags & WEIR_LOAD_ALLOW_UNPROVED) != 0;
    return how;
}

using describe_function = std::string (*)(const plan::plan&);

describe_function describer(weir_format format) noexcept {
    switch (format) {
    case WEIR_FORMAT_JSON:
        return plan::to_json;
    case WEIR_FORMAT_TREE:
        return plan::to_tree;
    case WEIR_FORMAT_DOT:
        return plan::to_dot;
    case WEIR_FORMAT_MERMAID:
        return plan::to_mermaid;
    case WEIR_FORMAT_SLOTS:
        return check::describe_slots;
    default:
        return nullptr;
    }
}

}  // namespace

}  // namespace weir::plugin

using namespace weir;
using plugin::all;

weir_status weir_plan_load(const char* document, uint64_t length, const weir_load_options* given,
                           weir_plan* plan, weir_text* diagnostics, weir_error* error) noexcept {
    return plugin::guarded(error, [&] {
        if (!plan)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, "plan is null");
        const auto text = plugin::text_of(document, length);
        if (!text)
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT, plugin::no_text);
        const auto known = plugin::options_of(given, sizeof(weir_load_options));
        if (!known)
            return plugin::refuse(error, WEIR_E_STRUCT_SIZE,
                                  "weir_load_options has the wrong struct_size");
        plan::load_options options;
        std::string_view adapter;
        if (const auto status = plugin::read_options(*known, options, adapter, error);
            status != WEIR_OK)
            return status;
        if (!adapter.empty() && !plugin::adapter_named(adapter)) {
            return plugin::refuse(error, WEIR_E_INVALID_ARGUMENT,
                                  "adapter: only harness and plan are known");
        }

        plugin::host_resolver elsewhere{known->resolve, known->resolve_context};
        if (known->resolve)
            options.resolver = &elsewhere;
        auto loaded = plugin::load(*text, adapter, options);
        if (loaded.plan)
            check::check(*loaded.plan, loaded.findings, plugin::checking(known->flags));
        // Before the findings: whoever gets WEIR_E_NO_MEMORY has no text to release.
        const bool accepted = loaded.plan && !loaded.findings.any_error();
        plugin::pending_handle made{all().plans, accepted ? all().plans.add(loaded.plan) : 0};
        if (accepted && !made)
            return plugin::refuse(error, WEIR_E_LIMIT, "too many plans");
        if (diagnostics) {
            const auto published = plugin::publish(plan::to_json(loaded.findings, loaded.files));
            if (published == 0)
                return plugin::refuse(error, WEIR_E_LIMIT, "too many texts");
            *diagnostics = published;
        }
        if (!accepted)
            return plugin::refuse(error, WEIR_E_DOCUMENT,
                                  "the document is refused: see the diagnostics");
        *plan = made.hand_over();
        return WEIR_OK;
    });
}

weir_status weir_plan_describe(weir_plan plan, weir_format format, weir_text* text) noexcept {
    return plugin::guarded([&] {
        const auto describe = plugin::describer(format);
        if (!text || !describe)
            return WEIR_E_INVALID_ARGUMENT;
        const auto found = all().plans.find(plan);
        if (!found)
            return WEIR_E_STALE;
        auto described = describe(*found);
        if (described.size() > std::numeric_limits<uint32_t>::max())
            return WEIR_E_LIMIT;
        const auto published = plugin::publish(std::move(described));
        if (published == 0)
            return WEIR_E_LIMIT;
        *text = published;
        return WEIR_OK;
    });
}

weir_status weir_plan_release(weir_plan plan) noexcept {
    return plugin::guarded(
        [&] { return plan == 0 || all().plans.take(plan) ? WEIR_OK : WEIR_E_STALE; });
}
