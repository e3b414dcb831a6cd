// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace weir::test {

// A directory of a test's own, removed with all that is in it.
class scratch {
public:
    scratch();
    scratch(const scratch&) = delete;
    scratch& operator=(const scratch&) = delete;
    ~scratch();

    [[nodiscard]] std::string path(std::string_view name) const {
        return (directory_ / name).string();
    }
    std::string write(std::string_view name, std::string_view text) const;  // gives the path
    [[nodiscard]] std::string read(std::string_view name) const;  // empty when there is none
    [[nodiscard]] bool empty() const { return std::filesystem::is_empty(directory_); }

private:
    std::filesystem::path directory_;
};

[[nodiscard]] std::string read_file(const std::string& path);

}  // namespace weir::test
