// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/loops.hpp"

#include "adapters/plan/json.hpp"

namespace weir::plan {

planned_loop plan_loop(const node& n, const expansion::options& options) {
    planned_loop loop;
    const strategy* s = n.loop();
    if (!s) return loop;
    loop.looped = true;
    loop.size_known = s->size_known();
    if (loop.size_known) loop.instances = expansion::make(*s, options, as_written(), loop.why);
    return loop;
}

expansion::evaluator as_written() {
    return [](std::string_view text, std::string&) {
        return std::make_unique<json>(std::string(text));
    };
}

}  // namespace weir::plan
