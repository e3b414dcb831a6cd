// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml.hpp"

#include <algorithm>
#include <cstring>

namespace weir::harness::yaml {

namespace {

constexpr std::size_t chunk_bytes = 64 * 1024;
constexpr std::size_t shared_text_limit = 32;

std::size_t slot_of(std::string_view text, std::size_t slots) noexcept {
    std::uint32_t h = static_cast<std::uint32_t>(text.size());
    for (const char c : text) {
        h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
    }
    return (h ^ (h >> 15)) % slots;
}

}  // namespace

document::document() = default;
document::~document() = default;
document::document(document&&) noexcept = default;
document& document::operator=(document&&) noexcept = default;

char* document::room(std::size_t bytes) {
    if (bytes > left_) {
        if (bytes > chunk_bytes / 4) {
            chunks_.push_back(std::make_unique_for_overwrite<char[]>(bytes));
            return chunks_.back().get();
        }
        chunks_.push_back(std::make_unique_for_overwrite<char[]>(chunk_bytes));
        free_ = chunks_.back().get();
        left_ = chunk_bytes;
    }
    char* const place = free_;
    free_ += bytes;
    left_ -= bytes;
    return place;
}

std::string_view document::keep(std::string_view text) {
    if (text.empty()) {
        return {"", 0};
    }
    std::string_view* recent = nullptr;
    if (text.size() <= shared_text_limit) {
        recent = &recent_[slot_of(text, recent_.size())];
        if (*recent == text) {
            return *recent;
        }
    }
    char* const place = room(text.size());
    std::memcpy(place, text.data(), text.size());
    const std::string_view kept{place, text.size()};
    if (recent) {
        *recent = kept;
    }
    return kept;
}

value document::root() const noexcept {
    return top == none ? value{} : value{*this, top};
}

value::value(const document& owner, node_index place) noexcept
    : owner_(&owner), place_(place), content_(place) {
    while (owner.nodes[content_].alias) {
        content_ = owner.nodes[content_].first;
    }
}

std::string_view value::text() const noexcept {
    if (!is_scalar()) {
        return {};
    }
    const node& n = content();
    return n.what == kind::null ? std::string_view{} : std::string_view{n.text, n.size};
}

plan::span value::where() const noexcept {
    if (!owner_) {
        return {};
    }
    const node& n = owner_->nodes[place_];
    return {n.file, n.line, n.column, n.end_line, n.end_column};
}

std::uint32_t value::size() const noexcept {
    return is_scalar() || !owner_ ? 0 : content().size;
}

value value::first() const noexcept {
    if (!owner_ || is_scalar() || content().first == none) {
        return {};
    }
    return {*owner_, content().first};
}

value value::next() const noexcept {
    if (!owner_ || owner_->nodes[place_].next == none) {
        return {};
    }
    return {*owner_, owner_->nodes[place_].next};
}

value value::operator[](std::string_view key) const noexcept {
    if (!is(kind::mapping)) {
        return {};
    }
    for (value k = first(); k; k = k.next().next()) {
        if (k.text() == key) {
            return k.next();
        }
    }
    return {};
}

std::string_view name_of(kind k) noexcept {
    switch (k) {
    case kind::null:
        return "nothing";
    case kind::boolean:
        return "true or false";
    case kind::number:
        return "a number";
    case kind::text:
        return "text";
    case kind::sequence:
        return "a list";
    case kind::mapping:
        return "a mapping";
    }
    return "a value";
}

}  // namespace weir::harness::yaml
