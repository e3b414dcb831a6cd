/* SPDX-License-Identifier: BSL-1.0
 *
 * A host that is not linked with the library: it loads libweir.so while it runs, if it is there,
 * and finds all functions by one symbol. Two tasks of its own then meet at a barrier, and a third
 * fails. Takes the library's name, else libweir.so.1. */
#include <weir/weir_api.h>

#include <dlfcn.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

typedef const weir_api* (*get_api_function)(uint32_t abi_version);

/* The functions of the library, or null: it is not there, or another one. */
static const weir_api* load(const char* name) {
    /* RTLD_LOCAL keeps its names to itself. It is never unloaded: there may be threads in it. */
    void* const library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        return fprintf(stderr, "no library: %s\n", dlerror()), NULL;
    get_api_function get_api = NULL;
    *(void**)&get_api = dlsym(library, "weir_get_api");
    if (get_api == NULL)
        return fprintf(stderr, "%s is not libweir\n", name), NULL;
    const weir_api* const api = get_api(WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR);
    if (api == NULL)
        fprintf(stderr, "%s does not speak ABI %d\n", name, WEIR_ABI_MAJOR);
    return api;
}

static const char* const tasks[] = {"linux", "mac", "windows"};

/* Takes what has been told; returns how many arrivals have ended. */
static uint32_t tell(const weir_api* weir, weir_queue queue, int descriptor) {
    weir_event events[16];
    uint32_t count = 0, ended = 0;
    while (weir->queue_drain(queue, events, sizeof *events, 16, &count) == WEIR_OK && count == 0) {
        struct pollfd readable = {.fd = descriptor, .events = POLLIN};
        poll(&readable, 1, -1);
    }
    for (uint32_t i = 0; i < count; ++i) {
        const weir_event* const event = &events[i];
        if (event->kind == WEIR_EVENT_BARRIER_BROKEN) {
            printf("%s is broken: %s %s\n", event->path, weir->reason_name(event->reason),
                   event->input);
        } else if (event->kind == WEIR_EVENT_BARRIER_DONE) {
            printf("%s %s\n", tasks[event->tag], weir->outcome_name(event->outcome));
            ++ended;
        }
    }
    return ended;
}

/* `come` of three tasks arrive at a barrier; the others fail. */
static int meet(const weir_api* weir, weir_scope scope, weir_queue queue, int descriptor,
                const char* name, uint32_t come) {
    weir_barrier at = 0;
    weir_lane lanes[3] = {0};
    weir_error error = {.struct_size = sizeof error};
    weir_status status =
        weir->barrier_declare(scope, name, (uint32_t)strlen(name), NULL, &at, &error);
    for (uint32_t i = 0; i < 3 && status == WEIR_OK; ++i) {
        const uint32_t length = (uint32_t)strlen(tasks[i]);
        status = weir->lane_open(scope, 0, tasks[i], length, i, &lanes[i]);
        if (status == WEIR_OK)
            status = weir->lane_expect(lanes[i], at);
    }
    if (status == WEIR_OK)
        status = weir->barrier_open(at);
    for (uint32_t i = 0; i < 3 && status == WEIR_OK; ++i) {
        status = i < come ? weir->lane_arrive(lanes[i], at, NULL, 0, -1, i)
                          : weir->lane_finish(lanes[i], WEIR_FAILED);
    }
    if (status != WEIR_OK)
        return fprintf(stderr, "%s\n", weir->status_text(status)), 1;
    for (uint32_t ended = 0; ended < come;)
        ended += tell(weir, queue, descriptor);
    return 0;
}

int main(int argc, char** argv) {
    const weir_api* const weir = load(argc > 1 ? argv[1] : "libweir.so.1");
    if (weir == NULL)
        return 1; /* or go on without barriers */
    printf("weir %s\n", weir->version());

    weir_runtime runtime = 0;
    weir_queue queue = 0;
    weir_scope scope = 0;
    int32_t descriptor = -1;
    weir_error error = {.struct_size = sizeof error};
    weir_runtime_options how = {.struct_size = sizeof how, .workers = 1};
    weir_status status = weir->runtime_create(&how, &runtime, &error);
    if (status == WEIR_OK)
        status = weir->queue_create(NULL, &queue, &error);
    if (status == WEIR_OK)
        status = weir->queue_descriptor(queue, &descriptor);
    if (status == WEIR_OK)
        status = weir->scope_open(runtime, queue, NULL, &scope, &error);
    int failed = status != WEIR_OK;
    if (failed)
        fprintf(stderr, "%s\n", error.text);
    if (!failed)
        failed = meet(weir, scope, queue, descriptor, "built", 3);
    if (!failed)
        failed = meet(weir, scope, queue, descriptor, "tested", 2);
    weir->scope_close(scope);
    weir->runtime_destroy_wait(runtime);
    weir->queue_destroy(queue);
    return failed;
}
