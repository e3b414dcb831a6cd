// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/yaml.hpp"

#include <string_view>

namespace weir::harness::yaml {

// [any] A copy of a value, aliases as what they stand for, in `target`: with its own positions, and
// texts of the document that it comes from, which must outlive `target`. What begins with
// `<+input>` joins target.inputs. `none` when `target` would hold more than `most` nodes.
[[nodiscard]] node_index import(document& target, value from, std::uint32_t most);

// An empty mapping at a position, and one more entry for a mapping. The value is aliased.
[[nodiscard]] node_index new_mapping(document& target, const plan::span& where);
void append_entry(document& target, node_index mapping, value key, node_index content);

// Makes a node stand for another of its document, in the place where it is.
void replace(document& target, node_index at, node_index by) noexcept;

// Gives a scalar another text, which is kept.
void set_text(document& target, node_index at, std::string_view text, kind what);

}  // namespace weir::harness::yaml
