// SPDX-License-Identifier: BSL-1.0
#include "tests/support/proof_nodes.hpp"

namespace weir::test {

node_rules::node* node_rules::nearest_above(std::string_view path) {
    for (auto slash = path.rfind('/'); slash != std::string_view::npos; slash = path.rfind('/')) {
        path = path.substr(0, slash);
        if (const auto found = nodes_.find(std::string{path}); found != nodes_.end())
            return &found->second;
    }
    return nullptr;
}

bool node_rules::tried_again(std::string_view path) const {
    for (auto slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
        const std::string group{path.substr(0, slash)};
        const auto below = path.substr(slash + 1);
        const int now = below.starts_with('#') ? std::stoi(std::string{below.substr(1)}) : 1;
        if (above_.contains(group + "/#" + std::to_string(now + 1)))
            return true;
    }
    return false;
}

std::size_t node_rules::started_at(const std::string& path) const {
    const auto found = nodes_.find(path);
    return found == nodes_.end() ? 0 : found->second.started;
}

void node_rules::node_started(const record& event) {
    const std::string path = event.text("path");
    const auto [found, added] = nodes_.try_emplace(path);
    if (!added) {
        event.wrong("node '" + path + "' starts a second time");
        return;
    }
    found->second.started = event.line();
    found->second.kind = event.text("kind");
    ++event.into().nodes;
    if (above_.contains(path))
        event.wrong("node '" + path + "' starts after nodes in it");
    for (auto slash = path.rfind('/'); slash != std::string::npos && slash > 0;
         slash = path.rfind('/', slash - 1)) {
        if (!above_.insert(path.substr(0, slash)).second)
            break;
    }
    if (node* around = nearest_above(path)) {
        ++around->open_children;
        if (around->finished != 0)
            event.wrong("node '" + path + "' starts after the node around it finished");
    }
}

void node_rules::node_finished(const record& event) {
    const std::string path = event.text("path");
    static_cast<void>(event.outcome());
    const auto found = nodes_.find(path);
    if (found == nodes_.end()) {
        event.wrong("node '" + path + "' finishes and never started");
        return;
    }
    node& ended = found->second;
    if (ended.finished != 0) {
        event.wrong("node '" + path + "' finishes a second time");
        return;
    }
    ended.finished = event.line();
    if (ended.kind != event.text("kind"))
        event.wrong("node '" + path + "' finishes as another kind");
    if (ended.open_children != 0)
        event.wrong("node '" + path + "' finishes before nodes in it");
    if (ended.trying)
        event.wrong("node '" + path + "' finishes before its step");
    if (node* around = nearest_above(path); around && around->open_children > 0)
        --around->open_children;
}

void node_rules::step_started(const record& event) {
    const std::string path = event.text("path");
    const auto found = nodes_.find(path);
    if (found == nodes_.end() || found->second.finished != 0) {
        event.wrong("step '" + path + "' starts outside its node");
        return;
    }
    node& of = found->second;
    if (of.trying)
        event.wrong("step '" + path + "' starts while a try of it is under way");
    if (event.number("attempt") != ++of.attempts)
        event.wrong("step '" + path + "': tries do not count 1, 2, 3");
    of.trying = true;
    ++event.into().steps;
    check_slots(path, event);
}

// Whoever is in a turn that has had a slot does something only while it has one.
void node_rules::check_slots(const std::string& path, const record& event) const {
    for (auto at = std::string_view{path}; !slots_.empty() && !at.empty();) {
        const auto found = slots_.find(std::string{at});
        if (found != slots_.end() && !found->second.held) {
            event.wrong("step '" + path + "' is under way while '" + std::string{at} +
                        "' has no slot");
        }
        const auto slash = at.rfind('/');
        at = at.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
}

void node_rules::step_finished(const record& event) {
    const std::string path = event.text("path");
    static_cast<void>(event.outcome());
    const auto found = nodes_.find(path);
    if (found == nodes_.end() || !found->second.trying) {
        event.wrong("step '" + path + "' finishes and is not under way");
        return;
    }
    if (event.number("attempt") != found->second.attempts) {
        event.wrong("step '" + path + "' finishes another try than it started");
    }
    found->second.trying = false;
    check_slots(path, event);
}

void node_rules::slot(std::string_view type, const record& event) {
    const std::string path = event.text("path");
    static_cast<void>(event.text("loop"));
    slot_state& of = slots_[path];
    of.line = event.line();
    if (type == "slot.waiting") {
        if (of.waiting || of.held)
            event.wrong("'" + path + "' waits for a slot twice, or holds one");
        of.waiting = true;
    } else if (type == "slot.taken") {
        if (of.held)
            event.wrong("'" + path + "' takes a second slot");
        of.waiting = false;
        of.held = true;
    } else {
        if (!of.held)
            event.wrong("'" + path + "' gives back a slot that it does not hold");
        of.held = false;
    }
}

void node_rules::end(proof& into) const {
    for (const auto& [path, known] : nodes_) {
        if (known.finished == 0)
            into.violations.push_back({known.started, "node '" + path + "' never finishes"});
    }
    for (const auto& [path, slot] : slots_) {
        if (slot.held)
            into.violations.push_back(
                {slot.line, "the slot of '" + path + "' is never given back"});
    }
}

}  // namespace weir::test
