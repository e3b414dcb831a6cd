// SPDX-License-Identifier: BSL-1.0
#include "adapters/dialects/reading.hpp"

#include "adapters/plan/json_text.hpp"

#include <charconv>
#include <cmath>

namespace weir::dialects {

namespace {

constexpr std::uint32_t deepest = 60;         // JSON is copied and written by recursion
constexpr std::size_t most_members = 16'384;  // of one mapping: insertion is linear in them

json number_of(std::string_view text) {
    double number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    if (number == std::floor(number) && std::abs(number) < 9e15) {
        return static_cast<std::int64_t>(number);
    }
    return number;
}

json value_at(context& c, yaml::value v, std::uint32_t depth) {
    if (depth > deepest) {
        c.report(plan::code::too_deep, v.where(),
                 "a value of a loop nests deeper than " + std::to_string(deepest) + " levels");
        return nullptr;
    }
    switch (v.what()) {
    case yaml::kind::null:
        return nullptr;
    case yaml::kind::boolean:
        return v.text().front() == 't' || v.text().front() == 'T';
    case yaml::kind::number: {
        json number = number_of(v.text());
        if (const std::string text = plan::text_of(number); text != v.text()) {
            c.report(plan::code::changed_value, v.where(),
                     "the number " + cited(v.text()) + " is read as `" + text + "`",
                     "put it in quotes to keep it as it is written");
        }
        return number;
    }
    case yaml::kind::text:
        return std::string{v.text()};
    case yaml::kind::sequence: {
        json list = json::array();
        for (yaml::value item = v.first(); item; item = item.next()) {
            list.push_back(value_at(c, item, depth + 1));
        }
        return list;
    }
    case yaml::kind::mapping:
        break;
    }
    json object = json::object();
    if (v.size() / 2 > most_members) {
        c.report(plan::code::bad_strategy, v.where(),
                 "a mapping of more than " + std::to_string(most_members) + " members");
        return object;
    }
    for (yaml::value key = v.first(); key; key = key.next().next()) {
        object.emplace(std::string{key.text()}, value_at(c, key.next(), depth + 1));
    }
    return object;
}

}  // namespace

void unknown_size(context& c, std::string_view what, yaml::value expression) {
    c.report(plan::code::unknown_size, expression.where(),
             std::string{what} + " hangs on " + cited(expression.text()) +
                 ", which is known only at run time",
             "put its value here to see the instances");
}

void too_many(context& c, plan::span where, std::uint64_t count, std::uint64_t most) {
    const std::string many =
        count < plan::odometer::too_many ? std::to_string(count) : "far too many";
    c.report(plan::code::too_many_instances, where,
             "the loop has " + many + " instances, the limit is " + std::to_string(most));
}

std::string cited(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::size_t end = std::min(text.size(), longest);
    while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
        --end;
    }
    return "`" + std::string{text.substr(0, end)} + (end < text.size() ? "...`" : "`");
}

json typed_value(context& c, yaml::value v) {
    return value_at(c, v, 0);
}

yaml::value member(yaml::value mapping, std::string_view key) noexcept {
    const yaml::value found = mapping.is(yaml::kind::mapping) ? mapping[key] : yaml::value{};
    return found && !found.is(yaml::kind::null) ? found : yaml::value{};
}

yaml::value key_in(yaml::value mapping, std::string_view key) noexcept {
    if (!mapping.is(yaml::kind::mapping)) {
        return {};
    }
    for (yaml::value k = mapping.first(); k; k = k.next().next()) {
        if (k.text() == key) {
            return k;
        }
    }
    return {};
}

}  // namespace weir::dialects
