/* review_bulk.h: one word on several cases, given and taken back together. */
#ifndef CUST360_REVIEW_BULK_H
#define CUST360_REVIEW_BULK_H

#include "cust360/review_decide.h"

struct review_refusal { /* a case that stands in the way of deciding several at once */
    const char *key;
    const char *reason; /* "anna has this case in hand" … */
};

struct review_bulk {
    const char *token; /* to take them back by */
    size_t decided;
    size_t for_second; /* of them: wait for a second steward */
    size_t settled;    /* answered by what was decided on others of them */
    struct review_refusal *refused;
    size_t refused_count;
};

/* All or none in one transaction, each as a decision of its own; up to 50. Each verdict is checked
 * by its `seen` before the first is carried out: EXIT_CONFLICT when some may not be said, which
 * `refused` names, each with its reason. EXIT_LOCKED while a run holds the state. */
bool review_decide_bulk(struct review *review, const struct review_verdict *verdicts, size_t count,
                        struct arena *arena, struct review_bulk *bulk, struct error *error);

struct review_glance { /* of a case, as far as it must be seen before several are decided at once */
    const char *key;
    const char *seen;     /* review_case.seen; "" when the case is not open any more */
    const char *sentence; /* the evidence of the first few; of the others, and of blind ones, "" */
    const char *sentence_zh;
    bool blind;
};

/* Looks at up to 50 cases; *glances are in the order of the keys. A key that is none is EXIT_USAGE.
 */
bool review_glance_at(struct review *review, const char *const *keys, size_t count,
                      struct arena *arena, struct review_glance **glances, struct error *error);

/* The open cases that look like one, itself first, at most `most` (50 are decided at once): of its
 * kind and state, asked for the same reason, with evidence that reads the same. They are the
 * steward's from now, as if claimed. A case that is decided blind has none: EXIT_USAGE. */
bool review_alike(struct review *review, const char *who, const char *key, size_t most,
                  struct arena *arena, struct review_page *page, struct error *error);

/* Takes back what of it is in force, and counts it. */
bool review_undo_bulk(struct review *review, const char *who, const char *token,
                      struct arena *arena, size_t *count, struct error *error);

#endif
