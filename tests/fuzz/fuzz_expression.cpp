// SPDX-License-Identifier: BSL-1.0
#include "tests/adapters/expressions/support.hpp"

#include <cstdlib>

// Any text, as an expression and as a text with expressions: a result, never anything else; syntax
// that is refused is never evaluated.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace weir::expressions;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto& names = testing::sample();
    const result value = evaluate(text, names);
    if (check_syntax(text).status == status::error && value.status != status::error) std::abort();
    if (value.status == status::error && (value.message.empty() || value.offset > size))
        std::abort();
    const result whole = interpolate(text, names);
    if (!has_expression(text) && (whole.status != status::ok || whole.value != text)) std::abort();
    (void)value_of(text, names);
    (void)condition(text, names);
    (void)interpolate_json(text, names);
    return 0;
}
