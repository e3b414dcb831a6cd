// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/progress.hpp"
#include "examples/runner/run_time.hpp"
#include "examples/runner/story.hpp"

namespace weir::runner {

namespace {

// One line for each event worth telling, and every line that a script writes.
class plain_progress final : public progress {
public:
    plain_progress(bool simulated, sink& to)
        : to_(to), time_(simulated), story_(wants_colours(to.descriptor())) {}

    void event(const weir_event& event, const json_value& fields) override {
        time_.take(event);
        board_.take(event, fields);
        if (const std::string line = story_.line(board_, event, fields, true); !line.empty()) {
            to_.line(line);
        }
    }

    void output(std::string_view path, std::string_view line) override {
        to_.line(story_.output_line(time_.now_ns(), path, line));
    }

    void settle() override { to_.flush(); }

    void finish(bool interrupted) override {
        to_.line(story_.summary(board_, interrupted));
        to_.flush();
    }

private:
    sink& to_;
    run_time time_;
    story story_;
    board board_;
};

}  // namespace

std::unique_ptr<progress> make_plain_progress(bool simulated, sink& to) {
    return std::make_unique<plain_progress>(simulated, to);
}

std::unique_ptr<progress> make_progress(progress_style style, bool simulated, sink& to,
                                        reactor& loop) {
    if (style == progress_style::automatic) {
        style = can_redraw(to.descriptor()) ? progress_style::tty : progress_style::plain;
    }
    switch (style) {
    case progress_style::off:
        return nullptr;
    case progress_style::tty:
        return make_tty_progress(simulated, to, loop);
    default:
        return make_plain_progress(simulated, to);
    }
}

}  // namespace weir::runner
