// SPDX-License-Identifier: BSL-1.0
// What a call gives: a value, or why the library refused.
#pragma once

#include <weir/weir.h>
#include <weir/names.hpp>

#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>

namespace weir {

/// A call that the library refused. Holds no memory of its own.
class error {
public:
    /// Refused for `why`, in the library's general words about it.
    explicit error(weir::status why = weir::status::internal) noexcept {
        raw_.struct_size = sizeof raw_;
        raw_.status = static_cast<weir_status>(why);
        raw_.text[0] = '\0';
    }

    /// Why. [any thread, never blocks]
    weir::status code() const noexcept { return static_cast<weir::status>(raw_.status); }

    /// What was wrong, for people: of this very call where the library told, ending in a zero.
    /// Valid as long as the error. [any thread, never blocks]
    std::string_view text() const noexcept {
        return raw_.text[0] != '\0' ? raw_.text : weir::words(code());
    }

    /// What a function of weir.h fills. [owner]
    weir_error* raw() noexcept { return &raw_; }

private:
    weir_error raw_;
};

/// A value, or the error why there is none. Like every result, it is looked at before it is used:
/// to take the value of an error ends the process. weir/throw.hpp makes an exception of it instead.
///
///     weir::result<weir::queue> made = weir::queue::create();
///     if (!made) return report(made.error().text());
///     weir::queue queue = std::move(*made);
template <typename T>
class [[nodiscard]] result {
public:
    /// A value.
    result(T value) noexcept : value_(std::move(value)) {}

    /// An error.
    result(const weir::error& why) noexcept : error_(why) {}

    /// Whether there is a value.
    bool ok() const noexcept { return value_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }

    /// The value.
    T& value() & noexcept { return checked(); }
    T&& value() && noexcept { return std::move(checked()); }
    T& operator*() & noexcept { return checked(); }
    T&& operator*() && noexcept { return std::move(checked()); }
    T* operator->() noexcept { return &checked(); }

    /// Why there is none; means nothing when there is one.
    const weir::error& error() const noexcept { return error_; }

    /// status::ok, or why there is no value.
    weir::status code() const noexcept { return ok() ? weir::status::ok : error_.code(); }

private:
    T& checked() noexcept {
        if (!ok())
            std::abort();
        return *value_;
    }

    std::optional<T> value_;
    weir::error error_;
};

/// Of a call that gives no value: that it was accepted, or why not. As small as a status.
template <>
class [[nodiscard]] result<void> {
public:
    /// What a function of weir.h returned.
    explicit result(weir_status said) noexcept : said_(said) {}

    /// Whether it was accepted.
    bool ok() const noexcept { return said_ == WEIR_OK; }
    explicit operator bool() const noexcept { return ok(); }

    /// Why it was refused.
    weir::error error() const noexcept { return weir::error(code()); }

    /// status::ok, or why it was refused.
    weir::status code() const noexcept { return static_cast<weir::status>(said_); }

private:
    weir_status said_;
};

}  // namespace weir
