// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/templates.hpp"

#include "adapters/expressions/expression.hpp"
#include "adapters/harness/input_text.hpp"
#include "adapters/harness/keys.hpp"
#include "adapters/harness/overlay.hpp"
#include "adapters/harness/yaml_compose.hpp"
#include "adapters/harness/yaml_import.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace weir::harness {

namespace {

using yaml::kind;

struct use_draft {
    yaml::value reference, version, inputs;
};
constexpr key_of<use_draft> use_keys[] = {
    {"templateRef", need::required, &use_draft::reference},
    {"versionLabel", need::optional, &use_draft::version},
    {"templateInputs", need::optional, &use_draft::inputs},
    {"gitBranch", need::ignored},
    {"templateInputsHash", need::ignored},
};

// What may use a template, by the key that it stands behind, and the template's `type`.
struct user {
    std::string_view key, type, words;
};
constexpr user users[] = {
    {"pipeline", "Pipeline", "pipeline"},
    {"stage", "Stage", "stage"},
    {"stepGroup", "StepGroup", "step group"},
    {"step", "Step", "step"},
};

const user* user_behind(std::string_view key) noexcept {
    const auto* const found = std::find_if(std::begin(users), std::end(users),
                                           [&](const user& u) { return u.key == key; });
    return found == std::end(users) ? nullptr : found;
}

// Without `templateRef`, whoever reads it says so.
bool uses_template(yaml::value v) {
    return v.is(kind::mapping) && static_cast<bool>(v["template"]["templateRef"]);
}

std::string joined(const std::vector<std::string>& chain, const std::string& last) {
    std::string text;
    for (const std::string& one : chain) {
        text += "`" + one + "` uses ";
    }
    return text + "`" + last + "`";
}

class expansion {
public:
    expansion(context& c, library& from, yaml::document& into, const home& at)
        : context_(c), library_(from), document_(into), home_(at) {}

    void walk(yaml::value v, std::uint32_t depth) {
        if (!v || v.is_scalar() || full_) {
            return;
        }
        if (depth > yaml::limits{}.depth) {
            context_.report(plan::code::too_deep, v.where(),
                            "with its templates, the document is nested more than " +
                                std::to_string(yaml::limits{}.depth) + " deep");
            full_ = true;
            return;
        }
        if (v.is(kind::sequence)) {
            for (yaml::value entry = v.first(); entry; entry = entry.next()) {
                walk(entry, depth + 1);
            }
            return;
        }
        for (yaml::value key = v.first(); key; key = key.next().next()) {
            const user* const who = user_behind(key.text());
            if (who && uses_template(key.next())) {
                use(key.next(), *who, depth + 1);
            } else {
                walk(key.next(), depth + 1);
            }
        }
    }

    // `at` has a key `template`.
    void use(yaml::value at, const user& who, std::uint32_t depth) {
        const std::size_t levels = chain_.size();
        while (uses_template(at) && expand(at, who)) {
            at = yaml::value{document_, at.place()};
        }
        if (chain_.size() > levels) {
            walk(at, depth);
        }
        chain_.resize(levels);
    }

private:
    // False: it stays as it is.
    bool expand(yaml::value at, const user& who) {
        use_draft d;
        const yaml::value used = at["template"];
        if (!read_keys(context_, "`template`", used, use_keys, d) || !d.reference) {
            context_.incomplete = true;
            return false;
        }
        plan::reference wanted;
        if (!read_reference(d, wanted)) {
            return false;
        }
        const std::string name = shown(wanted);
        if (!may_use(name, d.reference.where())) {
            return false;
        }
        const yaml::value found =
            library_.find(wanted, "the template `" + name + "` of this " + std::string{who.words},
                          d.reference.where(), plan::code::unresolved_template);
        const yaml::value spec = found ? spec_of(found, who, name, d) : yaml::value{};
        if (!spec) {
            context_.incomplete = true;
            return false;
        }
        const yaml::node_index copy = yaml::import(document_, spec, yaml::limits{}.nodes);
        if (copy == yaml::none) {
            context_.report(plan::code::too_large, d.reference.where(),
                            "with its templates, the document is too large");
            full_ = true;
            return false;
        }
        chain_.push_back(name);
        if (d.inputs) {
            lay_inputs(yaml::value{document_, copy}, d.inputs, name);
        }
        merge(at, yaml::value{document_, copy});
        return true;
    }

    bool read_reference(const use_draft& d, plan::reference& wanted) {
        for (const auto& [what, v] :
             {std::pair{"templateRef", d.reference}, {"versionLabel", d.version}}) {
            const std::string_view text = read_text(context_, what, v);
            if (v && (!v.is_scalar() || expressions::has_expression(text) || text.empty())) {
                context_.incomplete = true;
                if (v.is_scalar()) {
                    context_.report(plan::code::unresolved_template, v.where(),
                                    std::string{what} +
                                        " must be written out: which template it is "
                                        "must be known to load the document");
                }
                return false;
            }
        }
        wanted.kind = plan::reference_kind::templated;
        wanted.org = home_.org;
        wanted.project = home_.project;
        wanted.version = d.version.text();
        set_identifier(wanted, d.reference.text());
        return true;
    }

    static std::string shown(const plan::reference& r) {
        const std::string scope = r.scope == plan::reference_scope::account        ? "account."
                                  : r.scope == plan::reference_scope::organization ? "org."
                                                                                   : "";
        return scope + r.identifier + (r.version.empty() ? "" : " " + r.version);
    }

    bool may_use(const std::string& name, const plan::span& where) {
        if (std::find(chain_.begin(), chain_.end(), name) != chain_.end()) {
            context_.incomplete = true;
            context_.report(plan::code::recursive_reference, where,
                            "the template comes back to itself: " + joined(chain_, name));
            return false;
        }
        if (chain_.size() >= context_.options.most_levels) {
            context_.incomplete = true;
            context_.report(plan::code::too_many_levels, where,
                            "templates use each other over more than " +
                                std::to_string(context_.options.most_levels) +
                                " levels: " + joined(chain_, name));
            return false;
        }
        return true;
    }

    yaml::value spec_of(yaml::value root, const user& who, const std::string& name,
                        const use_draft& d) {
        const yaml::value content = root.is(kind::mapping) ? root["template"] : yaml::value{};
        if (!content.is(kind::mapping)) {
            context_
                .report(plan::code::unresolved_template, d.reference.where(),
                        "what was found for the template `" + name + "` is no template")
                .notes.push_back({"a template begins with `template:`", root.where()});
            return {};
        }
        const yaml::value type = content["type"];
        if (!type || type.text() != who.type) {
            context_
                .report(plan::code::unresolved_template, d.reference.where(),
                        "the template `" + name + "` is none of a " + std::string{who.words} +
                            (type ? ": its type is `" + std::string{type.text()} + "`" : ""))
                .notes.push_back({type ? "its type" : "it has no `type`",
                                  type ? type.where() : content.where()});
            return {};
        }
        const yaml::value spec = content["spec"];
        if (!spec.is(kind::mapping)) {
            if (spec) {
                context_.wrong_kind(spec, "the spec of a template", "a mapping");
            } else {
                missing_key(context_, "a template", content.where(), "spec");
            }
            return {};
        }
        return spec;
    }

    void lay_inputs(yaml::value spec, yaml::value inputs, const std::string& name) {
        const std::string what = "`templateInputs` of the template `" + name + "`";
        if (!inputs.is(kind::mapping)) {
            context_.wrong_kind(inputs, "`templateInputs`", "a mapping");
            return;
        }
        overlay(context_, what, spec, inputs, [&](yaml::value at, yaml::value given) {
            if (!given.is_scalar()) {
                yaml::replace(document_, at.identity(), given.identity());
            } else if (is_open_input(given)) {
                pass_on(at, given);
            } else if (fits(at, given)) {
                const yaml::node from = document_.nodes[given.identity()];
                yaml::node& to = document_.nodes[at.identity()];
                to.text = from.text;
                to.size = from.size;
                to.what = from.what;
            }
        });
    }

    // The user asks in its turn: at its own place.
    void pass_on(yaml::value at, yaml::value given) {
        const std::string text = merged_input(at.text(), given.text());
        yaml::set_text(document_, at.identity(), text, kind::text);
        yaml::node& to = document_.nodes[at.identity()];
        const plan::span where = given.where();
        to.file = static_cast<std::uint16_t>(where.file);
        to.line = where.line;
        to.column = where.column;
        to.end_line = where.end_line;
        to.end_column = where.end_column;
    }

    bool fits(yaml::value at, yaml::value given) {
        const input_text asked = parse_input(at.text());
        if (!asked.fault.empty() ||
            (allows(asked, given.text()) && fits_pattern(asked, given.text()))) {
            return true;
        }
        context_
            .report(
                plan::code::bad_value, given.where(),
                "`" + std::string{given.text()} + "` is given to a template that does not allow it")
            .notes.push_back({"it asks for `" + std::string{at.text()} + "` here", at.where()});
        return false;
    }

    // The user's mapping stands for its own entries and those of the template that it lacks.
    void merge(yaml::value at, yaml::value spec) {
        const yaml::node_index made = yaml::new_mapping(document_, at.where());
        for (yaml::value key = at.first(); key; key = key.next().next()) {
            if (key.text() != "template") {
                yaml::append_entry(document_, made, key, key.next().identity());
            }
        }
        const yaml::value own{document_, made};
        for (yaml::value key = spec.first(); key; key = key.next().next()) {
            // A step group's template says which stages may use it.
            if (key.text() != "stageType" && !own[key.text()]) {
                yaml::append_entry(document_, made, key, key.next().identity());
            }
        }
        yaml::replace(document_, at.identity(), made);
    }

    context& context_;
    library& library_;
    yaml::document& document_;
    const home& home_;
    std::vector<std::string> chain_;
    bool full_ = false;
};

}  // namespace

home home_of(yaml::value pipeline) {
    return {std::string{pipeline["orgIdentifier"].text()},
            std::string{pipeline["projectIdentifier"].text()}};
}

yaml::value expand_templates(context& c, library& from, yaml::document& into, yaml::value pipeline,
                             const home& at) {
    expansion work{c, from, into, at};
    if (uses_template(pipeline)) {
        work.use(pipeline, users[0], 1);
        pipeline = yaml::value{into, pipeline.place()};
    }
    work.walk(pipeline, 1);
    return pipeline;
}

}  // namespace weir::harness
