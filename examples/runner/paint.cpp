// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/paint.hpp"

#include <cstdlib>

#include <sys/ioctl.h>
#include <unistd.h>

namespace weir::runner {

namespace {

std::string_view environment(const char* name) noexcept {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view{} : std::string_view{value};
}

std::string_view code_of(ink colour) noexcept {
    switch (colour) {
    case ink::bold:
        return "1";
    case ink::faint:
        return "2";
    case ink::red:
        return "1;31";
    case ink::green:
        return "32";
    case ink::yellow:
        return "33";
    case ink::blue:
        return "34";
    case ink::cyan:
        return "36";
    case ink::plain:
        break;
    }
    return "";
}

}  // namespace

std::string brush::operator()(ink colour, std::string_view text) const {
    if (!colours_ || colour == ink::plain || text.empty())
        return std::string{text};
    std::string painted = "\x1b[";
    painted.append(code_of(colour)).append("m").append(text).append("\x1b[0m");
    return painted;
}

bool can_redraw(int descriptor) noexcept {
    const std::string_view terminal = environment("TERM");
    return ::isatty(descriptor) == 1 && !terminal.empty() && terminal != "dumb";
}

bool wants_colours(int descriptor) noexcept {
    return environment("NO_COLOR").empty() && can_redraw(descriptor);
}

window window_of(int descriptor) noexcept {
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return {};
    return {size.ws_col, size.ws_row};
}

const marks& marks_for_locale() noexcept {
    static constexpr marks drawn{"✓", "✗", "–", "▸", "◆", "█", "░", "│"};
    static constexpr marks ascii{"+", "x", "-", ">", "*", "#", ".", "|"};
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string_view locale = environment(name);
        if (!locale.empty())
            return locale == "C" || locale == "POSIX" ? ascii : drawn;
    }
    return drawn;
}

}  // namespace weir::runner
