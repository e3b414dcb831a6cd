// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/yaml_composer.hpp"
#include "adapters/harness/yaml_scalar.hpp"

namespace weir::harness::yaml {

namespace {

constexpr std::string_view input_prefix = "<+input>";

}  // namespace

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
            return fault(
                plan::code::not_yaml, where,
                "the tag " +
                    (known ? "!!" + std::string{tag.substr(core.size())} : std::string{tag}) +
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
    if (text == "template" && !frames_.empty()) {
        const node& container = document_.nodes[frames_.back().container];
        document_.uses_templates = document_.uses_templates ||
                                   (container.what == kind::mapping && container.size % 2 == 0);
    }
    if (plain && text == "<<" && !frames_.empty()) {
        frame& parent = frames_.back();
        const node& container = document_.nodes[parent.container];
        if (container.what == kind::mapping && container.size % 2 == 0 &&
            parent.merge_key == none) {
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
        return fault(plan::code::not_yaml, where,
                     "the alias *" + name + " names an anchor that is not defined before it");
    }
    const anchored& target = found->second;
    if (!target.complete) {
        return fault(plan::code::not_yaml, where,
                     "the alias *" + name + " stands inside the value that it names");
    }
    alias_nodes_ += target.weight;
    if (alias_nodes_ > limits_.alias_nodes) {
        return fault(plan::code::too_many_aliases, where,
                     "the aliases of this document stand for more than " +
                         std::to_string(limits_.alias_nodes) + " values");
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

}  // namespace weir::harness::yaml
