// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/harness/context.hpp"
#include "adapters/harness/library.hpp"

namespace weir::harness {

[[nodiscard]] home home_of(yaml::value pipeline);

// Puts the content of templates where a pipeline, its stages, step groups and steps use them
// (`template: {templateRef, versionLabel, templateInputs}`), and of templates that those use. The
// user's own keys win over the template's; `templateInputs` are laid over what the template asks
// for. What cannot be resolved is told and stays as it is. Gives the pipeline as it is then.
[[nodiscard]] yaml::value expand_templates(context&, library&, yaml::document&,
                                           yaml::value pipeline, const home&);

}  // namespace weir::harness
