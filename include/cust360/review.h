/* review.h: stewards decide what the matcher was unsure of.
 *
 *   run ──► cases (state.db) ──► queue ──► lease ──► one case, with its evidence ──► verdict
 *             ▲                                                                        │
 *             └── again in every run, also from nothing ◄── decision (append-only) ◄───┘ applied at
 *                                                                                        once
 *
 * A session reads the project's state and its view, and writes decisions. It belongs to one thread
 * at a time (a server locks around each call); several sessions and processes may work on one
 * state. What a call gives lives in the arena that was given to it. While a run holds the state,
 * decisions are put down beside it (STATE/review.db) and applied when it is over.
 *
 * More: review_case.h (one case), review_decide.h (verdicts, undo), review_bulk.h (one word on
 * several cases), review_stats.h (figures), review_publish.h (the view), review_customer.h (search,
 * one customer), review_json.h (all of it as JSON). Errors: EXIT_STATE, EXIT_LOCKED (a run holds
 * the state), EXIT_CONFIGURATION, else EXIT_FAILED. */
#ifndef CUST360_REVIEW_H
#define CUST360_REVIEW_H

#include "cust360/config.h"

struct review;
struct review_engine; /* review_engine.h: matching and merging; made by cli/review/review_open.h */

struct review_setup { /* borrowed as long as the session */
    const struct project *project;
    const struct review_engine *engine;
};

/* Opens a session on a state that must be there. */
struct review *review_open(const struct review_setup *setup, struct error *error);
void review_close(struct review *review);

/* The group's model, which says what is personal. */
const struct model *review_model(const struct review *review);

/* Applies what was decided while a run held the state, if none does now; to be called when idle.
 * *waiting (may be NULL): decisions that still wait. */
bool review_settle(struct review *review, size_t *waiting, struct error *error);

/* ---- cases ---- */

enum review_kind {
    REVIEW_POSSIBLE,  /* two customers that may be one */
    REVIEW_WEAK_LINK, /* one customer held together by a weak link */
    REVIEW_CONFLICT,  /* one customer with identity values that exclude each other */
    REVIEW_VALUE,     /* a value that survivorship could not decide */
    REVIEW_RELATION,  /* two customers that may be of one household, or employer and employed */
    REVIEW_SHARED,    /* a value that belongs to suspiciously many */
    REVIEW_STALE,     /* a decision whose records have changed since */
    REVIEW_KINDS
};

/* "possible", "weak_link" …, for machines; REVIEW_KINDS: there is none of that name. */
const char *review_kind_name(enum review_kind kind);
enum review_kind review_kind_find(struct slice name);

enum review_status {
    REVIEW_OPEN,
    REVIEW_UNSURE, /* a steward was unsure and asks another */
    REVIEW_SECOND, /* decided by one, waits for a second pair of eyes */
    REVIEW_STATUSES
};
const char *review_status_name(enum review_status status);

#define REVIEW_KEY_BYTES                                                                           \
    17 /* a case's key: 16 hexadecimal digits and NUL, the same every night                        \
        */

struct review_item { /* a case as the queue lists it */
    char key[REVIEW_KEY_BYTES];
    enum review_kind kind;
    enum review_status status;
    const char *name_a; /* the records' names, masked as the model says; empty: none */
    const char *name_b;
    const char *source_a; /* "" when the case has none */
    const char *key_a;
    const char *source_b;
    const char *key_b;
    const char *attribute; /* value, shared, conflict: the field; relation: household, employer */
    const char *reason;    /* may be empty */
    double weight_bits;
    double impact;          /* records and cars that hang on it */
    double uncertainty;     /* 0 to 1 */
    double priority;        /* impact × uncertainty */
    const char *first_seen; /* YYYY-MM-DD */
    int32_t age_days;       /* since then, up to the last run's day */
    const char *leased_by;  /* "" : nobody */
    bool flagged;           /* somebody wants to come back to it */
};

/* ---- the queue ---- */

#define REVIEW_ANY (-1)

struct review_filter {
    int kind;   /* enum review_kind or REVIEW_ANY */
    int status; /* enum review_status or REVIEW_ANY */
    int band;   /* how sure: 0 (under 10 %), 1 (under 50 %), 2 (under 90 %), 3, or REVIEW_ANY */
    int stake;  /* impact: 0 (up to 2), 1 (up to 5), 2 (up to 10), 3 (more), or REVIEW_ANY */
    int age;    /* 0 (today), 1 (this week), 2 (this month), 3 (older), or REVIEW_ANY */
    const char *source; /* one of the records' dealer; NULL: any */
    const char *mine;   /* only what this steward has leased; NULL: all */
    bool flagged;       /* only what is flagged */
    const char *who;    /* whose cases the facet "mine" counts; NULL: there is no such facet */
};
#define REVIEW_FILTER_ALL                                                                          \
    {                                                                                              \
        REVIEW_ANY, REVIEW_ANY, REVIEW_ANY, REVIEW_ANY, REVIEW_ANY, NULL, NULL, false, NULL        \
    }

struct review_facet_value {
    const char *value; /* as the filter takes it: "possible", "D01", "2" */
    size_t count;      /* with the other facets' choices as they are */
};
struct review_facet {
    const char *name; /* kind, source, band, stake, age, status, mine */
    struct review_facet_value *values;
    size_t value_count;
};

struct review_page {
    struct review_item *items; /* by priority, highest first */
    size_t count;
    size_t total; /* that the filter leaves */
    struct review_facet *facets;
    size_t facet_count;
};

/* Cases `offset` … of those that the filter leaves, at most `limit`. */
bool review_queue(struct review *review, const struct review_filter *filter, size_t offset,
                  size_t limit, struct arena *arena, struct review_page *page, struct error *error);

/* The next cases for a steward: his own leases first, then up to the project's `review: lease` of
 * the filter's, which nobody else has; each is his for some minutes from now. Every 20th is a pair
 * that is known (its answer is only compared). With the filter's `mine` no further ones. */
bool review_claim(struct review *review, const char *who, const struct review_filter *filter,
                  struct arena *arena, struct review_page *page, struct error *error);

/* Gives leases back: one, or all of the steward's (key NULL). */
bool review_release(struct review *review, const char *who, const char *key, struct error *error);

/* Flags a case, or takes the flag away. */
bool review_flag(struct review *review, const char *who, const char *key, bool on,
                 struct error *error);

#endif
