#include "match/train/patterns.h"
#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

#include <stdlib.h>

enum { RANDOM_PIECE_PAIRS = 1 << 16, PAIRS_AHEAD = 16, FEW_RECORDS = 1024, MANY_RECORDS = 20000 };

struct patterns *patterns_create(void)
{
    struct patterns *patterns = memory_allocate_array(1, sizeof(*patterns));
    patterns->numbers = map_create();
    return patterns;
}

void patterns_destroy(struct patterns *patterns)
{
    if (!patterns)
        return;
    map_destroy(patterns->numbers);
    memory_free(patterns->counts);
    memory_free(patterns);
}

uint32_t patterns_add(struct patterns *patterns, struct slice pattern, uint64_t pairs)
{
    uint32_t number = map_intern(patterns->numbers, pattern);
    if (number >= patterns->capacity) {
        size_t before = patterns->capacity;
        patterns->counts = memory_grow(patterns->counts, &patterns->capacity, (size_t)number + 1,
                                       sizeof(*patterns->counts));
        memset(patterns->counts + before, 0,
               (patterns->capacity - before) * sizeof(*patterns->counts));
    }
    patterns->counts[number] += pairs;
    patterns->pairs += pairs;
    return number;
}

void patterns_add_pair(struct patterns *patterns, const struct pair_view *view)
{
    const struct match_rules *rules = view->table->rules;
    char pattern[COMPARISONS_MAX];
    outline_general_pattern(rules, rules->training.joint, view, pattern);
    patterns_add(patterns, slice_make(pattern, rules->comparison_count), 1);
}

/* ---- by thread ---- */

struct pattern_counter *pattern_counters_create(const struct match_rules *rules, uint64_t also,
                                                unsigned threads)
{
    struct pattern_counter *counters = memory_allocate_array(threads + 1, sizeof(*counters));
    for (unsigned i = 0; i < threads; i++) {
        counters[i].patterns = patterns_create();
        /* All that meet teach all, so that in joint training what is implied is silent as it is
         * when weighed; but a pass that needs an identity number in common would never see a birth
         * date. */
        counters[i].outlines = outlines_create_for_levels(rules, rules->training.joint, also);
    }
    return counters;
}

void pattern_count(struct pattern_counter *counter, const struct pair_view *view,
                   struct outline *outline, enum pattern_tail kind, struct slice tail)
{
    size_t count = view->table->rules->comparison_count;
    char pattern[COMPARISONS_MAX + PATTERN_TAIL_BYTES];
    bool is_known = kind == PATTERN_SETTLED_TAIL && !outline->is_general;
    if (is_known) {
        /* Most pairs that look alike at a glance also show the same in what texts decide. */
        uint64_t code = outlines_code(counter->outlines, outline, view);
        if (code == outline->last_code) {
            counter->patterns->counts[outline->number]++;
            counter->patterns->pairs++;
            return;
        }
        outline->last_code = code;
        outline_code_pattern(view->table->rules, outline, code, pattern);
    } else {
        outlines_pattern(counter->outlines, outline, view, pattern);
    }
    if (tail.length)
        memcpy(pattern + count, tail.data, tail.length);
    uint32_t number = patterns_add(counter->patterns, slice_make(pattern, count + tail.length), 1);
    if (is_known)
        outline->number = number;
}

static int compare_patterns(const void *a, const void *b)
{
    return slice_compare(*(const struct slice *)a, *(const struct slice *)b);
}

/* The distinct patterns of all threads, in the order of their bytes, which no thread decides. */
static void add_in_order(struct patterns *patterns, const struct pattern_counter *counters,
                         unsigned threads)
{
    size_t count = 0;
    for (unsigned i = 0; i < threads; i++)
        count += map_count(counters[i].patterns->numbers);
    struct slice *all = memory_resize_array(NULL, count + 1, sizeof(*all));
    count = 0;
    for (unsigned i = 0; i < threads; i++)
        for (uint32_t j = 0; j < map_count(counters[i].patterns->numbers); j++)
            all[count++] = map_key(counters[i].patterns->numbers, j);
    if (count)
        qsort(all, count, sizeof(*all), compare_patterns);
    for (size_t i = 0; i < count; i++)
        patterns_add(patterns, all[i], 0);
    memory_free(all);
}

void pattern_counters_join(struct pattern_counter *counters, unsigned threads,
                           struct patterns *patterns)
{
    add_in_order(patterns, counters, threads);
    for (unsigned i = 0; i < threads; i++) {
        const struct patterns *own = counters[i].patterns;
        for (uint32_t j = 0; j < map_count(own->numbers); j++)
            patterns_add(patterns, map_key(own->numbers, j), own->counts[j]);
        patterns_destroy(counters[i].patterns);
        outlines_destroy(counters[i].outlines);
    }
    memory_free(counters);
}

/* ---- random pairs ---- */

struct drawn_pair {
    uint32_t a;
    uint32_t b;
};

struct random_work {
    const struct table *table;
    const struct random_pairs *random;
    struct pattern_counter *counters;
};

/* SplitMix64 (Steele, Lea, Flood 2014): a stream of its own for each piece. */
static uint64_t next_random(uint64_t *state)
{
    *state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return mixed ^ (mixed >> 31);
}

/* A number below `limit`; the bias of 2^-32 does no harm here. */
static uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return (uint32_t)(((next_random(state) >> 32) * limit) >> 32);
}

/* Whom a piece draws from. */
struct urn {
    uint64_t state;
    uint32_t records;
    uint32_t few[FEW_RECORDS]; /* of many records these, drawn before */
    bool is_few;
};

/* Of many records each piece draws its pairs from few that it has drawn before: they and their
 * values stay in the cache, and over all pieces there are enough of them. */
static void fill_urn(struct urn *urn, uint64_t seed, uint32_t records)
{
    urn->state = seed;
    urn->records = records;
    urn->is_few = records > MANY_RECORDS;
    for (size_t i = 0; i < FEW_RECORDS && urn->is_few; i++)
        urn->few[i] = random_below(&urn->state, records);
}

static uint32_t draw_record(struct urn *urn)
{
    if (!urn->is_few)
        return random_below(&urn->state, urn->records);
    return urn->few[random_below(&urn->state, FEW_RECORDS)];
}

static struct drawn_pair draw_pair(struct urn *urn)
{
    uint32_t a = draw_record(urn);
    return (struct drawn_pair){a, draw_record(urn)};
}

/* Pairs are drawn some way ahead, for their rows stand anywhere. */
static void draw_piece(void *context, size_t piece, unsigned thread)
{
    struct random_work *work = context;
    const struct random_pairs *random = work->random;
    struct urn urn;
    fill_urn(&urn, hash_combine(random->seed, piece), work->table->record_count);
    uint64_t first = (uint64_t)piece * RANDOM_PIECE_PAIRS;
    uint64_t end =
        first + RANDOM_PIECE_PAIRS < random->count ? first + RANDOM_PIECE_PAIRS : random->count;
    struct drawn_pair ahead[PAIRS_AHEAD] = {{0, 0}};
    struct pattern_counter *counter = &work->counters[thread];
    for (uint64_t i = first; i < end + PAIRS_AHEAD; i++) {
        struct drawn_pair *slot = &ahead[i % PAIRS_AHEAD];
        struct drawn_pair pair = *slot;
        bool is_drawn = i >= first + PAIRS_AHEAD;
        if (i < end) {
            *slot = draw_pair(&urn);
            table_ask_for_row(work->table, slot->a);
            table_ask_for_row(work->table, slot->b);
        }
        if (!is_drawn || pair.a == pair.b ||
            (random->cluster && random->cluster[pair.a] == random->cluster[pair.b]))
            continue;
        struct pair_view view = pair_view_make(work->table, pair.a, pair.b);
        pattern_count(counter, &view, outlines_find(counter->outlines, &view), PATTERN_SETTLED_TAIL,
                      slice_of(NULL));
    }
}

void patterns_of_random(struct patterns *patterns, const struct table *table,
                        const struct random_pairs *random, unsigned threads)
{
    size_t pieces = (size_t)((random->count + RANDOM_PIECE_PAIRS - 1) / RANDOM_PIECE_PAIRS);
    struct random_work work = {table, random, pattern_counters_create(table->rules, 0, threads)};
    pool_run(threads, pieces, draw_piece, &work);
    pattern_counters_join(work.counters, threads, patterns);
}
