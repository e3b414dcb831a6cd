// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/snapshot.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/run/locking.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

namespace weir::runs {

namespace {

std::string_view word(wait_kind what) noexcept {
    switch (what) {
    case wait_kind::none:
        return "";
    case wait_kind::step:
        return "step";
    case wait_kind::barrier:
        return "barrier";
    case wait_kind::lock:
        return "lock";
    case wait_kind::slot:
    case wait_kind::turn:
        return "slot";
    case wait_kind::pause:
        return "retry";
    case wait_kind::resume:
        return "resume";
    case wait_kind::intervention:
        return "intervention";
    }
    return "";
}

json node(const activation& a) {
    json told = json_object("path", a.path, "kind", a.kind());
    if (a.waiting != wait_kind::none)
        told["waits_for"] = word(a.waiting);
    if (a.waiting == wait_kind::barrier && a.members && a.members->seat)
        told["barrier"] = a.members->seat->at.names.id;
    if (a.waiting == wait_kind::lock)
        told["key"] = static_cast<const lock_wait*>(a.wait)->hold.key;
    if (a.interrupted != interruption::none)
        told["ending"] = true;
    if (a.is_loop() && a.forked) {
        told["slots"] =
            json_object("limit", a.forked->slots.limit(), "in_use", a.forked->slots.in_use());
    }
    return told;
}

}  // namespace

std::string snapshot_of(run& of, activation* root) {
    json nodes = json::array();
    for (activation* a = root; a; a = next_below(a, *root)) {
        if (a->is_told())
            nodes.push_back(node(*a));
    }
    const json all =
        json_object("run", of.id(), "paused", of.orders().paused(), "nodes", std::move(nodes),
                    "barriers", root ? of.members().describe() : json::array());
    return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace weir::runs
