// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "examples/runner/file_facts.hpp"

#include <weir/weir.h>

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::runner {

// Finds the documents that others refer to, among files of a directory (--resolve DIR) and files
// named: by the `identifier` that they have at their top, else by their name. Files are looked at
// when the first is asked for, once, however many documents are loaded. Keeps what it has given,
// for diagnostics.
class resolver {
public:
    // Every .yaml, .yml and .json file below a directory. False, with the reason, when it cannot be
    // read.
    [[nodiscard]] bool add_directory(const std::string& path, std::string& problem);
    void add_file(const std::string& path);

    [[nodiscard]] bool empty() const noexcept { return files_.empty() && where_.empty(); }

    // A weir_resolve_function; `self` is the resolver.
    static weir_status resolve(void* self, const weir_reference* wanted,
                               weir_resolution* found) noexcept;

    // What was given out since the last call, by name.
    [[nodiscard]] std::map<std::string, std::string> take_texts() {
        return std::exchange(texts_, {});
    }

private:
    struct file {
        std::string path;
        file_facts facts;
    };
    using index = std::map<std::string, std::vector<const file*>, std::less<>>;

    weir_status find(const weir_reference& wanted, weir_resolution& found);
    std::vector<const file*> candidates(const weir_reference& wanted);
    std::vector<const file*> parents(std::string_view identifier);
    void look_at_all();
    bool list_infrastructures(const weir_reference& wanted, weir_resolution& found);
    void give(const std::string& name, std::string text, weir_resolution& found);

    std::deque<file> files_;
    bool looked_ = false;  // then these are filled:
    index by_identifier_, by_name_;
    bool parents_known_ = false;
    index parents_;                // by a child's identifier
    std::set<std::string> paths_;  // of those, without links
    std::string where_;            // the directories, for messages
    std::map<std::string, std::string> texts_;
    std::string why_;
};

}  // namespace weir::runner
