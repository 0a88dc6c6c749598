#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* A small generator with a fixed seed, so that a failure comes again. */
static uint64_t next_random(uint64_t *state)
{
    *state = hash_combine(*state, 1);
    return *state;
}

Test(map, interned_numbers_count_from_zero_and_come_back)
{
    struct map *map = map_create();
    char key[32];
    for (uint32_t i = 0; i < 50000; i++) {
        snprintf(key, sizeof(key), "key-%u", i);
        cr_assert_eq(map_intern(map, slice_of(key)), i);
    }
    cr_assert_eq(map_count(map), 50000);
    for (uint32_t i = 0; i < 50000; i++) {
        snprintf(key, sizeof(key), "key-%u", i);
        cr_assert_eq(map_intern(map, slice_of(key)), i);
        cr_assert_eq(map_number(map, slice_of(key)), i);
        cr_assert(slice_equal(map_key(map, i), slice_of(key)));
    }
    cr_assert_eq(map_number(map, SLICE("other")), MAP_NONE);
    map_destroy(map);
}

Test(map, values_are_kept_by_key)
{
    struct map *map = map_create();
    map_put(map, SLICE("a"), 7);
    map_put(map, SLICE(""), 8);
    map_put(map, SLICE("a"), 9);
    cr_assert_eq(map_find(map, SLICE("a")), 9);
    cr_assert_eq(map_find(map, SLICE("")), 8);
    cr_assert_eq(map_find(map, SLICE("b")), MAP_NONE);
    cr_assert_eq(map_count(map), 2);
    map_destroy(map);
}

Test(hash, is_the_same_for_ever)
{
    /* Stored in state.db: must never change. Values of XXH3 (xxHash 0.8). */
    cr_assert_eq(hash_bytes(SLICE(""), 0), UINT64_C(0x2D06800538D394C2));
    cr_assert_neq(hash_bytes(SLICE("a"), 0), hash_bytes(SLICE("a"), 1));
    cr_assert_neq(hash_combine(1, 2), hash_combine(2, 1));
}

static void expect_sorted(size_t count, bool values_ascend)
{
    struct hash_pair *pairs = memory_allocate_array(count, sizeof(*pairs));
    struct hash_pair *scratch = memory_allocate_array(count, sizeof(*scratch));
    uint64_t state = count;
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t hash = next_random(&state);
        pairs[i].hash = i % 3 ? hash : hash % 5; /* with many equal ones */
        pairs[i].value = values_ascend ? (uint32_t)i : (uint32_t)next_random(&state);
        sum += pairs[i].hash ^ pairs[i].value;
    }
    hash_pairs_sort(pairs, count, scratch);
    for (size_t i = 0; i < count; i++) {
        sum -= pairs[i].hash ^ pairs[i].value;
        if (i > 0)
            cr_assert(pairs[i - 1].hash < pairs[i].hash ||
                      (pairs[i - 1].hash == pairs[i].hash && pairs[i - 1].value <= pairs[i].value));
    }
    cr_assert_eq(sum, 0, "the same pairs as before");
    memory_free(pairs);
    memory_free(scratch);
}

Test(hash, pairs_are_sorted_by_hash_then_value)
{
    static const size_t counts[] = {0, 1, 2, 3, 100, 5000};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        expect_sorted(counts[i], true);
        expect_sorted(counts[i], false);
    }
}

static void square(void *context, size_t piece, unsigned thread)
{
    size_t *results = context;
    cr_assert_lt(thread, 8);
    results[piece] += piece * piece;
}

Test(pool, does_every_piece_once)
{
    enum { PIECES = 1000 };
    for (unsigned threads = 1; threads <= 8; threads++) {
        size_t results[PIECES] = {0};
        pool_run(threads, PIECES, square, results);
        for (size_t i = 0; i < PIECES; i++)
            cr_assert_eq(results[i], i * i);
    }
    pool_run(4, 0, square, NULL);
    cr_assert_geq(pool_processors(), 1);
}
