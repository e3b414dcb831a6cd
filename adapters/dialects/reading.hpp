// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/dialects/dialect.hpp"
#include "adapters/harness/context.hpp"
#include "adapters/harness/yaml.hpp"
#include "adapters/plan/combined_rows.hpp"
#include "adapters/plan/json.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir::dialects {

using harness::context;
namespace yaml = harness::yaml;

// What a dialect's reader gives: rows, and how many run at once (0: all).
struct loop {
    std::shared_ptr<const plan::row_source> rows;
    std::uint64_t cap = 0;
};

// The readers. `most`: more instances are an error. Without rows the findings hold an error.
[[nodiscard]] loop read_github(context&, yaml::value root, std::uint64_t most);
[[nodiscard]] loop read_gitlab(context&, yaml::value root, std::uint64_t most);
[[nodiscard]] loop read_tekton(context&, yaml::value root, std::uint64_t most);
[[nodiscard]] loop read_argo(context&, yaml::value root, std::uint64_t most);

// How an engine marks an expression in a text.
inline constexpr std::string_view github_mark = "${{", tekton_mark = "$(", argo_mark = "{{";

[[nodiscard]] inline bool marked(yaml::value v, std::string_view mark) noexcept {
    return v.is_scalar() && v.text().find(mark) != std::string_view::npos;
}

// E0404: the number of instances hangs on an expression.
void unknown_size(context&, std::string_view what, yaml::value expression);

// E0403.
void too_many(context&, plan::span where, std::uint64_t count, std::uint64_t most);

// A text for a message, short.
[[nodiscard]] std::string cited(std::string_view text);

// A value with its types, as JSON engines have it: numbers by their value. One that is not as it is
// written then (3.10 is 3.1) gets a warning. Null, told, when it nests too deep.
[[nodiscard]] json typed_value(context&, yaml::value);

// The mapping's value under a key, no value for null.
[[nodiscard]] yaml::value member(yaml::value mapping, std::string_view key) noexcept;

// The key itself, for its position.
[[nodiscard]] yaml::value key_in(yaml::value mapping, std::string_view key) noexcept;

}  // namespace weir::dialects
