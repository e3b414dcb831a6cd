// SPDX-License-Identifier: BSL-1.0
// For programs that use exceptions: results become values or are thrown. No other header needs
// this.
#pragma once

#include <weir/error.hpp>

#include <stdexcept>
#include <string>
#include <utility>

namespace weir {

/// A call that the library refused, thrown.
class exception : public std::runtime_error {
public:
    explicit exception(const weir::error& why)
        : std::runtime_error(std::string(why.text())), error_(why) {}

    /// What was refused.
    const weir::error& error() const noexcept { return error_; }

    /// Why.
    weir::status code() const noexcept { return error_.code(); }

private:
    weir::error error_;
};

/// The value; throws weir::exception when there is none.
///
///     weir::queue queue = weir::must(weir::queue::create());
template <typename T>
T must(result<T> made) {
    if (!made)
        throw exception(made.error());
    return std::move(*made);
}

/// Throws weir::exception unless the call was accepted.
inline void must(result<void> said) {
    if (!said)
        throw exception(said.error());
}

}  // namespace weir
