// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <yaml.h>

#include <cstddef>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>

namespace weir::bench {

// Walks a text with libyaml's own parser and keeps nothing: how many events it has.
inline std::size_t yaml_events(const std::string& text) {
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser))
        throw std::bad_alloc{};
    const std::unique_ptr<yaml_parser_t, decltype(&yaml_parser_delete)> owned{&parser,
                                                                              yaml_parser_delete};
    yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
    std::size_t events = 0;
    for (bool more = true; more; ++events) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event))
            throw std::runtime_error{"libyaml refuses the document"};
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return events;
}

}  // namespace weir::bench
