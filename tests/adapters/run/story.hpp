// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <catch2/catch_all.hpp>

#include "tests/adapters/run/record.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::runs::test {

// The events of a run, and what tests ask of them.
struct story {
    std::vector<record> all;

    [[nodiscard]] const record* find(event_type type, std::string_view path,
                                     std::string_view barrier = {}) const {
        const auto found = std::ranges::find_if(all, [&](const record& r) {
            return r.type == type && r.path == path && (barrier.empty() || r.barrier == barrier);
        });
        return found == all.end() ? nullptr : &*found;
    }
    [[nodiscard]] bool has(event_type type, std::string_view path,
                           std::string_view barrier = {}) const {
        return find(type, path, barrier) != nullptr;
    }
    [[nodiscard]] const record& one(event_type type, std::string_view path,
                                    std::string_view barrier = {}) const {
        const auto* const found = find(type, path, barrier);
        INFO("no " << word(type) << " of '" << path << "' in\n" << text());
        REQUIRE(found);
        return *found;
    }
    [[nodiscard]] std::size_t count(event_type type) const {
        return static_cast<std::size_t>(std::ranges::count(all, type, &record::type));
    }

    // How a node ended; none: it was not reached.
    [[nodiscard]] outcome how(std::string_view path) const {
        const auto* const found = find(event_type::node_finished, path);
        return found ? found->how : outcome::none;
    }
    [[nodiscard]] outcome ending() const {
        REQUIRE(!all.empty());
        REQUIRE(all.back().type == event_type::run_finished);
        return all.back().how;
    }
    [[nodiscard]] std::int64_t started(std::string_view path) const {
        return one(event_type::node_started, path).ms();
    }
    [[nodiscard]] std::int64_t finished(std::string_view path) const {
        return one(event_type::node_finished, path).ms();
    }
    [[nodiscard]] std::string error(std::string_view path) const {
        return one(event_type::node_finished, path).error;
    }
    [[nodiscard]] std::string message(std::string_view path) const {
        return one(event_type::node_finished, path).message;
    }

    // The one decision of a barrier.
    [[nodiscard]] const record& decision(std::string_view barrier) const {
        const record* found = nullptr;
        for (const auto& r : all) {
            if (r.barrier == barrier && r.type >= event_type::barrier_released &&
                r.type <= event_type::barrier_voided) {
                INFO(text());
                REQUIRE(!found);
                found = &r;
            }
        }
        INFO("no decision of " << barrier << " in\n" << text());
        REQUIRE(found);
        return *found;
    }

    [[nodiscard]] std::size_t place(const record& r) const {
        return static_cast<std::size_t>(&r - all.data());
    }
    [[nodiscard]] bool in_order(const record& a, const record& b) const { return &a < &b; }

    [[nodiscard]] std::string text() const {
        std::string lines;
        for (const auto& r : all) {
            lines += r.json_line() + "\n";
        }
        return lines;
    }
};

}  // namespace weir::runs::test
