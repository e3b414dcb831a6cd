// SPDX-License-Identifier: BSL-1.0
#include "plugin/open_loop.hpp"

#include "adapters/dialects/dialect.hpp"
#include "adapters/plan/json.hpp"

#include <algorithm>
#include <cstring>

namespace weir::plugin {

std::uint32_t open_loop::next(unsigned char* to, std::size_t stride, std::uint32_t capacity) {
    const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(capacity, left_));
    const auto from = at_;
    try {
        make(count);
        for (std::uint32_t i = 0; i < count; ++i, to += stride) {
            const piece& p = pieces_[i];
            const weir_instance out{p.index, texts_.data() + p.suffix, texts_.data() + p.values,
                                    static_cast<std::uint32_t>(p.values - p.suffix - 1),
                                    static_cast<std::uint32_t>(p.end - p.values)};
            std::memcpy(to, &out, sizeof out);
            if (stride > sizeof out)
                std::memset(to + sizeof out, 0, stride - sizeof out);
        }
    } catch (...) {
        at_ = from;
        throw;
    }
    left_ -= count;
    return count;
}

// All texts go into one, each with a null behind it: it is the same memory for every batch.
void open_loop::make(std::uint32_t count) {
    texts_.clear();
    pieces_.clear();
    const plan::expansion::evaluator name_of = [this](std::string_view text, std::string& error) {
        return dialects::names_of(*turns_, at_)(text, error);
    };
    for (std::uint32_t i = 0; i < count; ++i) {
        piece p{at_.index, texts_.size(), 0, 0};
        turns_->append_suffix(at_, name_of, texts_);
        texts_.push_back('\0');
        p.values = texts_.size();
        turns_->append_values(at_, texts_);
        p.end = texts_.size();
        texts_.push_back('\0');
        pieces_.push_back(p);
        (void)turns_->advance(at_);
    }
}

}  // namespace weir::plugin
