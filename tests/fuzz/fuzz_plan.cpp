// SPDX-License-Identifier: BSL-1.0
#include "adapters/check/check.hpp"
#include "adapters/expressions/expression.hpp"
#include "adapters/plan/describe.hpp"
#include "adapters/plan/read.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace weir;

void require(bool right) {
    if (!right) {
        std::abort();
    }
}

}  // namespace

// Plan JSON becomes a plan, or an error with a place; a plan comes back from its own JSON the same,
// and can be drawn and checked.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    plan::load_options how;
    how.inputs_may_be_missing = size % 2 == 0;
    (void)plan::looks_like_json(text);
    const plan::loaded l = plan::read_json(text, how, expressions::wrong_syntax);
    require(static_cast<bool>(l.plan) != l.findings.any_error());
    for (const plan::diagnostic& d : l.findings.all()) {
        require(d.where.known() || d.message.ends_with("more findings are not listed"));
        require(d.where.file < l.files.size());
    }
    if (!l.plan) {
        return 0;
    }
    const std::string written = plan::to_json(*l.plan);
    const plan::loaded again = plan::read_json(written, how, expressions::wrong_syntax);
    require(again.plan && plan::to_json(*again.plan) == written);
    (void)plan::to_tree(*l.plan);
    (void)plan::to_dot(*l.plan);
    (void)plan::to_mermaid(*l.plan);
    plan::loaded runs = plan::read_json(text, how, expressions::wrong_syntax);
    if (runs.plan) {
        check::check(*runs.plan, runs.findings);
    }
    return 0;
}
