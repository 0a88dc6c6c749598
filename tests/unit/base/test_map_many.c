#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

Test(base_map, many_texts_have_the_numbers_that_one_after_the_other_would_have)
{
    enum { COUNT = 20000, TEXT_BYTES = 12 };
    struct map *one = map_create();
    struct map *many = map_create();
    char *base = memory_allocate((size_t)COUNT * TEXT_BYTES);
    struct map_text *texts = memory_allocate_array(COUNT, sizeof(*texts));
    uint32_t *numbers = memory_allocate_array(COUNT, sizeof(*numbers));
    unsigned seed = 4;
    for (uint32_t i = 0; i < COUNT; i++) {
        int length =
            snprintf(base + (size_t)i * TEXT_BYTES, TEXT_BYTES, "t%d", rand_r(&seed) % 7000);
        texts[i] = (struct map_text){0, i * TEXT_BYTES, i % 50 ? (uint32_t)length : 0};
        texts[i].hash = hash_bytes(slice_make(base + texts[i].offset, texts[i].length), 0);
    }
    for (size_t first = 0; first < COUNT; first += 997)
        map_intern_many(many, base, texts + first, first + 997 < COUNT ? 997 : COUNT - first,
                        numbers + first);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct slice text = slice_make(base + texts[i].offset, texts[i].length);
        cr_assert_eq(numbers[i], text.length ? map_intern(one, text) : MAP_NONE);
        if (text.length)
            cr_assert(slice_equal(map_key(many, numbers[i]), text));
    }
    cr_assert_eq(map_count(one), map_count(many));
    memory_free(numbers);
    memory_free(texts);
    memory_free(base);
    map_destroy(one);
    map_destroy(many);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct hash_pair *x = a;
    const struct hash_pair *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Sizes around the change of method, hashes with little and much in common. */
Test(base_hash, pairs_are_sorted_by_hash_and_value)
{
    enum { MOST = 5000 };
    static const size_t counts[] = {0, 1, 2, 32, 33, 500, MOST};
    struct hash_pair *pairs = memory_allocate_array(MOST, sizeof(*pairs));
    struct hash_pair *expected = memory_allocate_array(MOST, sizeof(*expected));
    struct hash_pair *scratch = memory_allocate_array(MOST, sizeof(*scratch));
    for (unsigned round = 0; round < 70; round++) {
        size_t count = counts[round % 7];
        unsigned known_bits = round % 4;
        for (uint32_t i = 0; i < count; i++) {
            uint64_t hash = hash_combine(round, round % 3 ? i % 300 : i);
            pairs[i] = (struct hash_pair){hash >> known_bits, round % 2 ? i : i * 7919 % 5003};
        }
        memcpy(expected, pairs, MOST * sizeof(*pairs));
        qsort(expected, count, sizeof(*expected), compare_pairs);
        if (round < 35)
            hash_pairs_sort(pairs, count, scratch);
        else
            hash_pairs_sort_spread(pairs, count, known_bits, scratch);
        for (size_t i = 0; i < count; i++)
            cr_assert(pairs[i].hash == expected[i].hash && pairs[i].value == expected[i].value);
    }
    memory_free(pairs);
    memory_free(expected);
    memory_free(scratch);
}

Test(base_map, a_frozen_map_tells_keys_and_finds_them)
{
    enum { COUNT = 300 };
    struct map *map = map_create();
    char text[16];
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof(text), "key %d", i);
        map_intern(map, slice_of(text));
    }
    map_freeze(map);
    cr_expect_eq(map_count(map), COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        snprintf(text, sizeof(text), "key %u", i);
        cr_assert(slice_equal(map_key(map, i), slice_of(text)));
        cr_assert_eq(map_number(map, slice_of(text)), i);
    }
    cr_expect_eq(map_number(map, slice_of("another")), MAP_NONE);
    map_destroy(map);
}
