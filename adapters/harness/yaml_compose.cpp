// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_compose.hpp"

#include "adapters/harness/yaml_merge.hpp"
#include "adapters/harness/yaml_scalar.hpp"
#include "adapters/harness/yaml_text.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include <yaml.h>

namespace weir::harness::yaml {

namespace {

constexpr std::string_view input_prefix = "<+input>";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::uint32_t small_mapping = 24;   // children; beyond, keys are compared through a hash

plan::span span_of(const yaml_mark_t& begin, const yaml_mark_t& end) noexcept {
    return {0, static_cast<std::uint32_t>(begin.line + 1), static_cast<std::uint32_t>(begin.column + 1),
            static_cast<std::uint32_t>(end.line + 1), static_cast<std::uint32_t>(end.column + 1)};
}

plan::span span_of(const node& n) noexcept {
    return {0, n.line, n.column, n.end_line, n.end_column};
}

std::string_view view(const yaml_char_t* text) noexcept {
    return text ? std::string_view{reinterpret_cast<const char*>(text)} : std::string_view{};
}

class parser {
public:
    explicit parser(std::string_view text) {
        ready_ = yaml_parser_initialize(&it) != 0;
        if (ready_) {
            yaml_parser_set_encoding(&it, YAML_UTF8_ENCODING);
            yaml_parser_set_input_string(&it, reinterpret_cast<const unsigned char*>(text.data()), text.size());
        }
    }
    ~parser() {
        if (ready_) {
            yaml_parser_delete(&it);
        }
    }
    parser(const parser&) = delete;
    parser& operator=(const parser&) = delete;

    yaml_parser_t it;

private:
    bool ready_ = false;
};

struct event : yaml_event_t {
    event() { type = YAML_NO_EVENT; }
    ~event() { yaml_event_delete(this); }
    event(const event&) = delete;
    event& operator=(const event&) = delete;
};

class composer {
public:
    composer(document& target, std::string_view text, const limits& most, plan::diagnostics& findings,
             const plan::span* at)
        : document_(target), text_(text), limits_(most), findings_(findings), fixed_(at) {}

    bool run();
    [[nodiscard]] node_index top() const noexcept { return top_; }

private:
    struct frame {
        node_index container;
        node_index last = none;          // last child
        node_index merge_key = none;
        node_index before_merge = none;
        std::uint64_t weight = 1;        // nodes below and here, aliases as what they stand for
        std::uint32_t height = 1;
        std::string anchor;
    };
    struct anchored {
        node_index at;
        std::uint64_t weight = 1;
        std::uint32_t height = 1;
        bool complete = true;
    };

    bool take(const event&);
    bool scalar(const event&);
    bool alias(const event&);
    bool open(const event&, kind);
    bool close(const event&);
    bool place(node_index, std::uint64_t weight, std::uint32_t height, plan::span where);
    bool key_allowed(node_index, plan::span where);
    bool unique_keys(const frame&);
    bool twice(node_index first, node_index second);
    node_index add(plan::span where, kind);
    bool fault(plan::code what, plan::span where, std::string message, std::string help = {},
               std::optional<plan::note> also = std::nullopt);
    bool parser_fault(const yaml_parser_t&);

    document& document_;
    std::string_view text_;
    const limits& limits_;
    plan::diagnostics& findings_;
    const plan::span* fixed_;
    std::vector<frame> frames_;
    std::unordered_map<std::string, anchored> anchors_;
    std::uint64_t alias_nodes_ = 0;
    node_index top_ = none;
    bool done_ = false;
};

bool composer::fault(plan::code what, plan::span where, std::string message, std::string help,
                     std::optional<plan::note> also) {
    plan::diagnostic& d = findings_.add(what, fixed_ ? *fixed_ : where, std::move(message));
    d.help = std::move(help);
    if (also && !fixed_) {
        d.notes.push_back(std::move(*also));
    }
    return false;
}

bool composer::parser_fault(const yaml_parser_t& p) {
    std::string problem = p.problem ? p.problem : "the text cannot be read";
    if (p.error == YAML_MEMORY_ERROR) {
        return fault(plan::code::too_large, {}, "there is not enough memory for this document");
    }
    if (p.error == YAML_READER_ERROR) {
        return fault(plan::code::not_utf8, position_of(text_, p.problem_offset), problem);
    }
    plan::span where = span_of(p.problem_mark, p.problem_mark);
    ++where.end_column;
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
                return fault(plan::code::not_yaml, where, "a second document begins here; only one is read",
                             "split the file at the `---` lines");
            }
            return true;
        }
        case YAML_DOCUMENT_END_EVENT: done_ = true; return true;
        case YAML_SCALAR_EVENT: return scalar(e);
        case YAML_ALIAS_EVENT: return alias(e);
        case YAML_SEQUENCE_START_EVENT: return open(e, kind::sequence);
        case YAML_MAPPING_START_EVENT: return open(e, kind::mapping);
        case YAML_SEQUENCE_END_EVENT:
        case YAML_MAPPING_END_EVENT: return close(e);
        default: return true;
    }
}

bool composer::place(node_index child, std::uint64_t weight, std::uint32_t height, plan::span where) {
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
    return fault(plan::code::wrong_type, where,
                 "a key must be plain text, not " + std::string{name_of(document_.nodes[child].what)});
}

bool composer::scalar(const event& e) {
    const auto& s = e.data.scalar;
    const plan::span where = span_of(e.start_mark, e.end_mark);
    const std::string_view text{reinterpret_cast<const char*>(s.value), s.length};
    const bool plain = s.style == YAML_PLAIN_SCALAR_STYLE;
    kind what = plain ? kind_of_plain(text) : kind::text;
    if (s.tag) {
        constexpr std::string_view core = "tag:yaml.org,2002:";
        std::string_view tag = view(s.tag);
        const kind plain_kind = kind_of_plain(text);
        if (tag == "tag:yaml.org,2002:str" || tag == "!") {
            what = kind::text;
        } else if (tag == "tag:yaml.org,2002:null" && plain_kind == kind::null) {
            what = kind::null;
        } else if (tag == "tag:yaml.org,2002:bool" && plain_kind == kind::boolean) {
            what = kind::boolean;
        } else if ((tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float") &&
                   plain_kind == kind::number) {
            what = kind::number;
        } else {
            const bool known = tag.starts_with(core);
            return fault(plan::code::not_yaml, where,
                         "the tag " + (known ? "!!" + std::string{tag.substr(core.size())} : std::string{tag}) +
                             " is not understood" + (known ? " for this value" : ""),
                         "leave the tag out, or quote the value");
        }
    }

    const node_index child = add(where, what);
    const std::string_view kept = document_.keep(text);
    document_.nodes[child].text = kept.data();
    document_.nodes[child].size = static_cast<std::uint32_t>(kept.size());
    if (s.anchor) {
        anchors_[std::string{view(s.anchor)}] = {child};
    }
    if (text.starts_with(input_prefix)) {
        document_.inputs.push_back(child);
    }
    if (plain && text == "<<" && !frames_.empty()) {
        frame& parent = frames_.back();
        const node& container = document_.nodes[parent.container];
        if (container.what == kind::mapping && container.size % 2 == 0 && parent.merge_key == none) {
            parent.merge_key = child;
            parent.before_merge = parent.last;
        }
    }
    return place(child, 1, 0, where);
}

bool composer::alias(const event& e) {
    const plan::span where = span_of(e.start_mark, e.end_mark);
    const std::string name{view(e.data.alias.anchor)};
    const auto found = anchors_.find(name);
    if (found == anchors_.end()) {
        return fault(plan::code::not_yaml, where, "the alias *" + name + " names an anchor that is not defined before it");
    }
    const anchored& target = found->second;
    if (!target.complete) {
        return fault(plan::code::not_yaml, where, "the alias *" + name + " stands inside the value that it names");
    }
    alias_nodes_ += target.weight;
    if (alias_nodes_ > limits_.alias_nodes) {
        return fault(plan::code::too_many_aliases, where,
                     "the aliases of this document stand for more than " + std::to_string(limits_.alias_nodes) +
                         " values");
    }
    if (frames_.size() + target.height > limits_.depth) {
        return fault(plan::code::too_deep, where,
                     "with what *" + name + " stands for, values are nested more than " +
                         std::to_string(limits_.depth) + " deep");
    }
    if (!key_allowed(target.at, where)) {
        return false;
    }
    node stands_for = document_.nodes[target.at];
    if (stands_for.what >= kind::sequence) {
        stands_for = {};
        stands_for.alias = true;
        stands_for.first = target.at;
    }
    const node_index child = add(where, stands_for.what);
    node& made = document_.nodes[child];
    made.text = stands_for.text;
    made.size = stands_for.size;
    made.first = stands_for.first;
    made.alias = stands_for.alias;
    if (made.what < kind::sequence && !made.alias &&
        std::string_view{made.text ? made.text : "", made.size}.starts_with(input_prefix)) {
        document_.inputs.push_back(child);
    }
    return place(child, target.weight, target.height, where);
}

bool composer::open(const event& e, kind what) {
    const bool list = what == kind::sequence;
    const yaml_char_t* const tag = list ? e.data.sequence_start.tag : e.data.mapping_start.tag;
    const yaml_char_t* const anchor = list ? e.data.sequence_start.anchor : e.data.mapping_start.anchor;
    const plan::span where = span_of(e.start_mark, e.end_mark);
    if (tag && view(tag) != (list ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map") && view(tag) != "!") {
        return fault(plan::code::not_yaml, where, "the tag " + std::string{view(tag)} + " is not understood");
    }
    if (frames_.size() >= limits_.depth) {
        return fault(plan::code::too_deep, where,
                     "values are nested more than " + std::to_string(limits_.depth) + " deep");
    }
    const node_index child = add(where, what);
    if (!key_allowed(child, where)) {
        return false;
    }
    frame f{child};
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
            const node_index wrong = merge_entries(document_, f.container, f.before_merge, f.merge_key);
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
                    (nodes[earlier].text == text.data() || std::string_view{nodes[earlier].text, text.size()} == text)) {
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

bool acceptable(std::string_view text, const limits& most, plan::diagnostics& findings) {
    if (text.size() > most.bytes) {
        plan::diagnostic& d = findings.add(
            plan::code::too_large, {},
            "the document has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(most.bytes) + " are read");
        d.help = "a pipeline of this size is usually generated: split it into child pipelines";
        return false;
    }
    if (auto fault = check_text(text)) {
        plan::diagnostic& d = findings.add(plan::code::not_utf8, fault->where, std::move(fault->message));
        d.help = std::move(fault->help);
        return false;
    }
    if (too_many_directives(text)) {
        findings.add(plan::code::not_yaml, {0, 1, 1, 1, 2},
                     "more than " + std::to_string(directive_limit) + " lines begin with `%`");
        return false;
    }
    return true;
}

}  // namespace

std::optional<document> compose(std::string_view text, const limits& most, plan::diagnostics& findings) {
    if (!acceptable(text, most, findings)) {
        return std::nullopt;
    }
    if (text.starts_with(byte_order_mark)) {
        text.remove_prefix(byte_order_mark.size());
    }
    document made;
    made.nodes.reserve(text.size() / 24 + 16);
    composer c{made, text, most, findings, nullptr};
    if (!c.run()) {
        return std::nullopt;
    }
    made.top = c.top();
    return made;
}

node_index compose_into(document& target, std::string_view text, plan::span at, const limits& most,
                        plan::diagnostics& findings) {
    if (!acceptable(text, most, findings)) {
        return none;
    }
    composer c{target, text, most, findings, &at};
    return c.run() ? c.top() : none;
}

}  // namespace weir::harness::yaml
