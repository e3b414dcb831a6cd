// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_composer.hpp"

#include "adapters/harness/yaml_merge.hpp"
#include "adapters/harness/yaml_text.hpp"

#include <algorithm>
#include <new>

namespace weir::harness::yaml {

namespace {

constexpr std::uint32_t small_mapping = 24;  // children; beyond, keys are compared through a hash

class parser {
public:
    explicit parser(std::string_view text) {
        if (!yaml_parser_initialize(&it)) {
            throw std::bad_alloc{};
        }
        yaml_parser_set_encoding(&it, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(&it, reinterpret_cast<const unsigned char*>(text.data()),
                                     text.size());
    }
    ~parser() { yaml_parser_delete(&it); }
    parser(const parser&) = delete;
    parser& operator=(const parser&) = delete;

    yaml_parser_t it;
};

}  // namespace

plan::span span_of(const yaml_mark_t& begin, const yaml_mark_t& end) noexcept {
    return {0, static_cast<std::uint32_t>(begin.line + 1),
            static_cast<std::uint32_t>(begin.column + 1), static_cast<std::uint32_t>(end.line + 1),
            static_cast<std::uint32_t>(end.column + 1)};
}

plan::span span_of(const node& n) noexcept {
    return {0, n.line, n.column, n.end_line, n.end_column};
}

std::string_view view(const yaml_char_t* text) noexcept {
    return text ? std::string_view{reinterpret_cast<const char*>(text)} : std::string_view{};
}

bool composer::fault(plan::code what, plan::span where, std::string message, std::string help,
                     std::optional<plan::note> also) {
    where.file = document_.file;
    plan::diagnostic& d = findings_.add(what, fixed_ ? *fixed_ : where, std::move(message));
    d.help = std::move(help);
    if (also && !fixed_) {
        also->where.file = document_.file;
        d.notes.push_back(std::move(*also));
    }
    return false;
}

bool composer::parser_fault(const yaml_parser_t& p) {
    std::string problem = p.problem ? p.problem : "the text cannot be read";
    if (p.error == YAML_MEMORY_ERROR) {
        throw std::bad_alloc{};
    }
    if (p.error == YAML_READER_ERROR) {
        return fault(plan::code::not_utf8, position_of(text_, p.problem_offset), problem);
    }
    plan::span where = span_of(p.problem_mark, p.problem_mark);
    const plan::span end = position_of(text_, text_.size());
    if (where.line > end.line) {  // libyaml ends every text with a line break
        where = end;
    }
    where.end_column = where.column + 1;
    if (!p.context) {
        return fault(plan::code::not_yaml, where, problem);
    }
    return fault(plan::code::not_yaml, where, problem, {},
                 plan::note{p.context, span_of(p.context_mark, p.context_mark)});
}

node_index composer::add(plan::span where, kind what) {
    if (fixed_) {
        where = *fixed_;
    }
    node n{where.line, where.column, where.end_line, where.end_column};
    n.what = what;
    n.file = fixed_ ? static_cast<std::uint16_t>(fixed_->file) : document_.file;
    document_.nodes.push_back(n);
    return static_cast<node_index>(document_.nodes.size() - 1);
}

bool composer::run() {
    parser p{text_};
    for (;;) {
        event e;
        if (!yaml_parser_parse(&p.it, &e)) {
            return parser_fault(p.it);
        }
        if (e.type == YAML_STREAM_END_EVENT) {
            if (top_ == none) {
                top_ = add({0, 1, 1, 1, 1}, kind::null);
            }
            return true;
        }
        if (!take(e)) {
            return false;
        }
    }
}

bool composer::take(const event& e) {
    switch (e.type) {
    case YAML_DOCUMENT_START_EVENT: {
        const plan::span where = span_of(e.start_mark, e.end_mark);
        if (done_) {
            return fault(plan::code::not_yaml, where,
                         "a second document begins here; only one is read",
                         "split the file at the `---` lines");
        }
        return true;
    }
    case YAML_DOCUMENT_END_EVENT:
        done_ = true;
        return true;
    case YAML_SCALAR_EVENT:
        return scalar(e);
    case YAML_ALIAS_EVENT:
        return alias(e);
    case YAML_SEQUENCE_START_EVENT:
        return open(e, kind::sequence);
    case YAML_MAPPING_START_EVENT:
        return open(e, kind::mapping);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close(e);
    default:
        return true;
    }
}

bool composer::place(node_index child, std::uint64_t weight, std::uint32_t height,
                     plan::span where) {
    if (document_.nodes.size() > limits_.nodes) {
        return fault(plan::code::too_large, where,
                     "the document holds more than " + std::to_string(limits_.nodes) + " values");
    }
    if (frames_.empty()) {
        top_ = child;
        return true;
    }
    frame& parent = frames_.back();
    node& container = document_.nodes[parent.container];
    (parent.last == none ? container.first : document_.nodes[parent.last].next) = child;
    parent.last = child;
    ++container.size;
    parent.weight += weight;
    parent.height = std::max(parent.height, height + 1);
    return true;
}

// A child that is about to take a key's place in a mapping must be a scalar.
bool composer::key_allowed(node_index child, plan::span where) {
    if (frames_.empty()) {
        return true;
    }
    const node& container = document_.nodes[frames_.back().container];
    if (container.what != kind::mapping || container.size % 2 != 0 ||
        document_.nodes[child].what < kind::sequence) {
        return true;
    }
    return fault(
        plan::code::wrong_type, where,
        "a key must be plain text, not " + std::string{name_of(document_.nodes[child].what)});
}

bool composer::open(const event& e, kind what) {
    const bool list = what == kind::sequence;
    const yaml_char_t* const tag = list ? e.data.sequence_start.tag : e.data.mapping_start.tag;
    const yaml_char_t* const anchor =
        list ? e.data.sequence_start.anchor : e.data.mapping_start.anchor;
    const plan::span where = span_of(e.start_mark, e.end_mark);
    if (tag && view(tag) != (list ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map") &&
        view(tag) != "!") {
        return fault(plan::code::not_yaml, where,
                     "the tag " + std::string{view(tag)} + " is not understood");
    }
    if (frames_.size() >= limits_.depth) {
        return fault(plan::code::too_deep, where,
                     "values are nested more than " + std::to_string(limits_.depth) + " deep");
    }
    const node_index child = add(where, what);
    if (!key_allowed(child, where)) {
        return false;
    }
    frame f;
    f.container = child;
    if (anchor) {
        f.anchor = view(anchor);
        anchors_[f.anchor] = {child, 1, 1, false};
    }
    frames_.push_back(std::move(f));
    return true;
}

bool composer::close(const event& e) {
    frame f = std::move(frames_.back());
    frames_.pop_back();
    {
        node& n = document_.nodes[f.container];
        const bool flow = e.end_mark.index > e.start_mark.index;
        if (flow && !fixed_) {
            n.end_line = static_cast<std::uint32_t>(e.end_mark.line + 1);
            n.end_column = static_cast<std::uint32_t>(e.end_mark.column + 1);
        } else if (f.last != none) {
            n.end_line = document_.nodes[f.last].end_line;
            n.end_column = document_.nodes[f.last].end_column;
        }
    }
    if (document_.nodes[f.container].what == kind::mapping) {
        if (!unique_keys(f)) {
            return false;
        }
        if (f.merge_key != none) {
            const node_index wrong =
                merge_entries(document_, f.container, f.before_merge, f.merge_key);
            if (wrong != none) {
                return fault(plan::code::wrong_type, span_of(document_.nodes[wrong]),
                             "`<<` takes a mapping or a list of mappings");
            }
        }
    }
    if (!f.anchor.empty()) {
        anchored& a = anchors_[f.anchor];
        if (a.at == f.container) {
            a = {f.container, f.weight, f.height, true};
        }
    }
    return place(f.container, f.weight, f.height, span_of(document_.nodes[f.container]));
}

bool composer::twice(node_index first, node_index second) {
    const node& a = document_.nodes[first];
    const node& b = document_.nodes[second];
    return fault(plan::code::duplicate_key, span_of(b),
                 "the key `" + std::string{b.text, b.size} + "` stands here a second time", {},
                 plan::note{"it stands here first", span_of(a)});
}

bool composer::unique_keys(const frame& f) {
    const auto& nodes = document_.nodes;
    const node& mapping = nodes[f.container];
    const auto key_after = [&](node_index k) { return nodes[nodes[k].next].next; };
    if (mapping.size <= small_mapping) {
        for (node_index k = mapping.first; k != none; k = key_after(k)) {
            const std::string_view text{nodes[k].text, nodes[k].size};
            for (node_index earlier = mapping.first; earlier != k; earlier = key_after(earlier)) {
                if (nodes[earlier].size == text.size() &&
                    (nodes[earlier].text == text.data() ||
                     std::string_view{nodes[earlier].text, text.size()} == text)) {
                    return twice(earlier, k);
                }
            }
        }
        return true;
    }
    std::unordered_map<std::string_view, node_index> seen;
    seen.reserve(mapping.size / 2);
    for (node_index k = mapping.first; k != none; k = key_after(k)) {
        const auto [earlier, added] = seen.try_emplace({nodes[k].text, nodes[k].size}, k);
        if (!added) {
            return twice(earlier->second, k);
        }
    }
    return true;
}

}  // namespace weir::harness::yaml
