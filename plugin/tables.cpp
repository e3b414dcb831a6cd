// SPDX-License-Identifier: BSL-1.0
#include "plugin/tables.hpp"

namespace weir::plugin {

namespace {

union immortal {
    constexpr immortal() noexcept : value{} {}
    ~immortal() {}

    tables value;
};

constinit immortal the_tables;

}  // namespace

tables& all() noexcept {
    return the_tables.value;
}

}  // namespace weir::plugin
