// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/span.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace weir::harness::yaml {

enum class kind : std::uint8_t { null, boolean, number, text, sequence, mapping };

using node_index = std::uint32_t;
inline constexpr node_index none = ~node_index{0};

// One value of a document as it lies in memory: 40 bytes, children in a row by `next`. A mapping's
// children are key, value, key, value. An alias stands for the node it names. A document may hold
// parts of others: each node knows the file that it stands in.
struct node {
    std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
    const char* text = nullptr;  // scalars
    std::uint32_t size = 0;      // scalars: bytes; otherwise the number of children
    node_index first = none;     // sequence, mapping: first child; alias: what it stands for
    node_index next = none;
    kind what = kind::null;
    bool alias = false;
    std::uint16_t file = 0;  // as plan::span counts them
};

class value;

// A composed document: owns every text and node. Movable; values point into it.
class document {
public:
    document();
    ~document();
    document(document&&) noexcept;
    document& operator=(document&&) noexcept;

    [[nodiscard]] value root() const noexcept;

    // For the composer and for inputs, which put a value where the document has `<+input>`.
    std::vector<node> nodes;
    std::vector<node_index> inputs;  // scalars that begin with `<+input>`, in reading order
    bool uses_templates = false;     // some mapping has a key `template`
    node_index top = none;
    std::uint16_t file = 0;
    std::string_view keep(std::string_view text);  // copied; equal short texts often share

private:
    char* room(std::size_t bytes);

    std::vector<std::unique_ptr<char[]>> chunks_;
    char* free_ = nullptr;
    std::size_t left_ = 0;
    std::array<std::string_view, 512> recent_;
};

// A view of one value: where it stands (`place`) and what is there, aliases followed. Cheap to
// copy; valid as long as the document is neither changed nor gone. A default one is "no value":
// false.
class value {
public:
    value() = default;
    value(const document& owner, node_index place) noexcept;

    explicit operator bool() const noexcept { return owner_ != nullptr; }
    [[nodiscard]] kind what() const noexcept { return content().what; }
    [[nodiscard]] bool is(kind k) const noexcept { return owner_ && what() == k; }
    [[nodiscard]] bool is_scalar() const noexcept { return owner_ && what() < kind::sequence; }

    // A scalar's text as written, quotes and escapes undone; "" for null and for what is no scalar.
    [[nodiscard]] std::string_view text() const noexcept;
    [[nodiscard]] plan::span where() const noexcept;
    [[nodiscard]] node_index place() const noexcept { return place_; }
    [[nodiscard]] node_index identity() const noexcept { return content_; }

    // Children of a sequence or mapping; a mapping's alternate between key and value.
    [[nodiscard]] std::uint32_t size() const noexcept;
    [[nodiscard]] value first() const noexcept;
    [[nodiscard]] value next() const noexcept;

    // The value under a key of a mapping, or no value.
    [[nodiscard]] value operator[](std::string_view key) const noexcept;

private:
    [[nodiscard]] const node& content() const noexcept { return owner_->nodes[content_]; }

    const document* owner_ = nullptr;
    node_index place_ = none;
    node_index content_ = none;
};

// "a mapping", "a list", "text", "a number", "true or false", "nothing": for messages.
[[nodiscard]] std::string_view name_of(kind) noexcept;

}  // namespace weir::harness::yaml
