// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/resolver.hpp"

#include "examples/runner/document.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <system_error>

namespace weir::runner {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t most_files = 100'000;

std::string_view view(const char* text, uint32_t length) {
    return text ? std::string_view{text, length} : std::string_view{};
}

bool is_document(const fs::path& path) {
    const auto extension = path.extension();
    return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

bool is_root_of(weir_reference_kind kind, std::string_view root) {
    switch (kind) {
    case WEIR_REFERENCE_PIPELINE:
        return root == "pipeline";
    case WEIR_REFERENCE_TEMPLATE:
        return root == "template";
    case WEIR_REFERENCE_INPUT_SET:
        return root == "inputSet" || root == "overlayInputSet";
    case WEIR_REFERENCE_ENVIRONMENT_GROUP:
        return root == "environmentGroup";
    case WEIR_REFERENCE_INFRASTRUCTURES:
        return root == "infrastructureDefinition";
    default:
        return false;
    }
}

std::string_view root_of(weir_reference_kind kind) {
    return kind == WEIR_REFERENCE_PIPELINE            ? "pipeline"
           : kind == WEIR_REFERENCE_TEMPLATE          ? "template"
           : kind == WEIR_REFERENCE_ENVIRONMENT_GROUP ? "environmentGroup"
                                                      : "inputSet";
}

bool agree(std::string_view said, std::string_view asked) {
    return said.empty() || asked.empty() || said == asked;
}

// Is a file of the level, organization and project that are wanted, as far as it says?
bool is_near(const file_facts& facts, const weir_reference& wanted) {
    if (wanted.level == WEIR_LEVEL_ACCOUNT)
        return facts.org.empty() && facts.project.empty();
    if (!agree(facts.org, view(wanted.org, wanted.org_length)))
        return false;
    if (wanted.level == WEIR_LEVEL_ORGANIZATION)
        return facts.project.empty();
    return agree(facts.project, view(wanted.project, wanted.project_length));
}

// Those of several that a rule holds for; all, when it holds for none.
template <class Items, class Rule>
void keep_if_any(Items& items, Rule rule) {
    Items kept;
    std::copy_if(items.begin(), items.end(), std::back_inserter(kept), rule);
    if (items.size() > 1 && !kept.empty())
        items = std::move(kept);
}

template <class Index>
auto found_in(const Index& all, std::string_view key) {
    const auto at = all.find(key);
    return at == all.end() ? typename Index::mapped_type{} : at->second;
}

std::string described(const weir_reference& wanted) {
    const std::string id{view(wanted.identifier, wanted.identifier_length)};
    if (wanted.kind == WEIR_REFERENCE_INFRASTRUCTURES)
        return "`infrastructureDefinition:` with `environmentRef: " + id + "`";
    std::string text = "`" + std::string{root_of(wanted.kind)} + ":` with `identifier: " + id + "`";
    const auto add = [&](const char* key, std::string_view value) {
        if (!value.empty())
            text += std::string{", `"} + key + ": " + std::string{value} + "`";
    };
    add("versionLabel", view(wanted.version, wanted.version_length));
    return text + ", or a file named `" + id + ".yaml`";
}

// A document as an entry of a list.
std::string as_entry(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (text.starts_with(mark))
        text.remove_prefix(mark.size());
    std::string entry = "-\n";
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (!line.starts_with("---"))
            entry += "  " + std::string{line} + "\n";
    }
    return entry;
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more"
                               : text;
}

}  // namespace

bool resolver::add_directory(const std::string& path, std::string& problem) {
    std::error_code error;
    std::vector<std::string> found;
    for (fs::recursive_directory_iterator at{path, error}, end; !error && at != end;
         at.increment(error)) {
        std::error_code ignored;
        if (is_document(at->path()) && at->is_regular_file(ignored))
            found.push_back(at->path().string());
        if (found.size() > most_files) {
            problem = "'" + path + "' holds more than " + std::to_string(most_files) + " documents";
            return false;
        }
    }
    if (error) {
        problem = "cannot read '" + path + "': " + error.message();
        return false;
    }
    std::sort(found.begin(), found.end());  // the same on every file system
    for (std::string& name : found)
        add_file(name);
    where_ += (where_.empty() ? "" : ", ") + path;
    return true;
}

void resolver::add_file(const std::string& path) {
    std::error_code error;
    const auto canonical = fs::canonical(path, error);
    if (!error && paths_.insert(canonical.string()).second)
        files_.push_back({path, {}});
}

void resolver::look_at_all() {
    if (looked_)
        return;
    looked_ = true;
    for (file& f : files_) {
        std::string text, problem;
        if (read_file(f.path, text, problem))
            f.facts = facts_of(text);
        by_identifier_[f.facts.identifier].push_back(&f);
        if (f.facts.identifier.empty())
            by_name_[fs::path{f.path}.stem().string()].push_back(&f);
    }
}

std::vector<const resolver::file*> resolver::candidates(const weir_reference& wanted) {
    look_at_all();
    const auto id = view(wanted.identifier, wanted.identifier_length);
    std::vector<const file*> named;
    std::vector<std::string> others;
    for (const file* f : found_in(by_identifier_, id)) {
        if (!is_root_of(wanted.kind, f->facts.root))
            continue;
        if (agree(f->facts.version, view(wanted.version, wanted.version_length)))
            named.push_back(f);
        else
            others.push_back(f->path);
    }
    if (named.empty() && !others.empty())
        why_ += "; of that identifier, but another version: " + listed(others);
    // Whoever named the directory means what is in it: where a file is from decides between
    // several.
    keep_if_any(named, [&](const file* f) { return is_near(f->facts, wanted); });
    keep_if_any(named, [&](const file* f) {
        return f->facts.version == view(wanted.version, wanted.version_length);
    });
    keep_if_any(named, [&](const file* f) {
        return f->facts.org == view(wanted.org, wanted.org_length) &&
               f->facts.project == view(wanted.project, wanted.project_length);
    });
    return named.empty() ? found_in(by_name_, id) : named;
}

std::vector<const resolver::file*> resolver::parents(std::string_view identifier) {
    look_at_all();
    if (!std::exchange(parents_known_, true)) {
        for (const file& f : files_) {
            std::string text, problem;
            if (f.facts.root != "pipeline" || !read_file(f.path, text, problem))
                continue;
            for (const std::string& child : pipelines_run(text))
                parents_[child].push_back(&f);
        }
    }
    for (const file* f : found_in(parents_, identifier)) {
        if (f->facts.identifier != identifier)
            return {f};
    }
    return {};
}

// All definitions of an environment, as one list.
bool resolver::list_infrastructures(const weir_reference& wanted, weir_resolution& found) {
    const auto environment = view(wanted.identifier, wanted.identifier_length);
    std::string all, text, problem;
    look_at_all();
    for (const file& f : files_) {
        if (is_root_of(wanted.kind, f.facts.root) && f.facts.environment == environment &&
            is_near(f.facts, wanted) && read_file(f.path, text, problem))
            all += as_entry(text);
    }
    if (!all.empty())
        give("infrastructures of " + std::string{environment}, std::move(all), found);
    return found.text != nullptr;
}

void resolver::give(const std::string& name, std::string text, weir_resolution& found) {
    const auto [at, first] = texts_.insert_or_assign(name, std::move(text));
    found.text = at->second.data();
    found.text_length = at->second.size();
    found.file = at->first.data();
    found.file_length = static_cast<uint32_t>(at->first.size());
}

weir_status resolver::find(const weir_reference& wanted, weir_resolution& found) {
    why_.clear();
    if (wanted.kind == WEIR_REFERENCE_VALUE)
        return WEIR_E_NOT_FOUND;
    if (wanted.kind == WEIR_REFERENCE_INFRASTRUCTURES && list_infrastructures(wanted, found))
        return WEIR_OK;
    const auto files = wanted.kind == WEIR_REFERENCE_INFRASTRUCTURES ? std::vector<const file*>{}
                       : wanted.kind == WEIR_REFERENCE_PARENT
                           ? parents(view(wanted.identifier, wanted.identifier_length))
                           : candidates(wanted);
    std::string problem;
    if (files.empty()) {
        why_ = (where_.empty() ? "there is no " : "in " + where_ + " there is no ") +
               described(wanted) + why_;
    } else if (files.size() > 1) {
        std::vector<std::string> names;
        for (const file* f : files)
            names.push_back(f->path);
        why_ = "several files could be meant: " + listed(names);
    } else if (std::string text; !read_file(files.front()->path, text, problem)) {
        why_ = problem;
    } else {
        give(files.front()->path, std::move(text), found);
        return WEIR_OK;
    }
    found.why = why_.data();
    found.why_length = static_cast<uint32_t>(why_.size());
    return WEIR_E_NOT_FOUND;
}

weir_status resolver::resolve(void* self, const weir_reference* wanted,
                              weir_resolution* found) noexcept {
    try {
        return static_cast<resolver*>(self)->find(*wanted, *found);
    } catch (...) {
        return WEIR_E_NO_MEMORY;
    }
}

}  // namespace weir::runner
