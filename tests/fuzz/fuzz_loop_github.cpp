// SPDX-License-Identifier: BSL-1.0
#include "tests/fuzz/loops.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    return weir::fuzz::expand(data, size, weir::dialects::dialect::github);
}
