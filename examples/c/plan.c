/* SPDX-License-Identifier: BSL-1.0
 *
 * A host without documents: it has services of its own kind, writes what is to happen as plan JSON
 * (docs/plan.md), and runs that. Each service is deployed in a lane of its own; the traffic shifts
 * once all of them are up. Steps "run" by being printed, and succeed. */
#define _POSIX_C_SOURCE 200809L

#include <weir/weir.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct service {
    const char *name; /* letters, digits, `_`, `-`: it becomes a part of paths */
    int replicas;
};

static const struct service services[] = {{"catalog", 2}, {"checkout", 3}, {"storefront", 1}};
enum { service_count = sizeof services / sizeof services[0] };

static void write_stage(FILE *out, const struct service *service) {
    fprintf(out, "{\"kind\": \"stage\", \"id\": \"%s\", \"children\": [", service->name);
    fprintf(out,
            "{\"kind\": \"step\", \"id\": \"start\", \"type\": \"Start\","
            " \"spec\": {\"service\": \"%s\", \"number\": \"<+strategy.iteration>\"},"
            " \"strategy\": {\"kind\": \"parallelism\", \"times\": %d}},",
            service->name, service->replicas);
    fputs("{\"kind\": \"barrier\", \"id\": \"meet\", \"barrier\": \"all_up\"},", out);
    fprintf(out,
            "{\"kind\": \"step\", \"id\": \"shift\", \"type\": \"Shift\","
            " \"spec\": {\"service\": \"%s\"}}]}",
            service->name);
}

/* The plan's JSON, which the caller frees; null when there is no memory. */
static char *write_plan(size_t *length) {
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    if (out == NULL) return NULL;
    fputs("{\"version\": 1, \"barriers\": [{\"id\": \"all_up\", \"name\": \"All are up\"}],\n"
          " \"root\": {\"kind\": \"pipeline\", \"id\": \"deploy\", \"children\": [\n"
          "  {\"kind\": \"parallel\", \"children\": [",
          out);
    for (int i = 0; i < service_count; ++i) {
        fputs(i == 0 ? "\n    " : ",\n    ", out);
        write_stage(out, &services[i]);
    }
    fputs("]}]}}\n", out);
    if (fclose(out) == 0) return text;
    free(text);
    return NULL;
}

/* Findings have their place in the JSON and the path of their node. */
static int refused(const char *what, weir_status status, const weir_error *error,
                   weir_text findings) {
    const char *json = "";
    uint32_t length = 0;
    weir_text_view(findings, &json, &length);
    fprintf(stderr, "%s: %s (%s)\n%s\n", what, error->text, weir_status_name(status), json);
    weir_text_release(findings);
    return 1;
}

/* Acts on one event. Returns the outcome of the run once it has finished, else 0. */
static weir_outcome take(const weir_event *event) {
    if (event->kind == WEIR_EVENT_STEP_STARTED) {
        /* `input` is JSON: the step's type, path and spec, its expressions replaced. */
        printf("%.*s\n", (int)event->input_length, event->input);
        weir_step_finish(event->step, WEIR_SUCCEEDED, NULL, 0, NULL, 0);
    }
    if (event->kind == WEIR_EVENT_BARRIER_RELEASED) printf("-- all are up --\n");
    return event->kind == WEIR_EVENT_RUN_FINISHED ? event->outcome : 0;
}

static weir_outcome serve(weir_queue queue) {
    weir_event events[64];
    struct pollfd readable = {.fd = -1, .events = POLLIN};
    weir_queue_descriptor(queue, &readable.fd);
    for (;;) {
        uint32_t count = 0;
        if (weir_queue_drain(queue, events, sizeof events[0], 64, &count) != WEIR_OK)
            return WEIR_FAILED;
        if (count == 0) poll(&readable, 1, -1);
        for (uint32_t i = 0; i < count; ++i) {
            const weir_outcome outcome = take(&events[i]);
            if (outcome != 0) return outcome;
        }
    }
}

int main(void) {
    size_t length = 0;
    char *json = write_plan(&length);
    if (json == NULL) return fprintf(stderr, "no memory\n"), 1;

    weir_error error = {.struct_size = sizeof error};
    weir_load_options how = {.struct_size = sizeof how, .adapter = "plan", .file = "services"};
    how.adapter_length = (uint32_t)strlen(how.adapter);
    how.file_length = (uint32_t)strlen(how.file);
    weir_plan plan = 0;
    weir_text findings = 0;
    weir_status status = weir_plan_load(json, length, &how, &plan, &findings, &error);
    free(json);
    if (status != WEIR_OK) return refused("the plan", status, &error, findings);
    weir_text_release(findings);

    weir_queue queue = 0;
    weir_runtime runtime = 0;
    weir_run run = 0;
    status = weir_queue_create(NULL, &queue, &error);
    if (status == WEIR_OK) status = weir_runtime_create(NULL, &runtime, &error);
    if (status == WEIR_OK) status = weir_run_start(runtime, plan, queue, NULL, &run, &error);
    if (status != WEIR_OK) return refused("the run", status, &error, 0);

    const weir_outcome outcome = serve(queue);
    printf("%s\n", weir_outcome_name(outcome));
    weir_runtime_destroy_wait(runtime);
    weir_queue_destroy(queue);
    weir_plan_release(plan);
    return outcome == WEIR_SUCCEEDED ? 0 : 1;
}
