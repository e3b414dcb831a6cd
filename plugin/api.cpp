// SPDX-License-Identifier: BSL-1.0
#include <weir/weir_api.h>

#include <cstdint>

namespace {

constexpr std::uint32_t spoken = std::uint32_t{WEIR_ABI_MAJOR} << 16 | WEIR_ABI_MINOR;

const weir_api table = {
    sizeof(weir_api),
    spoken,
#define WEIR_FUNCTION(name, threads, blocking) &name,
#include "abi/functions.def"
#undef WEIR_FUNCTION
};

}  // namespace

const weir_api* weir_get_api(uint32_t abi_version) noexcept {
    const bool same_major = abi_version >> 16 == spoken >> 16;
    return same_major && abi_version <= spoken ? &table : nullptr;
}
