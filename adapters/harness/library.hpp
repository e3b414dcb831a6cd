// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/harness/yaml.hpp"

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace weir::harness {

// What a reference names, and on which level: `account.x`, `org.x` or `x`.
void set_identifier(plan::reference&, std::string_view written);

// The documents of one load beside the first: those given with it, and those that the resolver
// gives, each asked for once. They live as long as the library.
class library {
public:
    library(context& c, std::vector<std::string>& files) : context_(c), files_(files) {}

    // The root of the document that `wanted` names; no value, told at `where` as `unresolved`,
    // when there is none, or it is no YAML. `what` is what messages call it.
    [[nodiscard]] yaml::value find(const plan::reference& wanted, const std::string& what,
                                   const plan::span& where, plan::code unresolved);

    // The root of a document that was given; no value, told, when it is no YAML.
    [[nodiscard]] yaml::value add(const plan::given_document&);

    // Whether the resolver knows it; nothing is told.
    [[nodiscard]] yaml::value look_for(const plan::reference& wanted, std::string& why);

private:
    struct entry {
        bool found = false;
        std::string why;
        std::uint32_t file = 0;
        const yaml::document* document = nullptr;  // null: it is no YAML, and that was told
    };

    entry& ask(const plan::reference&, const origin&);
    std::uint16_t number_of(const std::string& file);
    const yaml::document* compose(std::string_view text, std::uint16_t file);

    context& context_;
    std::vector<std::string>& files_;
    std::unordered_map<std::string, entry> known_;
    std::unordered_map<std::string, std::uint16_t> numbers_;
    std::deque<yaml::document> documents_;
};

}  // namespace weir::harness
