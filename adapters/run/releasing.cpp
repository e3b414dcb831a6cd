// SPDX-License-Identifier: BSL-1.0
// What a barrier runs before anyone goes on: one lane, below the pipeline that declares it.
#include "adapters/run/lane.hpp"
#include "adapters/run/meet.hpp"
#include "adapters/run/run.hpp"
#include "adapters/run/tree.hpp"

#include <new>
#include <string>

namespace weir::runs {

namespace {

struct release {
    meeting& at;
    activation& steps;
    std::string_view path;
    std::uint32_t generation;
};

void finish(run& owner, release* done, outcome how) noexcept {
    auto& at = done->at;
    const auto path = done->path;
    const auto generation = done->generation;
    done->~release();
    owner.pool().deallocate(done, sizeof(release), alignof(release));
    at.releasing = nullptr;
    const bool well =
        how == outcome::succeeded || how == outcome::ignored_failure || how == outcome::skipped;
    if (!well && !at.decided())
        at.blamed = path;
    at.core.finish(generation, well ? fibers::reason::none : fibers::reason::failed);
}

void lane_body(void* argument) noexcept {
    auto* const mine = static_cast<release*>(argument);
    auto& owner = mine->at.owner;
    auto& around = *mine->steps.up();
    const auto how = walk(mine->steps);
    finish(owner, mine, how);
    owner.stalled().lane_ends(around, around.forked->join);
}

std::string_view path_of_release(const meeting& at) {
    auto& owner = at.owner;
    std::string_view path = at.names.id;
    if (at.what.cyclic)
        path = owner.keep(std::string{path} + "_" + std::to_string(at.core.generation() - 1));
    return owner.path_below(at.scope.path, path);
}

// The pipeline that declares it: a party of the barrier is in it, so it is under way.
activation& pipeline_of(const meeting& at) noexcept {
    auto& root = at.owner.root();
    for (auto* a = &root; a && at.scope.parent; a = next_below(a, root)) {
        if (a->what == at.scope.what && a->members == &at.scope)
            return *a;
    }
    return root;
}

// Throws before anything is to be ended again.
release& begin_steps(meeting& at) {
    auto& owner = at.owner;
    auto& around = pipeline_of(at);
    if (!around.forked)
        around.forked =
            new (owner.pool().allocate(sizeof(fork), alignof(fork))) fork{owner.home(), 0};
    const auto path = path_of_release(at);
    auto* const room = owner.pool().allocate(sizeof(release), alignof(release));
    try {
        auto& steps = owner.begin(&around, owner.document()[at.what.on_release], path);
        return *new (room) release{at, steps, steps.path, at.core.generation()};
    } catch (...) {
        owner.pool().deallocate(room, sizeof(release), alignof(release));
        throw;
    }
}

}  // namespace

void begin_release(fibers::barrier_core& core) noexcept {
    auto& at = *static_cast<meeting*>(core.owner);
    auto& owner = at.owner;
    release* made = nullptr;
    if (!owner.attempt([&] { made = &begin_steps(at); }))
        return core.finish(core.generation(), fibers::reason::failed);
    made->steps.up()->forked->join.add();
    stalls::lane_begins(*made->steps.up());
    at.releasing = &made->steps;
    if (owner.home().spawn(lane_body, made))
        return;
    owner.starve();
    lane_body(made);
}

void note_release(const activation& steps) noexcept {
    auto* const at = steps.owner.members().releasing(steps);
    if (at && !at->decided())
        at->cause = steps.lost_to;
}

void await_releases(activation& pipeline) noexcept {
    auto* const all = pipeline.forked;
    if (!all)
        return;
    if (all->join.open() != 0) {
        pipeline.joining = true;
        pipeline.owner.stalled().quieten(pipeline);
    }
    all->join.wait();
    all->~fork();
    pipeline.owner.pool().deallocate(all, sizeof(fork), alignof(fork));
    pipeline.forked = nullptr;
}

}  // namespace weir::runs
