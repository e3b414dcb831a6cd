// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml_compose.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <yaml.h>

namespace weir::harness::yaml {

// One event of libyaml, freed with its scope.
struct event : yaml_event_t {
    event() { type = YAML_NO_EVENT; }
    ~event() { yaml_event_delete(this); }
    event(const event&) = delete;
    event& operator=(const event&) = delete;
};

[[nodiscard]] plan::span span_of(const yaml_mark_t& begin, const yaml_mark_t& end) noexcept;
[[nodiscard]] plan::span span_of(const node&) noexcept;
[[nodiscard]] std::string_view view(const yaml_char_t*) noexcept;

// Makes one document's tree from libyaml's events, within limits; stops at the first fault, which
// it tells. `at`, when given, is the position that every node gets.
class composer {
public:
    composer(document& target, std::string_view text, const limits& most,
             plan::diagnostics& findings, const plan::span* at)
        : document_(target), text_(text), limits_(most), findings_(findings), fixed_(at) {}

    bool run();
    [[nodiscard]] node_index top() const noexcept { return top_; }

private:
    struct frame {
        node_index container = none;
        node_index last = none;  // last child
        node_index merge_key = none;
        node_index before_merge = none;
        std::uint64_t weight = 1;  // nodes below and here, aliases as what they stand for
        std::uint32_t height = 1;
        std::string anchor;
    };
    struct anchored {
        node_index at;
        std::uint64_t weight = 1;
        std::uint32_t height = 1;
        bool complete = true;
    };

    bool take(const event&);
    bool scalar(const event&);
    bool alias(const event&);
    bool open(const event&, kind);
    bool close(const event&);
    bool place(node_index, std::uint64_t weight, std::uint32_t height, plan::span where);
    bool key_allowed(node_index, plan::span where);
    bool unique_keys(const frame&);
    bool twice(node_index first, node_index second);
    node_index add(plan::span where, kind);
    bool fault(plan::code what, plan::span where, std::string message, std::string help = {},
               std::optional<plan::note> also = std::nullopt);
    bool parser_fault(const yaml_parser_t&);

    document& document_;
    std::string_view text_;
    const limits& limits_;
    plan::diagnostics& findings_;
    const plan::span* fixed_;
    std::vector<frame> frames_;
    std::unordered_map<std::string, anchored> anchors_;
    std::uint64_t alias_nodes_ = 0;
    node_index top_ = none;
    bool done_ = false;
};

}  // namespace weir::harness::yaml
