/* SPDX-License-Identifier: BSL-1.0
 *
 * A host whose decimal point is a comma: numbers in JSON are as ever. 77 when the environment
 * names no such locale. */
#include "life.h"

#include <locale.h>
#include <stdio.h>

static int numbers(const weir_api* api) {
    static const char strategy[] = "{repeat: {items: [0.25, 1e3, -7.5]}}";
    weir_loop loop = 0;
    weir_instance one;
    uint32_t count = 0;
    MUST(api->loop_open(strategy, sizeof strategy - 1, NULL, &loop, NULL, NULL, NULL, NULL) ==
         WEIR_OK);
    MUST(api->loop_next(loop, &one, sizeof one, 1, &count) == WEIR_OK && count == 1);
    MUST(strstr(one.values, "0.25") != NULL && strstr(one.values, "0,25") == NULL);
    MUST(api->loop_close(loop) == WEIR_OK);
    return 0;
}

int main(void) {
    char half[8];
    const weir_api* const api = weir_get_api(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR);
    if (setlocale(LC_ALL, "") == NULL || snprintf(half, sizeof half, "%.1f", 0.5) != 3 ||
        half[1] != ',') {
        puts("there is no locale with a comma");
        return 77;
    }
    const int failed = life(api);
    return failed ? failed : numbers(api);
}
