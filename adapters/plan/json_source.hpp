// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/diagnostic.hpp"
#include "adapters/plan/span.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// JSON as it is written: where each value stands, and its very text. For readers that say where
// something is wrong, and that hand parts on as they are.
namespace weir::plan::source {

enum class kind : std::uint8_t { null, boolean, integer, real, text, array, object };

[[nodiscard]] std::string_view name_of(kind) noexcept;  // "text", "a list" ...

struct limits {
    std::size_t bytes = std::size_t{256} << 20;
    std::size_t depth = 640;
    std::size_t values = 24'000'000;  // keys included
};

class document;

// A view into a document, which must outlive it. Null where there is none.
class value {
public:
    value() = default;

    explicit operator bool() const noexcept { return of_ != nullptr; }
    [[nodiscard]] kind what() const noexcept;
    [[nodiscard]] bool is(kind k) const noexcept { return what() == k; }

    // An array's elements; an object's keys, each followed by its value.
    [[nodiscard]] value first() const noexcept;
    [[nodiscard]] value next() const noexcept;

    [[nodiscard]] std::string_view raw() const noexcept;  // its JSON, as written
    [[nodiscard]] std::string text() const;               // of kind text: what it spells
    [[nodiscard]] bool spells(std::string_view) const;    // of kind text
    [[nodiscard]] std::optional<std::int64_t> whole() const noexcept;  // 3 and 3.0; not 3.5
    [[nodiscard]] bool truth() const noexcept { return raw() == "true"; }
    [[nodiscard]] span where() const;  // of a list or object: its bracket

private:
    friend class document;
    value(const document* of, std::uint32_t at) noexcept : of_(of), at_(at) {}
    [[nodiscard]] value at(std::uint32_t) const noexcept;

    const document* of_ = nullptr;
    std::uint32_t at_ = 0;
};

// [own stack, any] Parsed by nlohmann's events; positions come from the text. Lives as long as the
// text that it was made from.
class document {
public:
    // Nothing, and one finding with its place, when the text is not JSON or beyond the limits.
    [[nodiscard]] static std::optional<document> parse(std::string_view text, const limits&,
                                                       diagnostics& findings);

    [[nodiscard]] value root() const noexcept { return {this, 0}; }

    // The index that its positions bear.
    void set_file(std::uint32_t index) noexcept { file_ = index; }

private:
    friend class value;
    friend class events;

    static constexpr std::uint32_t none = ~std::uint32_t{0};
    struct entry {
        std::uint32_t begin = 0;
        std::uint32_t end = 0;
        std::uint32_t first = none;
        std::uint32_t next = none;
        kind what = kind::null;
        bool escaped = false;  // a text that does not stand as it is spelt
    };
    struct place {
        std::uint32_t line, column;
    };

    explicit document(std::string_view text) : text_(text) {}
    [[nodiscard]] place place_of(std::size_t offset) const;

    std::string_view text_;
    std::vector<entry> entries_;
    std::uint32_t file_ = 0;
    mutable std::vector<place> marks_;  // one each 64 KiB, made when the first place is asked for
};

}  // namespace weir::plan::source
