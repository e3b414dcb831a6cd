// SPDX-License-Identifier: BSL-1.0
#include "plugin/open_loop.hpp"

#include "adapters/plan/json.hpp"
#include "adapters/plan/loops.hpp"

#include <algorithm>
#include <cstring>

namespace weir::plugin {

std::uint32_t open_loop::next(unsigned char* to, std::size_t stride, std::uint32_t capacity) {
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(capacity, left_));
    const auto from = at_;
    try {
        const auto name_of = plan::as_written();
        if (texts_.size() < count)
            texts_.resize(count);
        for (std::uint32_t i = 0; i < count; ++i, to += stride) {
            auto& [suffix, values] = texts_[i];
            suffix = turns_->suffix(at_, name_of);
            values = turns_->values(at_).dump(-1, ' ', false, json::error_handler_t::replace);
            const weir_instance out{at_.index, suffix.c_str(), values.c_str(),
                                    static_cast<std::uint32_t>(suffix.size()),
                                    static_cast<std::uint32_t>(values.size())};
            std::memset(to, 0, stride);
            std::memcpy(to, &out, sizeof out);
            (void)turns_->advance(at_);
        }
    } catch (...) {
        at_ = from;
        throw;
    }
    left_ -= count;
    return count;
}

}  // namespace weir::plugin
