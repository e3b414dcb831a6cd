/* SPDX-License-Identifier: BSL-1.0
 *
 * Two copies of the library in one process, as when two plugins bring their own: copies LIBRARY
 * COPY. Each lives its life, and knows nothing of the other's handles. */
#include "life.h"

#include <dlfcn.h>
#include <stdio.h>

static const weir_api* open_copy(const char* file) {
    void* const handle = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    const weir_api* (*get)(uint32_t) = NULL;
    if (handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return NULL;
    }
    *(void**)&get = dlsym(handle, "weir_get_api");
    return get(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR);
}

static int strangers(const weir_api* a, const weir_api* b) {
    weir_runtime_options options = {.struct_size = sizeof options, .flags = WEIR_RUNTIME_POLLED};
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_scope scope = 0;
    MUST(a->runtime_create(&options, &runtime, NULL) == WEIR_OK);
    MUST(a->queue_create(NULL, &queue, NULL) == WEIR_OK);
    MUST(a->scope_open(runtime, queue, NULL, &scope, NULL) == WEIR_OK);
    MUST(b->runtime_poll(runtime, 0, NULL) == WEIR_E_STALE);
    MUST(b->queue_wake(queue) == WEIR_E_STALE);
    MUST(b->scope_close(scope) == WEIR_E_STALE);
    MUST(life(b) == 0);
    MUST(a->scope_close(scope) == WEIR_OK);
    MUST(a->runtime_destroy_wait(runtime) == WEIR_OK);
    MUST(a->queue_destroy(queue) == WEIR_OK);
    return 0;
}

int main(int argc, char** argv) {
    MUST(argc == 3);
    const weir_api* const a = open_copy(argv[1]);
    const weir_api* const b = open_copy(argv[2]);
    MUST(a != NULL && b != NULL && a != b);
    MUST(life(a) == 0 && life(b) == 0);
    const int failed = strangers(a, b);
    if (failed) {
        fprintf(stderr, "line %d failed\n", failed);
    }
    return failed != 0;
}
