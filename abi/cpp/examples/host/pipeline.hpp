// SPDX-License-Identifier: BSL-1.0
// The scenario's pipeline: one loop, which waits for events and for the steps' times at once.
#pragma once

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <weir/weir.hpp>

#include "abi/cpp/examples/host/scenario.hpp"

class walk {
public:
    /// Runs the document; says what should not have gone wrong, or nothing.
    std::string carry_out(const weir::runtime& on, weir::queue& to, const std::string& file) {
        std::string document;
        if (!read_file(file, document))
            return file + ": cannot be read";
        weir::load_options how;
        how.file = file;
        weir::findings found;
        weir::result<weir::plan> plan = weir::plan::load(document, how, &found);
        if (!plan)
            return refusal(plan.error(), found);
        weir::result<weir::run> run = weir::run::start(on, *plan, to);
        if (!run)
            return std::string(run.error().text());
        while (outcome_ == weir::outcome::none) {
            const weir::result<void> said = to.drain_wait(batch_, until_next());
            if (!said)
                return std::string(said.error().text());
            for (const weir::event& each : batch_)
                take(each);
            finish_due();
        }
        return {};
    }

    /// Once it was carried out.
    weir::outcome outcome() const { return outcome_; }
    const std::map<std::string, weir::outcome>& nodes() const { return nodes_; }

private:
    using clock = std::chrono::steady_clock;

    static std::string refusal(const weir::error& why, const weir::findings& found) {
        std::string lines(why.text());
        for (const weir::finding& each : found.list())
            lines += "\n" + weir::to_string(each);
        return lines;
    }

    void take(const weir::event& event) {
        switch (event.kind()) {
        case weir::event_kind::step_started:
            return begin(event);
        case weir::event_kind::step_cancel:
            return cancel(event.step());
        case weir::event_kind::node_finished:
            nodes_.emplace(event.path(), event.outcome());
            return;
        case weir::event_kind::run_finished:
            outcome_ = event.outcome();
            return;
        default:
            return;
        }
    }

    /// The step types of this host.
    void begin(const weir::event& event) {
        const weir::step step(event);
        const auto asked = nlohmann::json::parse(event.input(), nullptr, false);
        const std::string type = asked.value("type", "");
        if (type == "Work") {
            const milliseconds takes(asked["spec"].value("ms", 0));
            due_.emplace(clock::now() + takes, step);
        } else if (type == "Refuse") {
            answer(step, weir::outcome::failed, asked["spec"].value("why", ""));
        } else {
            answer(step, weir::outcome::failed, "no handler for steps of type " + type);
        }
    }

    void cancel(weir_step wanted) {
        for (auto at = due_.begin(); at != due_.end(); ++at) {
            if (at->second.handle() != wanted)
                continue;
            answer(at->second, weir::outcome::cancelled);
            due_.erase(at);
            return;
        }
    }

    /// An answer that comes too late is nobody's concern.
    static void answer(weir::step to, weir::outcome how, const std::string& message = {}) {
        static_cast<void>(to.finish(how, {}, message));
    }

    std::chrono::nanoseconds until_next() const {
        if (due_.empty())
            return std::chrono::nanoseconds(-1);
        const std::chrono::nanoseconds left = due_.begin()->first - clock::now();
        return left.count() > 0 ? left : std::chrono::nanoseconds(0);
    }

    void finish_due() {
        while (!due_.empty() && due_.begin()->first <= clock::now()) {
            answer(due_.begin()->second, weir::outcome::succeeded);
            due_.erase(due_.begin());
        }
    }

    weir::batch batch_;
    std::multimap<clock::time_point, weir::step> due_;
    std::map<std::string, weir::outcome> nodes_;
    weir::outcome outcome_ = weir::outcome::none;
};
