#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "cust360/match_suggest.h"
#include "match/block/block_keys.h"
#include "match/explain/scene.h"

#include <stdlib.h>

enum {
    MATCHES_MAX = 200000,
    NEIGHBOURS_MAX = 20, /* of a customer with very many records each meets so many others */
    SET_MAX = 12,
    WORD_BITS = 64
};

/* A key that compares more pairs a record than this is not for use alone. */
#define PAIRS_A_RECORD_MOST 50

/* The set is whole when the next key would find a smaller share of the matches. */
#define GAIN_LEAST 0.0005

/* A key that finds fewer of the matches is not worth telling. */
#define FOUND_LEAST 0.01

struct candidate {
    size_t attributes[SUGGEST_ATTRIBUTES_MAX];
    size_t count;
    uint64_t pairs;
    uint64_t largest;
    uint64_t *hits; /* a bit a match */
    uint64_t found;
    size_t rank;
    uint64_t missed;
};

struct suggesting {
    const struct match_scene *scene;
    struct match_question *matches;
    size_t match_count;
    size_t words;         /* of a set of matches */
    uint64_t **attribute; /* hits by attribute */
    struct candidate *candidates;
    size_t count;
};

/* ---- matches ---- */

static struct hash_pair *sort_records(const uint32_t *cluster, uint32_t records, size_t *count)
{
    struct hash_pair *pairs = memory_resize_array(NULL, (size_t)records + 1, sizeof(*pairs));
    struct hash_pair *scratch = memory_resize_array(NULL, (size_t)records + 1, sizeof(*scratch));
    *count = 0;
    for (uint32_t i = 0; i < records; i++)
        if (cluster[i] != MATCH_NO_CLUSTER)
            pairs[(*count)++] = (struct hash_pair){cluster[i], i};
    hash_pairs_sort(pairs, *count, scratch);
    memory_free(scratch);
    return pairs;
}

/* All pairs of a cluster; of very many every so manieth. */
static void list_matches(struct suggesting *work, const uint32_t *cluster)
{
    size_t count = 0;
    size_t capacity = 0;
    struct hash_pair *records = sort_records(cluster, work->scene->table->record_count, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1;
             j < count && j <= i + NEIGHBOURS_MAX && records[j].hash == records[i].hash; j++) {
            work->matches = memory_grow(work->matches, &capacity, work->match_count + 1,
                                        sizeof(*work->matches));
            work->matches[work->match_count++] =
                (struct match_question){records[i].value, records[j].value};
        }
    memory_free(records);
    if (work->match_count > MATCHES_MAX) {
        for (size_t i = 0; i < MATCHES_MAX; i++)
            work->matches[i] = work->matches[i * work->match_count / MATCHES_MAX];
        work->match_count = MATCHES_MAX;
    }
    work->words = work->match_count / WORD_BITS + 1;
}

static uint64_t count_bits(const uint64_t *bits, size_t words)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < words; i++)
        sum += (uint64_t)__builtin_popcountll(bits[i]);
    return sum;
}

static void hit_attribute(void *context, size_t attribute, unsigned thread)
{
    struct suggesting *work = context;
    uint64_t *hits = memory_allocate_array(work->words, sizeof(*hits));
    (void)thread;
    for (size_t i = 0; i < work->match_count; i++)
        if (table_shares(work->scene->table, attribute, work->matches[i].a, work->matches[i].b))
            hits[i / WORD_BITS] |= UINT64_C(1) << i % WORD_BITS;
    work->attribute[attribute] = hits;
}

/* ---- candidates ---- */

static bool is_from(const struct match_rules *rules, size_t attribute, size_t origin)
{
    if (attribute == origin)
        return true;
    for (size_t i = 0; i < rules->attributes[attribute].from_count; i++)
        if (is_from(rules, rules->attributes[attribute].from[i], origin))
            return true;
    return false;
}

/* Whether they come from one field: sharing the one, most share the other. */
static bool are_of_one_field(const struct match_rules *rules, size_t a, size_t b)
{
    for (size_t i = 0; i < rules->field_count; i++)
        if (is_from(rules, a, i) && is_from(rules, b, i))
            return true;
    return false;
}

static void add_candidate(struct suggesting *work, size_t first, size_t second)
{
    struct candidate *candidate = &work->candidates[work->count];
    uint64_t *hits = memory_allocate_array(work->words, sizeof(*hits));
    for (size_t i = 0; i < work->words; i++)
        hits[i] = work->attribute[first][i] & work->attribute[second][i];
    *candidate = (struct candidate){.attributes = {first, second},
                                    .count = first == second ? 1 : 2,
                                    .hits = hits,
                                    .found = count_bits(hits, work->words)};
    if (candidate->found == 0 || (double)candidate->found < FOUND_LEAST * (double)work->match_count)
        memory_free(hits);
    else
        work->count++;
}

static void list_candidates(struct suggesting *work)
{
    const struct match_rules *rules = work->scene->rules;
    size_t width = rules->attribute_count;
    work->candidates = memory_allocate_array(width * (width + 1) / 2 + 1, sizeof(struct candidate));
    for (size_t i = 0; i < width; i++)
        add_candidate(work, i, i);
    for (size_t i = 0; i < width; i++)
        for (size_t j = i + 1; j < width; j++)
            if (!are_of_one_field(rules, i, j))
                add_candidate(work, i, j);
}

/* Blocks of one candidate: pairs and the largest. */
static void measure_candidate(void *context, size_t number, unsigned thread)
{
    struct suggesting *work = context;
    struct candidate *candidate = &work->candidates[number];
    const struct table *table = work->scene->table;
    const struct block_rule rule = {
        .name = "asked", .keys = candidate->attributes, .key_count = candidate->count};
    struct key_set keys;
    (void)thread;
    key_set_compute(&keys, table, &rule, 1);
    size_t most = keys.starts ? keys.starts[table->record_count] : table->record_count;
    struct hash_pair *pairs = memory_resize_array(NULL, most + 1, sizeof(*pairs));
    struct hash_pair *scratch = memory_resize_array(NULL, most + 1, sizeof(*scratch));
    size_t used = 0;
    for (size_t i = 0; i < most; i++)
        if (keys.hashes[i])
            pairs[used++] = (struct hash_pair){keys.hashes[i], 0};
    hash_pairs_sort(pairs, used, scratch);
    for (size_t i = 0, before = 0; i < used; i++) {
        before = i > 0 && pairs[i].hash == pairs[i - 1].hash ? before + 1 : 0;
        candidate->pairs += before;
        if (before + 1 > candidate->largest)
            candidate->largest = before + 1;
    }
    memory_free(pairs);
    memory_free(scratch);
    key_set_release(&keys);
}

/* ---- the set ---- */

static uint64_t count_new(const struct candidate *candidate, const uint64_t *found, size_t words)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < words; i++)
        sum += (uint64_t)__builtin_popcountll(candidate->hits[i] & ~found[i]);
    return sum;
}

/* The key that finds most of what is missing for each pair that it costs; a record costs as well.
 */
static struct candidate *choose_next(struct suggesting *work, const uint64_t *found)
{
    double records = work->scene->table->record_count;
    struct candidate *best = NULL;
    double best_value = 0;
    for (size_t i = 0; i < work->count; i++) {
        struct candidate *candidate = &work->candidates[i];
        double more = (double)count_new(candidate, found, work->words);
        double value = more / ((double)candidate->pairs + records);
        if (candidate->rank || (double)candidate->pairs > records * PAIRS_A_RECORD_MOST ||
            more < 1 || more < GAIN_LEAST * (double)work->match_count || value <= best_value)
            continue;
        best = candidate;
        best_value = value;
    }
    return best;
}

static size_t choose_set(struct suggesting *work)
{
    uint64_t *found = memory_allocate_array(work->words, sizeof(*found));
    size_t rank = 0;
    struct candidate *next;
    while (rank < SET_MAX && (next = choose_next(work, found))) {
        for (size_t i = 0; i < work->words; i++)
            found[i] |= next->hits[i];
        next->rank = ++rank;
        next->missed = work->match_count - count_bits(found, work->words);
    }
    memory_free(found);
    return rank;
}

static int compare_candidates(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    if (!x->rank != !y->rank)
        return x->rank ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    if (x->found != y->found)
        return x->found > y->found ? -1 : 1;
    if (x->pairs != y->pairs)
        return x->pairs < y->pairs ? -1 : 1;
    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    return memcmp(x->attributes, y->attributes, sizeof(x->attributes));
}

/* Whether a key does what the one before it does: a field, and the same without its accents. */
static bool is_alike(const struct candidate *before, const struct candidate *candidate)
{
    return !candidate->rank && before->found == candidate->found &&
           before->pairs == candidate->pairs && before->largest == candidate->largest;
}

static const struct match_suggested_key *list_keys(const struct suggesting *work,
                                                   struct arena *arena, size_t *count)
{
    const struct match_rules *rules = work->scene->rules;
    struct match_suggested_key *keys = arena_allocate_array(arena, work->count + 1, sizeof(*keys));
    for (size_t i = 0; i < work->count; i++) {
        const struct candidate *candidate = &work->candidates[i];
        if (i > 0 && is_alike(candidate - 1, candidate))
            continue;
        keys[*count] = (struct match_suggested_key){.attribute_count = candidate->count,
                                                    .pairs = candidate->pairs,
                                                    .largest = candidate->largest,
                                                    .found = candidate->found,
                                                    .rank = candidate->rank,
                                                    .missed = candidate->missed};
        for (size_t j = 0; j < candidate->count; j++)
            keys[*count].attributes[j] = rules->attributes[candidate->attributes[j]].name;
        ++*count;
    }
    return keys;
}

void match_suggest(const struct match_scene *scene, const uint32_t *cluster, unsigned threads,
                   struct arena *arena, struct match_suggestion *suggestion)
{
    struct suggesting work = {.scene = scene};
    size_t width = scene->rules->attribute_count;
    uint64_t records = scene->table->record_count;
    list_matches(&work, cluster);
    work.attribute = memory_allocate_array(width + 1, sizeof(*work.attribute));
    pool_run(threads, width, hit_attribute, &work);
    list_candidates(&work);
    pool_run(threads, work.count, measure_candidate, &work);
    size_t set_count = choose_set(&work);
    if (work.count)
        qsort(work.candidates, work.count, sizeof(*work.candidates), compare_candidates);
    *suggestion = (struct match_suggestion){.records = records,
                                            .all_pairs = records * (records - (records > 0)) / 2,
                                            .matches = work.match_count,
                                            .set_count = set_count};
    suggestion->keys = list_keys(&work, arena, &suggestion->key_count);
    for (size_t i = 0; i < work.count; i++)
        memory_free(work.candidates[i].hits);
    for (size_t i = 0; i < width; i++)
        memory_free(work.attribute[i]);
    memory_free(work.candidates);
    memory_free(work.attribute);
    memory_free(work.matches);
}
