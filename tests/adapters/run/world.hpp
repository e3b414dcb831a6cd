// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/simulation.hpp"
#include "fibers/runtime.hpp"
#include "tests/adapters/run/document.hpp"
#include "tests/adapters/run/scripted.hpp"

#include <memory>
#include <string>
#include <utility>

namespace weir::runs::test {

// A polled runtime and one run in it, on the test's own thread. Whatever the test does, the run has
// ended when this goes, and has left nothing behind.
class world {
public:
    explicit world(fibers::clock_kind clock = fibers::clock_kind::manual, std::uint64_t seed = 0) {
        fibers::status why{};
        runtime_ = fibers::runtime::create(
            {.workers = 0, .stack_size = 256 << 10, .clock = clock, .seed = seed}, why);
        REQUIRE(runtime_);
    }
    ~world() {
        if (run_ && !host.over()) {
            end();
        }
        run_.reset();
        CHECK(runtime_->at(0).lanes() == 0);
        CHECK(host.open_steps() == 0);
        CHECK_FALSE(runtime_->poll());
        CHECK(runtime_->next_deadline() == -1);  // no timer is left
    }
    world(const world&) = delete;
    world& operator=(const world&) = delete;

    run& start(const std::string& document, run_options options = {}) {
        return start(load(document), std::move(options));
    }
    run& start(std::shared_ptr<const plan::plan> document, run_options options = {}) {
        run_ =
            std::make_unique<run>(std::move(document), runtime_->at(0), host, std::move(options));
        run_->start();
        poll();
        return *run_;
    }

    void poll() {
        while (runtime_->poll()) {
        }
    }
    // Goes on in single milliseconds, so that timers fire when they are due.
    void advance(std::int64_t ms) {
        for (; ms > 0; --ms) {
            runtime_->advance(1'000'000);
            poll();
        }
    }
    void finish(std::string_view path, outcome how = outcome::succeeded, std::string outputs = {},
                std::string message = {}) {
        INFO(path << " is not open in\n" << told().text());
        REQUIRE(host.answer(path, how, std::move(outputs), std::move(message)));
        poll();
    }
    void fail(std::string_view path, std::string message = "boom") {
        finish(path, outcome::failed, {}, std::move(message));
    }
    void cancel(std::string why = "enough") {
        host.cancel(*run_, std::move(why));
        poll();
    }
    // A control call of the host's.
    void give(action what, std::string target = {}, std::uint64_t number = 0,
              std::string word = {}) {
        auto made = std::make_unique<order>();
        made->what = what;
        made->target = std::move(target);
        made->number = number;
        made->word = std::move(word);
        run_->give(std::move(made));
        poll();
    }
    // Answers whatever is open until the run has ended.
    const story& play() {
        for (int turns = 0; !host.over(); ++turns) {
            INFO(told().text());
            REQUIRE(turns < 100'000);
            const auto handle = host.any();
            if (handle != 0) {
                host.answer(handle, outcome::succeeded);
                poll();
            } else {
                advance(1);
            }
        }
        return told();
    }

    [[nodiscard]] const story& told() const noexcept { return host.told(); }
    [[nodiscard]] outcome how(std::string_view path) const { return told().how(path); }
    [[nodiscard]] fibers::runtime& runtime() noexcept { return *runtime_; }

    scripted host;

private:
    void end() {
        host.cancel(*run_, "the test is over");
        poll();
        while (const auto handle = host.any()) {
            host.answer(handle, outcome::cancelled);
            poll();
        }
        INFO(told().text());
        CHECK(host.over());
        if (!host.over()) {
            std::abort();  // a run that never ends must not be destroyed
        }
    }

    std::unique_ptr<fibers::runtime> runtime_;
    std::unique_ptr<run> run_;
};

// A whole run in virtual time: steps take a second and succeed, unless `behaviour`
// (docs/simulate.md) says otherwise.
inline story simulate(const std::string& document, const std::string& behaviour = {},
                      std::uint64_t seed = 0) {
    std::string error;
    auto simulated = simulation::parse(behaviour, error);
    INFO(error);
    REQUIRE(simulated);
    world w{fibers::clock_kind::virtual_, seed};
    w.start(document, {.id = "r", .simulated = std::move(simulated)});
    INFO(w.told().text());
    REQUIRE(w.host.over());
    return w.told();
}

}  // namespace weir::runs::test
