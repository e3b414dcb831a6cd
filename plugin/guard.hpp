// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <weir/weir.h>

#include "plugin/contracts.hpp"

#include <cstddef>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <string_view>

namespace weir::plugin {

// Puts a status and its words into the caller's error, when there is one, and gives the status
// back.
weir_status refuse(weir_error* error, weir_status status, std::string_view text) noexcept;

// The body of every function that can fail: nothing thrown in it reaches the caller, and it is not
// begun inside a function of the host's.
template <class Body>
weir_status guarded(Body&& body) noexcept {
    if (inside != hook::none) [[unlikely]]
        return forbid(nullptr);
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return WEIR_E_NO_MEMORY;
    } catch (...) {
        return WEIR_E_INTERNAL;
    }
}

template <class Body>
weir_status guarded(weir_error* error, Body&& body) noexcept {
    if (inside != hook::none) [[unlikely]]
        return forbid(error);
    try {
        return body();
    } catch (const std::bad_alloc&) {
        return refuse(error, WEIR_E_NO_MEMORY, "memory ran out");
    } catch (const std::exception& thrown) {
        return refuse(error, WEIR_E_INTERNAL, thrown.what());
    } catch (...) {
        return refuse(error, WEIR_E_INTERNAL, "an unknown exception");
    }
}

// No struct of options ever comes near: what claims to is not looked at.
inline constexpr std::size_t longest_options = 4096;

// The caller's options as this library knows them: what a shorter struct lacks is zero, what a
// longer one has beyond must be. `least` is the size of ABI 1.0. Null options: all defaults.
// Nothing: the size is wrong.
template <class Options>
[[nodiscard]] std::optional<Options> options_of(const Options* given, std::size_t least) noexcept {
    Options known{};
    if (!given)
        return known;
    const std::size_t size = given->struct_size;
    if (size < least || size > longest_options)
        return std::nullopt;
    const auto* const bytes = reinterpret_cast<const unsigned char*>(given);
    for (std::size_t i = sizeof(Options); i < size; ++i) {
        if (bytes[i] != 0)
            return std::nullopt;
    }
    std::memcpy(&known, given, size < sizeof(Options) ? size : sizeof(Options));
    return known;
}

// A text argument. Nothing: a null pointer with a length, or too long.
[[nodiscard]] std::optional<std::string_view> text_of(const char* data,
                                                      std::uint64_t length) noexcept;

inline constexpr std::string_view no_text =
    "a text is null but has a length, or is longer than WEIR_TEXT_MAX";

// UTF-8 without a zero byte.
[[nodiscard]] bool is_text(std::string_view) noexcept;

// A JSON object, of any depth. No value is made of it: to destroy one takes memory.
[[nodiscard]] bool is_object(std::string_view);

}  // namespace weir::plugin
