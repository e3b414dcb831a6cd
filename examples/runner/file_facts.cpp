// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/file_facts.hpp"

#include "examples/runner/json.hpp"

#include <algorithm>

namespace weir::runner {

namespace {

void note(file_facts& facts, std::string_view key, std::string value) {
    if (key == "identifier")
        facts.identifier = std::move(value);
    else if (key == "versionLabel")
        facts.version = std::move(value);
    else if (key == "orgIdentifier")
        facts.org = std::move(value);
    else if (key == "projectIdentifier")
        facts.project = std::move(value);
    else if (key == "environmentRef")
        facts.environment = std::move(value);
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string unquoted(std::string_view value) {
    value = trimmed(value);
    if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'')) {
        const auto end = value.find(value.front(), 1);
        return std::string{value.substr(1, end == std::string_view::npos ? end : end - 1)};
    }
    return std::string{trimmed(value.substr(0, value.find(" #")))};
}

file_facts facts_of_json(std::string_view text) {
    file_facts facts;
    const auto all = json_value::parse(text);
    if (!all || all->keys().empty())
        return facts;
    facts.root = all->keys().front();
    const json_value& content = all->items().front();
    for (std::size_t i = 0; i < content.keys().size(); ++i)
        note(facts, content.keys()[i], content.items()[i].text());
    return facts;
}

bool ends_value(char c) {
    return c == ',' || c == '}' || c == ']' || c == '\n' || c == '\r' || c == ' ' || c == '"' ||
           c == '\'';
}

// The values of all `key: value` in a text, in either notation.
std::vector<std::string> entries(std::string_view text, std::string_view key) {
    std::vector<std::string> values;
    for (auto at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
        const bool begins =
            at == 0 ||
            !(std::isalnum(static_cast<unsigned char>(text[at - 1])) != 0 || text[at - 1] == '_');
        auto rest = text.substr(at + key.size());
        const auto colon = rest.find_first_not_of("\"' ");
        if (!begins || colon == std::string_view::npos || rest[colon] != ':')
            continue;
        rest.remove_prefix(colon + 1);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \"'"), rest.size()));
        const auto* const end = std::ranges::find_if(rest, ends_value);
        if (end != rest.begin())
            values.emplace_back(rest.begin(), end);
    }
    return values;
}

}  // namespace

file_facts facts_of(std::string_view text) {
    if (trimmed(text.substr(0, text.find('\n'))).starts_with("{"))
        return facts_of_json(text);
    file_facts facts;
    std::size_t root_indent = 0;
    std::size_t indent = 0;  // of what is in the root; 0: not seen yet
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        const auto begin = line.find_first_not_of(" \xEF\xBB\xBF");
        const auto colon = line.find(':');
        if (begin == std::string_view::npos || line[begin] == '#' || line.starts_with("---") ||
            colon == std::string_view::npos)
            continue;
        const std::string_view key = trimmed(line.substr(begin, colon - begin));
        if (facts.root.empty()) {
            facts.root = unquoted(key);
            root_indent = begin;
            continue;
        }
        if (begin <= root_indent)
            break;
        if (indent == 0)
            indent = begin;
        if (begin == indent)
            note(facts, unquoted(key), unquoted(line.substr(colon + 1)));
    }
    return facts;
}

std::vector<std::string> pipelines_run(std::string_view text) {
    const auto types = entries(text, "type");
    if (std::ranges::find(types, "Pipeline") == types.end())
        return {};
    return entries(text, "pipeline");
}

}  // namespace weir::runner
