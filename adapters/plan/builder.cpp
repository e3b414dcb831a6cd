// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/builder.hpp"

#include "adapters/plan/store.hpp"

#include <cassert>
#include <cstring>
#include <utility>

namespace weir::plan {

namespace {

// Identifiers, types and the like come again and again; scripts do not, and hashing them costs.
constexpr std::size_t short_text = 48;

}  // namespace

builder::builder() : plan_(std::make_shared<plan>()) {}
builder::~builder() = default;

node_index builder::add(node_index parent, node_kind kind) {
    auto& nodes = plan_->nodes;
    assert(nodes.empty() == (parent == no_node) && "node 0 is the one without a parent");
    assert(nodes.empty() || parent < nodes.size());
    const auto index = static_cast<node_index>(nodes.size());
    node& added = nodes.emplace_back();
    added.kind = kind;
    added.parent = parent;
    last_child_.push_back(no_node);
    if (parent == no_node) return index;
    if (last_child_[parent] == no_node) {
        nodes[parent].first_child = index;
    } else {
        nodes[last_child_[parent]].next = index;
    }
    last_child_[parent] = index;
    return index;
}

node_index builder::add_rollback(node_index owner) {
    auto& nodes = plan_->nodes;
    assert(owner < nodes.size() && nodes[owner].rollback == no_node);
    const auto index = static_cast<node_index>(nodes.size());
    node& added = nodes.emplace_back();
    added.kind = node_kind::rollback;
    added.parent = owner;
    last_child_.push_back(no_node);
    nodes[owner].rollback = index;
    return index;
}

node_index builder::add_on_release(std::uint32_t barrier) {
    auto& nodes = plan_->nodes;
    barrier_definition& owner = plan_->barriers[barrier];
    assert(owner.on_release == no_node);
    const auto index = static_cast<node_index>(nodes.size());
    node& added = nodes.emplace_back();
    added.kind = node_kind::on_release;
    added.parent = owner.scope;
    added.barrier = barrier;
    last_child_.push_back(no_node);
    owner.on_release = index;
    return index;
}

node& builder::at(node_index i) { return plan_->nodes[i]; }

node_extras& builder::extras(node_index i) {
    node& n = plan_->nodes[i];
    if (!n.extras) n.extras = &plan_->store_->extras.emplace_back();
    // Plans hand their extras out as const; until `finish` they are the builder's to write.
    return const_cast<node_extras&>(*n.extras);
}

std::string_view builder::keep(std::string_view text) {
    if (text.empty()) return {};
    plan::store& store = *plan_->store_;
    const auto copy = [&store, text] {
        auto* kept = static_cast<char*>(store.texts.allocate(text.size(), 1));
        std::memcpy(kept, text.data(), text.size());
        return std::string_view{kept, text.size()};
    };
    if (text.size() > short_text) return copy();
    std::string_view& place = store.interned.place(text);
    if (place.empty()) place = copy();
    return place;
}

void builder::release_slots() noexcept {
    for (const node_extras& extras : plan_->store_->extras) {
        if (extras.strategy && extras.strategy->slot_while_waiting == slot_policy::unset)
            extras.strategy->slot_while_waiting = slot_policy::release;
    }
}

plan& builder::unfinished() noexcept { return *plan_; }

std::shared_ptr<const plan> builder::finish() {
    assert(!plan_->nodes.empty() && "a plan has a pipeline");
    auto& nodes = plan_->nodes;
    // A parent stands before its children, a rollback section behind its owner: one pass from the
    // end carries the mark all the way up.
    for (std::size_t i = nodes.size(); i-- > 0;) {
        node& n = nodes[i];
        if (n.kind == node_kind::barrier) n.holds_barriers = true;
        if (n.holds_barriers && n.parent != no_node) nodes[n.parent].holds_barriers = true;
    }
    nodes.shrink_to_fit();
    plan_->store_->interned = {};
    last_child_ = {};
    return std::exchange(plan_, nullptr);
}

}  // namespace weir::plan
