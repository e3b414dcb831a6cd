// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <stdint.h>

// A Go string's length as weir.h takes it. What is longer than that can say is longer than the library
// takes: it is refused, not cut.
#define LENGTH(text) \
    (_GoStringLen(text) < UINT32_MAX ? (uint32_t)_GoStringLen(text) : UINT32_MAX)
