/* review_engine.h: what review asks of matching, merging and the store; the command line joins
 * them. All of it is about the state that the session was opened on. */
#ifndef CUST360_REVIEW_ENGINE_H
#define CUST360_REVIEW_ENGINE_H

#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/review_case.h"

struct review_evidence { /* why two records are weighed as they are */
    double bits;
    double prior;
    struct review_part *parts;
    size_t part_count;
    const char *blocks; /* the blocking rules that both records fall under: "phone, name" */
    const char *blocks_zh;
    const char *sentence;
    const char *sentence_zh;
};

struct review_applied {
    bool too_many;    /* nothing was done: more records hang together than are done at once */
    int64_t *records; /* that were clustered again, with those of their customers */
    size_t record_count;
    uint32_t *goldens; /* golden numbers, of before and of now */
    size_t golden_count;
};

struct review_engine {
    void *context;
    struct database *state; /* may be written between lock and unlock */
    const char *entity;     /* that is matched */
    double merge_bits;      /* threshold above which pairs are merged */
    /* Takes the state's lock and begins a transaction; EXIT_LOCKED when a run has it. */
    bool (*lock)(void *context, unsigned wait_seconds, struct error *error);
    /* Commits (durably) or takes back, and gives the lock back. */
    bool (*unlock)(void *context, bool commit, struct error *error);
    /* Matches and merges anew what hangs together with these records, by the decisions as they
     * stand in the transaction. */
    bool (*apply)(void *context, const int64_t *records, size_t count, struct arena *arena,
                  struct review_applied *applied, struct error *error);
    bool (*explain)(void *context, int64_t record_a, int64_t record_b, struct arena *arena,
                    struct review_evidence *evidence, struct error *error);
    const char *(*rule_in_words)(const char *rule);
    /* What these customers have consented to; nothing when there is no view. */
    bool (*consents)(void *context, const char *const *golden_ids, size_t count,
                     struct arena *arena, struct review_consents *consents, struct error *error);
    /* Appends one customer's page as JSON; nothing when there is no view. */
    bool (*page)(void *context, const char *golden_id, struct buffer *json, struct error *error);
};

#endif
