// SPDX-License-Identifier: BSL-1.0
// Text that the library wrote.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>

#include <string>
#include <string_view>

namespace weir {

/// Owns a text of the library's, without a copy of it.
class text : public detail::owner<weir_text_release> {
public:
    using owner::owner;

    /// The bytes, valid as long as this owns the text; nothing when it owns none.
    /// [any thread, never blocks]
    std::string_view view() const noexcept {
        const char* data = nullptr;
        std::uint32_t length = 0;
        if (weir_text_view(handle(), &data, &length) != WEIR_OK)
            return {};
        return {data, length};
    }

    /// A copy.
    std::string str() const { return std::string(view()); }
};

}  // namespace weir
