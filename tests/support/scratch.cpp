// SPDX-License-Identifier: BSL-1.0
#include "tests/support/scratch.hpp"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace weir::test {

scratch::scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"no scratch directory can be made"};
    directory_ = name;
}

scratch::~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
}

std::string scratch::write(std::string_view name, std::string_view text) const {
    std::ofstream{path(name), std::ios::binary} << text;
    return path(name);
}

std::string scratch::read(std::string_view name) const {
    return read_file(path(name));
}

std::string read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace weir::test
