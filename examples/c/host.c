/* SPDX-License-Identifier: BSL-1.0
 *
 * A host in C: one thread, one poll loop. Every step "runs" by being printed, and succeeds. Takes
 * a pipeline's file, else runs examples/pipelines/two-stages.yaml. */
#include <weir/weir.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int refused(const char *what, weir_status status, const weir_error *error) {
    fprintf(stderr, "%s: %s (%s)\n", what, error->text, weir_status_name(status));
    return 1;
}

/* The whole file, with its length; null when it cannot be read. */
static char *read_file(const char *name, uint64_t *length) {
    FILE *file = fopen(name, "rb");
    if (file == NULL) return NULL;
    char *text = malloc(1 << 20);
    *length = text == NULL ? 0 : fread(text, 1, 1 << 20, file);
    fclose(file);
    return text;
}

/* Shows what the document got wrong. */
static void show(weir_text findings) {
    const char *json = NULL;
    uint32_t length = 0;
    if (weir_text_view(findings, &json, &length) == WEIR_OK && length > 2) {
        fprintf(stderr, "%s\n", json);
    }
    weir_text_release(findings);
}

/* Acts on one event. Returns the outcome of the run once it has finished, else 0. */
static weir_outcome take(const weir_event *event) {
    printf("%3llu %-18s %.*s\n", (unsigned long long)event->seq, weir_event_name(event->kind),
           (int)event->path_length, event->path == NULL ? "" : event->path);
    if (event->kind == WEIR_EVENT_STEP_STARTED) {
        weir_step_finish(event->step, WEIR_SUCCEEDED, NULL, 0, NULL, 0);
    }
    return event->kind == WEIR_EVENT_RUN_FINISHED ? event->outcome : 0;
}

static weir_outcome serve(weir_queue queue) {
    weir_event events[64];
    struct pollfd readable = {.fd = -1, .events = POLLIN};
    weir_queue_descriptor(queue, &readable.fd);
    for (;;) {
        uint32_t count = 0;
        weir_status status = weir_queue_drain(queue, events, sizeof events[0], 64, &count);
        if (status != WEIR_OK) return WEIR_FAILED;
        if (count == 0) poll(&readable, 1, -1); /* other descriptors of yours go in here */
        for (uint32_t i = 0; i < count; ++i) {
            const weir_outcome outcome = take(&events[i]);
            if (outcome != 0) return outcome;
        }
    }
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "examples/pipelines/two-stages.yaml";
    uint64_t length = 0;
    char *document = read_file(name, &length);
    if (document == NULL) return fprintf(stderr, "cannot read %s\n", name), 1;

    weir_error error = {.struct_size = sizeof error};
    weir_load_options how = {.struct_size = sizeof how, .file = name};
    how.file_length = (uint32_t)strlen(name);
    weir_plan plan = 0;
    weir_text findings = 0;
    weir_queue queue = 0;
    weir_runtime runtime = 0;
    weir_run run = 0;
    weir_status status = weir_plan_load(document, length, &how, &plan, &findings, &error);
    if (status == WEIR_OK) status = weir_queue_create(NULL, &queue, &error);
    if (status == WEIR_OK) status = weir_runtime_create(NULL, &runtime, &error);
    if (status == WEIR_OK) status = weir_run_start(runtime, plan, queue, NULL, &run, &error);
    free(document);
    show(findings);
    if (status != WEIR_OK) return refused(name, status, &error);

    const weir_outcome outcome = serve(queue);
    printf("%s\n", weir_outcome_name(outcome));
    weir_runtime_destroy_wait(runtime);
    weir_queue_destroy(queue);
    weir_plan_release(plan);
    return outcome == WEIR_SUCCEEDED ? 0 : 1;
}
