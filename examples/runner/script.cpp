// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/script.hpp"

#include <algorithm>
#include <cctype>

namespace weir::runner {

namespace {

bool is_name(std::string_view text) noexcept {
    const auto ordinary = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
           std::ranges::all_of(text, ordinary);
}

std::string lowered(std::string_view text) {
    std::string result{text};
    std::ranges::transform(result, result.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

std::string quoted(std::string_view text, std::string_view escaped_quote) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'') {
            result += escaped_quote;
        } else {
            result.push_back(c);
        }
    }
    return result + "'";
}

std::string posix_handover(const std::vector<script_output>& outputs) {
    std::string body = "weir_outputs() { printf '%s\\0'";
    for (const script_output& output : outputs) {
        body += " " + quoted(output.name, "'\\''") + " \"${" + output.variable + "-}\"";
    }
    return body + " >&" + std::to_string(outputs_descriptor) + "; }; ";
}

// The trap serves scripts that end by `exit`; the last line those that set a trap of their own.
std::string posix_script(std::string_view script, const std::vector<script_output>& outputs,
                         bool stop_at_error) {
    std::string text;
    if (!outputs.empty())
        text += posix_handover(outputs) + "trap weir_outputs EXIT; ";
    if (stop_at_error)
        text += "set -e; ";
    text += script;
    if (!outputs.empty())
        text += "\n{ weir_status=$?; weir_outputs; exit $weir_status; }";
    return text + "\n";
}

std::string powershell_script(std::string_view script, const std::vector<script_output>& outputs,
                              bool stop_at_error) {
    std::string text = stop_at_error ? "$ErrorActionPreference = 'Stop'; " : "";
    text += "try { . {\n";
    text += script;
    text += "\n} } finally {\n";
    for (const script_output& output : outputs) {
        text += "[IO.File]::AppendAllText('/dev/fd/" + std::to_string(outputs_descriptor) + "', " +
                quoted(output.name, "''") + " + [char]0 + \"${" + output.variable +
                "}\" + [char]0)\n";
    }
    return text + "}\nexit $LASTEXITCODE\n\n";
}

}  // namespace

step_request compose_script(std::string_view shell, std::string_view script,
                            const std::vector<script_output>& outputs, bool stop_at_error) {
    for (const script_output& output : outputs) {
        if (!is_name(output.variable)) {
            return refused_request{"output '" + output.name + "' is to come from '" +
                                   output.variable +
                                   "', which is not the name of a shell variable"};
        }
    }
    if (script.find('\0') != std::string_view::npos)
        return refused_request{"the script holds a zero byte"};
    const std::string name = lowered(shell);
    const std::string file = "/dev/fd/" + std::to_string(script_descriptor);
    script_request request;
    if (name == "bash" || name == "sh") {
        request.interpreter = {name, file};
        request.text = posix_script(script, outputs, stop_at_error);
        return request;
    }
    if (name == "powershell" || name == "pwsh") {
        request.interpreter = {"pwsh", "-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"};
        request.text = powershell_script(script, outputs, stop_at_error);
        request.from_input = true;
        return request;
    }
    return refused_request{"this runner has no shell '" + std::string{shell} +
                           "' (it knows Bash, Sh, PowerShell, Pwsh)"};
}

}  // namespace weir::runner
