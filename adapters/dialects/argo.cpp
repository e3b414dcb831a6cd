// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/go_format.hpp"
#include "adapters/dialects/reading.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/plan/json_text.hpp"
#include "adapters/plan/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace weir::dialects {

namespace {

struct loop_draft {
    yaml::value items, param, sequence;
    yaml::value items_key, param_key, sequence_key;
};
constexpr harness::key_of<loop_draft> loop_keys[] = {
    {"withItems", harness::need::optional, &loop_draft::items, &loop_draft::items_key},
    {"withParam", harness::need::optional, &loop_draft::param, &loop_draft::param_key},
    {"withSequence", harness::need::optional, &loop_draft::sequence, &loop_draft::sequence_key},
};

struct sequence_draft {
    yaml::value count, start, end, format;
};
constexpr harness::key_of<sequence_draft> sequence_keys[] = {
    {"count", harness::need::optional, &sequence_draft::count},
    {"start", harness::need::optional, &sequence_draft::start},
    {"end", harness::need::optional, &sequence_draft::end},
    {"format", harness::need::optional, &sequence_draft::format},
};

void append_item(std::string& out, std::string_view text) {
    out += "{\"item\":";
    plan::append_quoted(out, text);
    out += '}';
}

// "(3:text)", as the nodes are called: parentheses of the text are left out.
void append_name(std::string& out, std::uint64_t index, std::string_view text) {
    out += '(' + std::to_string(index) + ':';
    if (text.find_first_of("()") == std::string_view::npos) {
        out += text;
    } else {
        std::copy_if(text.begin(), text.end(), std::back_inserter(out),
                     [](char c) { return c != '(' && c != ')'; });
    }
    out += ')';
}

// Go writes objects by the alphabet, and these characters so that HTML may hold them.
void append_go_json(std::string& out, const json& value) {
    if (value.is_array()) {
        out += '[';
        for (const json& item : value) {
            out += out.back() == '[' && &item == &value.front() ? "" : ",";
            append_go_json(out, item);
        }
        out += ']';
        return;
    }
    if (value.is_object()) {
        std::vector<std::pair<std::string_view, const json*>> members;
        for (const auto& [name, inner] : value.get_ref<const json::object_t&>()) {
            members.emplace_back(name, &inner);
        }
        std::sort(members.begin(), members.end());
        out += '{';
        for (const auto& [name, inner] : members) {
            if (name.data() != members.front().first.data()) {
                out += ',';
            }
            append_go_json(out, json(name));
            out += ':';
            append_go_json(out, *inner);
        }
        out += '}';
        return;
    }
    std::string text;
    plan::append_json(text, value);
    for (const char c : text) {
        switch (c) {
        case '<':
            out += "\\u003c";
            break;
        case '>':
            out += "\\u003e";
            break;
        case '&':
            out += "\\u0026";
            break;
        default:
            out += c;
        }
    }
}

// As Go shows an item: a text with its escapes, without its quotes.
std::string shown(const json& value) {
    std::string text;
    append_go_json(text, value);
    return value.is_string() ? text.substr(1, text.size() - 2) : text;
}

// `withItems` and `withParam`: the items are in the document anyway.
class listed_items final : public plan::row_source {
public:
    void add(const json& value) {
        std::string text;
        if (value.is_string()) {
            text = value.get_ref<const std::string&>();
        } else {
            append_go_json(text, value);
        }
        items_.emplace_back(std::move(text), name_of(value));
    }

    [[nodiscard]] std::uint64_t count() const noexcept override { return items_.size(); }
    void append_values(const plan::instance& at, std::string& out) const override {
        append_item(out, items_[at.index].first);
    }
    void append_suffix(const plan::instance& at, std::string& out) const override {
        append_name(out, at.index, items_[at.index].second);
    }

private:
    static std::string name_of(const json& value) {
        if (!value.is_object()) {
            return shown(value);
        }
        std::vector<std::string> members;
        for (const auto& [name, inner] : value.get_ref<const json::object_t&>()) {
            members.push_back(name + ":" + shown(inner));
        }
        std::sort(members.begin(), members.end());
        std::string all;
        for (const std::string& m : members) {
            all += (all.empty() ? "" : ",") + m;
        }
        return all;
    }

    std::vector<std::pair<std::string, std::string>> items_;  // text, and what names it
};

// Go writes such a text as it is.
bool is_plain(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.';
    });
}

// `withSequence`: numbers made as they are asked for.
class counted_items final : public plan::row_source {
public:
    counted_items(std::int64_t start, bool down, std::uint64_t count, std::string format)
        : start_(start), down_(down), count_(count), format_(std::move(format)) {}

    [[nodiscard]] std::uint64_t count() const noexcept override { return count_; }
    void append_values(const plan::instance& at, std::string& out) const override {
        append_item(out, text(at.index));
    }
    void append_suffix(const plan::instance& at, std::string& out) const override {
        const std::string written = text(at.index);
        append_name(out, at.index, is_plain(written) ? written : shown(json(written)));
    }

    [[nodiscard]] std::string text(std::uint64_t index) const {
        const auto step = static_cast<std::int64_t>(index);
        const std::int64_t number = down_ ? start_ - step : start_ + step;
        return format_.empty() ? std::to_string(number) : go_format(format_, number);
    }

private:
    const std::int64_t start_;
    const bool down_;
    const std::uint64_t count_;
    const std::string format_;
};

constexpr std::uint64_t most_items_of_a_list = 10'000'000;

loop read_items(context& c, yaml::value list, std::uint64_t most) {
    if (!list.is(yaml::kind::sequence)) {
        if (marked(list, argo_mark)) {
            unknown_size(c, "`withItems`", list);
        } else {
            c.wrong_kind(list, "`withItems`", "a list");
        }
        return {};
    }
    if (list.size() > std::min(most, most_items_of_a_list)) {
        too_many(c, list.where(), list.size(), most);
        return {};
    }
    auto rows = std::make_shared<listed_items>();
    for (yaml::value v = list.first(); v; v = v.next()) {
        rows->add(typed_value(c, v));
    }
    return {rows, 0};
}

loop read_param(context& c, yaml::value v, std::uint64_t most) {
    if (!v.is_scalar()) {
        c.wrong_kind(v, "`withParam`", "text that holds a JSON list");
        return {};
    }
    json list;
    std::string error;
    const bool read = plan::parse_json(v.text(), list, error);
    if (!read && marked(v, argo_mark)) {
        unknown_size(c, "`withParam`", v);
        return {};
    }
    if (!read || !list.is_array()) {
        c.report(plan::code::bad_strategy, v.where(),
                 "withParam value could not be parsed as a JSON list: " + cited(v.text()) +
                     (error.empty() ? "" : "; " + error));
        return {};
    }
    if (list.size() > most) {
        too_many(c, v.where(), list.size(), most);
        return {};
    }
    auto rows = std::make_shared<listed_items>();
    for (const json& item : list) {
        rows->add(item);
    }
    return {rows, 0};
}

// A number of the sequence; nothing, told, when it is none.
std::optional<std::int64_t> read_number(context& c, const char* name, yaml::value v) {
    constexpr std::int64_t farthest = 1'000'000'000'000'000;
    const std::string what = std::string{"`"} + name + "` of `withSequence`";
    if (!v.is_scalar()) {
        c.wrong_kind(v, what, "a whole number");
        return std::nullopt;
    }
    if (marked(v, argo_mark)) {
        unknown_size(c, what, v);
        return std::nullopt;
    }
    std::string_view text = v.text();
    if (text.starts_with('+')) {
        text.remove_prefix(1);
    }
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size() ||
        number > farthest || number < -farthest) {
        c.report(plan::code::bad_value, v.where(),
                 what + " must be a whole number, not " + cited(v.text()));
        return std::nullopt;
    }
    return number;
}

// Tells what a reader of the sequence may not expect.
void tell_surprises(context& c, const sequence_draft& d, const counted_items& rows, bool down) {
    if (down && rows.count() > 1) {
        const yaml::value last = d.count ? d.count : d.end;
        c.report(plan::code::other_order, last.where(),
                 "this sequence counts down, from " + rows.text(0) + " to " +
                     rows.text(rows.count() - 1) + ": " + std::to_string(rows.count()) +
                     " instances",
                 d.count ? "only a count of 0 makes none" : "an `end` below `start` is not empty");
    }
    if (d.format && rows.count() > 0) {
        const std::string made = rows.text(0);
        if (made.find("%!") != std::string::npos) {
            c.report(plan::code::changed_value, d.format.where(),
                     "the format does not suit a whole number: Go makes " + cited(made) + " of it",
                     "use one verb for a whole number, such as `%d`, `%03d` or `%x`");
        }
    }
}

loop read_sequence(context& c, yaml::value v, std::uint64_t most) {
    sequence_draft d;
    if (!harness::read_keys(c, "`withSequence`", v, sequence_keys, d)) {
        return {};
    }
    if (static_cast<bool>(d.count) == static_cast<bool>(d.end)) {
        c.report(plan::code::bad_strategy, v.where(),
                 d.count ? "only one of count or end can be defined in withSequence"
                         : "withSequence has neither count nor end");
        return {};
    }
    const auto start = d.start ? read_number(c, "start", d.start) : std::int64_t{0};
    const auto limit = d.count ? read_number(c, "count", d.count) : read_number(c, "end", d.end);
    const std::string_view format = harness::read_text(c, "`format`", d.format);
    if (d.format && marked(d.format, argo_mark)) {
        c.report(plan::code::unresolved_value, d.format.where(),
                 "the format hangs on " + cited(format) + ": taken as it is written");
    }
    constexpr std::size_t longest_format = 4096;
    if (format.size() > longest_format) {
        c.report(plan::code::bad_value, d.format.where(), "a format of more than 4096 bytes");
    }
    if (!start || !limit || c.findings().any_error()) {
        return {};
    }
    const std::int64_t end = d.count ? *start + *limit - 1 : *limit;
    const bool none = d.count && *limit == 0;
    const bool down = end < *start;
    const std::uint64_t count =
        none ? 0 : static_cast<std::uint64_t>(down ? *start - end : end - *start) + 1;
    if (count > most) {
        too_many(c, v.where(), count, most);
        return {};
    }
    auto rows = std::make_shared<counted_items>(*start, down, count, std::string{format});
    tell_surprises(c, d, *rows, down && !none);
    return {rows, 0};
}

}  // namespace

loop read_argo(context& c, yaml::value root, std::uint64_t most) {
    loop_draft d;
    if (!harness::read_keys(c, "a loop", root, loop_keys, d)) {
        return {};
    }
    yaml::value first;
    for (const yaml::value key : {d.items_key, d.param_key, d.sequence_key}) {
        if (key && first) {
            c.report(plan::code::bad_strategy, key.where(),
                     "only one of withItems, withParam, withSequence can be specified")
                .notes.push_back({"the other one", first.where()});
            return {};
        }
        first = key ? key : first;
    }
    if (!first) {
        c.report(plan::code::bad_strategy, root.where(), "this does not say how it loops",
                 "it takes one of `withItems`, `withParam` and `withSequence`");
        return {};
    }
    return d.items   ? read_items(c, d.items, most)
           : d.param ? read_param(c, d.param, most)
                     : read_sequence(c, d.sequence, most);
}

}  // namespace weir::dialects
