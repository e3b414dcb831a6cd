// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/table/function.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

namespace weir::abi::test {

namespace {

template <class Argument>
Argument from_word(word w) {
    if constexpr (std::is_pointer_v<Argument>) {
        return reinterpret_cast<Argument>(w);
    } else {
        return static_cast<Argument>(w);
    }
}

template <class Function>
struct caller;

template <class Result, class... Arguments>
struct caller<Result (*)(Arguments...) noexcept> {
    static constexpr std::size_t arity = sizeof...(Arguments);
    static constexpr bool gives_status = std::is_same_v<Result, weir_status>;

    template <auto F>
    static int call(const word* w) {
        return call<F>(w, std::index_sequence_for<Arguments...>{});
    }
    template <auto F, std::size_t... I>
    static int call([[maybe_unused]] const word* w, std::index_sequence<I...>) {
        const auto result = F(from_word<Arguments>(w[I])...);
        if constexpr (gives_status) {
            return result;
        } else {
            return result == Result{} ? 0 : 1;
        }
    }
};

std::vector<std::string> split(std::string_view text) {
    std::istringstream in{std::string{text}};
    std::vector<std::string> all;
    for (std::string one; in >> one;) {
        all.push_back(one);
    }
    return all;
}

// abi/statuses.txt: a function and what weir.h says it may return, a line each.
std::set<weir_status> documented(const std::string& name) {
    std::ifstream in{WEIR_SOURCE_DIR "/abi/statuses.txt"};
    for (std::string line; std::getline(in, line);) {
        auto all = split(line);
        if (all.empty() || all.front() != name) {
            continue;
        }
        std::set<weir_status> known;
        for (weir_status s = -64; s <= 0; ++s) {
            if (std::ranges::find(all, std::string{weir_status_name(s)}) != all.end()) {
                known.insert(s);
            }
        }
        return known;
    }
    return {};
}

template <auto F>
function described(const std::string& name, std::string_view threads, std::string_view blocking) {
    using how = caller<decltype(F)>;
    function made{name,     split(roles_of(name)), documented(name),      threads,
                  blocking, how::gives_status,     &how::template call<F>};
    INFO(name << " in tests/abi/table/roles.cpp: '" << roles_of(name) << "'");
    REQUIRE(made.roles.size() == how::arity);
    return made;
}

}  // namespace

weir_status function::operator()(const words& arguments) const {
    const weir_status status = call(arguments.data());
    if (gives_status) {
        INFO(name << " returned " << weir_status_name(status) << ", which weir.h does not say");
        CHECK(documented.contains(status));
    }
    return status;
}

bool function::takes(std::string_view role) const {
    return std::ranges::find(roles, role) != roles.end();
}

const std::vector<function>& all_functions() {
    static const std::vector<function> all{
#define WEIR_FUNCTION(name, threads, blocking) described<&name>(#name, #threads, #blocking),
#include "abi/functions.def"
#undef WEIR_FUNCTION
    };
    return all;
}

const function& function_named(std::string_view name) {
    return *std::ranges::find(all_functions(), name, &function::name);
}

}  // namespace weir::abi::test
