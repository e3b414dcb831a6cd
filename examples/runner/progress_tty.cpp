// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/progress.hpp"
#include "examples/runner/run_time.hpp"
#include "examples/runner/story.hpp"
#include "examples/runner/utf8.hpp"

#include <chrono>
#include <optional>

namespace weir::runner {

namespace {

using clock = std::chrono::steady_clock;
constexpr auto frame = std::chrono::milliseconds{100};

// Finished things scroll by above; below, what goes on now is drawn anew: barriers first, then
// steps.
class tty_progress final : public progress {
public:
    tty_progress(bool simulated, sink& to, reactor& loop)
        : to_(to),
          loop_(loop),
          time_(simulated),
          simulated_(simulated),
          colours_(wants_colours(to.descriptor())),
          paint_(colours_),
          story_(colours_),
          marks_(marks_for_locale()) {}

    ~tty_progress() override {
        if (timer_) {
            loop_.drop(*timer_);
        }
    }

    void event(const weir_event& event, const json_value& fields) override {
        time_.take(event);
        board_.take(event, fields);
        if (event.kind == WEIR_EVENT_STEP_FINISHED && event.outcome != WEIR_SUCCEEDED) {
            const std::string_view path{event.path, event.path_length};
            for (const std::string& line : board_.last_lines())
                above_ += story_.output_line(event.t_ns, path, line) + "\n";
        }
        if (const std::string line = story_.line(board_, event, fields, false); !line.empty()) {
            above_ += line + "\n";
        }
    }

    void output(std::string_view path, std::string_view line) override {
        board_.output(path, line);
    }

    void settle() override {
        if (!timer_) {
            timer_ = loop_.at(clock::now() + (drawn_ == 0 ? clock::duration{} : frame),
                              [this] { tick(); });
        }
    }

    void finish(bool interrupted) override {
        to_.put(erased() + above_ + story_.summary(board_, interrupted) + "\n");
        to_.flush();
        above_.clear();
        drawn_ = 0;
    }

private:
    void tick() {
        timer_.reset();
        if (board_.outcome() != 0) {
            return;
        }
        const window size = window_of(to_.descriptor());
        std::string picture = erased() + clipped_lines(above_, size.columns);
        above_.clear();
        picture += live(size);
        to_.put(picture);
        to_.flush();
        if (!simulated_) {
            timer_ = loop_.at(clock::now() + frame, [this] { tick(); });
        }
    }

    // Up to where the live part began, and everything below it wiped.
    [[nodiscard]] std::string erased() const {
        return drawn_ == 0 ? "" : "\x1b[" + std::to_string(drawn_) + "A\r\x1b[J";
    }

    // Lines that scroll may wrap where there are colours: cutting would cut escapes.
    [[nodiscard]] std::string clipped_lines(const std::string& lines, unsigned columns) const {
        if (colours_) {
            return lines;
        }
        std::string result;
        for (std::size_t at = 0; at < lines.size();) {
            const std::size_t end = lines.find('\n', at);
            result += clipped(std::string_view{lines}.substr(at, end - at), columns) + "\n";
            at = end + 1;
        }
        return result;
    }

    std::string live(const window& size) {
        drawn_ = 0;
        std::string text;
        const auto add = [&](ink colour, const std::string& line) {
            text += paint_(colour, clipped(line, size.columns - 1)) + "\n";
            ++drawn_;
        };
        const tally& counts = board_.counts();
        add(ink::bold, std::string{marks_.running} + " " + board_.run() + "  " +
                           duration_text(time_.now_ns()) + "  " + std::to_string(counts.succeeded) +
                           " steps done, " + std::to_string(board_.running().size()) +
                           " under way");
        const std::size_t rows = size.rows > 4 ? size.rows - 3 : 1;
        for (barrier_view* barrier : board_.open_barriers()) {
            if (barrier->arrived() > 0 && drawn_ < rows) {
                add(ink::cyan, barrier_text(*barrier));
            }
        }
        std::size_t left = board_.running().size();
        for (const auto& [seq, step] : board_.running()) {
            if (drawn_ + 1 >= rows && left > 1) {
                add(ink::faint, "  and " + std::to_string(left) + " more");
                break;
            }
            --left;
            add(ink::plain, "  " + std::string{marks_.running} + " " + printable(step.path) + "  " +
                                duration_text(time_.now_ns() - step.since_ns) +
                                (step.last_lines.empty() ? ""
                                                         : "  " + std::string{marks_.dash} + " " +
                                                               step.last_lines.back()));
        }
        return text;
    }

    std::string barrier_text(barrier_view& barrier) const {
        constexpr std::size_t widest = 24, names = 6;
        const std::string waiting = barrier.missing_names(names);
        return "  " + std::string{marks_.barrier} + " " + printable(barrier.name()) + "  " +
               bar_text(barrier.arrived(), barrier.awaited(), widest, marks_) + "  " +
               std::to_string(barrier.arrived()) + " of " + std::to_string(barrier.awaited()) +
               (waiting.empty() ? "" : "  waiting for " + printable(waiting));
    }

    sink& to_;
    reactor& loop_;
    run_time time_;
    bool simulated_, colours_;
    brush paint_;
    story story_;
    const marks& marks_;
    board board_;
    std::string above_;
    std::size_t drawn_ = 0;
    std::optional<reactor::timer> timer_;
};

}  // namespace

std::unique_ptr<progress> make_tty_progress(bool simulated, sink& to, reactor& loop) {
    return std::make_unique<tty_progress>(simulated, to, loop);
}

}  // namespace weir::runner
