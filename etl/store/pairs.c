#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* What the match found, kept by record ids. Two sorted lists, the former and the new one, are gone
 * through side by side, so that only what differs is written. */

struct kept_pair {
    int64_t a; /* record ids, a < b */
    int64_t b;
    double weight_bits;
    uint64_t reason_hash;
    const char *reason;
};

static int compare_ids(const struct kept_pair *x, const struct kept_pair *y)
{
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

static int compare_kept(const void *left, const void *right)
{
    return compare_ids(left, right);
}

/* Members' numbers change from run to run, records' ids do not. */
static struct kept_pair *sort_pairs(const struct roster *roster, const struct store_pair *pairs,
                                    size_t count)
{
    struct kept_pair *kept = memory_allocate_array(count + 1, sizeof(*kept));
    for (size_t i = 0; i < count; i++) {
        int64_t a = roster->record_ids[pairs[i].a];
        int64_t b = roster->record_ids[pairs[i].b];
        kept[i] = (struct kept_pair){
            .a = a < b ? a : b,
            .b = a < b ? b : a,
            .weight_bits = pairs[i].weight_bits,
            .reason_hash = hash_bytes(slice_of(pairs[i].reason), 0),
            .reason = pairs[i].reason,
        };
    }
    qsort(kept, count, sizeof(*kept), compare_kept);
    return kept;
}

static bool load_pairs(struct store *store, const char *table, struct kept_pair **pairs,
                       size_t *count, struct error *error)
{
    char sql[120];
    size_t capacity = 0;
    snprintf(sql, sizeof(sql),
             "SELECT record_a, record_b, weight, reason FROM %s ORDER BY record_a, record_b",
             table);
    struct statement *rows = statement_prepare(store->database, sql, error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        *pairs = memory_grow(*pairs, &capacity, *count + 1, sizeof(**pairs));
        (*pairs)[(*count)++] = (struct kept_pair){
            .a = statement_integer(rows, 0),
            .b = statement_integer(rows, 1),
            .weight_bits = statement_number(rows, 2),
            .reason_hash = hash_bytes(statement_text(rows, 3), 0),
        };
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* The weight holds the prior, so it is the log2 of the odds. */
static double probability(double weight_bits)
{
    return 1.0 / (1.0 + exp2(-weight_bits));
}

static bool write_pair(struct statement *write, const struct kept_pair *pair, struct error *error)
{
    statement_bind_integer(write, 1, pair->a);
    statement_bind_integer(write, 2, pair->b);
    statement_bind_number(write, 3, pair->weight_bits);
    statement_bind_number(write, 4, probability(pair->weight_bits));
    statement_bind_text(write, 5, slice_of(pair->reason));
    return statement_run(write, error);
}

static bool remove_pair(struct statement *drop, const struct kept_pair *pair, struct error *error)
{
    statement_bind_integer(drop, 1, pair->a);
    statement_bind_integer(drop, 2, pair->b);
    return statement_run(drop, error);
}

struct difference {
    struct statement *write;
    struct statement *drop;
    const struct kept_pair *former;
    size_t former_count;
    const struct kept_pair *now;
    size_t now_count;
};

static bool write_difference(const struct difference *difference, struct error *error)
{
    size_t f = 0;
    size_t n = 0;
    while (f < difference->former_count || n < difference->now_count) {
        /* There may be none at all, and then there is no array either. */
        const struct kept_pair *former =
            f < difference->former_count ? &difference->former[f] : NULL;
        const struct kept_pair *now = n < difference->now_count ? &difference->now[n] : NULL;
        int order = !former ? 1 : !now ? -1 : compare_ids(former, now);
        bool equal = order == 0 && former->weight_bits == now->weight_bits &&
                     former->reason_hash == now->reason_hash;
        if (order < 0 && !remove_pair(difference->drop, former, error))
            return false;
        if (order >= 0 && !equal && !write_pair(difference->write, now, error))
            return false;
        f += order <= 0;
        n += order >= 0;
    }
    return true;
}

static bool save_pairs(struct store *store, const char *table, const struct store_pair *pairs,
                       size_t count, struct error *error)
{
    char write[160];
    char drop[120];
    struct kept_pair *former = NULL;
    snprintf(write, sizeof(write),
             "INSERT OR REPLACE INTO %s(record_a, record_b, weight, probability, reason)"
             " VALUES(?,?,?,?,?)",
             table);
    snprintf(drop, sizeof(drop), "DELETE FROM %s WHERE record_a=? AND record_b=?", table);
    struct difference difference = {
        .write = statement_prepare(store->database, write, error),
        .drop = statement_prepare(store->database, drop, error),
        .now_count = count,
    };
    struct kept_pair *now = sort_pairs(&store->roster, pairs, count);
    bool done = difference.write && difference.drop &&
                load_pairs(store, table, &former, &difference.former_count, error);
    difference.former = former;
    difference.now = now;
    done = done && write_difference(&difference, error);
    statement_destroy(difference.write);
    statement_destroy(difference.drop);
    memory_free(former);
    memory_free(now);
    return done;
}

bool store_pairs_save(struct store *store, const struct store_pair *links, size_t link_count,
                      const struct store_pair *possible, size_t possible_count, struct error *error)
{
    return save_pairs(store, "link", links, link_count, error) &&
           save_pairs(store, "possible_match", possible, possible_count, error);
}
