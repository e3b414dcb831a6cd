// SPDX-License-Identifier: BSL-1.0
#include "examples/runner/story.hpp"

#include "examples/runner/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace weir::runner {

namespace {

// Parties of which each arrival is told; of more, every tenth part.
constexpr std::size_t few_parties = 16;
constexpr std::size_t few_names = 4;

template <class... Values>
std::string formatted(const char* how, Values... values) {
    std::array<char, 64> text;
    std::snprintf(text.data(), text.size(), how, values...);
    return text.data();
}

std::string time_text(std::int64_t ns) {
    return formatted("%7.2f", static_cast<double>(ns) / 1e9);
}

std::string path_of(const weir_event& event) {
    return printable({event.path == nullptr ? "" : event.path, event.path_length});
}

bool worth_telling(const barrier_view& barrier) {
    if (barrier.awaited() <= few_parties || barrier.missing() == 0) {
        return true;
    }
    const std::size_t tenth = barrier.awaited() / 10;
    return barrier.arrived() == 1 || barrier.arrived() % tenth == 0;
}

std::string missing_of(const json_value& fields) {
    const auto& missing = fields["missing"].items();
    std::string names;
    for (std::size_t i = 0; i < std::min(missing.size(), few_names); ++i) {
        names += (i == 0 ? "" : ", ") + missing[i].text();
    }
    if (missing.size() > few_names) {
        names += " and " + std::to_string(missing.size() - few_names) + " more";
    }
    return names;
}

}  // namespace

std::string duration_text(std::int64_t ns) {
    const std::int64_t seconds = ns / 1'000'000'000;
    if (seconds < 60) {
        return formatted("%.2f s", static_cast<double>(ns) / 1e9);
    }
    const auto minutes = static_cast<long long>(seconds / 60);
    if (minutes < 60) {
        return formatted("%lld m %02d s", minutes, static_cast<int>(seconds % 60));
    }
    return formatted("%lld h %02d m", minutes / 60, static_cast<int>(minutes % 60));
}

std::string bar_text(std::size_t part, std::size_t whole, std::size_t width, const marks& with) {
    const std::size_t cells = std::min(std::max<std::size_t>(whole, 1), width);
    const std::size_t full = whole == 0 ? 0 : part * cells / whole;
    std::string bar;
    for (std::size_t i = 0; i < cells; ++i) {
        bar += i < full ? with.full : with.empty;
    }
    return bar;
}

std::string story::mark_of(weir_outcome outcome) const {
    switch (outcome) {
    case WEIR_SUCCEEDED:
        return paint_(ink::green, marks_.done);
    case WEIR_SKIPPED:
        return paint_(ink::faint, marks_.skipped);
    case WEIR_IGNORED_FAILURE:
        return paint_(ink::yellow, marks_.failed);
    default:
        return paint_(ink::red, marks_.failed);
    }
}

std::string story::line(board& of, const weir_event& event, const json_value& fields,
                        bool steps_start) {
    std::string text;
    const std::string path = path_of(event);
    switch (event.kind) {
    case WEIR_EVENT_RUN_STARTED:
        text = paint_(ink::blue, marks_.running) + " " + paint_(ink::bold, of.run());
        break;
    case WEIR_EVENT_STEP_STARTED:
        if (steps_start || event.attempt > 1) {
            text = paint_(ink::blue, marks_.running) + " " + path;
            text += event.attempt > 1 ? ", try " + std::to_string(event.attempt) : "";
        }
        break;
    case WEIR_EVENT_STEP_FINISHED:
        if (event.outcome == WEIR_SUCCEEDED) {
            text = mark_of(event.outcome) + " " + path + "  " +
                   paint_(ink::faint, duration_text(of.took_ns()));
        }
        break;
    case WEIR_EVENT_NODE_FINISHED:
        text = node_line(of, event, fields);
        break;
    case WEIR_EVENT_CONTROL:
        text = paint_(ink::yellow, "!") + " " + printable(fields["action"].text());
        if (!fields["why"].text().empty()) {
            text += ": " + printable(fields["why"].text());
        }
        break;
    case WEIR_EVENT_LOG:
        text = paint_(ink::yellow, fields["level"].text() + ":") + " " +
               printable(fields["message"].text());
        break;
    default:
        if (event.kind > WEIR_EVENT_BARRIER_EXPECTED && event.kind <= WEIR_EVENT_BARRIER_VOIDED) {
            text = barrier_line(of, event, fields);
        }
    }
    if (text.empty()) {
        return text;
    }
    return paint_(ink::faint, time_text(event.t_ns)) + "  " + text;
}

std::string story::node_line(const board& of, const weir_event& event,
                             const json_value& fields) const {
    const std::string& kind = fields["kind"].text();
    const bool container = kind == "stage" || kind == "loop" || kind == "step_group";
    if (event.outcome == WEIR_SUCCEEDED && kind != "stage") {
        return {};
    }
    std::string text = mark_of(event.outcome) + " ";
    text += container ? paint_(ink::bold, path_of(event)) : path_of(event);
    if (event.outcome == WEIR_SUCCEEDED) {
        return text + "  " + paint_(ink::faint, duration_text(of.took_ns()));
    }
    std::string how = weir_outcome_name(event.outcome);
    std::ranges::replace(how, '_', ' ');
    text += " " + how;
    const std::string why = error_of(fields);
    return why.empty() ? text : text + ": " + printable(why);
}

std::string story::barrier_line(board& of, const weir_event& event,
                                const json_value& fields) const {
    barrier_view& barrier = of.barrier_of(fields);
    const std::string head =
        paint_(ink::cyan, std::string{marks_.barrier} + " " + printable(barrier.name())) + "  ";
    const std::string party = path_of(event);
    const std::string& reason = fields["reason"].text();
    const std::string& culprit = fields["culprit"].text();
    switch (event.kind) {
    case WEIR_EVENT_BARRIER_RELEASED:
        return head + paint_(ink::green, "released") + ": " + fields["parties"].text() +
               " go on together";
    case WEIR_EVENT_BARRIER_VOIDED:
        return head + "nobody is left to wait for";
    case WEIR_EVENT_BARRIER_BROKEN: {
        const std::string& why = fields["message"].text();
        std::string text = head + paint_(ink::red, "broken");
        text += reason.empty() || reason == "failed" ? "" : " (" + reason + ")";
        if (reason == "cancelled")
            return text;  // whoever was reached first is not to blame
        text += culprit.empty() ? "" : " by " + printable(culprit);
        text += why.empty() ? "" : ": " + printable(why);
        const std::string missing = missing_of(fields);
        return missing.empty() ? text : text + "; never arrived: " + printable(missing);
    }
    case WEIR_EVENT_BARRIER_RESERVED:
    case WEIR_EVENT_BARRIER_SETTLED:
        return {};
    default:
        break;
    }
    if ((event.flags & WEIR_EVENT_LATE) != 0) {
        return event.kind == WEIR_EVENT_BARRIER_ARRIVED ? head + party + " arrived late"
                                                        : std::string{};
    }
    if (!worth_telling(barrier)) {
        return {};
    }
    std::string text = head + bar_text(barrier.arrived(), barrier.awaited(), few_parties, marks_) +
                       " " + std::to_string(barrier.arrived()) + " of " +
                       std::to_string(barrier.awaited()) + "  " + party;
    text += event.kind == WEIR_EVENT_BARRIER_ARRIVED     ? " arrived"
            : event.kind == WEIR_EVENT_BARRIER_WITHDRAWN ? " withdrew"
            : event.kind == WEIR_EVENT_BARRIER_FAILED    ? " failed"
                                                         : " is awaited again";
    const std::string waiting = barrier.missing_names(few_names);
    return waiting.empty() ? text
                           : text + paint_(ink::faint, "; waiting for " + printable(waiting));
}

std::string story::output_line(std::int64_t now_ns, std::string_view path,
                               std::string_view text) const {
    return paint_(ink::faint, time_text(now_ns)) + "    " +
           paint_(ink::faint, printable(path) + " " + std::string{marks_.dash}) + " " +
           std::string{text};
}

std::string story::summary(const board& of, bool interrupted) const {
    const tally& counts = of.counts();
    const auto counted = [](std::size_t n, std::string_view one) {
        return std::to_string(n) + " " + std::string{one} + (n == 1 ? "" : "s");
    };
    std::string how = weir_outcome_name(of.outcome());
    std::ranges::replace(how, '_', ' ');
    std::string text = mark_of(of.outcome()) + " " + paint_(ink::bold, of.run() + " " + how) +
                       " in " + duration_text(of.now_ns()) + (interrupted ? " (interrupted)" : "") +
                       ": ";
    text += counted(counts.succeeded + counts.failed + counts.skipped + counts.other, "step");
    std::string parts;
    const auto part = [&parts](std::size_t n, std::string_view what) {
        if (n > 0) {
            parts += (parts.empty() ? "" : ", ") + std::to_string(n) + " " + std::string{what};
        }
    };
    part(counts.failed, "failed");
    part(counts.skipped, "skipped");
    part(counts.other, "cancelled or timed out");
    if (!parts.empty()) {
        text += " (" + parts + ")";
    }
    if (counts.barriers_released > 0) {
        text += ", " + counted(counts.barriers_released, "barrier") + " released";
    }
    if (counts.barriers_broken > 0) {
        text += ", " + counted(counts.barriers_broken, "barrier") + " broken";
    }
    constexpr std::size_t most_failures = 20;
    for (std::size_t i = 0; i < std::min(of.failures().size(), most_failures); ++i) {
        const failed_node& failed = of.failures()[i];
        text += "\n    " + paint_(ink::red, marks_.failed) + " " + printable(failed.path) + ": " +
                printable(failed.why);
    }
    if (of.failures().size() > most_failures) {
        text += "\n    and " + std::to_string(of.failures().size() - most_failures) + " more";
    }
    return text;
}

}  // namespace weir::runner
