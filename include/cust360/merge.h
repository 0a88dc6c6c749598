/* merge.h: one golden record from the records of a cluster.
 *
 *   clusters, former numbers ──► golden_assign ──► ids that stay stable
 *   records of a cluster     ──► merge_add     ──► the surviving values and why
 *
 * Driven by survivorship.yaml: for each choice a list of rules, each of which keeps the best of the
 * candidates that the one before left, until all that are left have the same value. Everything is a
 * pure function of its input; what still ties is decided by the order of (source name, source key).
 * A survivorship may be shared by threads; a merge belongs to one. */
#ifndef CUST360_MERGE_H
#define CUST360_MERGE_H

#include "cust360/config.h"
#include "cust360/golden.h"

struct survivorship; /* survivorship.yaml, bound */

struct survivorship *survivorship_load(struct arena *arena, const char *path,
                                       const struct model *model, struct error *error);

/* The entity that is merged, an index into the model's. */
size_t survivorship_entity(const struct survivorship *survivorship);

/* The fields (indexes into the entity's) that the rules read: what merge_add wants, in this order.
 */
size_t survivorship_fields(const struct survivorship *survivorship, const size_t **fields);

/* The columns of a golden record, in the file's order. */
size_t survivorship_columns(const struct survivorship *survivorship,
                            const struct golden_column **columns);

/* Equal for equal rules: when it changes all golden records are made anew. */
uint64_t survivorship_hash(const struct survivorship *survivorship);

/* The rule in words, for people: "the value that most sources have"; also "only" and "agreed". */
const char *survivorship_reason(const char *rule);

/* Gives each cluster its golden number.
 *
 * The parts of a former id claim it; the part with the oldest record of those at home there gets
 * it. A cluster that gets several keeps the oldest (lowest) and the others become aliases of it. A
 * cluster that gets none takes up again the id that its records had before a merge (so that undoing
 * a merge gives everyone their id back), or else is issued a new one. New numbers are issued in
 * the order of the clusters' last members. `all_touched`: the rules or the sources' trust have
 * changed. The result lives in `arena`. Linear in members and ids. */
struct golden_assignment *golden_assign(struct arena *arena, const struct golden_ids *ids,
                                        const struct golden_members *members, bool all_touched);

struct merge_record {
    uint32_t member;            /* its number, as in struct golden_members; ascending */
    uint32_t source;            /* a number: equal for records of one source */
    int trust;                  /* of its source */
    const struct slice *values; /* one a field of survivorship_fields */
    struct slice flagged;       /* names of the fields that have a warning, each with a comma
                                   behind it: "mobile,address," */
};

struct merge;

/* The assignment and the survivorship are borrowed. */
struct merge *merge_create(const struct survivorship *survivorship,
                           const struct golden_assignment *assignment);
void merge_destroy(struct merge *merge);

/* A steward's value for a column in the golden record of `member`; later calls outdo earlier ones.
 * All of them come before the first merge_add. False: there is no such column. */
bool merge_decide(struct merge *merge, uint32_t member, const char *column, struct slice value);

/* Takes in a record; those of golden numbers that are not touched may be left out. True: it was the
 * last of its cluster and *golden is filled, valid until the next call. Records of unfinished
 * clusters are kept (copied) until then. */
bool merge_add(struct merge *merge, const struct merge_record *record,
               struct golden_record *golden);

#endif
