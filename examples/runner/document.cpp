// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/document.hpp"

#include "examples/runner/descriptor.hpp"
#include "examples/runner/json.hpp"
#include "examples/runner/resolver.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace weir::runner {

namespace {

// Far above any limit of the library's: only keeps an endless stream from filling the memory.
constexpr std::size_t most = std::size_t{1} << 30;

std::string variables_json(const document_options& options) {
    std::string json = "{";
    for (const auto& [name, value] : options.variables) {
        if (json.size() > 1)
            json.push_back(',');
        append_json(json, name);
        json.push_back(':');
        append_json(json, value);
    }
    return json + "}";
}

bool read_inputs(const document_options& options, std::vector<document>& into,
                 std::string& problem) {
    for (const std::string& name : options.inputs) {
        if (!read_document(name, into.emplace_back(), problem))
            return false;
    }
    return true;
}

bool fill(resolver& files, const document_options& options, const std::vector<std::string>& beside,
          std::string& problem) {
    for (const std::string& directory : options.resolve) {
        if (!files.add_directory(directory, problem))
            return false;
    }
    for (const std::string& name : beside)
        files.add_file(name);
    return true;
}

}  // namespace

bool read_file(const std::string& name, std::string& text, std::string& problem) {
    descriptor opened;
    if (name != "-") {
        opened = descriptor{::open(name.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!opened) {
            problem = "cannot read '" + name + "': " + std::strerror(errno);
            return false;
        }
    }
    const int from = name == "-" ? STDIN_FILENO : opened.get();
    for (std::size_t used = 0;;) {
        if (used == most) {
            problem = "cannot read '" + name + "': it has more than 1 GiB";
            return false;
        }
        text.resize(std::min(most, used + std::max<std::size_t>(used, 64 * 1024)));
        const ssize_t n = ::read(from, text.data() + used, text.size() - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            problem = "cannot read '" + name + "': " + std::strerror(errno);
            return false;
        }
        used += static_cast<std::size_t>(n);
        if (n == 0) {
            text.resize(used);
            return true;
        }
    }
}

bool read_document(const std::string& name, document& into, std::string& problem) {
    into.name = name == "-" ? "<stdin>" : name;
    return read_file(name, into.text, problem);
}

loading load(const document& from, const document_options& options, uint32_t flags,
             const std::vector<std::string>& beside) {
    loading result;
    const std::string variables = variables_json(options);
    std::vector<document> inputs;
    resolver files;
    if (!read_inputs(options, inputs, result.problem) ||
        !fill(files, options, beside, result.problem)) {
        return result;
    }
    std::vector<weir_document> given;
    for (const document& one : inputs) {
        given.push_back({sizeof(weir_document), static_cast<uint32_t>(one.name.size()),
                         one.text.data(), one.text.size(), one.name.data()});
    }
    weir_load_options how{};
    how.struct_size = sizeof how;
    how.flags = flags | (options.compat_harness ? WEIR_LOAD_COMPAT_HARNESS : 0) |
                (options.slots_release ? WEIR_LOAD_SLOTS_RELEASE : 0) |
                (options.allow_unproved ? WEIR_LOAD_ALLOW_UNPROVED : 0);
    how.adapter = options.adapter.empty() ? nullptr : options.adapter.data();
    how.adapter_length = static_cast<uint32_t>(options.adapter.size());
    how.file = from.name.data();
    how.file_length = static_cast<uint32_t>(from.name.size());
    how.variables = variables.data();
    how.variables_length = static_cast<uint32_t>(variables.size());
    how.inputs = given.empty() ? nullptr : given.data();
    how.input_count = static_cast<uint32_t>(given.size());
    if (!options.resolve.empty() || beside.size() > 1) {
        how.resolve = resolver::resolve;
        how.resolve_context = &files;
    }

    owned_text findings;
    weir_error error = new_error();
    result.status = weir_plan_load(from.text.data(), from.text.size(), &how, result.plan.out(),
                                   findings.out(), &error);
    result.diagnostics = findings.view();
    if (result.status != WEIR_OK && result.status != WEIR_E_DOCUMENT) {
        result.problem = "'" + from.name + "': " + describe(result.status, error);
    }
    result.others = files.texts();
    for (document& one : inputs)
        result.others.insert_or_assign(std::move(one.name), std::move(one.text));
    return result;
}

}  // namespace weir::runner
