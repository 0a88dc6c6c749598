/* make.h: what the files that make cases share. */
#ifndef CUST360_REVIEW_MAKE_INTERNAL_H
#define CUST360_REVIEW_MAKE_INTERNAL_H

#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/review.h"
#include "cust360/review_make.h"

struct making { /* while it is under way */
    const struct review_making *asked;
    struct arena *arena;
    bool scoped;           /* temp.review_scope has the customers */
    const char *table;     /* record_ENTITY, quoted */
    const char *cars;      /* SQL for the cars of a golden number ?, or NULL */
    struct statement *put; /* into review_case */
    struct statement *note;
    struct statement *answered;
    struct statement *oldest;
    struct statement *united; /* make_united.c; NULL: nobody has called anybody one */
};

struct fresh_case {
    enum review_kind kind;
    int64_t golden_a;
    int64_t golden_b; /* 0: none */
    int64_t record_a; /* 0: none */
    int64_t record_b;
    const char *attribute; /* or NULL */
    struct slice value;
    struct slice reason;
    double weight;
    double uncertainty;
    int64_t decision_id;
    int64_t extra_impact; /* beside records and cars of the customers */
};

/* Puts a case unless it was answered. */
bool make_put(struct making *making, const struct fresh_case *fresh, struct error *error);

/* " AND GOLDEN IN temp.review_scope", or nothing when everybody's cases are made. */
const char *make_scope(const struct making *making, const char *golden);

/* ---- make_united.c: what holds a customer together ---- */

struct bond { /* two records, and how strongly they belong together, in bits */
    int64_t a;
    int64_t b;
    double weight;
};
struct bonds {
    struct bond *items; /* memory_free */
    size_t count;
    size_t capacity;
};
#define BOND_SAID 1e9 /* a steward's word: never the weakest */

void bonds_add(struct bonds *bonds, int64_t a, int64_t b, double weight);
/* Whether one record hangs together with another, without bond number `without` (count: with all).
 */
bool bonds_reach(const struct bonds *bonds, size_t without, int64_t from, int64_t to);

bool make_united_prepare(struct making *making, struct error *error);
/* Adds the pairs of a customer's records that stewards have called one. */
bool make_united_add(struct making *making, int64_t golden, struct bonds *bonds,
                     struct error *error);
/* Whether stewards have called all records one that have a value of the field. */
bool make_is_united(struct making *making, int64_t golden, const char *field, bool *united,
                    struct error *error);

typedef bool make_function(struct making *making, struct error *error);
make_function make_possible, make_weak_links, make_conflicts, make_values, make_relations,
    make_shared, make_stale;

#endif
