// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace weir::runner {

enum class ink { plain, bold, faint, red, green, yellow, blue, cyan };

// Puts colours around text, or does not.
class brush {
public:
    explicit brush(bool colours) noexcept : colours_(colours) {}
    [[nodiscard]] std::string operator()(ink colour, std::string_view text) const;

private:
    bool colours_;
};

// A terminal that understands colours, and whose user has not asked for none (NO_COLOR).
[[nodiscard]] bool wants_colours(int descriptor) noexcept;

// A terminal on which lines can be drawn anew.
[[nodiscard]] bool can_redraw(int descriptor) noexcept;

struct window {
    unsigned columns = 80;
    unsigned rows = 24;
};
[[nodiscard]] window window_of(int descriptor) noexcept;

// The characters that this host draws with: plain ASCII where the locale says so.
struct marks {
    std::string_view done, failed, skipped, running, barrier, full, empty, dash;
};
[[nodiscard]] const marks& marks_for_locale() noexcept;

}  // namespace weir::runner
