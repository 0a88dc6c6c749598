/* comparison.h: what the files of this folder share. */
#ifndef CUST360_RECONCILE_COMPARISON_H
#define CUST360_RECONCILE_COMPARISON_H

#include "cust360/base/database.h"
#include "cust360/reconcile.h"

/* The scratch tables have the columns key, place, c0, c1 … */
enum { AT_KEY, AT_PLACE, AT_VALUES };

struct comparison {
    const struct comparison_options *options;
    char *path;
    struct database *database;
    struct statement *insert[SIDES];
};

extern const char *const side_tables[SIDES];

/* What has been found so far, while it grows. */
struct notebook {
    struct arena *arena;
    const struct comparison_options *options;
    struct comparison_result *result;
    size_t capacity;
    struct discrepancy *list;
};

struct instance {
    struct slice key;
    struct slice place;
    struct slice source;
    struct slice target;
};

/* Counts one more of a kind and column, and keeps the first few as examples. */
void notebook_add(struct notebook *notebook, enum discrepancy_kind kind, const char *column,
                  const struct instance *instance);
/* Takes `count` back (they turned out to be of another kind). */
struct discrepancy *notebook_find(struct notebook *notebook, enum discrepancy_kind kind,
                                  const char *column);

/* Fill, distinct, longest and hashes of a side. */
bool side_measure(struct comparison *comparison, enum side side, struct arena *arena,
                  struct side_result *result, struct error *error);

/* What one side alone shows. */
bool side_suspect(struct comparison *comparison, enum side side, struct notebook *notebook,
                  struct error *error);

/* Rows against rows. */
bool sides_compare(struct comparison *comparison, struct notebook *notebook, struct error *error);

/* The hash of a row's values; `without_key`: but those of the key. */
uint64_t row_hash(const struct statement *row, const struct comparison_options *options,
                  bool without_key, size_t *filled);

#endif
