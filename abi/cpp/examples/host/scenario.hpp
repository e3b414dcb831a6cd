// SPDX-License-Identifier: BSL-1.0
// scenario.json: examples/scenario/README.md.
#pragma once

#include <chrono>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using milliseconds = std::chrono::milliseconds;

struct planned_step {
    std::string what;  // "work", "meet" ...
    std::string at, value, why, task;
    milliseconds takes{0}, patience{0};
    int times = 1;
};

struct planned_task {
    std::string name;
    std::vector<planned_step> steps;
};

struct planned_barrier {
    std::string name;
    bool cyclic = false;
};

struct scenario {
    std::string name, pipeline;
    std::vector<planned_barrier> barriers;
    std::vector<planned_task> tasks;
};

inline bool read_file(const std::string& name, std::string& into) {
    std::ifstream file(name, std::ios::binary);
    into.assign(std::istreambuf_iterator<char>(file), {});
    return file.is_open() && !file.bad();
}

inline planned_step read_step(const nlohmann::json& from) {
    planned_step read;
    read.what = from.value("do", "");
    read.at = from.value("at", "");
    read.why = from.value("why", "");
    read.task = from.value("task", "");
    read.takes = milliseconds(from.value("ms", 0));
    read.patience = milliseconds(from.value("timeout_ms", 0));
    read.times = from.value("times", 1);
    if (from.contains("value"))
        read.value = from["value"].dump();
    return read;
}

inline bool read_scenario(const std::string& folder, scenario& into) {
    std::string document;
    if (!read_file(folder + "/scenario.json", document))
        return false;
    const nlohmann::json from = nlohmann::json::parse(document, nullptr, false);
    if (!from.is_object())
        return false;
    into.name = from.value("name", "");
    into.pipeline = from.value("pipeline", "");
    for (const auto& barrier : from.value("barriers", nlohmann::json::array())) {
        into.barriers.push_back({barrier.value("name", ""), barrier.value("cyclic", false)});
    }
    for (const auto& task : from.value("tasks", nlohmann::json::array())) {
        planned_task& made = into.tasks.emplace_back();
        made.name = task.value("name", "");
        for (const auto& step : task.value("steps", nlohmann::json::array())) {
            made.steps.push_back(read_step(step));
        }
    }
    return true;
}
