// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/json_source.hpp"

#include "adapters/plan/json.hpp"

#include <charconv>
#include <cmath>
#include <utility>

namespace weir::plan::source {

namespace {

constexpr std::size_t mark_every = std::size_t{64} << 10;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool stands_between(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == ',' || c == ':';
}

bool in_a_number(char c) noexcept {
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

// What nlohmann says behind "syntax error while parsing value - ".
std::string reason_in(std::string_view what) {
    constexpr std::size_t longest = 200;
    if (const auto at = what.find(" - "); at != what.npos)
        what.remove_prefix(at + 3);
    else if (const auto id = what.find("] "); id != what.npos)
        what.remove_prefix(id + 2);
    std::string text(what.substr(0, longest));
    while (text.size() == longest && !text.empty() &&
           (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80)
        text.pop_back();
    return text;
}

}  // namespace

std::string_view name_of(kind k) noexcept {
    switch (k) {
    case kind::null:
        return "null";
    case kind::boolean:
        return "true or false";
    case kind::integer:
        return "a whole number";
    case kind::real:
        return "a number";
    case kind::text:
        return "text";
    case kind::array:
        return "a list";
    case kind::object:
        return "an object";
    }
    return {};
}

// What nlohmann tells while it parses becomes entries. It does not tell where it is; but what has
// been told was valid JSON, so the next token begins behind the last one.
class events : public nlohmann::json_sax<json> {
public:
    events(document& into, const limits& most, diagnostics& findings)
        : out_(into), most_(most), findings_(findings) {
        if (out_.text_.starts_with(byte_order_mark))
            at_ = byte_order_mark.size();
    }

    bool null() override { return literal(kind::null, 4); }
    bool boolean(bool yes) override { return literal(kind::boolean, yes ? 4 : 5); }
    bool number_integer(std::int64_t) override { return number(kind::integer); }
    bool number_unsigned(std::uint64_t n) override {
        return number(n > INT64_MAX ? kind::real : kind::integer);
    }
    bool number_float(double, const std::string&) override { return number(kind::real); }
    bool string(std::string&) override { return quoted(); }
    bool key(std::string&) override { return quoted(); }
    bool binary(json::binary_t&) override { return false; }  // JSON text has none
    bool start_object(std::size_t) override { return open(kind::object); }
    bool start_array(std::size_t) override { return open(kind::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string&,
                     const json::exception& error) override {
        const std::string reason = reason_in(error.what());
        const bool utf8 = reason.starts_with("invalid string: ill-formed UTF-8");
        return stop(utf8 ? code::not_utf8 : code::not_json, position > 0 ? position - 1 : 0,
                    (utf8 ? "this is not UTF-8 text: " : "this is not valid JSON: ") + reason);
    }

    bool stop(code what, std::size_t offset, std::string message) {
        const auto from = out_.place_of(std::min(offset, out_.text_.size()));
        findings_.add(what, {0, from.line, from.column, from.line, from.column + 1},
                      std::move(message));
        return false;
    }

private:
    std::size_t token() noexcept {
        while (at_ < out_.text_.size() && stands_between(out_.text_[at_]))
            ++at_;
        return at_;
    }

    bool add(kind what, std::size_t end, bool escaped = false) {
        if (out_.entries_.size() >= most_.values)
            return stop(
                code::too_large, at_,
                "the document has more than " + std::to_string(most_.values) + " values and keys");
        const auto index = static_cast<std::uint32_t>(out_.entries_.size());
        auto& made = out_.entries_.emplace_back();
        made.begin = static_cast<std::uint32_t>(at_);
        made.end = static_cast<std::uint32_t>(end);
        made.what = what;
        made.escaped = escaped;
        if (!open_.empty()) {
            level& around = open_.back();
            if (around.last == document::none)
                out_.entries_[around.index].first = index;
            else
                out_.entries_[around.last].next = index;
            around.last = index;
        }
        at_ = end;
        return true;
    }

    bool literal(kind what, std::size_t length) { return add(what, token() + length); }

    bool number(kind what) {
        std::size_t end = token();
        while (end < out_.text_.size() && in_a_number(out_.text_[end]))
            ++end;
        return add(what, end);
    }

    bool quoted() {
        bool escaped = false;
        std::size_t end = token() + 1;
        for (; out_.text_[end] != '"'; ++end) {
            if (out_.text_[end] != '\\')
                continue;
            escaped = true;
            ++end;
        }
        return add(kind::text, end + 1, escaped);
    }

    bool open(kind what) {
        const std::size_t begin = token();
        if (open_.size() >= most_.depth)
            return stop(
                code::too_deep, begin,
                "the document is nested more than " + std::to_string(most_.depth) + " deep");
        if (!add(what, begin + 1))
            return false;
        open_.push_back({static_cast<std::uint32_t>(out_.entries_.size() - 1), document::none});
        return true;
    }

    bool close() {
        const std::size_t end = token() + 1;
        out_.entries_[open_.back().index].end = static_cast<std::uint32_t>(end);
        open_.pop_back();
        at_ = end;
        return true;
    }

    struct level {
        std::uint32_t index, last;
    };

    document& out_;
    const limits& most_;
    diagnostics& findings_;
    std::vector<level> open_;
    std::size_t at_ = 0;  // behind the last token
};

std::optional<document> document::parse(std::string_view text, const limits& most,
                                        diagnostics& findings) {
    document made(text);
    events reading(made, most, findings);
    if (text.size() > most.bytes) {
        findings.add(code::too_large, {0, 1, 1, 1, 2},
                     "the document has " + std::to_string(text.size()) + " bytes, the limit is " +
                         std::to_string(most.bytes));
        return std::nullopt;
    }
    // nlohmann takes a null byte for the end.
    if (const auto null = text.find('\0'); null != text.npos) {
        reading.stop(code::not_json, null, "this is not valid JSON: it holds a null byte");
        return std::nullopt;
    }
    if (!json::sax_parse(text.begin(), text.end(), &reading))
        return std::nullopt;
    return made;
}

// Columns count code points. A document may be one long line: marks keep a look-up short.
document::place document::place_of(std::size_t offset) const {
    const auto walk = [this](place from, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            if (text_[i] == '\n')
                from = {from.line + 1, 1};
            else if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80)
                ++from.column;
        }
        return from;
    };
    if (marks_.empty()) {
        marks_.push_back({1, 1});
        for (std::size_t at = mark_every; at <= text_.size(); at += mark_every)
            marks_.push_back(walk(marks_.back(), at - mark_every, at));
    }
    const std::size_t mark = offset / mark_every;
    return walk(marks_[mark], mark * mark_every, offset);
}

kind value::what() const noexcept {
    return of_ ? of_->entries_[at_].what : kind::null;
}

value value::at(std::uint32_t index) const noexcept {
    return index == document::none ? value{} : value{of_, index};
}

value value::first() const noexcept {
    return of_ ? at(of_->entries_[at_].first) : value{};
}
value value::next() const noexcept {
    return of_ ? at(of_->entries_[at_].next) : value{};
}

std::string_view value::raw() const noexcept {
    if (!of_)
        return {};
    const document::entry& e = of_->entries_[at_];
    return of_->text_.substr(e.begin, e.end - e.begin);
}

std::string value::text() const {
    if (!is(kind::text))
        return {};
    const std::string_view quoted = raw();
    if (of_->entries_[at_].escaped)
        return json::parse(quoted).get<std::string>();
    return std::string(quoted.substr(1, quoted.size() - 2));
}

bool value::spells(std::string_view wanted) const {
    if (!is(kind::text))
        return false;
    if (of_->entries_[at_].escaped)
        return text() == wanted;
    const std::string_view quoted = raw();
    return quoted.substr(1, quoted.size() - 2) == wanted;
}

std::optional<std::int64_t> value::whole() const noexcept {
    const std::string_view digits = raw();
    if (is(kind::integer)) {
        std::int64_t n = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), n);
        return n;
    }
    double n = 0;
    if (!is(kind::real))
        return std::nullopt;
    std::from_chars(digits.data(), digits.data() + digits.size(), n);
    if (!(std::abs(n) < 9e15) || n != std::floor(n))
        return std::nullopt;
    return static_cast<std::int64_t>(n);
}

span value::where() const {
    if (!of_)
        return {};
    const document::entry& e = of_->entries_[at_];
    const auto from = of_->place_of(e.begin);
    if (e.what == kind::array || e.what == kind::object)
        return {of_->file_, from.line, from.column, from.line, from.column + 1};
    const auto to = of_->place_of(e.end);
    return {of_->file_, from.line, from.column, to.line, to.column};
}

}  // namespace weir::plan::source
