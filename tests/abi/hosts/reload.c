/* SPDX-License-Identifier: BSL-1.0
 *
 * Loads the library, uses it and unloads it, 1000 times: reload LIBRARY. After the first few times
 * there is no thread, mapping or descriptor more. */
#include "life.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>

struct counts {
    long threads;
    long descriptors;
    long mappings;
};

static long entries(const char* directory) {
    long count = 0;
    DIR* const all = opendir(directory);
    if (all == NULL) {
        return -1;
    }
    while (readdir(all) != NULL) {
        ++count;
    }
    (void)closedir(all);
    return count;
}

/* Of the library's file, and of stacks: other mappings are the allocator's. */
static long mappings_of(const char* library) {
    char line[4096];
    long count = 0;
    FILE* const all = fopen("/proc/self/maps", "r");
    if (all == NULL) {
        return -1;
    }
    while (fgets(line, sizeof line, all) != NULL) {
        count += strstr(line, library) != NULL;
        count += strstr(line, "---p") != NULL;
    }
    (void)fclose(all);
    return count;
}

static struct counts now(const char* library) {
    struct counts seen;
    seen.threads = entries("/proc/self/task");
    seen.descriptors = entries("/proc/self/fd");
    seen.mappings = mappings_of(library);
    return seen;
}

static int once(const char* library) {
    void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return __LINE__;
    }
    const weir_api* (*get)(uint32_t) = NULL;
    *(void**)&get = dlsym(handle, "weir_get_api");
    MUST(get != NULL);
    const int failed = life(get(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR));
    MUST(dlclose(handle) == 0);
    return failed;
}

int main(int argc, char** argv) {
    MUST(argc == 2);
    struct counts before = {0, 0, 0};
    for (int i = 0; i < 1000; ++i) {
        const int failed = once(argv[1]);
        if (failed) {
            return fprintf(stderr, "line %d failed, the %d. time\n", failed, i + 1), 1;
        }
        if (i == 20) {
            before = now("libweir");
        }
    }
    const struct counts after = now("libweir");
    printf("threads %ld %ld, descriptors %ld %ld, mappings %ld %ld\n", before.threads,
           after.threads, before.descriptors, after.descriptors, before.mappings, after.mappings);
    return after.threads != before.threads || after.descriptors != before.descriptors ||
           after.mappings > before.mappings;
}
