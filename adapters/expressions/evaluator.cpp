// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/evaluator.hpp"

#include "adapters/expressions/brackets.hpp"
#include "adapters/expressions/operators.hpp"
#include "adapters/plan/json_text.hpp"

#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace weir::expressions {

namespace {

// Counts a level of nesting while it lives.
class descent {
public:
    explicit descent(std::size_t& depth) noexcept : depth_(depth) { ++depth_; }
    ~descent() { --depth_; }
    descent(const descent&) = delete;
    descent& operator=(const descent&) = delete;
    [[nodiscard]] bool too_deep() const noexcept { return depth_ > deepest; }

private:
    std::size_t& depth_;
};

bool blank(char c) noexcept { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace

result evaluator::run(std::size_t from, std::size_t to) {
    at_ = from;
    end_ = to;
    operand out;
    bool done = choice(out);
    if (done) {
        skip_blanks();
        if (at_ < end_) done = fail(at_, std::string("`") + text_[at_] + "` is not expected here");
    }
    if (!done) return {status::error, nullptr, std::move(failure_), failed_at_};
    if (!out.known) return {status::not_yet, nullptr, std::move(wanting_), wanting_at_};
    return {status::ok, std::move(out.value), {}, from};
}

bool evaluator::choice(operand& out) {
    const descent level(depth_);
    if (level.too_deep()) return too_deep();
    skip_blanks();
    const std::size_t start = at_;
    if (!binary_from(1, out)) return false;
    if (!accept('?')) return true;
    const bool was_idle = idle_;
    std::optional<bool> which;
    if (!idle_ && out.known) {
        which = truth(out.value);
        if (!which) return fail(start, "the condition is " + std::string(kind_of(out.value)));
    }
    idle_ = was_idle || !which || !*which;
    operand first;
    const bool read = choice(first) && expect(':');
    idle_ = was_idle || !which || *which;
    operand second;
    const bool both = read && choice(second);
    idle_ = was_idle;
    if (!both) return false;
    if (!which) out = {nullptr, false};
    else out = *which ? std::move(first) : std::move(second);
    return true;
}

bool evaluator::binary_from(int binds, operand& out) {
    if (!unary(out)) return false;
    for (;;) {
        skip_blanks();
        const std::size_t at = at_;
        const binary_operator* op = operator_at(text_.substr(at_, end_ - at_));
        if (!op || op->binds < binds) return true;
        at_ += op->sign.size();
        if (op->what == binary::either || op->what == binary::both) {
            if (!logical(op->what == binary::either, op->binds, out, at)) return false;
            continue;
        }
        operand right;
        if (!binary_from(op->binds + 1, right)) return false;
        if (idle_ || !out.known || !right.known) {
            out = {nullptr, false};
            continue;
        }
        json value;
        std::string error;
        if (!apply(*op, out.value, right.value, value, error)) return fail(at, std::move(error));
        const bool text = value.is_string();
        if (!work_.spend(text ? value.get_ref<const std::string&>().size() : 8)) {
            return fail(at, "the expression does too much");
        }
        out.value = std::move(value);
    }
}

bool evaluator::logical(bool decided_by, int binds, operand& left, std::size_t at) {
    std::optional<bool> a;
    if (!idle_ && left.known && !(a = truth(left.value))) {
        return fail(
            at, "what stands before it is " + std::string(kind_of(left.value)) + ", no condition");
    }
    const bool was_idle = idle_;
    idle_ = idle_ || a == decided_by;
    operand right;
    const bool read = binary_from(binds + 1, right);
    idle_ = was_idle;
    if (!read) return false;
    if (a == decided_by) {
        left.value = decided_by;
        return true;
    }
    std::optional<bool> b;
    if (!idle_ && right.known && !(b = truth(right.value))) {
        return fail(
            at, "what stands behind it is " + std::string(kind_of(right.value)) + ", no condition");
    }
    if (b == decided_by) left = {decided_by, true};
    else left = {!decided_by, a.has_value() && b.has_value()};
    return true;
}

bool evaluator::unary(operand& out) {
    skip_blanks();
    const std::size_t at = at_;
    const char sign = peek();
    if ((sign != '!' || peek(1) == '=') && sign != '-') return postfix(out);
    const descent level(depth_);
    if (level.too_deep()) return too_deep();
    ++at_;
    if (!unary(out)) return false;
    if (idle_ || !out.known) return true;
    if (sign == '!') {
        const auto value = truth(out.value);
        if (!value) return fail(at, "`!` does not go with " + std::string(kind_of(out.value)));
        out.value = !*value;
        return true;
    }
    std::string error;
    json value;
    static const binary_operator minus{"-", binary::minus, 0};
    if (!apply(minus, 0, out.value, value, error)) {
        return fail(at, "`-` does not go with " + std::string(kind_of(out.value)));
    }
    out.value = std::move(value);
    return true;
}

bool evaluator::primary(operand& out) {
    skip_blanks();
    if (at_ >= end_) return fail(at_, "something is missing here");
    const char c = peek();
    if (at_nested()) return nested(out);
    if (c == '"' || c == '\'') return quoted(out);
    if (c == '[') return list(out);
    if (digit(c) || (c == '.' && digit(peek(1)))) return number(out);
    if (c == '(') {
        ++at_;
        return choice(out) && expect(')');
    }
    return name(out);
}

bool evaluator::number(operand& out) {
    const char* first = text_.data() + at_;
    const char* last = text_.data() + end_;
    double real = 0;
    const auto r = std::from_chars(first, last, real);
    std::int64_t whole = 0;
    const auto w = std::from_chars(first, last, whole);
    if (r.ec != std::errc{} || !std::isfinite(real))
        return fail(at_, "a number that cannot be read");
    if (w.ec == std::errc{} && w.ptr == r.ptr) out.value = whole;
    else out.value = real;
    at_ += static_cast<std::size_t>(r.ptr - first);
    return true;
}

bool evaluator::list(operand& out) {
    std::vector<json> values;
    const std::size_t at = at_;
    ++at_;
    if (!arguments(']', values, out.known)) return false;
    if (!work_.spend(values.size())) return fail(at, "the expression does too much");
    out.value = json::array_t(std::make_move_iterator(values.begin()),
                              std::make_move_iterator(values.end()));
    return true;
}

bool evaluator::nested(operand& out) {
    const descent level(depth_);
    if (level.too_deep()) return too_deep();
    const std::size_t close = closing(text_.substr(0, end_), at_);
    if (close == std::string_view::npos)
        return fail(at_, "`<+` does not end, or is nested too deeply");
    const std::size_t outer = std::exchange(end_, close);
    at_ += 2;
    if (!choice(out)) return false;
    skip_blanks();
    if (at_ < end_) return fail(at_, std::string("`") + text_[at_] + "` is not expected here");
    end_ = outer;
    at_ = close + 1;
    return true;
}

void evaluator::skip_blanks() noexcept {
    while (at_ < end_ && blank(text_[at_])) ++at_;
}

char evaluator::peek(std::size_t ahead) const noexcept {
    return at_ + ahead < end_ ? text_[at_ + ahead] : '\0';
}

bool evaluator::accept(char c) {
    skip_blanks();
    if (peek() != c) return false;
    ++at_;
    return true;
}

bool evaluator::expect(char c) {
    if (accept(c)) return true;
    return fail(at_, std::string("`") + c + "` is missing here");
}

bool evaluator::fail(std::size_t at, std::string why) {
    failure_ = std::move(why);
    failed_at_ = at;
    return false;
}

void evaluator::later(std::size_t at, std::string what) {
    if (!wanting_.empty()) return;
    wanting_ = std::move(what);
    wanting_at_ = at;
}

}  // namespace weir::expressions
