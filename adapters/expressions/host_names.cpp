// SPDX-License-Identifier: BSL-1.0
#include "adapters/expressions/host_names.hpp"

#include <algorithm>

namespace weir::expressions {

namespace {

template <std::size_t n>
bool is_one_of(std::string_view word, const std::string_view (&words)[n]) noexcept {
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

}  // namespace

bool is_hosts(const std::vector<std::string_view>& path) noexcept {
    constexpr std::string_view own[] = {"pipeline", "stages",    "stage",    "stepGroup", "step",
                                        "steps",    "execution", "spec",     "matrix",    "repeat",
                                        "strategy", "inputs",    "barriers", "input"};
    constexpr std::string_view of_pipeline[] = {"identifier", "name",          "variables",
                                                "stages",     "status",        "currentStatus",
                                                "liveStatus", "output",        "spec",
                                                "type",       "strategy",      "matrix",
                                                "repeat",     "retryCount"};
    if (path.empty() || path.front().empty())
        return false;
    if (path.front() == "pipeline")
        return path.size() > 1 && !is_one_of(path[1], of_pipeline);
    return !is_one_of(path.front(), own);
}

bool is_keeper(std::string_view root) noexcept {
    constexpr std::string_view keepers[] = {"secrets", "configFile", "fileStore"};
    return is_one_of(root, keepers);
}

std::string host_name(const std::vector<std::string_view>& path, std::size_t count) {
    std::string name;
    for (std::size_t i = 0; i < count && i < path.size(); ++i) {
        if (i == 2 && is_keeper(path[0])) {
            ((name += "(\"") += path[i]) += "\")";
        } else {
            (name += i == 0 ? "" : ".") += path[i];
        }
    }
    return name;
}

}  // namespace weir::expressions
