// SPDX-License-Identifier: BSL-1.0
// What does not depend on who was faster.
#pragma once

#include <cstdio>
#include <string>

#include "abi/cpp/examples/host/day.hpp"
#include "abi/cpp/examples/host/pipeline.hpp"

/// The last name of a path.
inline std::string last(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

inline std::string verdict(const weir::decision& of) {
    switch (of.kind) {
    case weir::event_kind::barrier_released:
        return "released";
    case weir::event_kind::barrier_voided:
        return "voided";
    default:
        return "broken by " + last(of.culprit) + ": " + weir::name(of.reason);
    }
}

inline std::string value_of(const weir::decision& in, const std::string& task) {
    for (const auto& [lane, value] : in.values) {
        if (last(lane) == task)
            return " " + value;
    }
    return {};
}

inline void print(const day& today, const weir::decision& decided) {
    std::printf("barrier %s %u %s\n", decided.barrier.c_str(), decided.generation,
                verdict(decided).c_str());
    for (const auto& task : today.tasks()) {
        for (const meeting& met : task->met()) {
            if (met.barrier != decided.barrier || met.generation != decided.generation)
                continue;
            std::printf("  %s %s%s\n", task->name().c_str(), weir::name(met.outcome),
                        value_of(decided, task->name()).c_str());
        }
    }
}

inline void print(const day& today, const walk& through) {
    for (const planned_barrier& barrier : today.planned().barriers) {
        for (const weir::decision& decided : today.decisions()) {
            if (decided.barrier == barrier.name)
                print(today, decided);
        }
    }
    for (const auto& task : today.tasks()) {
        std::printf("task %s %s\n", task->name().c_str(), weir::name(task->outcome()));
    }
    for (const auto& [path, outcome] : through.nodes()) {
        std::printf("node %s %s\n", path.c_str(), weir::name(outcome));
    }
    std::printf("run %s\n", weir::name(through.outcome()));
}
