// SPDX-License-Identifier: BSL-1.0
#include "plugin/scopes/paths.hpp"

#include "plugin/scopes/records.hpp"

namespace weir::plugin {

namespace {

void append(std::string& path, const std::string& name) {
    if (!path.empty() && !name.empty())
        path += '/';
    path += name;
}

}  // namespace

std::string path_of(const scope_record& scope) {
    std::string path = scope.parent ? path_of(*scope.parent) : std::string{};
    append(path, scope.name);
    return path;
}

std::string path_of(const host_lane& lane) {
    std::string path = lane.parent ? path_of(*lane.parent) : path_of(*lane.scope);
    append(path, lane.name);
    return path;
}

}  // namespace weir::plugin
