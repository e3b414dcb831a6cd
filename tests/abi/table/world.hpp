// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "tests/abi/table/function.hpp"

#include <weir/weir.h>

#include <map>
#include <string>
#include <string_view>

namespace weir::abi::test {

// One object of every kind, in the state that a role names, made when it is first asked for. All
// belong to one polled runtime with virtual time, so nothing happens but in calls.
class world {
public:
    world() = default;
    ~world() { end(); }
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    // Arguments that `of` accepts with WEIR_OK.
    [[nodiscard]] words good(const function& of);
    // The same with 0 for every handle; nothing is made.
    [[nodiscard]] words good_but_handles(const function& of);
    // The handle for a role.
    [[nodiscard]] word handle(std::string_view role);

    // Ends all of it and what calls have made, in the order that weir.h wants; handles are stale
    // afterwards. False, and a failed check: something was busy.
    bool end();
    void end_made();  // only what calls have made

    // Where out-parameters go: `untouched` as long as nobody wrote there.
    [[nodiscard]] bool untouched() const;
    void touch_up();  // makes it so

    static constexpr std::size_t capacity = 4;

private:
    struct outs {
        unsigned char bytes[8][16];  // by the position of the role
    };

    word make(std::string_view role);
    word argument(std::string_view role, std::size_t at);
    word runtime();
    word step();
    word run_of(const std::string& document);
    word scope();
    word lane(const char* name);
    word barrier(uint32_t flags, const char* name);
    word queue_in_use();
    void drain(weir_step* step);
    [[nodiscard]] std::vector<word> made_by_calls() const;
    static void let_go(const words& all);

    std::map<std::string, word, std::less<>> handles_;
    outs outs_{};
    weir_event events_[capacity]{};
    weir_instance instances_[capacity]{};
    weir_statistics statistics_{};
    weir_error error_{};
    word lanes_[1]{};
    word tags_[1]{};
    uint32_t generation_ = 0;
};

inline constexpr std::string_view a_document =
    "{pipeline: {identifier: p, name: p, stages: [{stage: {identifier: a, name: a, type: Custom, "
    "spec: {execution: {steps: [{step: {identifier: x, name: x, type: Work, spec: {}}}]}}}}]}}";

}  // namespace weir::abi::test
