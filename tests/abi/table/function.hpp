// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace weir::abi::test {

// An argument as a machine word: a handle, a number, or a pointer.
using word = std::uint64_t;
using words = std::vector<word>;

template <class T>
word as_word(T* pointer) {
    return reinterpret_cast<word>(pointer);
}

// One function of weir.h, in a form that any of them can be called in.
struct function {
    std::string name;
    std::vector<std::string> roles;    // one an argument: see roles_of
    std::set<weir_status> documented;  // what weir.h says it may return
    std::string_view threads;          // its tags in functions.def
    std::string_view blocking;
    bool gives_status;  // else a number or a pointer: `call` gives 1 unless it is 0
    int (*call)(const word* arguments);

    // Checks that the status is one of those that weir.h names.
    weir_status operator()(const words& arguments) const;

    [[nodiscard]] bool takes(std::string_view role) const;
};

// All of functions.def. A function without an entry in roles_of, or with too few roles there, fails
// whatever test asks.
const std::vector<function>& all_functions();
const function& function_named(std::string_view name);

// What its arguments are, in order; nothing for a function that is not known. The words are those
// of world::good.
std::string_view roles_of(std::string_view function_name);

bool is_handle(std::string_view role);
// A pointer that must not be null; null when its length is not 0 either.
bool is_needed_pointer(std::string_view role);
bool is_text(std::string_view role);

}  // namespace weir::abi::test
