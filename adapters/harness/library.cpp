// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/library.hpp"

#include "adapters/harness/yaml_compose.hpp"

#include <limits>
#include <utility>

namespace weir::harness {

namespace {

// Each part with its length: no two references have the same key.
std::string key_of(const plan::reference& r) {
    std::string key = std::to_string(static_cast<unsigned>(r.kind)) + '/' +
                      std::to_string(static_cast<unsigned>(r.scope));
    for (const std::string* part : {&r.identifier, &r.version, &r.org, &r.project, &r.pipeline}) {
        key += '/' + std::to_string(part->size()) + ':' + *part;
    }
    return key;
}

}  // namespace

void set_identifier(plan::reference& r, std::string_view written) {
    constexpr std::string_view account = "account.", org = "org.";
    if (written.starts_with(account)) {
        r.scope = plan::reference_scope::account;
        written.remove_prefix(account.size());
    } else if (written.starts_with(org)) {
        r.scope = plan::reference_scope::organization;
        written.remove_prefix(org.size());
    }
    r.identifier = written;
}

std::uint16_t library::number_of(const std::string& file) {
    const auto known = numbers_.find(file);
    if (known != numbers_.end()) {
        return known->second;
    }
    if (files_.size() > std::numeric_limits<std::uint16_t>::max()) {
        return 0;
    }
    const auto number = static_cast<std::uint16_t>(files_.size());
    files_.push_back(file);
    context_.origins.resize(files_.size());
    numbers_.emplace(file, number);
    return number;
}

const yaml::document* library::compose(std::string_view text, std::uint16_t file) {
    plan::diagnostics faults;
    auto made = yaml::compose(text, yaml::limits{}, faults, file);
    for (const plan::diagnostic& fault : faults.all()) {
        plan::diagnostic& told =
            context_.report(fault.what, fault.where, fault.message, fault.help);
        told.notes.insert(told.notes.begin(), fault.notes.begin(), fault.notes.end());
    }
    if (!made) {
        return nullptr;
    }
    documents_.push_back(std::move(*made));
    return &documents_.back();
}

library::entry& library::ask(const plan::reference& wanted, const origin& why_read) {
    const auto [at, first] = known_.try_emplace(key_of(wanted));
    entry& made = at->second;
    if (!first || !context_.options.resolver) {
        return made;
    }
    const plan::resolution got = context_.options.resolver->resolve(wanted);
    made.found = got.found;
    made.why = got.why;
    if (got.found) {  // the first use stands for all
        made.file = number_of(got.file.empty() ? wanted.identifier : got.file);
        if (made.file != 0) {
            context_.origins[made.file] = why_read;
        }
        made.document = compose(got.text, static_cast<std::uint16_t>(made.file));
    }
    return made;
}

yaml::value library::find(const plan::reference& wanted, const std::string& what,
                          const plan::span& where, plan::code unresolved) {
    const origin why_read{what + " is used here", where};
    const entry& known = ask(wanted, why_read);
    if (known.found) {
        return known.document ? known.document->root() : yaml::value{};
    }
    const bool nobody = context_.options.resolver == nullptr;
    const std::string open = placeholder_help(wanted.identifier);
    context_.report(unresolved, where,
                    what + " cannot be resolved" + (known.why.empty() ? "" : ": " + known.why),
                    !open.empty() ? open
                    : nobody      ? "it is elsewhere: give a resolver (weir: --resolve DIR)"
                                  : "");
    return {};
}

yaml::value library::look_for(const plan::reference& wanted, std::string& why) {
    const entry& known = ask(wanted, {});
    why = known.why;
    return known.found && known.document ? known.document->root() : yaml::value{};
}

yaml::value library::add(const plan::given_document& given) {
    const yaml::document* made = compose(given.text, number_of(given.file));
    return made ? made->root() : yaml::value{};
}

}  // namespace weir::harness
