// SPDX-License-Identifier: BSL-1.0
// What the owners of handles share.
#pragma once

#include <weir/weir.h>
#include <weir/error.hpp>

#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>

namespace weir::detail {

/// Owns a handle, which `End` ends with it. Moved from, or made by default, it owns none (0).
template <weir_status (*End)(std::uint64_t)>
class owner {
public:
    owner() noexcept = default;
    explicit owner(std::uint64_t handle) noexcept : handle_(handle) {}
    owner(owner&& from) noexcept : handle_(from.release()) {}
    owner& operator=(owner&& from) noexcept {
        if (this != &from) {
            drop();
            handle_ = from.release();
        }
        return *this;
    }
    ~owner() { drop(); }

    /// The handle, still owned: for functions of weir.h. [any thread, never blocks]
    std::uint64_t handle() const noexcept { return handle_; }

    /// Whether a handle is owned.
    explicit operator bool() const noexcept { return handle_ != 0; }

    /// Gives the handle up, to be ended by the caller. [owner, never blocks]
    [[nodiscard]] std::uint64_t release() noexcept { return std::exchange(handle_, 0); }

protected:
    /// Ends it now. One that the library holds on to is still owned; none is stale.
    result<void> end_now() noexcept {
        if (handle_ == 0)
            return result<void>(WEIR_E_STALE);
        const result<void> said(End(handle_));
        if (said.ok() || said.code() == status::stale)
            handle_ = 0;
        return said;
    }

private:
    void drop() noexcept {
        if (handle_ != 0)
            static_cast<void>(End(handle_));
        handle_ = 0;
    }

    std::uint64_t handle_ = 0;
};

/// What `call(handle, told)` made, or why it did not.
template <typename T, typename Call>
result<T> made(Call call) noexcept {
    std::uint64_t handle = 0;
    error told;
    const weir_status said = call(&handle, told.raw());
    if (said == WEIR_OK)
        return T(handle);
    told.raw()->status = said;
    return told;
}

/// The length as weir.h takes it. What is longer than that can say is longer than the library
/// takes: it is refused, not cut.
inline std::uint32_t length(std::string_view text) noexcept {
    constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
    return text.size() < most ? static_cast<std::uint32_t>(text.size()) : most;
}

/// Null for the empty text, where weir.h means a default by it.
inline const char* or_null(std::string_view text) noexcept {
    return text.empty() ? nullptr : text.data();
}

/// What an event points at.
inline std::string_view view(const char* data, std::uint32_t length) noexcept {
    return data == nullptr ? std::string_view() : std::string_view(data, length);
}

}  // namespace weir::detail
