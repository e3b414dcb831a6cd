/* SPDX-License-Identifier: BSL-1.0
 *
 * weir.h: barriers and looping strategies for workflow engines.
 *
 * The host loads a document as a plan, starts a run of it, and drains events
 * from a queue. Some events ask the host to carry out a step; the host answers
 * with weir_step_finish. Everything between, the library does: it walks the plan
 * on fibers, makes loop instances, lets lanes meet at barriers, and tells each
 * of them how its barrier ended.
 *
 * Conventions, which hold everywhere
 *  - Every function returns a weir_status; WEIR_OK is 0, errors are negative.
 *    Out-parameters come last and are untouched unless the status is WEIR_OK,
 *    save where a function says otherwise.
 *  - Handles are 64-bit ids with a generation inside: 0 is never valid, and one
 *    whose object has ended yields WEIR_E_STALE, never another object.
 *  - Text is UTF-8, a pointer and a length in bytes, without an embedded zero,
 *    and need not end in one. The library reads it during the call only. A null
 *    pointer with length 0 is the empty text. WEIR_E_INVALID_ARGUMENT: null with
 *    another length, or longer than WEIR_TEXT_MAX.
 *  - Options start with `struct_size`, which the caller sets to sizeof; a zero in
 *    any other field means the default. A longer struct than the library knows is
 *    accepted when its unknown tail is zero.
 *  - Time is in nanoseconds on the runtime's own clock, real or virtual.
 *  - No function blocks, save those whose name ends in `_wait`.
 *  - No function may be called from a signal handler. After fork, a child makes a
 *    runtime of its own: handles of the parent's yield WEIR_E_FORKED there.
 *  - The library never calls the host on a fiber's stack; it writes nothing to
 *    the standard streams, reads no environment and installs no signal handler.
 *
 * Tags: [any thread] concurrently with everything; [consumer] one thread at a time
 * for that queue; [owner] no other call on that object may be under way; [anywhere]
 * as [any thread], and also inside a function that the host gave to be woken or to
 * log. All others answer WEIR_E_FORBIDDEN there and do nothing, and the log says so.
 * Calls that break another tag answer WEIR_E_BUSY or WEIR_E_BAD_STATE, as said there.
 */
#ifndef WEIR_WEIR_H
#define WEIR_WEIR_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define WEIR_API __attribute__((visibility("default")))
#else
#define WEIR_API
#endif

#ifdef __cplusplus
#define WEIR_NOEXCEPT noexcept
extern "C" {
#else
#define WEIR_NOEXCEPT
#endif

#define WEIR_ABI_MAJOR 1
#define WEIR_ABI_MINOR 0

#define WEIR_TEXT_MAX 268435456u /* bytes of any text that the library is given */

/* --- Numbers ------------------------------------------------------------- */

/* Enumerations are integers with named constants: a value that a host does not
 * know is to be treated as its kind (an error, an event to skip), never refused. */
typedef int32_t weir_status;
typedef int32_t weir_outcome;
typedef uint32_t weir_event_kind;
typedef uint32_t weir_reason;
typedef uint32_t weir_clock;
typedef uint32_t weir_format;

#define WEIR_OK 0
#define WEIR_E_INVALID_ARGUMENT (-1) /* null, out of range, contradictory       */
#define WEIR_E_STRUCT_SIZE (-2)      /* too small, or unknown fields are set    */
#define WEIR_E_VERSION (-3)          /* not a version that this library speaks  */
#define WEIR_E_STALE (-4)            /* zero, never valid, or ended             */
#define WEIR_E_BAD_STATE (-5)        /* does not fit what the object is doing   */
#define WEIR_E_CLOSED (-6)           /* shutting down, takes no more calls      */
#define WEIR_E_LIMIT (-7)            /* descriptors, handles, places in a queue */
#define WEIR_E_NO_MEMORY (-8)
#define WEIR_E_DOCUMENT (-9)         /* refused: see the diagnostics            */
#define WEIR_E_NOT_UTF8 (-10)
#define WEIR_E_NOT_JSON (-11)
#define WEIR_E_FORKED (-12)          /* the object belongs to the parent process */
#define WEIR_E_BUSY (-13)            /* in use: by another thread, or not over  */
#define WEIR_E_INTERNAL (-14)        /* a bug of the library: please report it  */
#define WEIR_E_EXISTS (-15)          /* the name is taken in that scope         */
#define WEIR_E_NOT_FOUND (-16)       /* no such name, here or in a parent       */
#define WEIR_E_NOT_EXPECTED (-17)    /* the lane is no party of that barrier    */
#define WEIR_E_DECIDED (-18)         /* too late: the barrier has decided       */
#define WEIR_E_FORBIDDEN (-19)       /* not inside a wake or log function       */

/* How a run, node or step ended. */
#define WEIR_SUCCEEDED 1
#define WEIR_FAILED 2
#define WEIR_SKIPPED 3
#define WEIR_CANCELLED 4
#define WEIR_TIMED_OUT 5
#define WEIR_IGNORED_FAILURE 6

/* Why a barrier broke; of a release, that a hand did it. */
#define WEIR_REASON_NONE 0u
#define WEIR_REASON_FAILED 1u
#define WEIR_REASON_TIMED_OUT 2u
#define WEIR_REASON_CANCELLED 3u
#define WEIR_REASON_DEADLOCK 4u
#define WEIR_REASON_BY_HAND 5u
#define WEIR_REASON_UNREACHABLE 6u /* fewer are left than the quorum, and none of them failed */
#define WEIR_REASON_NO_MEMORY 7u   /* of a run, in RUN_FINISHED: it ended for want of memory */

/* What an event tells; docs/events.md has the fields of each. */
#define WEIR_EVENT_RUN_STARTED 1u
#define WEIR_EVENT_RUN_FINISHED 2u /* the last event of its run */
#define WEIR_EVENT_NODE_STARTED 3u
#define WEIR_EVENT_NODE_FINISHED 4u
#define WEIR_EVENT_STEP_STARTED 5u /* asks the host: carry out `step` */
#define WEIR_EVENT_STEP_FINISHED 6u
#define WEIR_EVENT_STEP_CANCEL 7u  /* asks the host: end `step`; hard when WEIR_EVENT_HARD is set */
#define WEIR_EVENT_STEP_PROGRESS 8u
#define WEIR_EVENT_INTERVENTION_WANTED 9u /* a person is asked: answer by weir_run_intervene */
#define WEIR_EVENT_INTERVENTION_CLOSED 10u
#define WEIR_EVENT_BARRIER_EXPECTED 16u
#define WEIR_EVENT_BARRIER_RESERVED 17u
#define WEIR_EVENT_BARRIER_SETTLED 18u
#define WEIR_EVENT_BARRIER_ARRIVED 19u
#define WEIR_EVENT_BARRIER_WITHDRAWN 20u
#define WEIR_EVENT_BARRIER_FAILED 21u
#define WEIR_EVENT_BARRIER_RETRACTED 22u
#define WEIR_EVENT_BARRIER_RELEASED 23u
#define WEIR_EVENT_BARRIER_BROKEN 24u
#define WEIR_EVENT_BARRIER_VOIDED 25u
#define WEIR_EVENT_BARRIER_DONE 26u      /* how one arrival of a host's lane ended */
#define WEIR_EVENT_BARRIER_COMPLETING 27u /* asks the host: weir_barrier_complete */
#define WEIR_EVENT_SCOPE_CLOSED 28u      /* the last event of its scope */
#define WEIR_EVENT_SLOT_WAITING 32u
#define WEIR_EVENT_SLOT_TAKEN 33u
#define WEIR_EVENT_SLOT_GIVEN 34u
#define WEIR_EVENT_SLOT_DONE 35u /* how one lane's wait at a host's gate ended */
#define WEIR_EVENT_LOCK_WAITING 40u
#define WEIR_EVENT_LOCK_TAKEN 41u
#define WEIR_EVENT_LOCK_GIVEN 42u
#define WEIR_EVENT_CONTROL 48u   /* how a control call on a run ended */
#define WEIR_EVENT_LOG 49u
#define WEIR_EVENT_SNAPSHOT 50u  /* the answer to weir_run_snapshot */

/* --- Handles ------------------------------------------------------------- */

typedef uint64_t weir_runtime;
typedef uint64_t weir_queue;
typedef uint64_t weir_plan;
typedef uint64_t weir_run;
typedef uint64_t weir_step;
typedef uint64_t weir_text;
typedef uint64_t weir_scope;
typedef uint64_t weir_lane;
typedef uint64_t weir_barrier;
typedef uint64_t weir_gate;
typedef uint64_t weir_loop;

/* What went wrong, in words. The caller's memory; may be null wherever a function
 * takes one. Filled only when the status is not WEIR_OK. */
typedef struct weir_error {
    uint32_t struct_size;
    weir_status status;
    char text[248]; /* ends in a zero; cut at a whole character */
} weir_error;

/* --- Versions and names -------------------------------------------------- */

/* The library's version, such as "1.0.0". Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const char *weir_version(void) WEIR_NOEXCEPT;

/* The ABI that the library speaks: major << 16 | minor. A host built against
 * WEIR_ABI_MAJOR runs with any library of that major and an equal or higher minor.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API uint32_t weir_abi_version(void) WEIR_NOEXCEPT;

typedef struct weir_api weir_api;

/* Gives all functions as one table, weir_api.h, for a host that loads the library with dlopen:
 * this is the one symbol to look up. `abi_version` is what the host was built for,
 * WEIR_ABI_MAJOR << 16 | WEIR_ABI_MINOR. Null when the library does not speak that: its major is
 * another, or its minor lower. Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const weir_api *weir_get_api(uint32_t abi_version) WEIR_NOEXCEPT;

/* "WEIR_E_STALE"; "unknown" for a number that this library does not know. Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const char *weir_status_name(weir_status status) WEIR_NOEXCEPT;

/* One line for people about a status. Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const char *weir_status_text(weir_status status) WEIR_NOEXCEPT;

/* "succeeded", "timed_out" ...; "unknown" for other numbers. Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const char *weir_outcome_name(weir_outcome outcome) WEIR_NOEXCEPT;

/* "failed", "timeout" ...; "unknown" for other numbers. Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const char *weir_reason_name(weir_reason reason) WEIR_NOEXCEPT;

/* "barrier.released" ...: the `type` of the event in JSON. Valid for ever.
 * [anywhere, never blocks]  since 1.0 */
WEIR_API const char *weir_event_name(weir_event_kind kind) WEIR_NOEXCEPT;

/* --- Text ---------------------------------------------------------------- */

/* Gives the bytes of a text, which end in a zero that `length` does not count and
 * stay valid until the text is released.
 *
 * WEIR_E_STALE              the text was released, or never was
 * WEIR_E_INVALID_ARGUMENT   `data` or `length` is null
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_text_view(weir_text text, const char **data,
                                    uint32_t *length) WEIR_NOEXCEPT;

/* Releases a text. 0 is accepted and does nothing.
 *
 * WEIR_E_STALE   the text was released before
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_text_release(weir_text text) WEIR_NOEXCEPT;

/* --- Runtime ------------------------------------------------------------- */

#define WEIR_CLOCK_REAL 0u    /* the machine's monotonic clock */
#define WEIR_CLOCK_VIRTUAL 1u /* jumps to the next timer whenever nothing else can happen, and stands
                               * still while the host owes an answer to a step */

#define WEIR_RUNTIME_POLLED 1u /* no worker threads: the host calls weir_runtime_poll */

#define WEIR_LOG_DEBUG 1u   /* what the library does */
#define WEIR_LOG_INFO 2u    /* what came to nothing, such as an answer that came too late */
#define WEIR_LOG_WARNING 3u /* what a host should look at: two threads at once, events that are dropped */
#define WEIR_LOG_ERROR 4u   /* a forbidden call, a run that ends for want of memory */

/* Gets a line of text for people, without an end of line. It is called on any thread, on that
 * thread's own stack, once at a time; it should not wait, and may call only functions tagged
 * [anywhere]. `level` is one of WEIR_LOG_*. */
typedef void (*weir_log_function)(void *context, uint32_t level, const char *message,
                                  uint32_t length);

typedef struct weir_runtime_options {
    uint32_t struct_size;
    uint32_t flags;      /* WEIR_RUNTIME_POLLED */
    uint32_t workers;    /* 0: one a core; at most 1024; must be 0 when polled */
    uint32_t stack_size; /* of a lane, address space: touched pages count; 0: 28 KiB; 16 KiB to 16 MiB */
    weir_clock clock;
    uint32_t reserved0;
    uint64_t seed;       /* 0: lanes run in the order in which they became ready */
    weir_log_function log; /* null: nothing is logged. Not called any more once the runtime has
                            * ended; what concerns no runtime goes to all that there are */
    void *log_context;
    uint32_t log_level;  /* nothing below; 0: WEIR_LOG_WARNING */
    uint32_t reserved1;
} weir_runtime_options;

/* Makes a runtime: worker threads, fiber schedulers, stacks and timers. A process
 * may hold several; they share nothing. `options` may be null.
 *
 * WEIR_E_INVALID_ARGUMENT   an option is out of range; `error` names it
 * WEIR_E_STRUCT_SIZE, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_runtime_create(const weir_runtime_options *options, weir_runtime *runtime,
                                         weir_error *error) WEIR_NOEXCEPT;

/* Runs what is ready in a polled runtime, on the calling thread, and returns. Any
 * thread may call, one at a time; nothing of the library stays behind in it.
 * `budget` bounds how many times lanes are resumed (0: until nothing is ready).
 * `next_ns`, which may be null, is set to the time until the next timer: 0 when
 * something is ready already, negative when there is none.
 *
 * WEIR_E_BAD_STATE   the runtime has workers of its own
 * WEIR_E_BUSY        another thread is polling
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_runtime_poll(weir_runtime runtime, uint32_t budget,
                                       int64_t *next_ns) WEIR_NOEXCEPT;

/* Ends a runtime and joins its threads. Its runs must have finished: cancel them and
 * drain to WEIR_EVENT_RUN_FINISHED first. Its queues stay and are destroyed apart.
 *
 * WEIR_E_BUSY        runs still go on, or another thread polls or reads the statistics: nothing was
 *                    ended
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, blocks until the threads have ended]  since 1.0 */
WEIR_API weir_status weir_runtime_destroy_wait(weir_runtime runtime) WEIR_NOEXCEPT;

/* What a runtime holds at a moment: numbers for people and graphs, taken one after another while
 * it goes on. */
typedef struct weir_statistics {
    uint32_t struct_size;
    uint32_t workers;       /* threads; 0: polled */
    uint64_t runs;          /* under way, and root scopes that are open */
    uint64_t lanes;         /* fibers that exist */
    uint64_t lanes_started; /* since the runtime was made */
    uint64_t timers;        /* pending */
    uint64_t stack_bytes;   /* address space mapped for stacks; touched pages alone are resident */
    uint64_t now_ns;        /* the runtime's clock */
} weir_statistics;

/* Fills `statistics`, as much of it as its struct_size says.
 *
 * WEIR_E_STRUCT_SIZE, WEIR_E_INVALID_ARGUMENT, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_CLOSED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_runtime_statistics(weir_runtime runtime,
                                             weir_statistics *statistics) WEIR_NOEXCEPT;

/* --- Event queue --------------------------------------------------------- */

#define WEIR_EVENT_HARD 1u /* STEP_CANCEL: the time for a graceful end is over */
#define WEIR_EVENT_LATE 2u /* a barrier's event that came after the decision */

/* One thing that happened, or that the host is asked to do. Pointers in it stay
 * valid until the next drain of the same queue. */
typedef struct weir_event {
    uint64_t seq;          /* of its run, or root scope: 1, 2, 3 ... without a gap */
    int64_t t_ns;          /* since the start of its run; of a scope: the runtime's clock */
    weir_run run;          /* 0 for what a scope tells */
    uint64_t tag;          /* of whom or what it tells: the run's; of SNAPSHOT and *_DONE: given in the
                            * call that it answers; else the barrier's, or the scope's */
    weir_step step;        /* STEP_*: the step to answer for, else 0 */
    weir_event_kind kind;
    weir_outcome outcome;  /* *_FINISHED, *_DONE, CONTROL, else 0 */
    uint32_t attempt;      /* STEP_*, INTERVENTION_*: 1 for the first try, else 0 */
    uint32_t flags;        /* WEIR_EVENT_HARD, WEIR_EVENT_LATE */
    const char *path;      /* the node's path, or the barrier's or scope's name; a run's barrier:
                            * the party's path; may be null */
    const char *input;     /* JSON, or null. STEP_STARTED: what to do (docs/steps.md); STEP_PROGRESS:
                            * as the host gave it; CONTROL, SNAPSHOT: docs/events.md; a host's barrier:
                            * who is to blame, who was missing, the values */
    const char *json;      /* a run's event as one JSON object; null unless the queue was asked */
    uint32_t path_length;
    uint32_t input_length;
    uint32_t json_length;
    weir_reason reason;    /* a host's barrier or gate; RUN_FINISHED: WEIR_REASON_NO_MEMORY; else 0 */
    weir_scope scope;      /* of a host's scope, else 0 */
    uint64_t barrier;      /* the host's barrier or gate, else 0 */
    uint32_t generation;   /* of a host's barrier, else 0 */
    uint32_t arrived;      /* a host's barrier that has decided: how many had arrived */
} weir_event;

#define WEIR_QUEUE_JSON 1u /* fill `json` of every event of a run */

typedef struct weir_queue_options {
    uint32_t struct_size;
    uint32_t flags; /* WEIR_QUEUE_JSON */
} weir_queue_options;

/* Makes a queue, to which runs of any runtime may send. `options` may be null.
 *
 * WEIR_E_LIMIT   the process has no descriptor left
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STRUCT_SIZE, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_create(const weir_queue_options *options, weir_queue *queue,
                                       weir_error *error) WEIR_NOEXCEPT;

/* Gives the queue's descriptor, for poll, epoll and their like. Only wait on it: it is the
 * library's, is closed by weir_queue_destroy, and becomes readable once for the first
 * event after a drain that found nothing. So: drain until the count is 0, then wait.
 *
 * WEIR_E_STALE, WEIR_E_INVALID_ARGUMENT, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_descriptor(weir_queue queue, int32_t *descriptor) WEIR_NOEXCEPT;

/* Takes up to `capacity` events, oldest first. `stride` is the caller's
 * sizeof(weir_event): a library with a longer event writes only so much of each. A drain
 * that takes nothing arms the descriptor.
 *
 * WEIR_E_STRUCT_SIZE        `stride` is shorter than the event of ABI 1.0, or no multiple of 8
 * WEIR_E_INVALID_ARGUMENT   `events` or `count` is null, or `capacity` is 0
 * WEIR_E_BUSY               another thread is draining
 * WEIR_E_BAD_STATE          a dispatcher drains this queue
 * WEIR_E_NO_MEMORY          nothing was taken
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [consumer, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_drain(weir_queue queue, weir_event *events, uint32_t stride,
                                      uint32_t capacity, uint32_t *count) WEIR_NOEXCEPT;

/* Makes the descriptor readable without an event, for instance to stop a waiting thread. The next
 * drain that finds nothing takes it back: look at what you were woken for after every drain.
 *
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_wake(weir_queue queue) WEIR_NOEXCEPT;

typedef void (*weir_wake_function)(void *context);

/* Calls `wake` wherever the descriptor would be raised, which still happens: once for the first
 * event after a drain that found nothing. For hosts whose loop has a wake-up of its own. Set before
 * anything sends to the queue. It is called on any thread, on that thread's own stack, and may do
 * no more than signal: only functions tagged [anywhere] may be called in it. Null: none.
 *
 * WEIR_E_BAD_STATE   something sends to the queue already, or a dispatcher drains it
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [owner, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_on_wake(weir_queue queue, weir_wake_function wake,
                                        void *context) WEIR_NOEXCEPT;

/* Gets events in batches, as a drain would have written them, `stride` bytes apart. */
typedef void (*weir_dispatch_function)(void *context, const weir_event *events, uint32_t stride,
                                       uint32_t count);

/* Starts a thread that drains the queue and hands the events to `take`, for hosts that want to be
 * called. It is a plain thread with a stack of the usual size and all signals blocked; any function
 * tagged [any thread] may be called in `take`, which should not wait. One a queue; nobody else
 * drains it meanwhile.
 *
 * WEIR_E_INVALID_ARGUMENT   `take` is null
 * WEIR_E_BAD_STATE          there is a dispatcher already
 * WEIR_E_LIMIT              the process can have no more threads
 * WEIR_E_BUSY, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_dispatch(weir_queue queue, weir_dispatch_function take,
                                         void *context) WEIR_NOEXCEPT;

/* Ends the dispatcher: once this returns, `take` is not called any more. Events that it has not
 * handed over stay in the queue.
 *
 * WEIR_E_BAD_STATE   there is no dispatcher, or this is its thread
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread but the dispatcher's, blocks until `take` has returned]  since 1.0 */
WEIR_API weir_status weir_queue_dispatch_end_wait(weir_queue queue) WEIR_NOEXCEPT;

/* Ends a queue. Runs that send to it must have finished; events not drained are dropped. Once this
 * returns, the wake function is not called any more: it waits for a call that is under way.
 *
 * WEIR_E_BUSY    runs still send to it, or a thread is draining, a dispatcher's too: nothing was
 *                ended
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [owner, never blocks]  since 1.0 */
WEIR_API weir_status weir_queue_destroy(weir_queue queue) WEIR_NOEXCEPT;

/* --- Plans --------------------------------------------------------------- */

#define WEIR_LOAD_COMPAT_HARNESS 1u /* Harness's own behaviour where ours differs: docs/compat.md */
#define WEIR_LOAD_INPUTS_OPEN 2u    /* a runtime input that is not given is an unknown, not an error */
#define WEIR_LOAD_RUNNABLE 4u       /* refuse also what loads but cannot be run by this version */
#define WEIR_LOAD_SLOTS_RELEASE 8u  /* a loop's instance that waits gives its slot to the next, where
                                       the document does not say: it is checked and runs that way */
#define WEIR_LOAD_ALLOW_UNPROVED 16u /* accept a plan of which it was not found out whether it can
                                        get stuck, with warning W0501 instead of error E0510 */

/* A document refers to others: child pipelines, templates, input sets, environments. */
typedef uint32_t weir_reference_kind;
#define WEIR_REFERENCE_PIPELINE 1u  /* a stage of type Pipeline runs it */
#define WEIR_REFERENCE_TEMPLATE 2u  /* `templateRef` */
#define WEIR_REFERENCE_INPUT_SET 3u /* `inputSetReferences`, of an overlay or a Pipeline stage */
#define WEIR_REFERENCE_PARENT 4u    /* a pipeline one of whose stages runs `identifier` */
#define WEIR_REFERENCE_VALUE 5u     /* what an expression names that only the host knows, such as
                                     * `secrets.getValue("x")`, `infra.namespace`: `text` is the
                                     * value, best a reference where it is secret; not found: it
                                     * is missing when it is asked for */
#define WEIR_REFERENCE_ENVIRONMENT_GROUP 6u /* `envGroupRef`: `environmentGroup:` with its
                                             * `envIdentifiers` */
#define WEIR_REFERENCE_INFRASTRUCTURES 7u /* those of the environment `identifier`: a list of
                                           * `infrastructureDefinition:`; not found: which there
                                           * are is not known, nor which one stage alone may use */

/* Where a template or an environment is looked for: its reference begins with `account.` or `org.`, or does not. */
typedef uint32_t weir_reference_level;
#define WEIR_LEVEL_PROJECT 0u
#define WEIR_LEVEL_ORGANIZATION 1u
#define WEIR_LEVEL_ACCOUNT 2u

/* What is looked for. Texts that the document does not say are null; they end in a zero that the
 * length does not count. */
typedef struct weir_reference {
    uint32_t struct_size;
    weir_reference_kind kind;
    weir_reference_level level;
    uint32_t identifier_length;
    const char *identifier; /* without its level */
    const char *version;    /* a template's `versionLabel`; null: the stable one */
    const char *org;
    const char *project;
    const char *pipeline; /* an input set's */
    uint32_t version_length;
    uint32_t org_length;
    uint32_t project_length;
    uint32_t pipeline_length;
} weir_reference;

/* What was found. All zero but struct_size, which the library sets, when the host gets it. */
typedef struct weir_resolution {
    uint32_t struct_size;
    uint32_t file_length;
    const char *text; /* the document */
    uint64_t text_length;
    const char *file; /* its name in diagnostics, the same for the same document; null: identifier */
    const char *why;  /* with another status than WEIR_OK: said to the reader; null: nothing more */
    uint32_t why_length;
    uint32_t reserved0;
} weir_resolution;

/* Finds a document. WEIR_OK: `found` has it. WEIR_E_NOT_FOUND, or any other status: it could not be
 * had, and the document that refers to it is refused with `why`, at the reference.
 *
 * Called by weir_plan_load on the thread that called it, before it returns, one call at a time, and
 * once for each reference that differs. Texts put into `found` are the host's: they must stay as
 * they are until the next call of the function or the end of weir_plan_load, whichever is first;
 * the library has copied them then. `wanted` and what it points to are good during the call only.
 * The function may call any function of the library; it must return, not longjmp or throw. */
typedef weir_status (*weir_resolve_function)(void *context, const weir_reference *wanted,
                                             weir_resolution *found);

/* A document that is given beside the one that is loaded. */
typedef struct weir_document {
    uint32_t struct_size;
    uint32_t file_length;
    const char *text;
    uint64_t text_length;
    const char *file; /* its name in diagnostics; null: "<inputs>" */
} weir_document;

typedef struct weir_load_options {
    uint32_t struct_size;
    uint32_t flags;
    const char *adapter;   /* "harness" or "plan" (plan JSON); null: detected */
    const char *file;      /* the document's name in diagnostics; null: "<input>" */
    const char *variables; /* a JSON object of pipeline variables and inputs, by name; null: none */
    uint32_t adapter_length;
    uint32_t file_length;
    uint32_t variables_length;
    uint32_t input_count;
    const weir_document *inputs;   /* input sets, one behind another: a later one wins over an
                                    * earlier one, `variables` over all (docs/inputs.md) */
    weir_resolve_function resolve; /* null: nothing that the document refers to can be had */
    void *resolve_context;         /* handed to `resolve` */
    uint32_t most_levels;          /* of pipelines or templates in each other; 0: 16, at most 64 */
    uint32_t reserved0;
} weir_load_options;

/* Reads a document and makes an immutable plan of it, which any number of runs may share.
 *
 * `diagnostics`, which may be null, is set with WEIR_OK and with WEIR_E_DOCUMENT: a JSON
 * array of findings, errors and warnings, to be released by the caller (docs/diagnostics.md).
 *
 * The document, its inputs and all that `resolve` gives are read before this returns.
 *
 * WEIR_E_DOCUMENT           the document is refused; `plan` is not set
 * WEIR_E_NOT_JSON           `variables` is not a JSON object, or nests more than 256 deep
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STRUCT_SIZE, WEIR_E_NOT_UTF8, WEIR_E_NO_MEMORY, WEIR_E_LIMIT
 *
 * [any thread, blocks only in `resolve`]  since 1.0 */
WEIR_API weir_status weir_plan_load(const char *document, uint64_t length,
                                    const weir_load_options *options, weir_plan *plan,
                                    weir_text *diagnostics, weir_error *error) WEIR_NOEXCEPT;

#define WEIR_FORMAT_JSON 0u
#define WEIR_FORMAT_TREE 1u
#define WEIR_FORMAT_DOT 2u
#define WEIR_FORMAT_MERMAID 3u
#define WEIR_FORMAT_SLOTS 4u

/* Describes a plan as text, to be released by the caller.
 *
 * WEIR_FORMAT_SLOTS: a JSON array with a remark for each loop whose `maxConcurrency` its waiting
 * instances keep: how few slots it could do with (`least`, of `slots`), and the `barrier` that
 * needs them, in an object like a finding's (docs/diagnostics.md).
 *
 * WEIR_E_INVALID_ARGUMENT   not a format, or `text` is null
 * WEIR_E_STALE, WEIR_E_NO_MEMORY, WEIR_E_LIMIT
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_plan_describe(weir_plan plan, weir_format format,
                                        weir_text *text) WEIR_NOEXCEPT;

/* Releases a plan. Runs made from it go on. 0 is accepted and does nothing.
 *
 * WEIR_E_STALE
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_plan_release(weir_plan plan) WEIR_NOEXCEPT;

/* --- Runs ---------------------------------------------------------------- */

#define WEIR_RUN_SIMULATE 1u /* no step goes to the host: each takes its time and ends as told */
#define WEIR_RUN_SLOTS_RELEASE 2u /* as WEIR_LOAD_SLOTS_RELEASE, of this run of a plan only */

typedef struct weir_run_options {
    uint32_t struct_size;
    uint32_t flags;
    uint64_t tag;           /* the host's own, echoed in every event of the run */
    int64_t grace_ns;       /* between a graceful and a hard STEP_CANCEL; 0: 10 s */
    const char *id;         /* `run` in the events' JSON; null: the pipeline's identifier */
    const char *simulation; /* JSON: durations and outcomes of steps by path (docs/simulate.md) */
    uint32_t id_length;
    uint32_t simulation_length;
    int64_t heartbeat_ns;   /* a step of which the host says nothing for so long times out; 0: none */
} weir_run_options;

/* Starts a run of a plan. Its events go to `queue`, WEIR_EVENT_RUN_FINISHED the last of
 * them, exactly once. Every STEP_STARTED is to be answered by one weir_step_finish.
 * The handle stays valid until RUN_FINISHED has been drained.
 *
 * When memory runs out while it goes on, the run ends as if it were cancelled, and RUN_FINISHED has
 * WEIR_FAILED and WEIR_REASON_NO_MEMORY. Its place in the queue, and those of the ends of steps and
 * nodes that have begun, are kept from the start; other events of such an end may be missing.
 *
 * WEIR_E_NOT_JSON           `simulation` is not what docs/simulate.md says
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STRUCT_SIZE, WEIR_E_NOT_UTF8, WEIR_E_STALE, WEIR_E_FORKED,
 * WEIR_E_CLOSED, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_start(weir_runtime runtime, weir_plan plan, weir_queue queue,
                                    const weir_run_options *options, weir_run *run,
                                    weir_error *error) WEIR_NOEXCEPT;

/* Cancels a run: nothing further starts, steps under way get STEP_CANCEL, barriers break with
 * reason `cancelled`, and RUN_FINISHED follows once every step was answered or its grace is
 * over. A second call does nothing. `why` is told in the `control` event.
 *
 * WEIR_E_STALE   the run has finished
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_NOT_UTF8, WEIR_E_NO_MEMORY, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_cancel(weir_run run, const char *why,
                                     uint32_t why_length) WEIR_NOEXCEPT;

/* Nothing further starts until weir_run_resume; steps under way go on, and barriers decide. Timeouts
 * of the run's nodes stand still (SEMANTICS: "Timers"), a step's too. `why` is told in the `control`
 * event, which every accepted call of this and the next five gets exactly one of: WEIR_SUCCEEDED, or
 * WEIR_FAILED and why nothing came of it.
 *
 * WEIR_E_STALE   the run has finished
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_NOT_UTF8, WEIR_E_NO_MEMORY, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_pause(weir_run run, const char *why, uint32_t why_length) WEIR_NOEXCEPT;
WEIR_API weir_status weir_run_resume(weir_run run, const char *why,
                                     uint32_t why_length) WEIR_NOEXCEPT;

/* Decides a barrier of the run by hand: breaks it, or releases those who wait and lets the others
 * pass. `barrier` is its identifier in the document.
 *
 * As weir_run_pause.
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_break_barrier(weir_run run, const char *barrier,
                                            uint32_t barrier_length, const char *why,
                                            uint32_t why_length) WEIR_NOEXCEPT;
WEIR_API weir_status weir_run_release_barrier(weir_run run, const char *barrier,
                                              uint32_t barrier_length, const char *why,
                                              uint32_t why_length) WEIR_NOEXCEPT;

/* Changes how many instances of a loop that is under way run at once; `path` is the loop's. More
 * start at once; fewer takes effect as instances end. 0: no limit. Fewer than a barrier needs, if
 * all its parties are to meet, is refused in the `control` event.
 *
 * As weir_run_pause.
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_set_concurrency(weir_run run, const char *path, uint32_t path_length,
                                              uint32_t concurrency) WEIR_NOEXCEPT;

/* Answers a manual intervention: what is to be done about the failure that is open at `path`, the
 * step's of the INTERVENTION_WANTED event. `action` is the word for it in plan JSON: "retry",
 * "ignore", "mark_as_success", "mark_as_failure", "abort", "stage_rollback", "step_group_rollback",
 * "pipeline_rollback", "retry_step_group" or "proceed_with_default_values"; or "on_timeout": nobody
 * will answer, and what the document says for that is done. `attempt` is that event's, so that an answer meant for one try is not taken for another's; 0: whichever is open. An answer
 * that comes too late or cannot be, such as the retry of a step whose barrier is broken, is refused
 * in the `control` event.
 *
 * As weir_run_pause.
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_intervene(weir_run run, const char *path, uint32_t path_length,
                                        uint32_t attempt, const char *action,
                                        uint32_t action_length, const char *why,
                                        uint32_t why_length) WEIR_NOEXCEPT;

/* Asks for a picture of the run: WEIR_EVENT_SNAPSHOT with `tag` and, in `input`, the nodes that are
 * under way and what each waits for, and the barriers and who is missing (docs/events.md).
 *
 * As weir_run_pause.
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_run_snapshot(weir_run run, uint64_t tag) WEIR_NOEXCEPT;

/* Says that a step is alive. `progress`, a JSON object, is told in WEIR_EVENT_STEP_PROGRESS; empty,
 * there is no event, and only the step's `heartbeat_ns` begins anew. What is told of a step comes
 * before its end: a finish that follows at once may overtake the progress, which then is not told.
 *
 * WEIR_E_STALE      the step was answered, or its time for an answer is over
 * WEIR_E_NOT_JSON   `progress` is not a JSON object
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_NOT_UTF8, WEIR_E_NO_MEMORY, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_step_progress(weir_step step, const char *progress,
                                        uint32_t progress_length) WEIR_NOEXCEPT;

/* Says how a step ended. `outcome` is WEIR_SUCCEEDED, WEIR_FAILED, WEIR_SKIPPED, WEIR_CANCELLED
 * or WEIR_TIMED_OUT. `outputs` is a JSON object that later expressions find under the step's
 * `output.outputVariables`, or empty. `message` is why it failed, for people, or empty.
 *
 * WEIR_E_STALE              the step was answered before, or its time for an answer is over
 * WEIR_E_INVALID_ARGUMENT   not such an outcome
 * WEIR_E_NOT_JSON           `outputs` is not a JSON object
 * WEIR_E_NOT_UTF8, WEIR_E_NO_MEMORY, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_step_finish(weir_step step, weir_outcome outcome, const char *outputs,
                                      uint32_t outputs_length, const char *message,
                                      uint32_t message_length) WEIR_NOEXCEPT;

/* --- Scopes, lanes and barriers of a host -------------------------------- */

/* For a host with control flow of its own: it says which lanes there are (stages, step groups,
 * loop instances, child pipelines), which barriers they will meet, when one arrives and how one
 * ends. An arrival parks a record of 64 bytes, not a fiber; its end is an event. Nothing here
 * walks a plan, and steps are the host's own affair.
 *
 * Arrivals that were accepted (WEIR_OK) get exactly one WEIR_EVENT_BARRIER_DONE each, with the
 * `tag` given there: WEIR_SUCCEEDED when the lane may go on, WEIR_FAILED when the barrier broke,
 * WEIR_CANCELLED or WEIR_TIMED_OUT when this one arrival was taken back. Its place is the record's
 * own, so the promise holds when memory runs out. BARRIER_RELEASED, _BROKEN or _VOIDED comes
 * before the BARRIER_DONE of those who are told.
 *
 * A root scope and all below it are one tree, which sends to one queue. Calls for one tree may
 * come from any threads; none waits for more than a few instructions of another one's. */

/* Of a root, for all below it: a lane that waits, at a barrier or for a slot, does nothing else
 * until it is told, nor is anything done for it. Then a stall is decided at the moment it is
 * certain: when lanes wait in a circle, for each other and nobody else, the barriers of that circle
 * break, in the order of their declaration, with WEIR_REASON_DEADLOCK and the circle in words; in a
 * circle of gates alone, the youngest wait ends with WEIR_FAILED. Neither a timeout that is pending
 * nor a hand that may come holds that up. A lane that does not wait can always go on, and so can
 * one that has such a lane under it; a barrier that is not open, has places reserved or to be
 * filled by whoever comes, or is being completed, can always decide. */
#define WEIR_SCOPE_SEQUENTIAL 1u

typedef struct weir_scope_options {
    uint32_t struct_size;
    uint32_t name_length;
    const char *name; /* for people, and in JSON; null: none */
    weir_scope parent; /* 0: a root. A child sees its parents' barriers, never the reverse */
    uint64_t tag;
    uint32_t flags;     /* WEIR_SCOPE_*; of a child: 0 */
    uint32_t reserved0; /* 0 */
} weir_scope_options;

/* Opens a scope. For a child, `runtime` and `queue` are its parent's, or 0. The runtime keeps the
 * time; a polled one must be polled for timeouts to come. `options` may be null.
 *
 * WEIR_E_CLOSED             the runtime is being destroyed
 * WEIR_E_INVALID_ARGUMENT   `scope` is null, an unknown flag, a flag for a child, `reserved0` is
 *                           not 0
 * WEIR_E_STRUCT_SIZE, WEIR_E_NOT_UTF8, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_scope_open(weir_runtime runtime, weir_queue queue,
                                     const weir_scope_options *options, weir_scope *scope,
                                     weir_error *error) WEIR_NOEXCEPT;

/* Closes a scope and those below it: lanes still open end as WEIR_CANCELLED, barriers that have
 * not decided break. WEIR_EVENT_SCOPE_CLOSED is the scope's last event; the handles of it, its
 * lanes and its barriers are stale from here on.
 *
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_scope_close(weir_scope scope) WEIR_NOEXCEPT;

/* Describes a scope and all below it as JSON: lanes, barriers, who waits where and for whom. The
 * text is released by the caller.
 *
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_scope_describe(weir_scope scope, weir_text *text) WEIR_NOEXCEPT;

/* Opens a lane in a scope, under another lane of that scope or a parent's, or 0. `name` is one
 * step of its path, for people: how barriers name who is missing.
 *
 * WEIR_E_INVALID_ARGUMENT   `lane` is null, or `parent` is of another tree
 * WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NOT_UTF8, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_open(weir_scope scope, weir_lane parent, const char *name,
                                    uint32_t name_length, uint64_t tag,
                                    weir_lane *lane) WEIR_NOEXCEPT;

/* Ends a lane and those under it. After WEIR_SUCCEEDED, WEIR_SKIPPED or WEIR_IGNORED_FAILURE it
 * withdraws from the barriers that it has not reached; after WEIR_FAILED, WEIR_TIMED_OUT or
 * WEIR_CANCELLED it breaks them at once, and is the one to blame. An arrival of it that waits ends as
 * WEIR_CANCELLED in the first case, with the barrier in the second.
 *
 * WEIR_E_INVALID_ARGUMENT   not an outcome
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_finish(weir_lane lane, weir_outcome outcome) WEIR_NOEXCEPT;

#define WEIR_BARRIER_CYCLIC 1u          /* a release begins the next generation */
#define WEIR_BARRIER_STRAGGLERS_FAIL 2u /* with a quorum: who comes later fails; else passes */
#define WEIR_BARRIER_COMPLETES 4u       /* BARRIER_COMPLETING comes before anybody goes on */

typedef struct weir_barrier_options {
    uint32_t struct_size;
    uint32_t flags;
    uint32_t parties;   /* so many more will come, whoever they are; 0: only those expected */
    uint32_t quorum;    /* so many arrivals release it; 0: all */
    int64_t timeout_ns; /* from the first arrival of a generation; 0: none */
    uint64_t tag;
} weir_barrier_options;

/* Declares a barrier in a scope. It decides nothing before weir_barrier_open, unless `parties` is
 * given: then it is open from the start, and lanes that were not expected take those places as
 * they arrive. `options` may be null.
 *
 * WEIR_E_EXISTS             that scope has a barrier of this name
 * WEIR_E_INVALID_ARGUMENT   no name, an unknown flag, a negative timeout
 * WEIR_E_STRUCT_SIZE, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NOT_UTF8, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_declare(weir_scope scope, const char *name, uint32_t name_length,
                                          const weir_barrier_options *options,
                                          weir_barrier *barrier, weir_error *error) WEIR_NOEXCEPT;

/* Finds a barrier by name: in the scope, then in its parents.
 *
 * WEIR_E_NOT_FOUND
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_find(weir_scope scope, const char *name, uint32_t name_length,
                                       weir_barrier *barrier) WEIR_NOEXCEPT;

/* From here on it may decide: whoever is known from the start has been expected.
 *
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_open(weir_barrier barrier) WEIR_NOEXCEPT;

/* Holds places for parties that are not known yet, and gives them up again: until then nobody is
 * released. Expect those who have become known, then settle.
 *
 * WEIR_E_INVALID_ARGUMENT   0 places, more than 2^31 in all, or more than are held
 * WEIR_E_DECIDED            reserve: too late
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_reserve(weir_barrier barrier, uint32_t places) WEIR_NOEXCEPT;
WEIR_API weir_status weir_barrier_settle(weir_barrier barrier, uint32_t places) WEIR_NOEXCEPT;

/* Makes a lane a party: the barrier waits for it. Once more is once.
 *
 * WEIR_E_INVALID_ARGUMENT   the barrier is not in the lane's scope or a parent of it
 * WEIR_E_DECIDED            the barrier has decided, or is being released
 * WEIR_E_BUSY               an event of this lane at this barrier has not been drained
 * WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_expect(weir_lane lane, weir_barrier barrier) WEIR_NOEXCEPT;

/* The lane has reached the barrier. On WEIR_OK exactly one BARRIER_DONE with `tag` follows, now or
 * later; otherwise none. `timeout_ns` (negative: none) bounds this one's wait: then it fails with
 * reason `timed_out`, and the barrier with it, unless a quorum can do without. An arrival after
 * the decision is answered with that, WEIR_EVENT_LATE set. `value` (JSON, may be empty) is handed
 * to all with the release, in the order in which the lanes were expected.
 *
 * WEIR_E_NOT_EXPECTED   say weir_lane_expect before, or declare a number of parties
 * WEIR_E_BUSY           it waits there already, or its last event has not been drained; with
 *                       WEIR_SCOPE_SEQUENTIAL: it waits, wherever
 * WEIR_E_NOT_JSON, WEIR_E_NOT_UTF8   `value` is not
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_arrive(weir_lane lane, weir_barrier barrier, const char *value,
                                      uint32_t value_length, int64_t timeout_ns,
                                      uint64_t tag) WEIR_NOEXCEPT;

/* The same for `count` lanes at one barrier, without values or timeouts, for callers to whom a
 * call is dear. `accepted` is set to how many were accepted, in order, whatever the status is; the
 * status is that of the first one that was not.
 *
 * As weir_lane_arrive.
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lanes_arrive(const weir_lane *lanes, const uint64_t *tags, uint32_t count,
                                       weir_barrier barrier, uint32_t *accepted) WEIR_NOEXCEPT;

/* Takes an arrival back that waits: BARRIER_DONE with WEIR_CANCELLED follows, and the lane is
 * expected again. Withdraw: it is no party any more.
 *
 * WEIR_E_DECIDED            too late: the event that follows, or has come, is the barrier's
 *                           decision
 * WEIR_E_NOT_EXPECTED       it is no party, or (retract) has not arrived
 * WEIR_E_INVALID_ARGUMENT   the barrier is of another tree
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_retract(weir_lane lane, weir_barrier barrier) WEIR_NOEXCEPT;
WEIR_API weir_status weir_lane_withdraw(weir_lane lane, weir_barrier barrier) WEIR_NOEXCEPT;

/* Decides by hand, now, for all.
 *
 * WEIR_E_DECIDED   it has decided
 * WEIR_E_BUSY      release: the event of the release before has not been drained
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_release(weir_barrier barrier) WEIR_NOEXCEPT;
WEIR_API weir_status weir_barrier_break(weir_barrier barrier) WEIR_NOEXCEPT;

/* Answers BARRIER_COMPLETING: `generation` is that event's. WEIR_SUCCEEDED releases all, any other
 * outcome breaks the barrier for all.
 *
 * WEIR_E_DECIDED            it broke meanwhile, or was answered before
 * WEIR_E_INVALID_ARGUMENT   not an outcome
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_complete(weir_barrier barrier, uint32_t generation,
                                           weir_outcome outcome) WEIR_NOEXCEPT;

/* Describes a barrier as JSON: where it stands, who has arrived, who is missing. The text is
 * released by the caller.
 *
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_barrier_describe(weir_barrier barrier, weir_text *text) WEIR_NOEXCEPT;

/* Opens a gate in a scope: so many slots, which lanes take and give. It closes with the scope, and
 * whoever waits is told.
 *
 * WEIR_E_INVALID_ARGUMENT   no slots, or `gate` is null
 * WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NOT_UTF8, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_gate_open(weir_scope scope, const char *name, uint32_t name_length,
                                    uint32_t slots, weir_gate *gate,
                                    weir_error *error) WEIR_NOEXCEPT;

/* More slots are handed out at once; fewer take effect as slots are given back.
 *
 * WEIR_E_INVALID_ARGUMENT   no slots
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_gate_set_slots(weir_gate gate, uint32_t slots) WEIR_NOEXCEPT;

/* Waits for a slot, behind all who wait already. On WEIR_OK exactly one WEIR_EVENT_SLOT_DONE with
 * `tag` follows: WEIR_SUCCEEDED when the lane holds a slot, WEIR_CANCELLED when it was cancelled, the
 * lane ended or the scope closed, WEIR_FAILED with WEIR_REASON_DEADLOCK when it could never have
 * got one (WEIR_SCOPE_SEQUENTIAL).
 *
 * WEIR_E_INVALID_ARGUMENT   the gate is not in the lane's scope or a parent of it
 * WEIR_E_BUSY               it holds a slot of this gate, waits for one, or its last event has not
 *                           been drained; with WEIR_SCOPE_SEQUENTIAL: it waits, wherever
 * WEIR_E_STALE, WEIR_E_FORKED, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_take_slot(weir_lane lane, weir_gate gate, uint64_t tag) WEIR_NOEXCEPT;

/* Gives the lane's slot to the first who waits; or, while it waits itself, ends that wait. A lane
 * that finishes gives its slots by itself. To keep a loop's cap from starving a barrier in it, give
 * before weir_lane_arrive and take again when that has ended.
 *
 * WEIR_E_BAD_STATE          it neither holds a slot nor waits for one
 * WEIR_E_INVALID_ARGUMENT   the gate is of another tree
 * WEIR_E_STALE, WEIR_E_FORKED
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_lane_give_slot(weir_lane lane, weir_gate gate) WEIR_NOEXCEPT;

/* --- Loops of a host ----------------------------------------------------- */

/* A looping strategy by itself: a row of instances, expanded as they are asked for. A million
 * combinations take no more memory than ten. */

#define WEIR_LOOP_COMPAT_HARNESS 1u /* Harness's own order and suffixes: docs/compat.md */
#define WEIR_LOOP_LABELS 2u         /* suffixes name the values of a matrix instead of their places */

typedef struct weir_loop_options {
    uint32_t struct_size;
    uint32_t flags;
    uint64_t most;       /* refuse a loop of more instances; 0: what the engine of the dialect allows */
    const char *dialect; /* "harness", "github", "gitlab", "tekton" or "argo"; null: "harness" */
    const char *file;    /* the text's name in diagnostics; null: "<input>" */
    uint32_t dialect_length;
    uint32_t file_length;
} weir_loop_options;

/* One instance. The pointers stay valid until the next call of weir_loop_next for that loop. */
typedef struct weir_instance {
    uint64_t index;      /* 0, 1, 2 ... */
    const char *suffix;  /* behind its name, as the engine has it: "_0_1", " 1/5", "(0:blue)" */
    const char *values;  /* a JSON object: the axes of a matrix; `item` or `partition` of a repeat */
    uint32_t suffix_length;
    uint32_t values_length;
} weir_instance;

/* Reads how something loops, in YAML or JSON: a Harness `strategy` (`matrix`, `repeat` or
 * `parallelism`), a GitHub `strategy`, GitLab's `parallel`, Tekton's `matrix`, or Argo's
 * `withItems`, `withParam` or `withSequence`. The instances are as many, in the order and with the
 * values and names that the engine gives them; where it drops, reorders or changes something
 * without a word, a warning says so (docs/dialects.md). Expressions among values stand for
 * themselves; one that decides how many instances there are is refused.
 *
 * `count`, `concurrency` (0: no limit) and `diagnostics` (JSON, as weir_plan_load gives it) may be
 * null; `diagnostics` is given with WEIR_OK and WEIR_E_DOCUMENT.
 *
 * WEIR_E_DOCUMENT           the strategy is refused; `error` says why and where
 * WEIR_E_INVALID_ARGUMENT, WEIR_E_STRUCT_SIZE, WEIR_E_NOT_UTF8, WEIR_E_LIMIT, WEIR_E_NO_MEMORY
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_loop_open(const char *strategy, uint32_t strategy_length,
                                    const weir_loop_options *options, weir_loop *loop,
                                    uint64_t *count, uint64_t *concurrency,
                                    weir_text *diagnostics, weir_error *error) WEIR_NOEXCEPT;

/* Gives the next instances, up to `capacity`; 0 of them after the last. `stride` is the caller's
 * sizeof(weir_instance).
 *
 * WEIR_E_STRUCT_SIZE        `stride` is shorter than the struct of ABI 1.0, or no multiple of 8
 * WEIR_E_INVALID_ARGUMENT   `instances` or `count` is null, or `capacity` is 0
 * WEIR_E_BUSY               another thread is in this call
 * WEIR_E_STALE, WEIR_E_NO_MEMORY
 *
 * [one thread at a time for that loop, never blocks]  since 1.0 */
WEIR_API weir_status weir_loop_next(weir_loop loop, weir_instance *instances, uint32_t stride,
                                    uint32_t capacity, uint32_t *count) WEIR_NOEXCEPT;

/* Ends a loop. 0 is accepted and does nothing.
 *
 * WEIR_E_BUSY    another thread is in weir_loop_next
 * WEIR_E_STALE
 *
 * [any thread, never blocks]  since 1.0 */
WEIR_API weir_status weir_loop_close(weir_loop loop) WEIR_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif /* WEIR_WEIR_H */
