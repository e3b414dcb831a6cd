// SPDX-License-Identifier: BSL-1.0
#include "adapters/run/simulation.hpp"

#include "adapters/plan/json.hpp"

#include <cmath>

namespace weir::runs {

namespace {

constexpr double longest_ms = 1e12;  // 31 years: keeps nanoseconds within 64 bits

bool read_duration(const json& value, std::int64_t& duration_ns, std::string& error) {
    if (!value.is_number() || !(value.get<double>() >= 0) || value.get<double>() > longest_ms) {
        error = "a duration is a number of milliseconds from 0 to 1e12, not " + value.dump();
        return false;
    }
    duration_ns = std::llround(value.get<double>() * 1e6);
    return true;
}

bool read_outcome(const json& value, outcome& how, std::string& error) {
    const std::string word = value.is_string() ? value.get<std::string>() : value.dump();
    if (word == "succeeded") {
        how = outcome::succeeded;
    } else if (word == "failed") {
        how = outcome::failed;
    } else if (word == "skipped") {
        how = outcome::skipped;
    } else {
        error = "a simulated step's outcome is succeeded, failed or skipped, not " + word;
        return false;
    }
    return true;
}

bool read_behaviour(const json& entry, simulation::behaviour& step, std::string& error) {
    if (!entry.is_object()) {
        error = "steps." + step.pattern + " is not an object";
        return false;
    }
    for (const auto& [key, value] : entry.items()) {
        if (key == "ms") {
            if (!read_duration(value, step.duration_ns, error))
                return false;
        } else if (key == "outcome") {
            if (!read_outcome(value, step.how, error))
                return false;
        } else if (key == "message" && value.is_string()) {
            step.message = value.get<std::string>();
        } else if (key == "outputs" && value.is_object()) {
            step.outputs = value.dump();
        } else {
            error = "steps." + step.pattern + " has no key '" + key +
                    "' of this kind: ms, outcome, message, outputs";
            return false;
        }
    }
    return true;
}

std::string_view next_segment(std::string_view& path) {
    const auto slash = path.find('/');
    const auto segment = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    return segment;
}

bool matches(std::string_view pattern, std::string_view path) {
    while (!pattern.empty() && !path.empty()) {
        const auto wanted = next_segment(pattern);
        const auto there = next_segment(path);
        if (wanted != "*" && wanted != there)
            return false;
    }
    return pattern.empty() && path.empty();
}

}  // namespace

std::shared_ptr<const simulation> simulation::parse(std::string_view text, std::string& error) {
    auto made = std::make_shared<simulation>();
    if (text.empty())
        return made;
    const json document = json::parse(text, nullptr, false);
    if (!document.is_object()) {
        error = "the simulation is not a JSON object";
        return nullptr;
    }
    if (const auto found = document.find("default_ms"); found != document.end()) {
        if (!read_duration(*found, made->default_.duration_ns, error))
            return nullptr;
    }
    for (const auto& [key, value] : document.items()) {
        if (key == "default_ms")
            continue;
        if (key != "steps" || !value.is_object()) {
            error = "a simulation has the keys default_ms and steps (an object), not '" + key + "'";
            return nullptr;
        }
        for (const auto& [path, entry] : value.items()) {
            behaviour step = made->default_;
            step.pattern = path;
            if (!read_behaviour(entry, step, error))
                return nullptr;
            made->steps_.push_back(std::move(step));
        }
    }
    return made;
}

const simulation::behaviour& simulation::of(std::string_view path) const noexcept {
    for (const auto& step : steps_) {
        if (matches(step.pattern, path))
            return step;
    }
    return default_;
}

}  // namespace weir::runs
