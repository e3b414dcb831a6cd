/* SPDX-License-Identifier: BSL-1.0
 *
 * A whole life of the library through its table: a run with a step on worker threads, a barrier, a
 * dispatcher, and the end of all of it. 0, or the line that failed. */
#ifndef WEIR_TESTS_ABI_HOSTS_LIFE_H
#define WEIR_TESTS_ABI_HOSTS_LIFE_H

#include <weir/weir_api.h>

#include <poll.h>
#include <string.h>

#define MUST(what)           \
    do {                     \
        if (!(what)) {       \
            return __LINE__; \
        }                    \
    } while (0)

static const char life_document[] =
    "{pipeline: {identifier: p, name: p, stages: [{stage: {identifier: a, name: a, type: Custom, "
    "spec: {execution: {steps: [{step: {identifier: x, name: x, type: Work, spec: {half: 0.5}}}]}}}"
    "}]}}";

/* Answers steps until the run has finished; `half` is set when a step's input has the number. */
static int life_serve(const weir_api* api, weir_queue queue, int* half) {
    struct pollfd readable = {-1, POLLIN, 0};
    MUST(api->queue_descriptor(queue, &readable.fd) == WEIR_OK);
    for (;;) {
        weir_event events[8];
        uint32_t count = 0;
        MUST(api->queue_drain(queue, events, sizeof events[0], 8, &count) == WEIR_OK);
        for (uint32_t i = 0; i < count; ++i) {
            if (events[i].kind == WEIR_EVENT_RUN_FINISHED) {
                return events[i].outcome == WEIR_SUCCEEDED ? 0 : __LINE__;
            }
            if (events[i].kind == WEIR_EVENT_STEP_STARTED) {
                *half = strstr(events[i].input, "0.5") != NULL;
                MUST(api->step_finish(events[i].step, WEIR_SUCCEEDED, NULL, 0, NULL, 0) == WEIR_OK);
            }
        }
        if (count == 0) {
            (void)poll(&readable, 1, -1);
        }
    }
}

static void life_ignore(void* context, const weir_event* events, uint32_t stride, uint32_t count) {
    (void)context;
    (void)events;
    (void)stride;
    (void)count;
}

static int life_meet(const weir_api* api, weir_runtime runtime, weir_queue queue) {
    weir_scope scope = 0;
    weir_lane lane = 0;
    weir_barrier barrier = 0;
    MUST(api->scope_open(runtime, queue, NULL, &scope, NULL) == WEIR_OK);
    MUST(api->lane_open(scope, 0, "a", 1, 0, &lane) == WEIR_OK);
    MUST(api->barrier_declare(scope, "b", 1, NULL, &barrier, NULL) == WEIR_OK);
    MUST(api->lane_expect(lane, barrier) == WEIR_OK);
    MUST(api->lane_arrive(lane, barrier, "1.5", 3, 1000000000, 1) == WEIR_OK);
    MUST(api->barrier_open(barrier) == WEIR_OK);
    MUST(api->scope_close(scope) == WEIR_OK);
    return 0;
}

static int life(const weir_api* api) {
    weir_runtime_options options = {.struct_size = sizeof options, .workers = 2};
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_plan plan = 0;
    weir_run run = 0;
    int half = 0;
    MUST(api != NULL);
    MUST(api->plan_load(life_document, sizeof life_document - 1, NULL, &plan, NULL, NULL) ==
         WEIR_OK);
    MUST(api->queue_create(NULL, &queue, NULL) == WEIR_OK);
    MUST(api->runtime_create(&options, &runtime, NULL) == WEIR_OK);
    MUST(api->run_start(runtime, plan, queue, NULL, &run, NULL) == WEIR_OK);
    const int failed = life_serve(api, queue, &half);
    if (failed) {
        return failed;
    }
    MUST(half);
    MUST(api->queue_dispatch(queue, life_ignore, NULL) == WEIR_OK);
    MUST(life_meet(api, runtime, queue) == 0);
    MUST(api->queue_dispatch_end_wait(queue) == WEIR_OK);
    MUST(api->runtime_destroy_wait(runtime) == WEIR_OK);
    MUST(api->queue_destroy(queue) == WEIR_OK);
    MUST(api->plan_release(plan) == WEIR_OK);
    return 0;
}

#endif /* WEIR_TESTS_ABI_HOSTS_LIFE_H */
