#include "match/again/memory.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* The arrays lie one behind the other, those of eight bytes first, so that all are aligned when the
 * heading is. */

enum { MEMORY_VERSION = 1 };
#define MEMORY_MAGIC (UINT64_C(0x686374614D363343) + MEMORY_VERSION)

struct part {
    uint64_t count;
    size_t item_bytes;
};

enum { PARTS = 8 };

static void list_parts(const struct memory_heading *heading, struct part parts[PARTS])
{
    const struct part all[PARTS] = {
        {heading->record_count, sizeof(uint64_t)},
        {heading->record_count, sizeof(int64_t)},
        {heading->run_count, sizeof(struct cut_run)},
        {heading->record_count, sizeof(uint32_t)},
        {heading->edge_count, sizeof(struct kept_edge)},
        {heading->decision_count, sizeof(struct match_decision)},
        {heading->run_member_count, sizeof(uint32_t)},
        {heading->reason_bytes, 1},
    };
    memcpy(parts, all, sizeof(all));
}

/* UINT64_MAX: counts that no file can have. */
static uint64_t body_bytes(const struct part parts[PARTS])
{
    uint64_t bytes = 0;
    for (size_t i = 0; i < PARTS; i++) {
        if (parts[i].count > UINT32_MAX)
            return UINT64_MAX;
        bytes += parts[i].count * parts[i].item_bytes;
    }
    return bytes;
}

bool memory_open(struct memory *memory, struct slice bytes, uint64_t basis)
{
    struct part parts[PARTS];
    const char *starts[PARTS];
    const struct memory_heading *heading = (const void *)bytes.data;
    if (bytes.length < sizeof(*heading) || heading->magic != MEMORY_MAGIC ||
        heading->basis != basis)
        return false;
    struct slice body = slice_cut(bytes, sizeof(*heading), bytes.length);
    list_parts(heading, parts);
    if (body_bytes(parts) != body.length || hash_bytes(body, basis) != heading->body_hash)
        return false;
    const char *at = body.data;
    for (size_t i = 0; i < PARTS; i++) {
        starts[i] = at;
        at += parts[i].count * parts[i].item_bytes;
    }
    *memory = (struct memory){
        .heading = heading,
        .row_hashes = (const void *)starts[0],
        .names = (const void *)starts[1],
        .runs = (const void *)starts[2],
        .clusters = (const void *)starts[3],
        .edges = (const void *)starts[4],
        .decisions = (const void *)starts[5],
        .run_members = (const void *)starts[6],
        .reasons = starts[7],
    };
    return true;
}

static void append(struct buffer *bytes, const void *items, size_t count, size_t item_bytes)
{
    if (count)
        buffer_append(bytes, slice_make(items, count * item_bytes));
}

/* Refusals have few reasons, and the same text is the same pointer for all of a run. */
static uint32_t reason_offset(struct buffer *reasons, const char *reason)
{
    for (size_t at = 0; at < reasons->length; at += strlen(reasons->data + at) + 1)
        if (strcmp(reasons->data + at, reason) == 0)
            return (uint32_t)at;
    uint32_t offset = (uint32_t)reasons->length;
    buffer_append_text(reasons, reason);
    buffer_append_byte(reasons, '\0');
    return offset;
}

static void append_edges(struct buffer *bytes, const struct edge_list *edges,
                         struct buffer *reasons)
{
    for (size_t i = 0; i < edges->count; i++) {
        const struct edge *edge = &edges->edges[i];
        const struct kept_edge kept = {
            .a = edge->a,
            .b = edge->b,
            .weight = edge->weight,
            .reason = edge->refused ? reason_offset(reasons, edge->reason) : 0,
            .found = edge->found,
            .refused = edge->refused,
        };
        append(bytes, &kept, 1, sizeof(kept));
    }
}

/* As fields, so that what is between them is 0 and equal matches leave equal bytes. */
static void append_decisions(struct buffer *bytes, const struct match_decision *decisions,
                             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct match_decision clean;
        memset(&clean, 0, sizeof(clean));
        clean.a = decisions[i].a;
        clean.b = decisions[i].b;
        clean.same = decisions[i].same;
        append(bytes, &clean, 1, sizeof(clean));
    }
}

void memory_write(const struct memory_content *content, struct buffer *bytes)
{
    struct buffer reasons = BUFFER_EMPTY;
    const struct block_cuts *cuts = content->cuts;
    size_t start = bytes->length;
    struct memory_heading heading = {
        .magic = MEMORY_MAGIC,
        .basis = content->basis,
        .record_count = content->record_count,
        .run_count = cuts->run_count,
        .edge_count = content->edges->count,
        .decision_count = content->decision_count,
        .run_member_count = cuts->member_count,
    };
    append(bytes, &heading, 1, sizeof(heading));
    append(bytes, content->row_hashes, content->record_count, sizeof(uint64_t));
    append(bytes, content->names, content->record_count, sizeof(int64_t));
    append(bytes, cuts->runs, cuts->run_count, sizeof(*cuts->runs));
    append(bytes, content->clusters, content->record_count, sizeof(uint32_t));
    append_edges(bytes, content->edges, &reasons);
    append_decisions(bytes, content->decisions, content->decision_count);
    append(bytes, cuts->members, cuts->member_count, sizeof(uint32_t));
    buffer_append(bytes, buffer_slice(&reasons));
    heading.reason_bytes = reasons.length;
    heading.body_hash = hash_bytes(
        slice_cut(buffer_slice(bytes), start + sizeof(heading), bytes->length), content->basis);
    memcpy(bytes->data + start, &heading, sizeof(heading));
    buffer_release(&reasons);
}
