// SPDX-License-Identifier: BSL-1.0
#include "adapters/harness/context.hpp"

#include "adapters/harness/nearest.hpp"
#include "adapters/harness/planning.hpp"

#include <utility>

namespace weir::harness {

namespace {

constexpr std::size_t most_notes = 20;
constexpr std::size_t most_origins = 16;
constexpr std::size_t longest_text = 600;  // of a message or a help: documents hold longer ones
constexpr std::size_t most_candidates = 10'000;

// Shortens a text in place, not within a code point.
void clip(std::string& text) {
    if (text.size() <= longest_text) {
        return;
    }
    std::size_t end = longest_text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    text.resize(end);
    text += "...";
}

}  // namespace

context::context(const plan::load_options& given, plan::diagnostics& into)
    : options(given), known(std::make_unique<planning>()), findings_(into) {}

context::~context() = default;

plan::diagnostic& context::report(plan::code what, plan::span where, std::string message,
                                  std::string help) {
    ++told_;
    if (where.file != 0 && told_before(what, where, message)) {
        dropped_ = {};
        return dropped_;
    }
    if (findings_.all().size() >= most_findings) {
        if (dropped_count_++ == 0 || plan::severity_of(what) == plan::severity::error) {
            dropped_code_ = what;
        }
        dropped_ = {};
        return dropped_;
    }
    plan::diagnostic& d = findings_.add(what, where, std::move(message));
    d.help = std::move(help);
    clip(d.message);
    clip(d.help);
    add_origins(d);
    return d;
}

// A document that is used twice has the same mistakes twice.
bool context::told_before(plan::code what, const plan::span& where, const std::string& message) {
    std::string key{plan::text_of(what)};
    for (const std::uint32_t part : {where.file, where.line, where.column}) {
        (key += ' ') += std::to_string(part);
    }
    return !elsewhere_.insert(key + ' ' + message).second;
}

// Where it is used, and where that is used, up to the document that was given.
void context::add_origins(plan::diagnostic& d) const {
    std::uint32_t file = d.where.file;
    for (std::size_t i = 0; file != 0 && file < origins.size() && i < most_origins; ++i) {
        if (origins[file].message.empty()) {
            return;
        }
        d.notes.push_back({origins[file].message, origins[file].where});
        file = origins[file].where.file;
    }
}

void context::unsupported(std::string name, plan::span where, std::string help) {
    ++told_;
    const auto [found, first] = unsupported_.try_emplace(std::move(name));
    if (first) {
        found->second.first = where;
        found->second.help = std::move(help);
    } else {
        found->second.others.push_back(where);
    }
}

std::string context::suggestion(std::string_view word,
                                std::span<const std::string_view> candidates) const {
    if (findings_.all().size() >= most_findings || candidates.size() > most_candidates) {
        return {};
    }
    return did_you_mean(nearest(word, candidates));
}

void context::wrong_kind(yaml::value v, std::string_view what, std::string_view expected) {
    std::string message = std::string{what} + " must be " + std::string{expected} + ", not " +
                          std::string{yaml::name_of(v.what())};
    report(plan::code::wrong_type, v.where(), std::move(message));
}

void context::finish_report() {
    for (auto& [name, found] : unsupported_) {
        plan::diagnostic& d =
            report(plan::code::not_supported, found.first,
                   name + " is known, but this version does not run it", std::move(found.help));
        for (std::size_t i = 0; i < found.others.size() && i < most_notes; ++i) {
            d.notes.push_back({"also here", found.others[i]});
        }
    }
    if (dropped_count_ > 0) {
        plan::diagnostic& d = findings_.add(
            dropped_code_, {}, std::to_string(dropped_count_) + " more findings are not listed");
        d.help = "mend the first ones and load the document again";
    }
}

std::string placeholder_help(std::string_view text) {
    const auto open = text.find("${");
    const auto close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
        return {};
    }
    return "`" + std::string{text.substr(open, close + 1 - open)} +
           "` is for another tool to fill in: load the document once that is done";
}

bool is_open_input(std::string_view text) noexcept {
    return text.starts_with("<+input>");
}

}  // namespace weir::harness
