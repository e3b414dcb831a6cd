/* SPDX-License-Identifier: BSL-1.0
 *
 * A host as it was written for Weir 1.0, of all that it offers: linked functions and the table, a
 * run with steps, scopes with a barrier and a gate, a loop. Its exit status is the line that
 * failed, or 0. */
#include <weir/weir_api.h>

#include <string.h>

#define MUST(what)           \
    do {                     \
        if (!(what)) {       \
            return __LINE__; \
        }                    \
    } while (0)

static const char document[] =
    "{pipeline: {identifier: p, name: p, stages: [{stage: {identifier: a, name: a, type: Custom, "
    "spec: {execution: {steps: [{step: {identifier: x, name: x, type: Work, spec: {}}}]}}}}]}}";

static int names(const weir_api* api) {
    MUST(api != NULL && api->struct_size >= sizeof *api);
    MUST(api->abi >> 16 == WEIR_ABI_MAJOR && api->abi_version() == api->abi);
    MUST(strcmp(api->version(), weir_version()) == 0);
    MUST(strcmp(api->status_name(WEIR_E_DECIDED), "WEIR_E_DECIDED") == 0);
    MUST(strcmp(api->outcome_name(WEIR_TIMED_OUT), "timed_out") == 0);
    MUST(strcmp(api->reason_name(WEIR_REASON_UNREACHABLE), "unreachable") == 0);
    MUST(strcmp(api->event_name(WEIR_EVENT_BARRIER_DONE), "barrier.done") == 0);
    MUST(api->status_text(WEIR_OK) != NULL);
    return 0;
}

static int a_run(const weir_api* api, weir_runtime runtime, weir_queue queue) {
    weir_plan plan = 0;
    weir_text findings = 0;
    MUST(api->plan_load(document, sizeof document - 1, NULL, &plan, &findings, NULL) == WEIR_OK);
    const char* text = NULL;
    uint32_t length = 0;
    MUST(api->text_view(findings, &text, &length) == WEIR_OK && strcmp(text, "[]") == 0);
    MUST(api->text_release(findings) == WEIR_OK);
    weir_run_options options = {.struct_size = sizeof options, .tag = 7};
    weir_run run = 0;
    MUST(api->run_start(runtime, plan, queue, &options, &run, NULL) == WEIR_OK);
    MUST(api->plan_release(plan) == WEIR_OK);
    MUST(api->run_pause(run, "a while", 7) == WEIR_OK);
    MUST(api->run_resume(run, NULL, 0) == WEIR_OK);
    MUST(api->run_snapshot(run, 8) == WEIR_OK);

    weir_outcome outcome = 0;
    int snapshots = 0;
    for (int turn = 0; outcome == 0 && turn < 100; ++turn) {
        weir_event events[8];
        uint32_t count = 0;
        MUST(api->runtime_poll(runtime, 0, NULL) == WEIR_OK);
        MUST(api->queue_drain(queue, events, sizeof events[0], 8, &count) == WEIR_OK);
        for (uint32_t i = 0; i < count; ++i) {
            if (events[i].kind == WEIR_EVENT_STEP_STARTED) {
                MUST(events[i].tag == 7 && events[i].attempt == 1 && events[i].input != NULL);
                MUST(api->step_progress(events[i].step, "{\"half\": true}", 14) == WEIR_OK);
                MUST(api->step_finish(events[i].step, WEIR_SUCCEEDED, "{}", 2, NULL, 0) == WEIR_OK);
            }
            snapshots += events[i].kind == WEIR_EVENT_SNAPSHOT && events[i].tag == 8;
            if (events[i].kind == WEIR_EVENT_RUN_FINISHED) {
                outcome = events[i].outcome;
            }
        }
    }
    MUST(outcome == WEIR_SUCCEEDED && snapshots == 1);
    return 0;
}

/* How many lanes were told what `outcome` says. */
static uint32_t told(weir_queue queue, weir_event_kind kind, weir_outcome outcome) {
    weir_event events[16];
    uint32_t count = 0, of_these = 0;
    while (weir_queue_drain(queue, events, sizeof events[0], 16, &count) == WEIR_OK && count != 0) {
        for (uint32_t i = 0; i < count; ++i) {
            of_these += events[i].kind == kind && events[i].outcome == outcome;
        }
    }
    return of_these;
}

static int a_scope(const weir_api* api, weir_runtime runtime, weir_queue queue) {
    weir_scope_options of_scope = {.struct_size = sizeof of_scope, .name = "s", .name_length = 1};
    weir_scope scope = 0;
    MUST(api->scope_open(runtime, queue, &of_scope, &scope, NULL) == WEIR_OK);
    weir_lane lanes[2] = {0, 0};
    const uint64_t tags[2] = {1, 2};
    MUST(api->lane_open(scope, 0, "a", 1, 0, &lanes[0]) == WEIR_OK);
    MUST(api->lane_open(scope, lanes[0], "b", 1, 0, &lanes[1]) == WEIR_OK);
    weir_barrier_options of_barrier = {.struct_size = sizeof of_barrier, .parties = 2};
    weir_barrier barrier = 0, found = 0;
    MUST(api->barrier_declare(scope, "b", 1, &of_barrier, &barrier, NULL) == WEIR_OK);
    MUST(api->barrier_find(scope, "b", 1, &found) == WEIR_OK && found == barrier);
    uint32_t accepted = 0;
    MUST(api->lanes_arrive(lanes, tags, 2, barrier, &accepted) == WEIR_OK && accepted == 2);
    MUST(told(queue, WEIR_EVENT_BARRIER_DONE, WEIR_SUCCEEDED) == 2);
    weir_gate gate = 0;
    MUST(api->gate_open(scope, "g", 1, 1, &gate, NULL) == WEIR_OK);
    MUST(api->lane_take_slot(lanes[0], gate, 3) == WEIR_OK);
    MUST(api->lane_take_slot(lanes[1], gate, 4) == WEIR_OK);
    MUST(api->lane_give_slot(lanes[0], gate) == WEIR_OK);
    MUST(told(queue, WEIR_EVENT_SLOT_DONE, WEIR_SUCCEEDED) == 2);
    MUST(api->lane_finish(lanes[0], WEIR_FAILED) == WEIR_OK);
    MUST(api->scope_close(scope) == WEIR_OK);
    MUST(told(queue, WEIR_EVENT_SCOPE_CLOSED, 0) == 1);
    MUST(api->lane_expect(lanes[0], barrier) == WEIR_E_STALE);
    return 0;
}

static int a_loop(const weir_api* api) {
    static const char strategy[] = "{matrix: {os: [a, b]}, maxConcurrency: 1}";
    weir_loop loop = 0;
    uint64_t count = 0, concurrency = 9;
    weir_instance two[2];
    uint32_t given = 0;
    MUST(api->loop_open(strategy, sizeof strategy - 1, NULL, &loop, &count, &concurrency, NULL,
                        NULL) ==
         WEIR_OK);
    MUST(count == 2 && concurrency <= 1);
    MUST(api->loop_next(loop, two, sizeof two[0], 2, &given) == WEIR_OK && given == 2);
    MUST(strcmp(two[1].values, "{\"os\":\"b\"}") == 0);
    MUST(api->loop_close(loop) == WEIR_OK);
    return 0;
}

int main(void) {
    const weir_api* const api = weir_get_api(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR);
    int failed = names(api);
    weir_runtime_options options = {.struct_size = sizeof options, .flags = WEIR_RUNTIME_POLLED};
    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_statistics statistics = {.struct_size = sizeof statistics};
    MUST(weir_runtime_create(&options, &runtime, NULL) == WEIR_OK);
    MUST(weir_queue_create(NULL, &queue, NULL) == WEIR_OK);
    failed = failed ? failed : a_run(api, runtime, queue);
    failed = failed ? failed : a_scope(api, runtime, queue);
    failed = failed ? failed : a_loop(api);
    MUST(failed || weir_runtime_statistics(runtime, &statistics) == WEIR_OK);
    MUST(failed || (statistics.runs == 0 && statistics.lanes_started != 0));
    MUST(failed || weir_runtime_destroy_wait(runtime) == WEIR_OK);
    MUST(failed || weir_queue_destroy(queue) == WEIR_OK);
    return failed;
}
