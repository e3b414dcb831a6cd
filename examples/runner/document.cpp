// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/document.hpp"

#include "examples/runner/descriptor.hpp"
#include "examples/runner/json.hpp"

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

loader::loader(const document_options& options, uint32_t flags,
               const std::vector<std::string>& beside)
    : options_{options},
      flags_{flags | (options.compat_harness ? WEIR_LOAD_COMPAT_HARNESS : 0) |
             (options.slots_release ? WEIR_LOAD_SLOTS_RELEASE : 0) |
             (options.allow_unproved ? WEIR_LOAD_ALLOW_UNPROVED : 0)},
      variables_{variables_json(options)} {
    resolves_ = read_inputs() && find_files(beside);
}

bool loader::read_inputs() {
    for (const std::string& name : options_.inputs) {
        if (!read_document(name, inputs_.emplace_back(), problem_))
            return false;
    }
    return true;
}

// Whether there is anything to find.
bool loader::find_files(const std::vector<std::string>& beside) {
    for (const std::string& directory : options_.resolve) {
        if (!files_.add_directory(directory, problem_))
            return false;
    }
    for (const std::string& name : beside)
        files_.add_file(name);
    return !options_.resolve.empty() || beside.size() > 1;
}

loading loader::load(const document& from) {
    loading result;
    if (result.problem = problem_; !result.problem.empty())
        return result;
    std::vector<weir_document> given;
    for (const document& one : inputs_) {
        given.push_back({sizeof(weir_document), static_cast<uint32_t>(one.name.size()),
                         one.text.data(), one.text.size(), one.name.data()});
    }
    weir_load_options how{};
    how.struct_size = sizeof how;
    how.flags = flags_;
    how.adapter = options_.adapter.empty() ? nullptr : options_.adapter.data();
    how.adapter_length = static_cast<uint32_t>(options_.adapter.size());
    how.file = from.name.data();
    how.file_length = static_cast<uint32_t>(from.name.size());
    how.variables = variables_.data();
    how.variables_length = static_cast<uint32_t>(variables_.size());
    how.inputs = given.empty() ? nullptr : given.data();
    how.input_count = static_cast<uint32_t>(given.size());
    if (resolves_) {
        how.resolve = resolver::resolve;
        how.resolve_context = &files_;
    }

    owned_text findings;
    weir_error error = new_error();
    result.status = weir_plan_load(from.text.data(), from.text.size(), &how, result.plan.out(),
                                   findings.out(), &error);
    result.diagnostics = findings.view();
    if (result.status != WEIR_OK && result.status != WEIR_E_DOCUMENT) {
        result.problem = "'" + from.name + "': " + describe(result.status, error);
    }
    result.others = files_.take_texts();
    for (const document& one : inputs_)
        result.others.insert_or_assign(one.name, one.text);
    return result;
}

loading load(const document& from, const document_options& options, uint32_t flags) {
    return loader{options, flags}.load(from);
}

}  // namespace weir::runner
