// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <weir/weir.h>

// What a load refers to, without a call of Go from C: what is known is answered, what is not is noted.
// A reference is told as bytes: kind and level, then its texts, each behind its length
// in four bytes, the least first.

typedef struct answer {
    const char *key;
    const char *text;
    const char *file;
    const char *why;
    uint64_t text_length;
    uint32_t key_length;
    uint32_t file_length;
    uint32_t why_length;
    weir_status status;
} answer;

typedef struct answers {
    const answer *all;  // sorted by key
    size_t count;
    char *noted;        // keys of those that are not among them
    size_t noted_length;
    size_t noted_room;
} answers;

static int compare_keys(const char *a, size_t a_length, const char *b, size_t b_length) {
    const int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static const answer *find_answer(const answers *in, const char *key, size_t length) {
    size_t from = 0, to = in->count;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        const answer *const at = &in->all[middle];
        const int order = compare_keys(key, length, at->key, at->key_length);
        if (order == 0) {
            return at;
        }
        *(order < 0 ? &to : &from) = order < 0 ? middle : middle + 1;
    }
    return NULL;
}

static char *add_text(char *to, const char *text, uint32_t length) {
    for (unsigned i = 0; i < sizeof length; ++i) {
        *to++ = (char)(length >> 8 * i);
    }
    if (length != 0) {
        memcpy(to, text, length);
    }
    return to + length;
}

// The key, behind what is noted already; its length, or 0: there is no memory.
static size_t write_key(answers *in, const weir_reference *wanted) {
    const size_t length = 2 + 5 * sizeof(uint32_t) + (size_t)wanted->identifier_length +
                          wanted->version_length + wanted->org_length + wanted->project_length +
                          wanted->pipeline_length;
    if (in->noted_room - in->noted_length < length) {
        const size_t room = 2 * in->noted_room + length;
        char *const more = realloc(in->noted, room);
        if (more == NULL) {
            return 0;
        }
        in->noted = more;
        in->noted_room = room;
    }
    char *at = in->noted + in->noted_length;
    *at++ = (char)wanted->kind;
    *at++ = (char)wanted->level;
    at = add_text(at, wanted->identifier, wanted->identifier_length);
    at = add_text(at, wanted->version, wanted->version_length);
    at = add_text(at, wanted->org, wanted->org_length);
    at = add_text(at, wanted->project, wanted->project_length);
    add_text(at, wanted->pipeline, wanted->pipeline_length);
    return length;
}

static weir_status answer_from(void *context, const weir_reference *wanted, weir_resolution *found) {
    answers *const in = context;
    const size_t length = write_key(in, wanted);
    if (length == 0) {
        return WEIR_E_NO_MEMORY;
    }
    const answer *const known = find_answer(in, in->noted + in->noted_length, length);
    if (known == NULL) {
        in->noted_length += length;
        return WEIR_E_NOT_FOUND;
    }
    found->text = known->text;
    found->text_length = known->text_length;
    found->file = known->file;
    found->file_length = known->file_length;
    found->why = known->why;
    found->why_length = known->why_length;
    return known->status;
}
