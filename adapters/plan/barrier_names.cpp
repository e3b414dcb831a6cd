// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/barrier_names.hpp"

namespace weir::plan {

node_index pipeline_of(const plan& p, node_index at) noexcept {
    while (p[at].kind != node_kind::pipeline && p[at].parent != no_node)
        at = p[at].parent;
    return at;
}

barrier_names::barrier_names(const plan& p) : plan_(p) {
    for (std::uint32_t i = 0; i < p.barriers.size(); ++i)
        declared_.try_emplace({p.barriers[i].scope, p.barriers[i].id}, i);
}

std::uint32_t barrier_names::declared_in(node_index pipeline, std::string_view id) const {
    const auto found = declared_.find({pipeline, id});
    return found == declared_.end() ? no_barrier : found->second;
}

std::uint32_t barrier_names::seen_from(node_index at, std::string_view id) const {
    for (; at != no_node; at = plan_[at].parent) {
        at = pipeline_of(plan_, at);
        const std::uint32_t found = declared_in(at, id);
        if (found != no_barrier)
            return found;
    }
    return no_barrier;
}

}  // namespace weir::plan
