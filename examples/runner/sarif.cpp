// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/sarif.hpp"

#include "examples/runner/json.hpp"

#include <weir/weir.h>

#include <set>

namespace weir::runner {

namespace {

constexpr std::string_view in_a_uri =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

std::string uri_of(std::string_view path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string uri;
    for (const char c : path) {
        if (in_a_uri.find(c) != std::string_view::npos) {
            uri += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        uri += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return uri;
}

class log {
public:
    std::string of(const json_value& findings) {
        text_ = R"({"version":"2.1.0","runs":[{"tool":{"driver":{"name":"weir","version":)";
        append_json(text_, weir_version());
        text_ += ",\"rules\":[";
        rules(findings);
        text_ += "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[";
        bool first = true;
        for (const auto& finding : findings.items()) {
            comma(first);
            result(finding);
        }
        text_ += "]}]}";
        return std::move(text_);
    }

private:
    void comma(bool& first) {
        if (!first) {
            text_ += ',';
        }
        first = false;
    }

    void rules(const json_value& findings) {
        std::set<std::string> codes;
        for (const auto& finding : findings.items()) {
            codes.insert(finding["code"].text());
        }
        bool first = true;
        for (const auto& code : codes) {
            comma(first);
            text_ += "{\"id\":";
            append_json(text_, code);
            text_ += '}';
        }
    }

    void result(const json_value& finding) {
        text_ += "{\"ruleId\":";
        append_json(text_, finding["code"].text());
        text_ += ",\"level\":";
        append_json(text_, finding["severity"].text());
        const auto& help = finding["help"].text();
        message(finding["message"].text() + (help.empty() ? "" : "\nhelp: " + help));
        text_ += ",\"locations\":[{";
        place(finding);
        if (const auto& path = finding["path"].text(); !path.empty()) {
            text_ += ",\"logicalLocations\":[{\"fullyQualifiedName\":";
            append_json(text_, path);
            text_ += "}]";
        }
        text_ += "}],\"relatedLocations\":[";
        bool first = true;
        for (const auto& note : finding["notes"].items()) {
            comma(first);
            text_ += '{';
            place(note);
            message(note["message"].text());
            text_ += '}';
        }
        text_ += "]}";
    }

    void message(const std::string& words) {
        text_ += ",\"message\":{\"text\":";
        append_json(text_, words);
        text_ += '}';
    }

    // A finding about nothing in particular is about the file.
    void place(const json_value& at) {
        text_ += "\"physicalLocation\":{\"artifactLocation\":{\"uri\":";
        append_json(text_, uri_of(at["file"].text()));
        text_ += '}';
        if (const auto line = at["line"].integer(); line > 0) {
            text_ += ",\"region\":{\"startLine\":" + std::to_string(line);
            number("startColumn", at["column"]);
            number("endLine", at["end_line"]);
            number("endColumn", at["end_column"]);
            text_ += '}';
        }
        text_ += '}';
    }

    void number(std::string_view name, const json_value& value) {
        if (value.integer() > 0) {
            text_ += ",\"" + std::string{name} + "\":" + std::to_string(value.integer());
        }
    }

    std::string text_;
};

}  // namespace

std::string sarif_of(std::string_view findings) {
    const auto read = json_value::parse(findings);
    return log{}.of(read ? *read : json_value{});
}

}  // namespace weir::runner
