// SPDX-License-Identifier: BSL-1.0
#include "adapters/plan/read_context.hpp"

#include "adapters/plan/nearest.hpp"
#include "adapters/plan/read_members.hpp"

#include <utility>

namespace weir::plan {

namespace {

constexpr std::size_t most_findings = 200;
constexpr std::size_t most_candidates = 1'000;
constexpr std::size_t longest_text = 600;  // of a message: documents hold longer ones

void clip(std::string& text) {
    if (text.size() <= longest_text)
        return;
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    text.resize(end);
    text += "...";
}

}  // namespace

read_context::read_context(const load_options& given, syntax_check check, diagnostics& into)
    : options(given), syntax(check), findings_(into) {}

diagnostic& read_context::report(code what, const source::value& at, std::string message,
                                 std::string help) {
    ++told_;
    if (severity_of(what) == severity::error)
        ++errors_;
    if (!lists()) {
        if (!dropped_code_ || severity_of(what) == severity::error)
            dropped_code_ = what;
        ++dropped_count_;
        return dropped_ = {};
    }
    diagnostic& d = findings_.add(what, at.where(), std::move(message));
    d.help = std::move(help);
    if (current_ != no_node)
        d.path = path_of(made(), current_);
    clip(d.message);
    clip(d.help);
    return d;
}

diagnostic& read_context::report(code what, node_index i, std::string message, std::string help) {
    const node_index before = std::exchange(current_, i);
    diagnostic& d = report(what, places_[i], std::move(message), std::move(help));
    current_ = before;
    return d;
}

void read_context::wrong_kind(const source::value& v, std::string_view what,
                              std::string_view expected) {
    report(code::wrong_type, v,
           std::string(what) + " must be " + std::string(expected) + ", not " +
               std::string(name_of(v.what())));
}

bool read_context::lists() const noexcept {
    return findings_.all().size() < most_findings;
}

std::string read_context::suggestion(std::string_view word,
                                     std::span<const std::string_view> candidates) const {
    if (!lists() || candidates.size() > most_candidates)
        return {};
    return did_you_mean(nearest(word, candidates));
}

node_index read_context::begin(node_index made, const source::value& from) {
    places_.push_back(from);
    return current_ = made;
}

void read_context::finish_report() {
    if (dropped_count_ == 0)
        return;
    findings_
        .add(*dropped_code_, {}, std::to_string(dropped_count_) + " more findings are not listed")
        .help = "mend the first ones and load the document again";
}

void no_such_word(read_context& c, std::string_view what, const source::value& v,
                  std::span<const std::string_view> words) {
    if (!v.is(source::kind::text))
        return c.wrong_kind(v, what, "text");
    const std::string text = v.text();
    std::string help = c.suggestion(text, words);
    if (help.empty()) {
        help = "it is one of";
        for (const std::string_view word : words)
            help += (word == words.front() ? " `" : ", `") + std::string(word) + "`";
    }
    c.report(code::bad_value, v, "`" + text + "` is no value of " + std::string(what),
             std::move(help));
}

void unknown_member(read_context& c, std::string_view object, const source::value& key,
                    std::span<const std::string_view> known) {
    const std::string name = key.text();
    if (name.starts_with('$'))
        return;
    c.report(code::unknown_member, key,
             "`" + name + "` is no member of " + std::string(object) + ": it has no effect",
             c.suggestion(name, known));
}

void missing_member(read_context& c, std::string_view object, const source::value& at,
                    std::string_view name) {
    c.report(code::missing_key, at, std::string(object) + " has no `" + std::string(name) + "`");
}

void member_twice(read_context& c, std::string_view object, const source::value& key) {
    c.report(code::duplicate_key, key,
             std::string(object) + " has the member `" + key.text() + "` twice");
}

}  // namespace weir::plan
