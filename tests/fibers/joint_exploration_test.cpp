// SPDX-License-Identifier: BSL-1.0
// A barrier of several workers in every order of calls, message deliveries and lane switches. The
// workers are those of polled runtimes, so that this thread decides which one goes on.
#include <array>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "fibers/barrier.hpp"
#include "fibers/event.hpp"
#include "fibers/joint.hpp"
#include "tests/fibers/support.hpp"

using namespace weir::fibers;
using namespace weir::fibers::test;

namespace {

enum class act : std::uint8_t { arrive, retract, expect, withdraw, fail, break_now, release_now };

// Calls for one party, in this order; those of different parties in every order.
struct script {
    std::size_t site;
    std::vector<act> acts;
};

struct scene {
    const char* what;
    std::size_t sites;
    bool cyclic;
    std::vector<script> scripts;
};

class play;

// A party with a lane that arrives whenever it is told to.
struct actor {
    actor(play& in, std::size_t at, worker& w) : whole{in}, site{at}, go{w} {}

    play& whole;
    std::size_t site;
    lane_party p;
    event go;
    std::size_t asked = 0;
    bool stays = true;  // by what it was answered last
    std::vector<decision> told;
    bool inside = false;
    bool over = false;
};

// One run of a scene, from fresh barriers to the end.
class play {
public:
    play(const scene& of, std::deque<world>& stage)
        : scene_{of}, stage_{stage}, whole_{static_cast<std::uint32_t>(of.sites)} {
        for (std::size_t i = 0; i < of.sites; ++i) {
            barriers_.push_back(std::make_unique<barrier>(
                stage[i]->at(0), this,
                barrier_options{.cyclic = of.cyclic,
                                .when_decided =
                                    [](barrier_core& b, const decision& d) noexcept {
                                        static_cast<play*>(b.owner)->decided(b, d);
                                    },
                                .with = &whole_}));
            logs_.emplace_back();
        }
        for (const script& s : of.scripts) {
            actors_.push_back(std::make_unique<actor>(*this, s.site, stage[s.site]->at(0)));
        }
        next_.resize(of.scripts.size());
        for (auto& a : actors_) {
            stage_[a->site].on_worker(at(a->site), [&] {
                REQUIRE(barriers_[a->site]->expect(a->p));
                REQUIRE(at(a->site).spawn(&play::live, a.get()) != nullptr);
            });
        }
        for (auto& b : barriers_) {
            b->open();
        }
        drain();
    }

    // How many ways there are to go on; 0: the scripts are over and all is quiet.
    std::size_t choices() {
        ways_.clear();
        for (std::size_t i = 0; i < actors_.size(); ++i) {
            if (next_[i] < scene_.scripts[i].acts.size()) {
                ways_.push_back({true, i});
            }
        }
        for (std::size_t i = 0; i < scene_.sites; ++i) {
            if (has_work(i)) {
                ways_.push_back({false, i});
            }
        }
        return ways_.size();
    }
    void choose(std::size_t n) {
        const way w = ways_[n];
        if (w.acts) {
            perform(*actors_[w.which], scene_.scripts[w.which].acts[next_[w.which]++]);
        } else {
            busy_[w.which] = stage_[w.which]->poll(1);
        }
    }
    // Lets everybody go home, and looks at what they were told.
    void end() {
        check_promises();
        check_waiting();
        const bool decided = barriers_[0]->state() != verdict::pending;
        barriers_[0]->break_now(reason::by_hand);
        for (auto& a : actors_) {
            a->over = true;
        }
        drain();
        for (auto& a : actors_) {
            REQUIRE_FALSE(a->inside);
            a->go.set();
        }
        drain();
        REQUIRE(running_ == 0);
        check_logs();
        REQUIRE((logs_[0].back().said.why == reason::by_hand || decided));
    }

private:
    struct way {
        bool acts;
        std::size_t which;
    };
    struct entry {
        decision said;
        std::uint32_t here;
    };

    worker& at(std::size_t site) { return stage_[site]->at(0); }

    bool has_work(std::size_t i) {
        pollfd on{stage_[i]->descriptor(), POLLIN, 0};
        return busy_[i] || ::poll(&on, 1, 0) == 1;
    }
    void drain() {
        busy_.assign(scene_.sites, true);
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < scene_.sites; ++i) {
                if (has_work(i)) {
                    busy_[i] = stage_[i]->poll();
                    more = true;
                }
            }
        }
    }
    void perform(actor& a, act what) {
        barrier& b = *barriers_[a.site];
        switch (what) {
        case act::arrive:
            ++a.asked;
            a.go.set();
            busy_[a.site] = true;
            break;
        case act::retract:
            busy_[a.site] = b.retract(a.p) || busy_[a.site];
            break;
        case act::expect:
            a.stays = b.expect(a.p) || a.stays;
            break;
        case act::withdraw:
            a.stays = !b.withdraw(a.p) && a.stays;
            busy_[a.site] = true;
            break;
        case act::fail:
            must_end_ = b.fail(a.p, reason::failed) || must_end_;
            busy_[a.site] = true;
            break;
        case act::break_now:
            b.break_now(reason::deadlock);
            busy_[a.site] = must_end_ = true;
            break;
        case act::release_now:
            b.release_now();
            busy_[a.site] = true;
            break;
        }
    }
    static void live(void* p) noexcept {
        auto& self = *static_cast<actor*>(p);
        ++self.whole.running_;
        for (std::size_t done = 0;;) {
            while (done == self.asked && !self.over) {
                self.go.wait();
                self.go.reset();
            }
            if (done == self.asked) {
                break;
            }
            ++done;
            self.inside = true;
            self.told.push_back(self.whole.barriers_[self.site]->arrive(self.p));
            self.inside = false;
        }
        --self.whole.running_;
    }
    void decided(barrier_core& b, const decision& d) noexcept {
        for (std::size_t i = 0; i < barriers_.size(); ++i) {
            if (barriers_[i].get() == &b) {
                logs_[i].push_back({d, b.arrived()});
            }
        }
    }
    // Everything is quiet: whoever waits does so because somebody is missing.
    void check_promises() {
        for (const auto& b : barriers_) {
            if (b->state() != verdict::pending) {
                return;
            }
        }
        REQUIRE_FALSE(must_end_);
        for (const auto& a : actors_) {
            const party_state s = a->p.state();
            REQUIRE(a->stays == (s == party_state::expected || s == party_state::arrived));
        }
    }
    void check_waiting() {
        for (const auto& a : actors_) {
            if (!a->inside) {
                continue;
            }
            std::size_t missing = 0;
            for (const auto& b : barriers_) {
                REQUIRE(b->state() == verdict::pending);
                REQUIRE(b->where() == phase::standing);
                b->for_each_missing([&](const party&) { ++missing; });
            }
            REQUIRE(missing != 0);
        }
    }
    void check_logs() {
        for (const auto& log : logs_) {
            REQUIRE(log.size() == logs_[0].size());
        }
        for (std::size_t n = 0; n < logs_[0].size(); ++n) {
            const decision& d = logs_[0][n].said;
            REQUIRE(d.generation == n + 1);
            std::uint32_t arrived = 0;
            for (const auto& log : logs_) {
                REQUIRE(log[n].said.kind == d.kind);
                REQUIRE(log[n].said.why == d.why);
                REQUIRE(log[n].said.culprit == d.culprit);
                REQUIRE(log[n].said.arrived == d.arrived);
                arrived += log[n].here;
            }
            REQUIRE(arrived == d.arrived);
        }
        std::vector<std::uint32_t> in_time(logs_[0].size() + 1);
        for (const auto& a : actors_) {
            std::uint32_t counted = 0;  // who comes again is told the same again
            for (const decision& d : a->told) {
                if (d.kind == verdict::pending) {
                    continue;  // taken back, or no party any more
                }
                const decision& all = logs_[0].at(d.generation - 1).said;
                REQUIRE(d.kind == all.kind);
                REQUIRE((d.why == all.why || d.late));
                if (!d.late && d.generation > counted) {
                    counted = d.generation;
                    ++in_time[d.generation];
                }
            }
        }
        for (std::size_t n = 0; n < logs_[0].size(); ++n) {
            REQUIRE(in_time[n + 1] == logs_[0][n].said.arrived);
        }
    }

    const scene& scene_;
    std::deque<world>& stage_;
    joint whole_;
    std::vector<std::unique_ptr<barrier>> barriers_;
    std::vector<std::vector<entry>> logs_;
    std::vector<std::unique_ptr<actor>> actors_;
    std::vector<std::size_t> next_;
    std::vector<bool> busy_;
    std::vector<way> ways_;
    std::size_t running_ = 0;
    bool must_end_ =
        false;  // something has been done that breaks it in this generation or the next
};

// Depth first, each path from the start again. What came of `path` is known up to its last entry.
std::size_t explore(const scene& s) {
    std::deque<world> stage;
    for (std::size_t i = 0; i < s.sites; ++i) {
        stage.emplace_back(runtime_options{.workers = 0});
    }
    struct fork {
        std::size_t taken;
        std::size_t ways;
    };
    std::vector<fork> path;
    std::size_t plays = 0;
    do {
        play p{s, stage};
        for (const fork& f : path) {
            REQUIRE(p.choices() == f.ways);
            p.choose(f.taken);
        }
        while (const std::size_t ways = p.choices()) {
            path.push_back({0, ways});
            p.choose(0);
        }
        p.end();
        ++plays;
        while (!path.empty() && ++path.back().taken == path.back().ways) {
            path.pop_back();
        }
    } while (!path.empty());
    while (!stage.empty()) {
        stage.pop_back();  // each looks for descriptors that were left behind
    }
    return plays;
}

}  // namespace

TEST_CASE(
    "in every order of calls and messages, all workers are told one thing, and nobody stays") {
    using enum act;
    const scene scenes[] = {
        {"two meet", 2, false, {{0, {arrive}}, {1, {arrive}}}},
        {"three on two workers", 2, false, {{0, {arrive}}, {1, {arrive}}, {1, {arrive}}}},
        {"an arrival is taken back", 2, false, {{0, {arrive, retract, arrive}}, {1, {arrive}}}},
        {"one withdraws", 2, false, {{0, {arrive}}, {1, {withdraw}}}},
        {"one withdraws after all", 2, false, {{0, {arrive}}, {1, {arrive, withdraw}}}},
        {"one fails", 2, false, {{0, {arrive}}, {1, {arrive, fail}}}},
        {"both fail", 2, false, {{0, {arrive, fail}}, {1, {arrive, fail}}}},
        {"three workers, one fails", 3, false, {{0, {arrive}}, {1, {arrive}}, {2, {fail}}}},
        {"broken by hand", 2, false, {{0, {arrive, break_now}}, {1, {arrive}}}},
        {"released by hand", 2, false, {{0, {arrive, release_now}}, {1, {arrive}}}},
        {"broken and released", 2, false, {{0, {arrive, break_now}}, {1, {release_now, arrive}}}},
        {"two generations", 2, true, {{0, {arrive, arrive}}, {1, {arrive, arrive}}}},
        {"the second one breaks", 2, true, {{0, {arrive, arrive}}, {1, {arrive, fail}}}},
        {"a hand between", 2, true, {{0, {arrive, release_now}}, {1, {arrive, arrive}}}},
        {"leaves between", 2, true, {{0, {arrive, withdraw}}, {1, {arrive, arrive}}}},
        {"leaves and comes again",
         2,
         true,
         {{0, {arrive, withdraw, expect, arrive}}, {1, {arrive}}}},
        {"joins between", 2, true, {{0, {withdraw, expect, arrive}}, {1, {release_now}}}},
        {"fails between", 2, true, {{0, {arrive, fail, expect}}, {1, {release_now, arrive}}}},
        {"breaks between", 2, true, {{0, {arrive, break_now}}, {1, {arrive, arrive}}}},
        {"a hand, and a break", 2, true, {{0, {arrive, break_now}}, {1, {release_now, arrive}}}},
        {"a hand, and one leaves", 2, true, {{0, {arrive, withdraw}}, {1, {release_now, arrive}}}},
        {"a third that only looks on", 3, true, {{0, {arrive, fail}}, {1, {arrive, arrive}}}},
    };
    for (const scene& s : scenes) {
        CAPTURE(s.what);
        const std::size_t plays = explore(s);
        CHECK(plays > 5);
    }
}
