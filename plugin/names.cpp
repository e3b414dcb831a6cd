// SPDX-License-Identifier: BSL-1.0
#include <weir/weir.h>

#include "adapters/run/event.hpp"

// The three lists of numbers are one: the header's, the run's and abi/codes.def.
#define WEIR_STATUS(name, number, text) static_assert(WEIR_##name == (number));
#define WEIR_OUTCOME(name, number, text) static_assert(WEIR_##name == (number));
#define WEIR_REASON(name, number, text) static_assert(WEIR_REASON_##name == (number));
#define WEIR_EVENT(name, number, text) static_assert(WEIR_EVENT_##name == (number));
#include "abi/codes.def"
#undef WEIR_STATUS
#undef WEIR_OUTCOME
#undef WEIR_REASON
#undef WEIR_EVENT

static_assert(WEIR_IGNORED_FAILURE == static_cast<int>(weir::runs::outcome::ignored_failure));
static_assert(WEIR_EVENT_STEP_CANCEL == static_cast<unsigned>(weir::runs::event_type::step_cancel));
static_assert(WEIR_EVENT_INTERVENTION_CLOSED ==
              static_cast<unsigned>(weir::runs::event_type::intervention_closed));
static_assert(WEIR_EVENT_BARRIER_VOIDED ==
              static_cast<unsigned>(weir::runs::event_type::barrier_voided));
static_assert(WEIR_EVENT_SLOT_GIVEN == static_cast<unsigned>(weir::runs::event_type::slot_given));
static_assert(WEIR_EVENT_LOG == static_cast<unsigned>(weir::runs::event_type::log));

extern "C" {

const char* weir_version(void) noexcept {
    return WEIR_VERSION_TEXT;
}

uint32_t weir_abi_version(void) noexcept {
    return WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR;
}

const char* weir_status_name(weir_status status) noexcept {
    switch (status) {
#define WEIR_STATUS(name, number, text) \
    case number:                        \
        return "WEIR_" #name;
#include "abi/codes.def"
#undef WEIR_STATUS
    default:
        return "unknown";
    }
}

const char* weir_status_text(weir_status status) noexcept {
    switch (status) {
#define WEIR_STATUS(name, number, text) \
    case number:                        \
        return text;
#include "abi/codes.def"
#undef WEIR_STATUS
    default:
        return "a status that this library does not know";
    }
}

const char* weir_outcome_name(weir_outcome outcome) noexcept {
    switch (outcome) {
#define WEIR_OUTCOME(name, number, text) \
    case number:                         \
        return text;
#include "abi/codes.def"
#undef WEIR_OUTCOME
    default:
        return "unknown";
    }
}

const char* weir_reason_name(weir_reason reason) noexcept {
    switch (reason) {
#define WEIR_REASON(name, number, text) \
    case number:                        \
        return text;
#include "abi/codes.def"
#undef WEIR_REASON
    default:
        return "unknown";
    }
}

const char* weir_event_name(weir_event_kind kind) noexcept {
    switch (kind) {
#define WEIR_EVENT(name, number, text) \
    case number:                       \
        return text;
#include "abi/codes.def"
#undef WEIR_EVENT
    default:
        return "unknown";
    }
}

}  // extern "C"
