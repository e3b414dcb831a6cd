/* SPDX-License-Identifier: BSL-1.0
 *
 * weir_api.h: the functions of weir.h as one table, for hosts that load the library with
 * dlopen and look up one symbol, weir_get_api. Written by abi/generate: do not edit.
 *
 * Members are those functions without their prefix, in the order in which they joined; later
 * ones come at the end. A table of a newer library is longer: look at struct_size before you
 * use a member that is newer than the library that you require.
 */
#ifndef WEIR_WEIR_API_H
#define WEIR_WEIR_API_H

#include <weir/weir.h>

#ifdef __cplusplus
extern "C" {
#endif

struct weir_api {
    uint32_t struct_size;
    uint32_t abi; /* as weir_abi_version gives it */
    const char *(*version)(void);
    uint32_t (*abi_version)(void);
    const char *(*status_name)(weir_status status);
    const char *(*status_text)(weir_status status);
    const char *(*outcome_name)(weir_outcome outcome);
    const char *(*event_name)(weir_event_kind kind);
    weir_status (*text_view)(weir_text text, const char **data, uint32_t *length);
    weir_status (*text_release)(weir_text text);
    weir_status (*runtime_create)(const weir_runtime_options *options, weir_runtime *runtime, weir_error *error);
    weir_status (*runtime_poll)(weir_runtime runtime, uint32_t budget, int64_t *next_ns);
    weir_status (*runtime_destroy_wait)(weir_runtime runtime);
    weir_status (*queue_create)(const weir_queue_options *options, weir_queue *queue, weir_error *error);
    weir_status (*queue_descriptor)(weir_queue queue, int32_t *descriptor);
    weir_status (*queue_drain)(weir_queue queue, weir_event *events, uint32_t stride, uint32_t capacity, uint32_t *count);
    weir_status (*queue_wake)(weir_queue queue);
    weir_status (*queue_destroy)(weir_queue queue);
    weir_status (*plan_load)(const char *document, uint64_t length, const weir_load_options *options, weir_plan *plan, weir_text *diagnostics, weir_error *error);
    weir_status (*plan_describe)(weir_plan plan, weir_format format, weir_text *text);
    weir_status (*plan_release)(weir_plan plan);
    weir_status (*run_start)(weir_runtime runtime, weir_plan plan, weir_queue queue, const weir_run_options *options, weir_run *run, weir_error *error);
    weir_status (*run_cancel)(weir_run run, const char *why, uint32_t why_length);
    weir_status (*step_finish)(weir_step step, weir_outcome outcome, const char *outputs, uint32_t outputs_length, const char *message, uint32_t message_length);
    const char *(*reason_name)(weir_reason reason);
    weir_status (*scope_open)(weir_runtime runtime, weir_queue queue, const weir_scope_options *options, weir_scope *scope, weir_error *error);
    weir_status (*scope_close)(weir_scope scope);
    weir_status (*scope_describe)(weir_scope scope, weir_text *text);
    weir_status (*lane_open)(weir_scope scope, weir_lane parent, const char *name, uint32_t name_length, uint64_t tag, weir_lane *lane);
    weir_status (*lane_finish)(weir_lane lane, weir_outcome outcome);
    weir_status (*barrier_declare)(weir_scope scope, const char *name, uint32_t name_length, const weir_barrier_options *options, weir_barrier *barrier, weir_error *error);
    weir_status (*barrier_find)(weir_scope scope, const char *name, uint32_t name_length, weir_barrier *barrier);
    weir_status (*barrier_open)(weir_barrier barrier);
    weir_status (*barrier_reserve)(weir_barrier barrier, uint32_t places);
    weir_status (*barrier_settle)(weir_barrier barrier, uint32_t places);
    weir_status (*lane_expect)(weir_lane lane, weir_barrier barrier);
    weir_status (*lane_arrive)(weir_lane lane, weir_barrier barrier, const char *value, uint32_t value_length, int64_t timeout_ns, uint64_t tag);
    weir_status (*lanes_arrive)(const weir_lane *lanes, const uint64_t *tags, uint32_t count, weir_barrier barrier, uint32_t *accepted);
    weir_status (*lane_retract)(weir_lane lane, weir_barrier barrier);
    weir_status (*lane_withdraw)(weir_lane lane, weir_barrier barrier);
    weir_status (*barrier_release)(weir_barrier barrier);
    weir_status (*barrier_break)(weir_barrier barrier);
    weir_status (*barrier_complete)(weir_barrier barrier, uint32_t generation, weir_outcome outcome);
    weir_status (*barrier_describe)(weir_barrier barrier, weir_text *text);
    const weir_api *(*get_api)(uint32_t abi_version);
    weir_status (*runtime_statistics)(weir_runtime runtime, weir_statistics *statistics);
    weir_status (*queue_on_wake)(weir_queue queue, weir_wake_function wake, void *context);
    weir_status (*queue_dispatch)(weir_queue queue, weir_dispatch_function take, void *context);
    weir_status (*queue_dispatch_end_wait)(weir_queue queue);
    weir_status (*run_pause)(weir_run run, const char *why, uint32_t why_length);
    weir_status (*run_resume)(weir_run run, const char *why, uint32_t why_length);
    weir_status (*run_break_barrier)(weir_run run, const char *barrier, uint32_t barrier_length, const char *why, uint32_t why_length);
    weir_status (*run_release_barrier)(weir_run run, const char *barrier, uint32_t barrier_length, const char *why, uint32_t why_length);
    weir_status (*run_set_concurrency)(weir_run run, const char *path, uint32_t path_length, uint32_t concurrency);
    weir_status (*run_snapshot)(weir_run run, uint64_t tag);
    weir_status (*step_progress)(weir_step step, const char *progress, uint32_t progress_length);
    weir_status (*gate_open)(weir_scope scope, const char *name, uint32_t name_length, uint32_t slots, weir_gate *gate, weir_error *error);
    weir_status (*gate_set_slots)(weir_gate gate, uint32_t slots);
    weir_status (*lane_take_slot)(weir_lane lane, weir_gate gate, uint64_t tag);
    weir_status (*lane_give_slot)(weir_lane lane, weir_gate gate);
    weir_status (*loop_open)(const char *strategy, uint32_t strategy_length, const weir_loop_options *options, weir_loop *loop, uint64_t *count, uint64_t *concurrency, weir_error *error);
    weir_status (*loop_next)(weir_loop loop, weir_instance *instances, uint32_t stride, uint32_t capacity, uint32_t *count);
    weir_status (*loop_close)(weir_loop loop);
    weir_status (*run_intervene)(weir_run run, const char *path, uint32_t path_length, uint32_t attempt, const char *action, uint32_t action_length, const char *why, uint32_t why_length);
};

#ifdef __cplusplus
}
#endif

#endif /* WEIR_WEIR_API_H */
