/* The group's own rules and model: two records of people who live together, and what becomes of
 * them. */
#include "lab.h"

enum verdict_seen { ONE, ASKED, TWO };

/* A home and, but where it says otherwise, a mobile that all of a household share. */
#define HOME                                                                                          \
    "type=person mobile=13800138001 division=110105 district=朝阳区 road=建国路 road_number=88" \
    " estate=金色公馆 building=26 room=2402"
#define WANG " surname=王 "

struct household {
    const char *who;
    const char *a;
    const char *b;
    enum verdict_seen verdict;
};

static const struct household households[] = {
    {"one customer twice",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06", ONE},
    {"one customer, a homophone",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06",
     HOME WANG "name=王子函 given=子函 pinyin_typed=wangzihan birth_typed=1990-05-06", ONE},
    {"twins of unlike names",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06",
     HOME WANG "name=王建国 given=建国 pinyin_typed=wangjianguo birth_typed=1990-05-06", ASKED},
    {"twins with one character in common",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06",
     HOME WANG "name=王子轩 given=子轩 pinyin_typed=wangzixuan birth_typed=1990-05-06", ASKED},
    {"twins of single characters",
     HOME WANG "name=王涵 given=涵 pinyin_typed=wanghan birth_typed=1990-05-06",
     HOME WANG "name=王轩 given=轩 pinyin_typed=wangxuan birth_typed=1990-05-06", ASKED},
    {"twins with a car and an identity number each",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06 "
               "id_type=id_card id_number=11010519900506123X",
     HOME WANG "name=王子轩 given=子轩 pinyin_typed=wangzixuan birth_typed=1990-05-06 "
               "id_type=id_card id_number=110105199005064561",
     TWO},
    {"father and son of one name",
     HOME WANG "name=王伟 given=伟 pinyin_typed=wangwei birth_typed=1962-03-04",
     HOME WANG "name=王伟 given=伟 pinyin_typed=wangwei birth_typed=1990-05-06", ASKED},
    {"one name, one slip in the birth date",
     HOME WANG "name=王伟 given=伟 pinyin_typed=wangwei birth_typed=1962-03-04",
     HOME WANG "name=王伟 given=伟 pinyin_typed=wangwei birth_typed=1992-03-04", ONE},
    {"one customer, a character left out",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06",
     HOME WANG "name=王涵 given=涵 pinyin_typed=wanghan birth_typed=1990-05-06", ONE},
    {"parent and child",
     HOME WANG "name=王建国 given=建国 pinyin_typed=wangjianguo birth_typed=1962-03-04",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan birth_typed=1990-05-06", TWO},
    {"parent and child, whose birth nobody noted",
     HOME WANG "name=王建国 given=建国 pinyin_typed=wangjianguo",
     HOME WANG "name=王子涵 given=子涵 pinyin_typed=wangzihan", TWO},
    {"spouses", HOME WANG "name=王建国 given=建国 pinyin_typed=wangjianguo birth_typed=1962-03-04",
     HOME " surname=李 name=李秀英 given=秀英 pinyin_typed=lixiuying birth_typed=1964-07-11", TWO},
    {"spouses, whose birth nobody noted",
     HOME WANG "name=王建国 given=建国 pinyin_typed=wangjianguo gender_typed=M",
     HOME " surname=李 name=李秀英 given=秀英 pinyin_typed=lixiuying gender_typed=F", TWO},
};

static enum verdict_seen judge(const struct household *household)
{
    struct lab lab = {.arena = arena_create()};
    const struct model *model =
        model_load(lab.arena, "mappings/model.yaml", "mappings/codes", &lab.error);
    cr_assert(model, "%s", lab.error.message);
    lab.rules = match_rules_load(lab.arena, "mappings/match.yaml", model, &lab.error);
    cr_assert(lab.rules, "%s", lab.error.message);
    lab.model = match_model_load(lab.arena, "mappings/match.model.yaml", lab.rules, &lab.error);
    cr_assert(lab.model, "%s", lab.error.message);
    lab.input = match_input_create(lab.rules);
    lab_add(&lab, household->a);
    lab_add(&lab, household->b);
    lab_match(&lab, NULL, 0, 1);
    enum verdict_seen verdict = lab.result.cluster[1] == 0      ? ONE
                                : lab.result.possible_count > 0 ? ASKED
                                                                : TWO;
    match_result_release(&lab.result);
    match_input_destroy(lab.input);
    arena_destroy(lab.arena);
    return verdict;
}

Test(match_dealers, people_who_live_together_are_told_apart)
{
    for (size_t i = 0; i < sizeof(households) / sizeof(households[0]); i++)
        cr_expect_eq(judge(&households[i]), households[i].verdict, "%s", households[i].who);
}
