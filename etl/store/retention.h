/* retention.h: what the files of retention share. */
#ifndef CUST360_STORE_RETENTION_INTERNAL_H
#define CUST360_STORE_RETENTION_INTERNAL_H

#include "cust360/store_retention.h"
#include "internal.h"

/* What becomes of what is past its term; the third, closed before by its source, is "closed". */
#define RETENTION_FRESH  "fresh"  /* came tonight: nobody has seen it */
#define RETENTION_LIVING "living" /* was there before tonight */

struct retaining {
    struct store *store;
    const struct retention_rules *rules;
    const struct source *sources;
    size_t source_count;
    struct arena *arena;
    int32_t as_of_days;
    struct retention_counts *counts; /* one an entity */
};

/* Runs what the buffer holds and empties it; adds to *rows (may be NULL) what the last statement
 * has changed. */
bool retention_run(const struct retaining *work, struct buffer *sql, uint64_t *rows,
                   struct error *error);
const struct model_entity *retention_entity(const struct retaining *work, size_t entity);

/* The first day within the term, as SQL's text. */
const char *retention_cutoff(const struct retaining *work, struct retention_term term);

/* Appends the newest of a record's own days, of table r; '': it has none. */
void retention_own_day(const struct retaining *work, const struct retention_rule *rule,
                       struct buffer *sql);

/* Counts tonight's rows that told of what is past its term, before anything is taken away. */
bool retention_count_rows(const struct retaining *work, struct buffer *sql, struct error *error);

/* Empties the fields whose class is past its term. */
bool retention_empty(const struct retaining *work, struct buffer *sql, struct error *error);

#endif
