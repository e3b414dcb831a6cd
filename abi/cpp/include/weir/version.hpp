// SPDX-License-Identifier: BSL-1.0
// Which library this is, and its functions as one table.
#pragma once

#include <weir/weir.h>
#include <weir/weir_api.h>

#include <cstdint>

namespace weir {

/// The ABI that these headers were written for: major << 16 | minor.
inline constexpr std::uint32_t abi_wanted = WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR;

/// The library's own version, such as "1.0.0". Valid for ever. [any thread, never blocks]
inline const char* version() noexcept {
    return weir_version();
}

/// The ABI that the loaded library speaks: major << 16 | minor. It serves these headers when its
/// major is the same and its minor no less. [any thread, never blocks]
inline std::uint32_t abi_version() noexcept {
    return weir_abi_version();
}

/// All functions as a table, for code that is handed them instead of linking; null when the library
/// does not speak `wanted`. Valid for ever. [any thread, never blocks]
inline const weir_api* api(std::uint32_t wanted = abi_wanted) noexcept {
    return weir_get_api(wanted);
}

}  // namespace weir
