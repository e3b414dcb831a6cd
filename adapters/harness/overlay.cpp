// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/overlay.hpp"

#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weir::harness {

namespace {

using yaml::kind;

// Keys that say what something is for people, and may differ.
bool is_for_people(std::string_view key) noexcept {
    for (const std::string_view name :
         {"name", "description", "tags", "projectIdentifier", "orgIdentifier", "required"}) {
        if (key == name) {
            return true;
        }
    }
    return false;
}

bool is_nothing(yaml::value v) {
    return v.is(kind::null) || (!v.is_scalar() && v.size() == 0) ||
           (v.is(kind::text) && v.text().empty());
}

std::string shown(yaml::value v) {
    return v.is_scalar() ? "`" + std::string{v.text()} + "`" : std::string{yaml::name_of(v.what())};
}

class overlaying {
public:
    overlaying(context& c, std::string_view what, const overlay_function& take)
        : context_(c), what_(what), take_(take) {}

    // An input set is laid over whatever it is given for: the pipeline's identifier is not
    // compared.
    void lay_top(yaml::value target, yaml::value given) {
        if (target.is(kind::mapping) && given.is(kind::mapping)) {
            lay_mapping(target, given, "identifier");
        } else {
            lay(target, given);
        }
    }

    void lay(yaml::value target, yaml::value given, bool may_differ = false) {
        if (is_open_input(target)) {
            take_(target, given);
        } else if (is_nothing(given)) {
            return;
        } else if (target.is(kind::mapping) && given.is(kind::mapping)) {
            lay_mapping(target, given);
        } else if (target.is(kind::sequence) && given.is(kind::sequence)) {
            lay_list(target, given);
        } else if (!may_differ &&
                   (!target.is_scalar() || !given.is_scalar() || target.text() != given.text())) {
            tell_fixed(target, given);
        }
    }

private:
    // The inputs of a template stand under `template` where the pipeline is not resolved, which is
    // how input sets are written.
    static yaml::value inputs_of_template(yaml::value given) {
        const yaml::value used = given["template"];
        return used.is(kind::mapping) ? used["templateInputs"] : yaml::value{};
    }

    void lay_mapping(yaml::value target, yaml::value given, std::string_view not_compared = {}) {
        std::unordered_map<std::string_view, yaml::value> by_key;
        const bool many = target.size() > many_entries;
        if (many) {
            for (yaml::value key = target.first(); key; key = key.next().next()) {
                by_key.emplace(key.text(), key.next());
            }
        }
        for (yaml::value key = given.first(); key; key = key.next().next()) {
            const yaml::value here =
                many ? (by_key.contains(key.text()) ? by_key.at(key.text()) : yaml::value{})
                     : target[key.text()];
            if (here) {
                lay(here, key.next(), is_for_people(key.text()) || key.text() == not_compared);
            } else if (const yaml::value inputs =
                           key.text() == "template" ? inputs_of_template(given) : yaml::value{}) {
                lay(target, inputs);
            } else if (key.text() == "default" && target["value"]) {
                // A variable's: the target's value says what counts.
            } else if (!is_for_people(key.text()) && key.text() != "template" &&
                       key.text() != not_compared && !is_nothing(key.next())) {
                tell_unknown(target, key);
            }
        }
    }

    void lay_list(yaml::value target, yaml::value given) {
        std::vector<yaml::value> entries;
        std::unordered_map<std::string_view, yaml::value> by_name;
        for_each_entry(target, [&](yaml::value entry) {
            entries.push_back(entry);
            const list_entry e = entry_of(entry);
            if (!e.name.empty()) {
                by_name.emplace(e.name, e.inner);
            }
        });
        std::size_t index = 0;
        for_each_entry(given, [&](yaml::value entry) {
            const list_entry e = entry_of(entry);
            const std::size_t at = index++;
            if (const auto found = by_name.find(e.name);
                !e.name.empty() && found != by_name.end()) {
                lay(found->second, e.inner);
            } else if (e.name.empty() && at < entries.size()) {
                lay(entries[at], entry);
            } else {
                tell_entry(target, e.inner, e.name, by_name);
            }
        });
    }

    void tell_fixed(yaml::value target, yaml::value given) {
        context_
            .report(plan::code::unknown_input, given.where(),
                    std::string{what_} + " says " + shown(given) +
                        " for what is fixed and asks for no input")
            .notes.push_back({shown(target) + " stands here", target.where()});
    }

    void tell_unknown(yaml::value target, yaml::value key) {
        std::vector<std::string_view> known;
        for (yaml::value k = target.first(); k; k = k.next().next()) {
            known.push_back(k.text());
        }
        context_
            .report(plan::code::unknown_input, key.where(),
                    std::string{what_} + " has `" + std::string{key.text()} +
                        "`, which is not asked for",
                    context_.suggestion(key.text(), known))
            .notes.push_back({"what it is laid over", target.where()});
    }

    void tell_entry(yaml::value target, yaml::value entry, std::string_view name,
                    const std::unordered_map<std::string_view, yaml::value>& by_name) {
        std::vector<std::string_view> known;
        for (const auto& [one, unused] : by_name) {
            known.push_back(one);
        }
        context_
            .report(plan::code::unknown_input, entry.where(),
                    std::string{what_} + " has an entry" +
                        (name.empty() ? "" : " `" + std::string{name} + "`") +
                        " that the list does not have",
                    context_.suggestion(name, known))
            .notes.push_back({"the list", target.where()});
    }

    static constexpr std::uint32_t many_entries = 48;  // keys and values

    context& context_;
    std::string_view what_;
    const overlay_function& take_;
};

}  // namespace

list_entry entry_of(yaml::value entry) {
    yaml::value inner = entry;
    if (entry.is(kind::mapping) && entry.size() == 2 && entry.first().next().is(kind::mapping)) {
        inner = entry.first().next();
    }
    for (const std::string_view key : {"identifier", "name"}) {
        const yaml::value name = inner[key];
        if (name && name.is_scalar() && !name.text().empty()) {
            return {inner, name.text()};
        }
    }
    return {entry, {}};
}

void for_each_entry(yaml::value list, const std::function<void(yaml::value)>& each) {
    for (yaml::value entry = list.first(); entry; entry = entry.next()) {
        if (entry.is(kind::mapping) && entry.size() == 2 && entry.first().text() == "parallel") {
            if (entry.first().next().is(kind::sequence)) {
                for_each_entry(entry.first().next(), each);
            }
            continue;
        }
        each(entry);
    }
}

void overlay(context& c, std::string_view what, yaml::value target, yaml::value given,
             const overlay_function& take) {
    overlaying{c, what, take}.lay_top(target, given);
}

}  // namespace weir::harness
