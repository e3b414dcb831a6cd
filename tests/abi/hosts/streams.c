/* SPDX-License-Identifier: BSL-1.0
 *
 * A host without standard streams: whatever descriptor the library opens may be number 0, 1 or 2,
 * and nobody may write there. */
#include "life.h"

#include <unistd.h>

int main(void) {
    int pipes[2];
    char byte;
    (void)close(0);
    (void)close(1);
    (void)close(2);
    const weir_api* const api = weir_get_api(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR);
    MUST(life(api) == 0);

    /* The same where others see what is written: 0 and 1 are a pipe, and 2 its other name. */
    MUST(pipe(pipes) == 0 && pipes[0] == 0 && pipes[1] == 1 && dup(1) == 2);
    MUST(life(api) == 0);
    (void)close(1);
    (void)close(2);
    MUST(read(0, &byte, 1) == 0);
    return 0;
}
