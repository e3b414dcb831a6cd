// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/run/event.hpp"

#include <string>
#include <string_view>

namespace weir::plugin {

// Writes an event as one JSON object on one line, over what `text` holds (docs/events.md).
// [consumer]
void write_json(const runs::event&, std::string_view run, std::string& text);

// What a control event says, as one JSON object.
[[nodiscard]] std::string control_json(const runs::event_detail&);

}  // namespace weir::plugin
