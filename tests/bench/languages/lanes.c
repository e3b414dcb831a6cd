// SPDX-License-Identifier: BSL-1.0
// Lanes that meet, through the C ABI: N lanes of one scope reach one cyclic barrier, round after
// round, and all are told. abi/{cpp,go,python,rust} have the same program in their languages.
//
//   lanes how=each|batch n=1000 r=100
#include <weir/weir.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { batch = 256 };

static weir_queue queue;
static weir_barrier barrier;
static weir_lane* lanes;
static uint64_t* tags;

static void require(weir_status status) {
    if (status != WEIR_OK) {
        fprintf(stderr, "lanes: %s\n", weir_status_name(status));
        exit(1);
    }
}

static double clock_ns(clockid_t which) {
    struct timespec at;
    clock_gettime(which, &at);
    return 1e9 * (double)at.tv_sec + (double)at.tv_nsec;
}

static double resident(void) {
    unsigned long size = 0, pages = 0;
    FILE* file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%lu %lu", &size, &pages) != 2) {
        exit(1);
    }
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

// Threads of this process; `ours`: those that the library has named.
static unsigned threads(unsigned* ours) {
    unsigned all = 0;
    DIR* folder = opendir("/proc/self/task");
    for (const struct dirent* each; folder != NULL && (each = readdir(folder)) != NULL;) {
        char path[300], name[32] = "";
        if (each->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "/proc/self/task/%s/comm", each->d_name);
        FILE* file = fopen(path, "r");
        if (file != NULL) {
            *ours += fgets(name, sizeof name, file) != NULL && strncmp(name, "weir-", 5) == 0;
            fclose(file);
        }
        ++all;
    }
    closedir(folder);
    return all;
}

static void open_lanes(weir_scope scope, uint32_t n) {
    weir_barrier_options how = {.struct_size = sizeof how, .flags = WEIR_BARRIER_CYCLIC};
    how.parties = n;
    require(weir_barrier_declare(scope, "gate", 4, &how, &barrier, NULL));
    for (uint32_t i = 0; i < n; ++i) {
        require(weir_lane_open(scope, 0, NULL, 0, 0, &lanes[i]));
        tags[i] = i;
    }
}

static void arrive(int at_once, uint32_t first, uint32_t count) {
    if (at_once) {
        uint32_t accepted = 0;
        require(weir_lanes_arrive(lanes + first, tags + first, count, barrier, &accepted));
        return;
    }
    for (uint32_t i = first; i < first + count; ++i) {
        require(weir_lane_arrive(lanes[i], barrier, NULL, 0, -1, tags[i]));
    }
}

// Until so many arrivals have ended.
static void drain(uint32_t ends) {
    static weir_event events[batch];
    while (ends > 0) {
        uint32_t count = 0;
        require(weir_queue_drain(queue, events, sizeof *events, batch, &count));
        for (uint32_t i = 0; i < count; ++i) {
            ends -= events[i].kind == WEIR_EVENT_BARRIER_DONE;
        }
    }
}

static double last_one(int at_once, uint32_t n) {
    const double from = clock_ns(CLOCK_MONOTONIC);
    arrive(at_once, n - 1, 1);
    drain(n);
    return clock_ns(CLOCK_MONOTONIC) - from;
}

int main(int count, char** values) {
    const char* how = "each";
    uint32_t n = 1000, rounds = 100;
    for (int i = 1; i < count; ++i) {
        const char* value = strchr(values[i], '=');
        if (value != NULL && strncmp(values[i], "how=", 4) == 0) {
            how = value + 1;
        } else if (value != NULL) {
            *(values[i][0] == 'n' ? &n : &rounds) = (uint32_t)strtoul(value + 1, NULL, 10);
        }
    }
    const int at_once = strcmp(how, "batch") == 0;
    lanes = malloc(n * sizeof *lanes);
    tags = malloc(n * sizeof *tags);
    if (n < 2 || rounds == 0 || lanes == NULL || tags == NULL) {
        return 2;
    }

    weir_runtime runtime = 0;
    weir_scope scope = 0;
    weir_runtime_options options = {.struct_size = sizeof options, .workers = 1};
    require(weir_runtime_create(&options, &runtime, NULL));
    require(weir_queue_create(NULL, &queue, NULL));
    require(weir_scope_open(runtime, queue, NULL, &scope, NULL));
    const double before = resident();
    open_lanes(scope, n);
    arrive(at_once, 0, n - 1);
    const double parked = resident() - before;
    unsigned ours = 0;
    const unsigned all = threads(&ours);
    last_one(at_once, n);

    double telling = 0;
    const double cpu = clock_ns(CLOCK_PROCESS_CPUTIME_ID), from = clock_ns(CLOCK_MONOTONIC);
    for (uint32_t i = 0; i < rounds; ++i) {
        arrive(at_once, 0, n - 1);
        telling += last_one(at_once, n);
    }
    const double arrivals = (double)n * rounds;
    printf(
        "{\"bench\":\"languages\",\"lang\":\"c\",\"impl\":\"weir C, %s\",\"n\":%u,"
        "\"ns_per_arrival\":%.1f,\"cpu_ns_per_arrival\":%.1f,\"ns_per_event\":%.1f,"
        "\"parked_bytes\":%.1f,\"threads\":%u,\"library_threads\":%u}\n",
        at_once ? "batch" : "each", n, (clock_ns(CLOCK_MONOTONIC) - from) / arrivals,
        (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - cpu) / arrivals, telling / arrivals, parked / n, all,
        ours);
    require(weir_scope_close(scope));
    require(weir_runtime_destroy_wait(runtime));
    require(weir_queue_destroy(queue));
    free(lanes);
    free(tags);
    return 0;
}
