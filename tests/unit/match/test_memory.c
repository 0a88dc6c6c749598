#include "cust360/base/memory.h"
#include "cust360/match_memory.h"
#include "lab.h"

#include <string.h>

/* A match that goes on from the last one finds what one from nothing finds. */

enum { PEOPLE = 60, RECORDS = 160, ROUNDS = 40, DECISIONS = 3, BASIS = 7 };

/* What a record holds follows from its seed. */
struct person {
    int64_t name;
    uint64_t seed;
};

struct village {
    struct lab lab;
    struct person people[4 * RECORDS];
    size_t count;
    int64_t last_name;
    uint64_t random;
    struct buffer memory; /* of the last match */
    int64_t names[4 * RECORDS];
    struct match_decision decisions[DECISIONS];
    size_t decision_count;
};

static void insert(struct village *village, size_t at)
{
    memmove(&village->people[at + 1], &village->people[at],
            (village->count - at) * sizeof(village->people[0]));
    village->people[at] = (struct person){++village->last_name, village->random};
    village->count++;
    lab_random(&village->random, 2);
}

static void village_begin(struct village *village, const char *rules, uint64_t seed)
{
    memset(village, 0, sizeof(*village));
    village->random = seed;
    struct lab *lab = &village->lab;
    lab_begin(lab, rules);
    if (rules)
        lab->model = match_model_load(lab->arena, lab_write(lab, "model.yaml", lab_model_text),
                                      lab->rules, &lab->error);
    for (size_t i = 0; i < RECORDS; i++)
        insert(village, i);
}

static void village_end(struct village *village)
{
    buffer_release(&village->memory);
    lab_end(&village->lab);
}

static void change(struct village *village)
{
    uint32_t changes = lab_random(&village->random, 6);
    for (uint32_t i = 0; i < changes; i++) {
        size_t at = lab_random(&village->random, (uint32_t)village->count);
        switch (lab_random(&village->random, 3)) {
        case 0:
            village->people[at].seed = village->random;
            break;
        case 1:
            memmove(&village->people[at], &village->people[at + 1],
                    (village->count - at - 1) * sizeof(village->people[0]));
            village->count--;
            break;
        default:
            insert(village, at);
        }
    }
    village->decision_count = lab_random(&village->random, DECISIONS + 1);
    for (size_t i = 0; i < village->decision_count; i++) {
        uint32_t a = lab_random(&village->random, (uint32_t)village->count - 1);
        village->decisions[i] =
            (struct match_decision){a, a + 1, lab_random(&village->random, 2) == 0};
    }
}

static void fill_input(struct village *village)
{
    struct lab *lab = &village->lab;
    match_input_destroy(lab->input);
    lab->input = match_input_create(lab->rules);
    lab->records = 0;
    for (size_t i = 0; i < village->count; i++) {
        uint64_t seed = village->people[i].seed;
        lab_add_random(lab, &seed, PEOPLE);
        village->names[i] = village->people[i].name;
    }
}

/* Matches from the memory of the last match, which is replaced. */
static struct match_result go_on(struct village *village, unsigned threads)
{
    struct lab *lab = &village->lab;
    struct match_result result;
    struct buffer memory = BUFFER_EMPTY;
    const struct match_task task = {.rules = lab->rules,
                                    .model = lab->model,
                                    .input = lab->input,
                                    .decisions = village->decisions,
                                    .decision_count = village->decision_count,
                                    .threads = threads,
                                    .names = village->names,
                                    .basis = BASIS,
                                    .former = buffer_slice(&village->memory),
                                    .memory = &memory};
    cr_assert(match_run_task(&task, &result, &lab->error), "%s", lab->error.message);
    /* Reasons may lie in what the former match left. */
    for (size_t i = 0; i < result.possible_count; i++)
        if (result.possible[i].reason)
            result.possible[i].reason = arena_text(lab->arena, slice_of(result.possible[i].reason));
    buffer_release(&village->memory);
    village->memory = memory;
    return result;
}

static uint64_t play(const char *rules, uint64_t seed)
{
    struct village village;
    uint64_t saved = 0;
    village_begin(&village, rules, seed);
    for (size_t round = 0; round < ROUNDS; round++) {
        if (round > 0)
            change(&village);
        fill_input(&village);
        struct match_result result = go_on(&village, 1 + (unsigned)(round % 2));
        lab_match(&village.lab, village.decisions, village.decision_count, 1);
        saved += village.lab.result.statistics.pairs_compared - result.statistics.pairs_compared;
        result.statistics.pairs_compared = village.lab.result.statistics.pairs_compared;
        lab_expect_same(&village.lab.result, &result);
        match_result_release(&result);
    }
    village_end(&village);
    return saved;
}

/* The lab's rules with limits that a village reaches. */
static const char *tight_rules(struct arena *arena)
{
    static const char wide[] = "max_block: 50\n";
    const char *at = strstr(lab_rules_text, wide);
    cr_assert(at);
    return arena_format(arena, "%.*smax_block: 4\n  window: 2\n  window_order: [name, birth]\n%s",
                        (int)(at - lab_rules_text), lab_rules_text, at + strlen(wide));
}

Test(match_memory, nights_in_a_row_find_what_a_match_from_nothing_finds)
{
    uint64_t saved = 0;
    for (uint64_t seed = 1; seed <= 6; seed++)
        saved += play(NULL, seed);
    cr_expect_gt(saved, 10000, "pairs that are as they were are not scored: %llu",
                 (unsigned long long)saved);
}

Test(match_memory, also_where_blocks_are_cut)
{
    struct arena *arena = arena_create();
    uint64_t saved = 0;
    for (uint64_t seed = 1; seed <= 10; seed++)
        saved += play(tight_rules(arena), 100 + seed);
    cr_expect_gt(saved, 1000);
    arena_destroy(arena);
}

Test(match_memory, an_unchanged_input_scores_nothing)
{
    struct village village;
    village_begin(&village, NULL, 5);
    fill_input(&village);
    struct match_result first = go_on(&village, 1);
    struct match_result second = go_on(&village, 1);
    cr_expect_gt(first.statistics.pairs_compared, 0);
    cr_expect_eq(second.statistics.pairs_compared, 0);
    second.statistics.pairs_compared = first.statistics.pairs_compared;
    lab_expect_same(&first, &second);
    match_result_release(&first);
    match_result_release(&second);
    village_end(&village);
}

Test(match_memory, what_is_damaged_cut_or_of_other_rules_is_of_no_use)
{
    struct village village;
    village_begin(&village, NULL, 6);
    fill_input(&village);
    struct match_result first = go_on(&village, 1);
    const uint64_t pairs = first.statistics.pairs_compared;
    match_result_release(&first);
    struct buffer whole = village.memory;
    for (int damage = 0; damage < 4; damage++) {
        village.memory = (struct buffer){NULL, 0, 0};
        buffer_append(&village.memory, buffer_slice(&whole));
        if (damage == 0)
            village.memory.data[whole.length / 2] ^= 1;
        else if (damage == 1)
            village.memory.length -= 3;
        else if (damage == 2)
            village.memory.data[8] ^= 1; /* the basis */
        else
            village.memory.length = 10;
        struct match_result result = go_on(&village, 1);
        cr_expect_eq(result.statistics.pairs_compared, pairs, "damage %d", damage);
        cr_expect_eq(village.memory.length, whole.length);
        match_result_release(&result);
        buffer_release(&village.memory);
    }
    village.memory = (struct buffer){NULL, 0, 0};
    buffer_release(&whole);
    village_end(&village);
}
