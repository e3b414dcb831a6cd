// SPDX-License-Identifier: BSL-1.0
// Random hosts against a model that knows nothing of graphs: it lets everybody who can move fail,
// again and again, and whoever still waits then is stuck.
#include "tests/plugin/sequential.hpp"

#include <cstdlib>
#include <map>
#include <optional>
#include <random>
#include <set>

using namespace weir::plugin::test;

namespace {

constexpr int64_t an_hour = 3'600'000'000'000;

struct model {
    struct lane {
        bool ended = false;
        int under = -1;
        std::optional<int> barrier;  // where it waits
        std::optional<int> gate;
        [[nodiscard]] bool waits() const { return barrier || gate; }
    };
    struct barrier {
        std::set<int> missing, arrived;
        std::size_t quorum = 0;
        int held_by = 0;  // what else keeps it: not open, places reserved, parties without a name
        bool completes = false, completing = false, decided = false;
    };
    struct gate {
        std::set<int> holders;
        std::vector<int> queue;
    };

    std::vector<lane> lanes;
    std::vector<barrier> barriers;
    std::vector<gate> gates;

    void let_go(int at) {
        for (lane& l : lanes) {
            if (l.barrier == at)
                l.barrier.reset();
        }
        barriers[static_cast<std::size_t>(at)].decided = true;
        barriers[static_cast<std::size_t>(at)].completing = false;
    }

    // What would become of all, if those who can move did nothing but fail: where nothing is told
    // then, nothing can ever be.
    [[nodiscard]] std::pair<std::set<int>, std::set<int>> stuck() const {
        model m = *this;
        for (bool moved = true; moved;) {
            moved = false;
            std::set<int> able;
            for (std::size_t i = 0; i < m.lanes.size(); ++i) {
                if (m.lanes[i].ended || m.lanes[i].waits())
                    continue;
                for (int up = static_cast<int>(i); up >= 0;
                     up = m.lanes[static_cast<std::size_t>(up)].under)
                    able.insert(up);
            }
            for (std::size_t i = 0; i < m.barriers.size(); ++i) {
                barrier& b = m.barriers[i];
                const bool can =
                    std::ranges::any_of(b.missing, [&](int who) { return able.contains(who); });
                if (!b.decided && (b.held_by != 0 || b.completing || can)) {
                    m.let_go(static_cast<int>(i));
                    moved = true;
                }
            }
            for (gate& g : m.gates) {
                const bool can =
                    std::ranges::any_of(g.holders, [&](int who) { return able.contains(who); });
                if (can && !g.queue.empty()) {
                    for (const int who : std::exchange(g.queue, {}))
                        m.lanes[static_cast<std::size_t>(who)].gate.reset();
                    moved = true;
                }
            }
        }
        std::pair<std::set<int>, std::set<int>> found;
        for (std::size_t i = 0; i < m.lanes.size(); ++i) {
            if (m.lanes[i].barrier)
                found.first.insert(*m.lanes[i].barrier);
            if (m.lanes[i].gate)
                found.second.insert(static_cast<int>(i));
        }
        return found;
    }
};

// A host and what the model makes of the same. What happened is told by the library; why something
// may have happened, by the model.
class trial {
public:
    explicit trial(std::uint64_t seed) : dice_{seed} {
        const int lanes = roll(2, 7);
        for (int i = 0; i < lanes; ++i) {
            const int under = i > 0 && roll(0, 4) == 0 ? roll(0, i - 1) : -1;
            lanes_.push_back(
                host_.lane(std::to_string(i), 0, under < 0 ? 0 : lanes_[index(under)]));
            model_.lanes.emplace_back().under = under;
        }
        for (int i = 0, n = roll(1, 6); i < n; ++i)
            add_barrier();
        for (int i = 0, n = roll(0, 2); i < n; ++i) {
            gates_.push_back(
                host_.gate("g" + std::to_string(i), static_cast<uint32_t>(roll(1, 2))));
            model_.gates.emplace_back();
        }
    }

    void go_on() {
        for (int steps = roll(5, 60); steps > 0; --steps) {
            INFO("before the last:" << said_);
            act();
            INFO("the last:" << said_.substr(said_.rfind('\n')));
            hear();
            const auto left = model_.stuck();
            REQUIRE(left.first.empty());
            REQUIRE(left.second.empty());
        }
    }

    int stalls = 0;
    int released = 0;

private:
    int roll(int least, int most) { return std::uniform_int_distribution{least, most}(dice_); }
    void say(const std::string& what) { said_ += "\n  " + what; }
    static std::size_t index(int i) { return static_cast<std::size_t>(i); }

    void add_barrier() {
        model::barrier b;
        const bool unnamed = roll(0, 7) == 0;
        b.completes = roll(0, 7) == 0;
        std::vector<int> parties;
        for (int i = 0; i < static_cast<int>(lanes_.size()); ++i) {
            if (roll(0, 2) != 0)
                parties.push_back(i);
        }
        if (parties.empty())
            parties.push_back(0);
        if (roll(0, 5) == 0)
            b.quorum = index(roll(1, static_cast<int>(parties.size())));
        const auto at = host_.barrier("b" + std::to_string(barriers_.size()), unnamed ? 1 : 0,
                                      b.completes ? WEIR_BARRIER_COMPLETES : 0,
                                      unnamed ? 0 : static_cast<uint32_t>(b.quorum));
        b.quorum = unnamed ? 0 : b.quorum;
        for (const int who : parties) {
            REQUIRE(weir_lane_expect(lanes_[index(who)], at) == WEIR_OK);
            b.missing.insert(who);
        }
        b.held_by = unnamed ? 1 : 0;
        if (!unnamed && roll(0, 7) != 0)
            REQUIRE(weir_barrier_open(at) == WEIR_OK);
        else if (!unnamed)
            b.held_by = 1;
        std::string who_all;
        for (const int who : parties)
            who_all += " " + std::to_string(who);
        say("b" + std::to_string(barriers_.size()) + " of" + who_all + ", quorum " +
            std::to_string(b.quorum) + (unnamed ? ", one more" : "") +
            (b.held_by != 0 ? ", held" : "") + (b.completes ? ", completes" : ""));
        by_handle_[at] = static_cast<int>(barriers_.size());
        barriers_.push_back(at);
        model_.barriers.push_back(std::move(b));
        unnamed_.push_back(unnamed);
    }

    void act() {
        const int who = roll(0, static_cast<int>(lanes_.size()) - 1);
        const int at = roll(0, static_cast<int>(barriers_.size()) - 1);
        const int gate = roll(0, static_cast<int>(gates_.size()) - 1 + (gates_.empty() ? 1 : 0));
        const int what = roll(0, 23);
        if (what == 0) {
            end(who);
        } else if (what == 1) {
            withdraw(who, at);
        } else if (what == 2) {
            retract(who, at);
        } else if (what <= 5) {
            open(at);
        } else if (what <= 10 && !gates_.empty()) {
            take(who, gate);
        } else if (what == 11 && !gates_.empty()) {
            give(who, gate);
        } else {
            arrive(who, what < 22 ? one_that_waits_for(who, at) : at);
        }
    }
    [[nodiscard]] int one_that_waits_for(int who, int otherwise) {
        std::vector<int> all;
        for (int at = 0; at < static_cast<int>(barriers_.size()); ++at) {
            if (model_.barriers[index(at)].missing.contains(who) &&
                !model_.barriers[index(at)].decided)
                all.push_back(at);
        }
        return all.empty() ? otherwise : all[index(roll(0, static_cast<int>(all.size()) - 1))];
    }

    void arrive(int who, int at) {
        say("arrival of " + std::to_string(who) + " at b" + std::to_string(at));
        auto& l = model_.lanes[index(who)];
        auto& b = model_.barriers[index(at)];
        const bool known = b.missing.contains(who);
        const auto status =
            host_.arrive(lanes_[index(who)], barriers_[index(at)], static_cast<uint64_t>(who),
                         roll(0, 4) != 0 ? -1 : an_hour);
        if (l.ended) {
            REQUIRE(status == WEIR_E_STALE);
        } else if (l.waits()) {
            REQUIRE(status == WEIR_E_BUSY);
        } else if (status == WEIR_OK && !b.decided) {
            const bool stranger = !known && unnamed_[index(at)] && b.held_by == 1;
            REQUIRE((known || stranger));
            b.held_by -= stranger ? 1 : 0;
            b.missing.erase(who);
            b.arrived.insert(who);
            l.barrier = at;
            pass(at);
        }
    }
    void end(int who) {
        say("end of " + std::to_string(who));
        const bool well = roll(0, 2) != 0;
        const auto status =
            weir_lane_finish(lanes_[index(who)], well ? WEIR_SUCCEEDED : WEIR_FAILED);
        REQUIRE(status == (model_.lanes[index(who)].ended ? WEIR_E_STALE : WEIR_OK));
        if (status == WEIR_OK)
            end(who, well);
    }
    void end(int who, bool well) {
        for (int below = 0; below < static_cast<int>(model_.lanes.size()); ++below) {
            if (model_.lanes[index(below)].under == who && !model_.lanes[index(below)].ended)
                end(below, well);
        }
        auto& l = model_.lanes[index(who)];
        for (int at = 0; at < static_cast<int>(model_.barriers.size()); ++at) {
            auto& b = model_.barriers[index(at)];
            const bool party = b.missing.contains(who) || b.arrived.contains(who);
            if (!party || b.decided)
                continue;
            const bool lost = !well || (b.completing && b.arrived.contains(who));
            b.missing.erase(who);
            b.arrived.erase(who);
            if (lost && (b.quorum == 0 || (b.completing && b.arrived.size() < b.quorum)))
                model_.let_go(at);
            pass(at);
        }
        for (auto& g : model_.gates) {
            std::erase(g.queue, who);
            g.holders.erase(who);
        }
        l.ended = true;
        l.barrier.reset();
        l.gate.reset();
    }
    void withdraw(int who, int at) {
        say("withdrawal of " + std::to_string(who) + " from b" + std::to_string(at));
        auto& l = model_.lanes[index(who)];
        auto& b = model_.barriers[index(at)];
        if (weir_lane_withdraw(lanes_[index(who)], barriers_[index(at)]) != WEIR_OK)
            return;
        b.missing.erase(who);
        b.arrived.erase(who);
        if (l.barrier == at)
            l.barrier.reset();
        pass(at);
    }
    void retract(int who, int at) {
        say("retraction of " + std::to_string(who) + " from b" + std::to_string(at));
        if (weir_lane_retract(lanes_[index(who)], barriers_[index(at)]) != WEIR_OK)
            return;
        auto& b = model_.barriers[index(at)];
        b.arrived.erase(who);
        b.missing.insert(who);
        model_.lanes[index(who)].barrier.reset();
    }
    void open(int at) {
        auto& b = model_.barriers[index(at)];
        if (b.completing) {
            say("completion of b" + std::to_string(at));
            REQUIRE(weir_barrier_complete(barriers_[index(at)], 1, WEIR_SUCCEEDED) == WEIR_OK);
            model_.let_go(at);
            return;
        }
        say("opening of b" + std::to_string(at));
        if (unnamed_[index(at)])
            return;
        REQUIRE(weir_barrier_open(barriers_[index(at)]) == WEIR_OK);
        b.held_by = 0;
        pass(at);
    }
    void take(int who, int at) {
        say("a slot for " + std::to_string(who) + " of g" + std::to_string(at));
        auto& l = model_.lanes[index(who)];
        auto& g = model_.gates[index(at)];
        const auto status =
            weir_lane_take_slot(lanes_[index(who)], gates_[index(at)], static_cast<uint64_t>(who));
        if (l.ended) {
            REQUIRE(status == WEIR_E_STALE);
        } else if (l.waits() || g.holders.contains(who)) {
            REQUIRE(status == WEIR_E_BUSY);
        } else {
            REQUIRE(status == WEIR_OK);
            l.gate = at;
            g.queue.push_back(who);
        }
    }
    void give(int who, int at) {
        say("a slot given by " + std::to_string(who) + " of g" + std::to_string(at));
        auto& l = model_.lanes[index(who)];
        auto& g = model_.gates[index(at)];
        if (weir_lane_give_slot(lanes_[index(who)], gates_[index(at)]) != WEIR_OK)
            return;
        if (g.holders.erase(who) == 0) {
            std::erase(g.queue, who);
            l.gate.reset();
        }
    }

    // All have come, or enough.
    void pass(int at) {
        auto& b = model_.barriers[index(at)];
        if (b.decided || b.completing || b.held_by != 0)
            return;
        if (b.quorum == 0 ? !b.missing.empty() : b.arrived.size() < b.quorum) {
            if (b.quorum != 0 && b.arrived.size() + b.missing.size() < b.quorum)
                model_.let_go(at);
            return;
        }
        if (b.completes && !b.arrived.empty()) {
            b.completing = true;
            return;
        }
        ++released;
        model_.let_go(at);
    }

    // Compares what was told with what the model has made of the call, and with what it calls
    // stuck.
    void hear() {
        std::vector<int> broken;
        std::vector<int> refused;
        std::vector<std::pair<int, int>> granted;
        std::map<int, model::barrier> before;
        for (const told& t : host_.take(256)) {
            const bool deadlock = t.event.reason == WEIR_REASON_DEADLOCK;
            if (t.event.kind == WEIR_EVENT_BARRIER_BROKEN && deadlock) {
                broken.push_back(by_handle_.at(t.event.barrier));
                REQUIRE(t.input.find("\"message\":\"barrier '") != std::string::npos);
            } else if (t.event.kind == WEIR_EVENT_SLOT_DONE && t.event.outcome == WEIR_FAILED) {
                refused.push_back(static_cast<int>(t.event.tag));
            } else if (t.event.kind == WEIR_EVENT_SLOT_DONE && t.event.outcome == WEIR_SUCCEEDED) {
                granted.emplace_back(static_cast<int>(t.event.tag), gate_of(t));
            }
        }
        for (const auto& [who, at] : granted) {
            auto& g = model_.gates[index(at)];
            model_.lanes[index(who)].gate.reset();
            std::erase(g.queue, who);
            if (!model_.lanes[index(who)].ended)
                g.holders.insert(who);
        }
        REQUIRE(std::ranges::is_sorted(broken));
        const auto stuck = model_.stuck();
        for (const int at : broken) {
            INFO("b" << at << " was not stuck");
            REQUIRE(stuck.first.contains(at));
        }
        for (const int who : refused) {
            INFO(who << " was not stuck at its gate");
            REQUIRE(stuck.second.contains(who));
        }
        for (const int at : broken)
            model_.let_go(at);
        for (const int who : refused) {
            auto& l = model_.lanes[index(who)];
            std::erase(model_.gates[index(*l.gate)].queue, who);
            l.gate.reset();
        }
        stalls += static_cast<int>(broken.size() + refused.size());
    }
    [[nodiscard]] int gate_of(const told& t) const {
        const auto at = std::ranges::find(gates_, t.event.barrier);
        return static_cast<int>(at - gates_.begin());
    }

    std::mt19937_64 dice_;
    sequential_host host_;
    model model_;
    std::vector<weir_lane> lanes_;
    std::vector<weir_barrier> barriers_;
    std::vector<weir_gate> gates_;
    std::vector<bool> unnamed_;
    std::map<weir_barrier, int> by_handle_;
    std::string said_;
};

}  // namespace

TEST_CASE("random hosts: what breaks is stuck, and nothing that is stuck is left") {
    const char* const wanted = std::getenv("WEIR_RANDOM_PLANS");
    const std::uint64_t trials = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 2000;
    int stalls = 0;
    int released = 0;
    for (std::uint64_t seed = 1; seed <= trials; ++seed) {
        INFO("seed " << seed);
        trial one{seed};
        one.go_on();
        stalls += one.stalls > 0 ? 1 : 0;
        released += one.released > 0 ? 1 : 0;
    }
    std::printf("%llu random hosts: %d had a stall, %d a release\n",
                static_cast<unsigned long long>(trials), stalls, released);
    CHECK(stalls * 10 > static_cast<int>(trials));
    CHECK(released * 10 > static_cast<int>(trials));
}
