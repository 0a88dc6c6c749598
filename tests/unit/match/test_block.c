#include "cust360/base/memory.h"
#include "cust360/match_scene.h"
#include "lab.h"
#include "match/block/block.h"
#include <stdio.h>
#include <stdlib.h>

enum { RECORDS = 60 };

/* How often each pair came, and how many pieces there were. */
struct seen {
    unsigned times[RECORDS][RECORDS];
    size_t pieces;
};

static void seen_begin(void *context, size_t rule, size_t pieces)
{
    struct seen *seen = context;
    (void)rule;
    seen->pieces += pieces;
}

static void seen_take(void *context, const struct pair_batch *batch)
{
    struct seen *seen = context;
    const struct pair_view *pairs = batch->pairs;
    for (size_t i = 0; i < batch->count; i++) {
        cr_assert(pairs[i].a < pairs[i].b);
        seen->times[pairs[i].a][pairs[i].b]++;
    }
}

static void seen_end(void *context)
{
    (void)context;
}

static struct block_statistics enumerate(struct lab *lab, struct seen *seen)
{
    const size_t rules[] = {0, 1, 2, 3};
    struct table *table = table_create(lab->rules, lab->input, 2);
    struct pair_taker taker = {seen_begin, seen_take, seen_end, seen};
    struct block_statistics statistics;
    memset(seen, 0, sizeof(*seen));
    blocks_enumerate(table, rules, 4, 1, &taker, &statistics);
    table_destroy(table);
    return statistics;
}

/* A record as it was drawn, for the plain computation. */
struct drawn {
    int name, birth, phone, number;
    unsigned cars; /* a bit each */
};

static struct drawn draw(struct lab *lab, uint64_t *state)
{
    struct drawn drawn = {(int)lab_random(state, 5), (int)lab_random(state, 5),
                          (int)lab_random(state, 12), (int)lab_random(state, 30),
                          lab_random(state, 3) ? 0 : lab_random(state, 64)};
    const char *text = arena_format(lab->arena, "name=n%d", drawn.name);
    /* The number 0 of each is missing. */
    if (drawn.birth)
        text = arena_format(lab->arena, "%s birth=b%d", text, drawn.birth);
    if (drawn.phone)
        text = arena_format(lab->arena, "%s phone=p%d", text, drawn.phone);
    if (drawn.number)
        text = arena_format(lab->arena, "%s number=i%d", text, drawn.number);
    for (unsigned car = 0; car < 6; car++)
        if (drawn.cars >> car & 1)
            text = arena_format(lab->arena, "%s vin=v%u", text, car);
    lab_add(lab, text);
    return drawn;
}

static bool share_a_key(const struct drawn *a, const struct drawn *b)
{
    return (a->number && a->number == b->number) || (a->phone && a->phone == b->phone) ||
           (a->birth && a->birth == b->birth && a->name == b->name) || (a->cars & b->cars);
}

Test(match_block, pairs_are_those_that_share_a_key_each_of_them_once)
{
    uint64_t state = 11;
    for (int round = 0; round < 60; round++) {
        struct lab lab;
        struct seen seen;
        struct drawn drawn[RECORDS];
        lab_begin(&lab, NULL);
        uint32_t count = 2 + lab_random(&state, RECORDS - 2);
        for (uint32_t i = 0; i < count; i++)
            drawn[i] = draw(&lab, &state);
        struct block_statistics statistics = enumerate(&lab, &seen);
        uint64_t pairs = 0;
        for (uint32_t a = 0; a < count; a++)
            for (uint32_t b = a + 1; b < count; b++) {
                bool wanted = share_a_key(&drawn[a], &drawn[b]);
                cr_assert_eq(seen.times[a][b], wanted, "round %d: %u and %u came %u times", round,
                             a, b, seen.times[a][b]);
                pairs += wanted;
            }
        cr_expect_eq(statistics.pairs, pairs);
        cr_expect_eq(statistics.pairs_left_out, 0);
        lab_end(&lab);
    }
}

/* Rules with blocks of at most `max_block` records, the phone's refined. */
static const char *small_blocks(const char *max_block, const char *refine)
{
    static char text[4096];
    const char *place = strstr(lab_rules_text, "max_block: 50");
    const char *keys = strstr(lab_rules_text, "{keys: [phone]}");
    snprintf(text, sizeof(text),
             "%.*smax_block: %s\n  window: 2\n  window_order: [name]%.*s"
             "{keys: [phone], refine: [%s]}%s",
             (int)(place - lab_rules_text), lab_rules_text, max_block, (int)(keys - place) - 13,
             place + 13, refine, keys + 15);
    return text;
}

Test(match_block, a_large_block_is_cut_by_a_further_key)
{
    struct lab lab;
    struct seen seen;
    lab_begin(&lab, small_blocks("4", "city"));
    for (int i = 0; i < 12; i++)
        lab_add(&lab, arena_format(lab.arena, "phone=1 city=c%d", i % 4));
    lab_add(&lab, "phone=2 city=c1");
    lab_add(&lab, "phone=2 city=c2");
    struct block_statistics statistics = enumerate(&lab, &seen);
    for (uint32_t a = 0; a < 12; a++)
        for (uint32_t b = a + 1; b < 12; b++)
            cr_assert_eq(seen.times[a][b], (b - a) % 4 == 0);
    cr_expect_eq(seen.times[12][13], 1, "a small block is not cut");
    cr_expect_eq(statistics.pairs, 4 * 3 + 1);
    cr_expect_eq(statistics.pairs_left_out, 12 * 11 / 2 - 4 * 3);
    lab_end(&lab);
}

Test(match_block, records_without_the_further_key_meet_each_other)
{
    struct lab lab;
    struct seen seen;
    lab_begin(&lab, small_blocks("3", "city"));
    lab_add(&lab, "phone=1");
    lab_add(&lab, "phone=1 city=a");
    lab_add(&lab, "phone=1");
    lab_add(&lab, "phone=1 city=a");
    enumerate(&lab, &seen);
    cr_expect_eq(seen.times[0][2], 1);
    cr_expect_eq(seen.times[1][3], 1);
    cr_expect_eq(seen.times[0][1], 0);
    lab_end(&lab);
}

Test(match_block, what_stays_too_large_is_gone_through_in_a_window)
{
    struct lab lab;
    struct seen seen;
    lab_begin(&lab, small_blocks("4", "city"));
    /* Names run backwards, so that the window follows the order of names and not of records. */
    for (int i = 0; i < 10; i++)
        lab_add(&lab, arena_format(lab.arena, "phone=1 city=a name=n%d", i * 7 % 10));
    struct block_statistics statistics = enumerate(&lab, &seen);
    unsigned met = 0;
    for (uint32_t a = 0; a < 10; a++)
        for (uint32_t b = a + 1; b < 10; b++) {
            int distance = abs((int)(a * 7 % 10) - (int)(b * 7 % 10));
            cr_assert_eq(seen.times[a][b], distance <= 2, "%u %u", a, b);
            met += seen.times[a][b];
        }
    cr_expect_eq(statistics.pairs, met);
    cr_expect_eq(statistics.pairs_left_out, 45 - met);
    lab_end(&lab);
}

Test(match_block, a_pair_that_a_cut_block_parts_can_meet_by_another_rule)
{
    struct lab lab;
    struct seen seen;
    lab_begin(&lab, small_blocks("3", "city"));
    lab_add(&lab, "phone=1 city=a name=x birth=1");
    lab_add(&lab, "phone=1 city=b name=x birth=1");
    lab_add(&lab, "phone=1 city=c");
    lab_add(&lab, "phone=1 city=d");
    enumerate(&lab, &seen);
    cr_expect_eq(seen.times[0][1], 1);
    cr_expect_eq(seen.times[0][2], 0);
    lab_end(&lab);
}

/* ---- the largest blocks ---- */

Test(match_block, the_largest_blocks_are_kept_by_size)
{
    static const uint64_t sizes[] = {3, 9, 4, 9, 2, 7, 8, 1};
    static const uint64_t expected[] = {9, 9, 8, 7, 4};
    struct large_block largest[LARGE_BLOCKS];
    size_t count = 0;
    for (uint32_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const struct large_block block = {.records = sizes[i], .a = i};
        large_blocks_note(largest, &count, &block);
    }
    cr_assert_eq(count, LARGE_BLOCKS);
    for (size_t i = 0; i < LARGE_BLOCKS; i++)
        cr_expect_eq(largest[i].records, expected[i]);
    cr_expect_eq(largest[0].a, 1, "of equal ones the first stays first");
}

Test(match_block, a_result_names_its_largest_blocks_and_what_they_left_out)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    for (int i = 0; i < 60; i++)
        lab_add(&lab, arena_format(lab.arena, "name=N%d phone=salesman vin=v%d", i, i / 3));
    lab_match(&lab, NULL, 0, 2);
    cr_assert(lab.result.block_count >= 2);
    cr_expect_str_eq(lab.result.blocks[0].rule, "phone");
    cr_expect_str_eq(lab.result.blocks[0].values, "phone salesman");
    cr_expect_eq(lab.result.blocks[0].records, 60);
    /* More than max_block: each meets the next ones only. */
    size_t window = match_rules_thresholds(lab.rules).window;
    cr_expect_eq(lab.result.blocks[0].pairs_left_out,
                 60 * 59 / 2 - (window * (60 - window) + window * (window - 1) / 2));
    cr_expect_str_eq(lab.result.blocks[1].rule, "car");
    cr_expect_eq(lab.result.blocks[1].records, 3);
    cr_expect_eq(lab.result.blocks[1].pairs_left_out, 0);
    lab_end(&lab);
}

Test(match_block, what_is_personal_is_masked_in_a_large_block)
{
    struct lab lab;
    lab_model.entities[0].fields[4].personal = true;
    lab_begin(&lab, NULL);
    lab_add(&lab, "phone=13912345678");
    lab_add(&lab, "phone=13912345678");
    lab_match(&lab, NULL, 0, 1);
    cr_assert_eq(lab.result.block_count, 1);
    cr_expect_str_eq(lab.result.blocks[0].values, "phone 139****5678");
    lab_model.entities[0].fields[4].personal = false;
    lab_end(&lab);
}
