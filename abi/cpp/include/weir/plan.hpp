// SPDX-License-Identifier: BSL-1.0
// Documents that were read.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/finding.hpp>
#include <weir/names.hpp>
#include <weir/resolve.hpp>
#include <weir/text.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace weir {

/// How a document is read.
struct load_options {
    bool compat_harness = false;  ///< Harness's own behaviour where ours differs: docs/compat.md
    bool inputs_open = false;     ///< an input that is not given is an unknown, not an error
    bool runnable = false;        ///< refuse also what loads but cannot be run by this version
    bool slots_release = false;  ///< a loop's instance that waits gives up its slot, unless it says
    bool allow_unproved = false;  ///< accept what was not found out to be free of deadlocks
    std::string_view adapter;     ///< "harness" or "plan"; empty: detected
    std::string_view file;        ///< the document's name in findings; empty: "<input>"
    std::string_view variables;   ///< a JSON object of variables and inputs, by name; empty: none
    const weir_document* inputs = nullptr;    ///< input sets (weir::input), a later one wins
    std::uint32_t input_count = 0;            ///< how many
    weir_resolve_function resolve = nullptr;  ///< as in weir.h; plan::load_with takes a callable
    void* resolve_context = nullptr;          ///< handed to `resolve`
    std::uint32_t most_levels = 0;            ///< of pipelines or templates in each other; 0: 16
};

/// An immutable plan, for any number of runs, which go on when it is released.
class plan : public detail::owner<weir_plan_release> {
public:
    using owner::owner;

    /// Reads a document. `found`, when given, is set to the findings: errors of a document that is
    /// refused, else warnings. status::document: refused; not_json: `variables` is no JSON object;
    /// not_utf8, no_memory, limit. [any thread, blocks only in `resolve`]
    ///
    ///     weir::findings found;
    ///     weir::result<weir::plan> plan = weir::plan::load(document, {}, &found);
    ///     for (const weir::finding& each : found.list()) puts(weir::to_string(each).c_str());
    static result<plan> load(std::string_view document, const load_options& how = {},
                             findings* found = nullptr) noexcept {
        const weir_load_options o = options(how);
        weir_text written = 0;
        result<plan> read = detail::made<plan>([&](weir_plan* made, weir_error* told) noexcept {
            return weir_plan_load(document.data(), document.size(), &o, made,
                                  found != nullptr ? &written : nullptr, told);
        });
        if (found != nullptr)
            *found = findings(text(written));
        return read;
    }

    /// The same, and what the document refers to is found by `resolve`: a callable that takes a
    /// weir::reference and gives a weir::resolution, such as a weir::folder. It is called for each
    /// reference that differs, on this thread, before this returns; what it throws is thrown here.
    /// [any thread, blocks only in `resolve`]
    ///
    ///     auto resolve = [&](const weir::reference& wanted) -> weir::resolution {
    ///         if (wanted.kind() == weir::reference_kind::value)
    ///             return weir::document{vault.reference(wanted.identifier())};
    ///         return std::nullopt;
    ///     };
    ///     weir::result<weir::plan> plan = weir::plan::load_with(document, {}, resolve);
    template <typename Resolve>
    static result<plan> load_with(std::string_view document, load_options how, Resolve&& resolve,
                                  findings* found = nullptr) {
        using callable = std::remove_reference_t<Resolve>;
        detail::resolver<callable> from(resolve);
        how.resolve = &detail::resolver<callable>::call;
        how.resolve_context = &from;
        result<plan> read = load(document, how, found);
        from.rethrow();
        return read;
    }

    /// Writes the plan down. status::stale, no_memory, limit. [any thread, never blocks]
    result<text> describe(format as = format::tree) const noexcept {
        return detail::made<text>([&](weir_text* written, weir_error*) noexcept {
            return weir_plan_describe(handle(), static_cast<weir_format>(as), written);
        });
    }

private:
    static weir_load_options options(const load_options& how) noexcept {
        weir_load_options o{};
        o.struct_size = sizeof o;
        o.flags = (how.compat_harness ? WEIR_LOAD_COMPAT_HARNESS : 0) |
                  (how.inputs_open ? WEIR_LOAD_INPUTS_OPEN : 0) |
                  (how.runnable ? WEIR_LOAD_RUNNABLE : 0) |
                  (how.slots_release ? WEIR_LOAD_SLOTS_RELEASE : 0) |
                  (how.allow_unproved ? WEIR_LOAD_ALLOW_UNPROVED : 0);
        o.adapter = detail::or_null(how.adapter);
        o.adapter_length = detail::length(how.adapter);
        o.file = detail::or_null(how.file);
        o.file_length = detail::length(how.file);
        o.variables = detail::or_null(how.variables);
        o.variables_length = detail::length(how.variables);
        o.inputs = how.inputs;
        o.input_count = how.input_count;
        o.resolve = how.resolve;
        o.resolve_context = how.resolve_context;
        o.most_levels = how.most_levels;
        return o;
    }
};

}  // namespace weir
