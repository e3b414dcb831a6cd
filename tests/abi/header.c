/* SPDX-License-Identifier: BSL-1.0
 * Compiled as C and as C++: the header must stand alone, and twice. */
#include <weir/weir.h>
#include <weir/weir.h>
#include <weir/weir_api.h>
#include <weir/weir_api.h>

int main(void) { return weir_version() == 0; }
