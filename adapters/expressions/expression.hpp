// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/json.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::expressions {

enum class found : std::uint8_t { yes, missing, not_yet };   // not_yet: known only later in the run

// Where the names in an expression get their values: a run's lane, or a document at planning.
class scope {
public:
    virtual ~scope() = default;

    // `path` is the name's leading parts: those written with dots, with .get("a-b") or ["a-b"], and
    // those that an expression inside the name gives. On yes, `value` is set and `used` says how
    // many parts it took; the rest are looked up inside the value (a text that holds JSON is read
    // for it). On missing, `used` may say how many parts led somewhere and `value` be the object
    // there: the message then lists what it has. The views live during the call only.
    virtual found resolve(const std::vector<std::string_view>& path, json& value,
                          std::size_t& used) const = 0;
};

enum class status : std::uint8_t { ok, not_yet, error };

struct result {
    expressions::status status = status::ok;
    json value;
    std::string message;      // error or not_yet: which name, and what was known there
    std::size_t offset = 0;   // of the offending place, in the text given
};

// The language: dotted names with indexes, "text" and 'text' (expressions inside are replaced),
// numbers, true, false, null, [lists], parentheses, ! - * / % + == != < > <= >= && || ?:, =~ and !~
// (is it in the list), methods of texts, lists and objects (methods.cpp), json.select and its like
// (functions.cpp), <+...> inside <+...>. A part of a name with blanks or the like is quoted:
// issue."Customer Name".
//
// A text and a number or boolean compare as if both were the number or boolean, where the text
// spells one. Two texts compare and add as texts. && and || and ?: evaluate what they need only;
// what is known of one side decides even when the other is not_yet. Inside <+...> a > between
// spaces, or in parentheses, compares.
//
// Bounds: text of 16 MiB, an expression of 64 KiB, nesting of 48, and a total of work that ends
// within a fraction of a second; beyond them the result is an error. No function runs code or
// reaches outside.
//
// All functions: [any thread, never blocks]; on the caller's own stack, of which they may use some
// 256 KiB.

[[nodiscard]] bool has_expression(std::string_view text) noexcept;   // does "<+" occur

// Evaluates one expression, with or without its <+ >: `<+a.b>`, `a.b`, `<+a> == "x"`,
// `<+a>.split(",")`.
[[nodiscard]] result evaluate(std::string_view expression, const scope&);

// Evaluates nothing: an error where `evaluate` would find one whatever the names mean.
[[nodiscard]] result check_syntax(std::string_view expression);

// The same for a text that `value_of` is to read: several <+...>, words between them.
[[nodiscard]] result check_text(std::string_view text);

// The two as plan::read_json asks: what is wrong, or nothing. `text_around`: as `check_text`.
[[nodiscard]] std::string wrong_syntax(std::string_view text, bool text_around);

// Replaces every <+...> in a text. A text that is one expression keeps that value's type. A <+
// without its end is an error.
[[nodiscard]] result interpolate(std::string_view text, const scope&);

// What a field that may be computed means (items, an axis, a node's name): `evaluate` where the
// text is one expression or one with methods behind it, `<+a>.split(",")`; else `interpolate`.
[[nodiscard]] result value_of(std::string_view text, const scope&);

// Replaces every <+...> in every string of a JSON value, keys excepted.
[[nodiscard]] result interpolate_json(std::string_view json_text, const scope&);

// A condition's value: booleans, and the texts "true" and "false" in any case; anything else is an
// error.
[[nodiscard]] result condition(std::string_view expression, const scope&);

}  // namespace weir::expressions
