// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugin/scopes/host_barrier.hpp"
#include "plugin/scopes/host_gate.hpp"
#include "plugin/scopes/notice.hpp"
#include "plugin/scopes/slab.hpp"

namespace weir::plugin {

class scope_tree;

// What the handles of a host's scopes, lanes and barriers name. All but the first two members are
// guarded by the tree's lock.

// A lane's parties: most have one.
class few_parties {
public:
    [[nodiscard]] host_party* const* begin() const noexcept {
        return many_.empty() ? &one_ : many_.data();
    }
    [[nodiscard]] host_party* const* end() const noexcept {
        return many_.empty() ? &one_ + (one_ != nullptr ? 1 : 0) : many_.data() + many_.size();
    }
    // So that `push_back` needs no memory.
    void reserve_one() {
        if (one_ != nullptr)
            many_.reserve(many_.size() + 2);
    }
    void push_back(host_party* p) noexcept {
        if (one_ == nullptr) {
            one_ = p;
            return;
        }
        if (many_.empty())
            many_.push_back(one_);
        many_.push_back(p);
    }
    void clear() noexcept {
        one_ = nullptr;
        std::vector<host_party*>{}.swap(many_);
    }

private:
    host_party* one_ = nullptr;
    std::vector<host_party*> many_;  // empty, or all of them
};

struct host_lane {
    std::atomic<std::uint32_t> generation{0};
    bool ended = false;
    std::atomic<scope_tree*> tree{nullptr};
    few_parties parties;

    scope_record* scope = nullptr;
    host_lane* parent = nullptr;
    host_lane* first_child = nullptr;
    host_lane* next = nullptr;  // under the same parent, or at the top of the same scope
    host_lane* prev = nullptr;
    std::vector<slot_wait*> slots;
    std::uint64_t seen = 0;  // the last search that came by, and below it nobody was free
    posted waits_at;         // in a sequential tree: what it waited for last
    posted next_told;
    std::uint64_t tag = 0;
    std::string name;
};

struct barrier_record {
    std::atomic<std::uint32_t> generation{0};
    std::atomic<scope_tree*> tree{nullptr};

    std::optional<host_barrier> barrier;
};

struct scope_record {
    std::atomic<std::uint32_t> generation{0};
    std::atomic<scope_tree*> tree{nullptr};

    scope_record* parent = nullptr;
    scope_record* first_child = nullptr;
    scope_record* next = nullptr;
    host_lane* first_lane = nullptr;
    std::vector<barrier_record*> barriers;
    std::vector<gate_record*> gates;
    bool closed = false;
    std::uint64_t tag = 0;
    std::string name;
    notice last_word;
};

inline posted& posted::next() const noexcept {
    if (host_party* const p = as_party()) [[likely]]
        return p->next;
    if (notice* const n = as_notice())
        return n->next;
    if (slot_wait* const w = as_slot_wait())
        return w->next;
    return as_lane()->next_told;
}

}  // namespace weir::plugin
