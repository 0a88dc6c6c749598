/* memory.h: what a match leaves for the next, as it lies in a file (see match_memory.h).
 *
 *   heading │ row hashes │ names │ runs │ clusters │ edges │ decisions │ run members │ reasons
 *
 * Records go by their numbers in the match that left it. */
#ifndef CUST360_MATCH_MEMORY_LAYOUT_H
#define CUST360_MATCH_MEMORY_LAYOUT_H

#include "cust360/base/buffer.h"
#include "match/block/block_cuts.h"
#include "match/cluster/cluster.h"

struct memory_heading {
    uint64_t magic;
    uint64_t basis;
    uint64_t body_hash;
    uint64_t record_count;
    uint64_t run_count;
    uint64_t edge_count;
    uint64_t decision_count;
    uint64_t run_member_count;
    uint64_t reason_bytes;
};

/* An edge as it stood at the end. */
struct kept_edge {
    uint32_t a; /* a < b */
    uint32_t b;
    int32_t weight;
    uint32_t reason; /* of a refusal: its offset among the reasons */
    int32_t found;   /* as struct edge has it */
    uint32_t refused;
};

struct memory {
    const struct memory_heading *heading;
    const uint64_t *row_hashes; /* by record */
    const int64_t *names;
    const struct cut_run *runs;
    const uint32_t *clusters;
    const struct kept_edge *edges; /* by (a, b) */
    const struct match_decision *decisions;
    const uint32_t *run_members;
    const char *reasons;
};

/* Reads what memory_write wrote; false when it is of another basis, not whole or empty. The bytes
 * are borrowed. */
bool memory_open(struct memory *memory, struct slice bytes, uint64_t basis);

/* What is to be written. */
struct memory_content {
    uint64_t basis;
    uint32_t record_count;
    const uint64_t *row_hashes;
    const int64_t *names;
    const uint32_t *clusters;
    const struct edge_list *edges;
    const struct match_decision *decisions;
    size_t decision_count;
    const struct block_cuts *cuts;
};
void memory_write(const struct memory_content *content, struct buffer *bytes);

#endif
