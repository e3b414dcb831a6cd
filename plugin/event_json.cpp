// SPDX-License-Identifier: BSL-1.0
#include "plugin/event_json.hpp"

#include <weir/weir.h>

#include "adapters/plan/json.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

namespace weir::plugin {

namespace {

using runs::event_type;

// Events are written by the hundred thousand and hold mostly plain words: those are copied, the
// rest is the library's.
void quote(std::string& text, std::string_view value) {
    const bool plain = std::ranges::all_of(
        value, [](char c) { return c >= ' ' && c != '"' && c != '\\' && c != 0x7F; });
    if (plain) {
        text += '"';
        text += value;
        text += '"';
    } else {
        text += json(value).dump(-1, ' ', false, json::error_handler_t::replace);
    }
}

void key(std::string& text, std::string_view name) {
    text += text.back() == '{' ? "\"" : ",\"";
    text += name;
    text += "\":";
}

void add(std::string& text, std::string_view name, std::string_view value) {
    key(text, name);
    quote(text, value);
}

template <class Number>
void add_number(std::string& text, std::string_view name, Number value) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    key(text, name);
    text.append(digits, end);
}

void add_given(std::string& text, std::string_view name, std::string_view value) {
    if (!value.empty())
        add(text, name, value);
}

void add_list(std::string& text, std::string_view name,
              const std::vector<std::string_view>& values) {
    key(text, name);
    text += '[';
    for (const auto value : values) {
        if (text.back() != '[')
            text += ',';
        quote(text, value);
    }
    text += ']';
}

void add_barrier(std::string& text, const runs::event& e) {
    add(text, "barrier", e.barrier->id);
    add(text, "scope", e.barrier->scope);
    add_number(text, "generation", e.generation);
    add_given(text, "party", e.party);
    if (e.late) {
        key(text, "late");
        text += "true";
    }
}

bool is_decision(event_type type) noexcept {
    return type == event_type::barrier_released || type == event_type::barrier_broken ||
           type == event_type::barrier_voided;
}

bool is_of_party(event_type type) noexcept {
    return type == event_type::barrier_expected ||
           (type >= event_type::barrier_arrived && type <= event_type::barrier_retracted);
}

void add_decision(std::string& text, const runs::event_detail& d) {
    add_number(text, "parties", d.parties);
    if (d.quorum != 0)
        add_number(text, "quorum", d.quorum);
    add_given(text, "reason", d.reason);
    add_given(text, "culprit", d.culprit);
    add_given(text, "message", d.message);
    if (!d.missing.empty())
        add_list(text, "missing", d.missing);
}

// JSON that may have been written on several: what breaks lines there is white space.
void add_on_one_line(std::string& text, std::string_view other) {
    std::ranges::transform(other, std::back_inserter(text),
                           [](char c) { return c == '\n' || c == '\r' ? ' ' : c; });
}

void add_control(std::string& text, const runs::event_detail& d) {
    add(text, "action", d.action);
    add(text, "who", d.who);
    add_given(text, "why", d.why);
    add_given(text, "target", d.target);
    add_given(text, "message", d.message);
}

void add_detail(std::string& text, const runs::event& e) {
    const auto& d = *e.detail;
    switch (e.type) {
    case event_type::node_finished:
        key(text, "error");
        text += '{';
        add(text, "kind", d.error_kind);
        add(text, "message", d.message);
        text += '}';
        break;
    case event_type::control:
        add_control(text, d);
        break;
    case event_type::intervention_wanted:
    case event_type::intervention_closed:
        if (d.input.size() > 2)
            text.append(",").append(d.input, 1, d.input.size() - 2);
        break;
    case event_type::step_progress:
        key(text, "progress");
        add_on_one_line(text, d.input);
        break;
    case event_type::snapshot:
        key(text, "snapshot");
        text += d.input;
        break;
    case event_type::log:
        add(text, "level", d.error_kind);
        add(text, "message", d.message);
        break;
    default:
        break;
    }
}

bool is_slot(event_type type) noexcept {
    return type >= event_type::slot_waiting && type <= event_type::slot_given;
}

bool is_lock(event_type type) noexcept {
    return type >= event_type::lock_waiting && type <= event_type::lock_given;
}

}  // namespace

std::string control_json(const runs::event_detail& d) {
    std::string text{"{"};
    add_control(text, d);
    text += '}';
    return text;
}

void write_json(const runs::event& e, std::string_view run, std::string& text) {
    text.assign("{");
    add_number(text, "seq", e.seq);
    add_number(text, "t_ns", e.t_ns);
    add(text, "type", weir_event_name(static_cast<weir_event_kind>(e.type)));
    add(text, "run", run);
    if (is_of_party(e.type)) {
        add(text, "party", e.path);
    } else if (e.type == event_type::barrier_reserved || e.type == event_type::barrier_settled) {
        add(text, "node", e.path);
    } else {
        add_given(text, "path", e.path);
    }
    add_given(text, is_slot(e.type) ? "loop" : is_lock(e.type) ? "key" : "kind", e.kind);
    if (e.attempt != 0)
        add_number(text, "attempt", e.attempt);
    if (e.how != runs::outcome::none)
        add(text, "outcome", weir_outcome_name(static_cast<weir_outcome>(e.how)));
    if (e.starved)
        add(text, "reason", weir_reason_name(WEIR_REASON_NO_MEMORY));
    if (e.hard) {
        key(text, "hard");
        text += "true";
    }
    if (e.barrier)
        add_barrier(text, e);
    if (e.detail)
        is_decision(e.type) ? add_decision(text, *e.detail) : add_detail(text, e);
    text += '}';
}

}  // namespace weir::plugin
