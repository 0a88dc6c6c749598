#include "match/model/frequency.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

#include <stdlib.h>

/* A value is listed when at least this share of all customers has it. */
enum { LISTED_MAX = 2000 };
#define LISTED_SHARE (1.0 / LISTED_MAX)

/* How many clusters have each value of an attribute, by value number; *sum is of all values. */
static uint32_t *count_values(const struct table *table, size_t attribute, const uint32_t *cluster,
                              uint64_t *sum)
{
    uint32_t count = map_count(table->columns[attribute].dictionary);
    uint32_t *counts = memory_allocate_array((size_t)count + 1, sizeof(*counts));
    struct hash_pair *pairs = NULL;
    size_t capacity = 0;
    size_t used = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        const uint32_t *values = NULL;
        for (size_t i = table_values(table, record, attribute, &values); i-- > 0;) {
            uint32_t owner = cluster ? cluster[record] : record;
            pairs = memory_grow(pairs, &capacity, used + 1, sizeof(*pairs));
            pairs[used++] = (struct hash_pair){(uint64_t)owner << 32 | values[i], 0};
        }
    }
    struct hash_pair *scratch = memory_resize_array(NULL, used + 1, sizeof(*scratch));
    hash_pairs_sort(pairs, used, scratch);
    *sum = 0;
    for (size_t i = 0; i < used; i++) {
        if (i > 0 && pairs[i].hash == pairs[i - 1].hash)
            continue;
        counts[(uint32_t)pairs[i].hash]++;
        ++*sum;
    }
    memory_free(scratch);
    memory_free(pairs);
    return counts;
}

struct listed {
    struct slice value;
    uint32_t count;
};

static int compare_listed(const void *a, const void *b)
{
    return slice_compare(((const struct listed *)a)->value, ((const struct listed *)b)->value);
}

static void keep_listed(struct arena *arena, struct listed *listed, size_t count, uint64_t sum,
                        struct frequency_table *frequencies)
{
    if (count)
        qsort(listed, count, sizeof(*listed), compare_listed);
    frequencies->values = arena_allocate_array(arena, count + 1, sizeof(struct slice));
    frequencies->shares = arena_allocate_array(arena, count + 1, sizeof(double));
    frequencies->bits = arena_allocate_array(arena, count + 1, sizeof(int32_t));
    frequencies->count = count;
    for (size_t i = 0; i < count; i++) {
        frequencies->values[i] = arena_copy(arena, listed[i].value);
        frequencies->shares[i] = listed[i].count / (double)sum;
    }
}

static void list_values(struct arena *arena, const struct table *table, size_t attribute,
                        const uint32_t *counts, uint64_t sum, struct frequency_table *frequencies)
{
    const struct map *dictionary = table->columns[attribute].dictionary;
    uint32_t count = map_count(dictionary);
    double rest = 0;
    double rest_twice = 0;
    struct listed listed[LISTED_MAX + 1];
    size_t listed_count = 0;
    for (uint32_t value = 0; value < count; value++) {
        if (counts[value] >= (double)sum * LISTED_SHARE && counts[value] > 1) {
            listed[listed_count++] = (struct listed){map_key(dictionary, value), counts[value]};
            continue;
        }
        rest += counts[value];
        rest_twice += (double)counts[value] * (counts[value] - 1.0);
    }
    /* The share that a random value of the rest has: of two customers' values the chance to be the
     * same, given that one is of the rest. One more pair, so that it is never 0. */
    frequencies->rest = rest > 0 ? (rest_twice + 1) / (rest * (double)sum) : 1 / ((double)sum + 1);
    keep_listed(arena, listed, listed_count, sum, frequencies);
}

void frequencies_learn(struct arena *arena, const struct table *table, const uint32_t *cluster,
                       struct match_model *model)
{
    for (size_t i = 0; i < table->width; i++) {
        if (!model->frequencies[i].used)
            continue;
        uint64_t sum = 0;
        uint32_t *counts = count_values(table, i, cluster, &sum);
        list_values(arena, table, i, counts, sum, &model->frequencies[i]);
        memory_free(counts);
    }
}
