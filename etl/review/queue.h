/* queue.h: going through the open cases in their order. */
#ifndef CUST360_REVIEW_QUEUE_H
#define CUST360_REVIEW_QUEUE_H

#include "session.h"

struct queue_row {
    int64_t case_id;
    int64_t key;
    int kind;
    int status;
    int band;
    int stake;
    int age; /* as in struct review_filter; 0 but when it is visited */
    int64_t first_day;
    int64_t source_id;
    int64_t other_source_id;
    double priority;
};

/* All open cases by priority, as they are now; borrowed until the next call or change. */
bool queue_rows(struct review *review, const struct queue_row **rows, size_t *count,
                struct error *error);
void queue_cache_destroy(struct queue_cache *cache);

enum queue_facet {
    FACET_KIND,
    FACET_STATUS,
    FACET_BAND,
    FACET_STAKE,
    FACET_AGE,
    FACET_SOURCE,
    QUEUE_FACETS
};

/* Goes through all open cases by priority; `misses` has a bit for each facet whose
 * choice the row does not meet. A visitor that returns false ends it. */
struct queue_visitor {
    bool (*visit)(void *context, const struct queue_row *row, unsigned misses);
    void *context;
};
bool queue_scan(struct review *review, const struct review_filter *filter,
                const struct queue_visitor *visitor, struct error *error);

/* Fills in the items of these cases. */
bool queue_items(struct review *review, const int64_t *case_ids, size_t count, struct arena *arena,
                 struct review_item *items, struct error *error);

/* Keys that nobody else may take: leased by others, or decided while a run holds the state. Sorted.
 */
struct key_list {
    int64_t *keys;
    size_t count;
};
bool key_list_has(const struct key_list *list, int64_t key);
void key_list_sort(struct key_list *list);
/* Cases that somebody has flagged. Sorted. */
bool flag_list(struct review *review, struct arena *arena, struct key_list *list,
               struct error *error);

/* Takes or renews leases; what another has in hand stays his. */
bool lease_take(struct review *review, const char *who, const int64_t *keys, size_t count,
                struct error *error);

bool queue_waiting(struct review *review, struct arena *arena, struct key_list *list,
                   struct error *error);

#endif
