// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "adapters/plan/nearest.hpp"

namespace weir::harness {

using plan::did_you_mean;
using plan::nearest;

}  // namespace weir::harness
