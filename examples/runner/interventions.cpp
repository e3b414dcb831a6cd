// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/interventions.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <unistd.h>

namespace weir::runner {

namespace {

struct choice {
    char key;
    std::string_view word;
    std::string_view shown;
};

constexpr std::array<choice, 6> choices{{
    {'r', "retry", "r: retry"},
    {'i', "ignore", "i: ignore"},
    {'s', "mark_as_success", "s: mark as success"},
    {'f', "mark_as_failure", "f: mark as failure"},
    {'b', "stage_rollback", "b: roll the stage back"},
    {'a', "abort", "a: abort"},
}};

constexpr std::string_view nobody = "on_timeout";

std::string menu() {
    std::string text = "what now?";
    for (const choice& one : choices)
        text.append("  ").append(one.shown);
    return text;
}

}  // namespace

interventions::interventions(reactor& loop, progress* shown, bool simulated)
    : loop_{loop},
      shown_{shown},
      simulated_{simulated},
      somebody_{shown && !simulated && ::isatty(STDIN_FILENO) == 1 &&
                ::isatty(STDOUT_FILENO) == 1} {}

interventions::~interventions() {
    if (watching_)
        loop_.forget(STDIN_FILENO);
}

void interventions::wanted(weir_run run, const weir_event& event) {
    run_ = run;
    if (simulated_)
        return;  // its time passes in no time
    const auto told = json_value::parse({event.input, event.input_length});
    open_.push_back({{event.path, event.path_length},
                     told ? (*told)["error"]["message"].text() : std::string{},
                     event.attempt});
    if (!watching_ && somebody_) {
        watching_ = loop_.watch(STDIN_FILENO, [this] { read(); });
        somebody_ = watching_;
    }
    if (!somebody_)
        return answer(nobody);
    if (open_.size() == 1)
        ask();
}

void interventions::closed(const weir_event& event) {
    const std::string_view path{event.path, event.path_length};
    const bool asked = !open_.empty() && open_.front().path == path;
    std::erase_if(open_, [&](const question& q) { return q.path == path; });
    if (asked && !open_.empty())
        ask();
}

void interventions::ask() {
    const question& next = open_.front();
    shown_->output(next.path, "failed: " + next.message);
    shown_->output(next.path, menu());
}

// What a line begins with counts.
void interventions::read() {
    std::array<char, 256> text;
    const ssize_t n = ::read(STDIN_FILENO, text.data(), text.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (n <= 0) {  // nobody is there any more
        loop_.forget(STDIN_FILENO);
        watching_ = somebody_ = false;
        while (!open_.empty())
            answer(nobody);
        return;
    }
    typed_.append(text.data(), static_cast<std::size_t>(n));
    for (auto end = typed_.find('\n'); end != std::string::npos; end = typed_.find('\n')) {
        const char key =
            typed_.find_first_not_of(" \t") < end ? typed_[typed_.find_first_not_of(" \t")] : '\n';
        typed_.erase(0, end + 1);
        if (open_.empty())
            continue;
        const auto* const chosen = std::ranges::find(choices, key, &choice::key);
        if (chosen == choices.end())
            shown_->output(open_.front().path, menu());
        else
            answer(chosen->word);
    }
}

void interventions::answer(std::string_view word) {
    const question q = open_.front();
    open_.pop_front();
    weir_run_intervene(run_, q.path.data(), static_cast<uint32_t>(q.path.size()), q.attempt,
                       word.data(), static_cast<uint32_t>(word.size()), nullptr, 0);
    if (somebody_ && !open_.empty())
        ask();
}

}  // namespace weir::runner
