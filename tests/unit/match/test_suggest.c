#include "cust360/match_suggest.h"
#include "lab.h"

enum { PEOPLE = 400 };

/* Everybody twice. The number is there for one in two, the birth date differs for one in four, the
 * city is everybody's. */
static uint32_t *add_people(struct lab *lab)
{
    uint32_t *cluster = arena_allocate_array(lab->arena, PEOPLE * 2, sizeof(*cluster));
    for (uint32_t i = 0; i < PEOPLE * 2; i++) {
        uint32_t who = i / 2;
        uint32_t born = who % 4 == 1 && i % 2 ? 5000 + who : 1900 + who;
        cluster[i] = who;
        lab_add(lab, who % 2 ? arena_format(lab->arena, "birth=%u name=N%u city=C", born, who / 4)
                             : arena_format(lab->arena, "birth=%u name=N%u city=C number=n%u", born,
                                            who / 4, who));
    }
    return cluster;
}

static const struct match_suggested_key *find_key(const struct match_suggestion *suggestion,
                                                  const char *first, const char *second)
{
    for (size_t i = 0; i < suggestion->key_count; i++) {
        const struct match_suggested_key *key = &suggestion->keys[i];
        if (strcmp(key->attributes[0], first) == 0 &&
            (second ? key->attribute_count == 2 && strcmp(key->attributes[1], second) == 0
                    : key->attribute_count == 1))
            return key;
    }
    return NULL;
}

Test(match_suggest, each_key_tells_what_it_costs_and_what_it_finds)
{
    struct lab lab;
    struct match_suggestion suggestion;
    lab_begin(&lab, NULL);
    uint32_t *cluster = add_people(&lab);
    struct match_scene *scene = match_scene_create(lab.rules, lab.model, lab.input);
    match_suggest(scene, cluster, 2, lab.arena, &suggestion);
    cr_expect_eq(suggestion.records, PEOPLE * 2);
    cr_expect_eq(suggestion.matches, PEOPLE);
    cr_expect_eq(suggestion.all_pairs, PEOPLE * 2 * (PEOPLE * 2 - 1) / 2);
    const struct match_suggested_key *number = find_key(&suggestion, "number", NULL);
    cr_assert(number);
    cr_expect_eq(number->found, PEOPLE / 2);
    cr_expect_eq(number->pairs, PEOPLE / 2);
    cr_expect_eq(number->largest, 2);
    const struct match_suggested_key *birth = find_key(&suggestion, "birth", NULL);
    cr_assert(birth);
    cr_expect_eq(birth->found, PEOPLE * 3 / 4);
    const struct match_suggested_key *city = find_key(&suggestion, "city", NULL);
    cr_assert(city);
    cr_expect_eq(city->pairs, suggestion.all_pairs);
    cr_expect_eq(city->largest, PEOPLE * 2);
    cr_expect_eq(city->rank, 0, "a key of all pairs saves none");
    match_scene_destroy(scene);
    lab_end(&lab);
}

Test(match_suggest, the_set_begins_with_what_finds_most_and_ends_when_nothing_is_missed)
{
    struct lab lab;
    struct match_suggestion suggestion;
    lab_begin(&lab, NULL);
    uint32_t *cluster = add_people(&lab);
    struct match_scene *scene = match_scene_create(lab.rules, lab.model, lab.input);
    match_suggest(scene, cluster, 1, lab.arena, &suggestion);
    cr_assert(suggestion.set_count >= 2);
    cr_expect_str_eq(suggestion.keys[0].attributes[0], "birth");
    cr_expect_eq(suggestion.keys[0].rank, 1);
    cr_expect_eq(suggestion.keys[0].missed, PEOPLE / 4);
    cr_expect_eq(suggestion.keys[suggestion.set_count - 1].missed, 0);
    cr_expect(suggestion.set_count == suggestion.key_count ||
              suggestion.keys[suggestion.set_count].rank == 0);
    match_scene_destroy(scene);
    lab_end(&lab);
}

Test(match_suggest, without_matches_no_key_is_suggested)
{
    struct lab lab;
    struct match_suggestion suggestion;
    lab_begin(&lab, NULL);
    uint32_t *cluster = add_people(&lab);
    for (uint32_t i = 0; i < PEOPLE * 2; i++)
        cluster[i] = i % 3 ? i : MATCH_NO_CLUSTER;
    struct match_scene *scene = match_scene_create(lab.rules, lab.model, lab.input);
    match_suggest(scene, cluster, 1, lab.arena, &suggestion);
    cr_expect_eq(suggestion.matches, 0);
    cr_expect_eq(suggestion.set_count, 0);
    cr_expect_eq(suggestion.key_count, 0);
    match_scene_destroy(scene);
    lab_end(&lab);
}
