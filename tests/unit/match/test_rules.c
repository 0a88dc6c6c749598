#include "cust360/base/buffer.h"
#include "cust360/config.h"
#include "lab.h"

#include <stdio.h>
#include <stdlib.h>

Test(match_rules, fields_come_first_and_keep_the_files_order)
{
    struct lab lab;
    const struct match_attribute *attributes = NULL;
    lab_begin(&lab, NULL);
    cr_expect_str_eq(match_rules_entity(lab.rules), "person");
    cr_assert_eq(match_rules_attributes(lab.rules, &attributes), LAB_ATTRIBUTES);
    cr_expect_str_eq(attributes[NAME].field, "name");
    cr_expect_null(attributes[NAME].entity);
    cr_expect_str_eq(attributes[VIN].entity, "car");
    cr_expect_str_eq(attributes[VIN].reference, "owner");
    cr_expect_eq(lab.rules->merge, 5 * WEIGHT_ONE);
    cr_expect_eq(lab.rules->comparisons[0].levels[0].implies, 1U << 2);
    lab_end(&lab);
}

Test(match_rules, the_shipped_rules_and_model_load_and_fit_each_other)
{
    struct arena *arena = arena_create();
    struct error error = {0};
    struct model *model = model_load(arena, "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    struct match_rules *rules = match_rules_load(arena, "mappings/match.yaml", model, &error);
    cr_assert(rules, "%s", error.message);
    cr_expect(match_model_load(arena, "mappings/match.model.yaml", rules, &error), "%s",
              error.message);
    arena_destroy(arena);
}

/* lab_rules_text with one piece of it replaced. */
static const char *changed(struct lab *lab, const char *from, const char *to)
{
    const char *place = strstr(lab_rules_text, from);
    cr_assert(place, "%s", from);
    return arena_format(lab->arena, "%.*s%s%s", (int)(place - lab_rules_text), lab_rules_text, to,
                        place + strlen(from));
}

Test(match_rules, what_is_wrong_is_told_with_its_place)
{
    static const struct {
        const char *from;
        const char *to;
        const char *message; /* how it begins */
        const char *hint;    /* what else is said; or NULL */
    } cases[] = {
        {"entity: person", "entity: persn", "refused.yaml:1:9: the model has no entity persn",
         NULL},
        {"field: birth}", "field: brith}", "refused.yaml:6:18: unknown field of person: brith",
         "did you mean birth?"},
        {"entity: car,", "entity: cra,", "refused.yaml:11:17: unknown entity cra",
         "did you mean car?"},
        {", reference: owner", "", "refused.yaml:11:8: an attribute of another entity needs", NULL},
        {"keys: [vin]", "keys: [van]", "refused.yaml:18:", "did you mean vin?"},
        {"keys: [vin]", "keys: []", "refused.yaml:18:10: a blocking rule needs a key", NULL},
        {"{keys: [phone]}", "{keys: [phone], refine: [vin]}",
         "refused.yaml:16:37: a block is refined by attributes with one value", NULL},
        {"{edit: 1}", "{edti: 1}", "refused.yaml:29:36: unknown comparator edti",
         "did you mean edit?"},
        {"{edit: 1}", "edit", "refused.yaml:29:35: `edit` needs a number", NULL},
        {"{edit: 1}", "{edit: 0}",
         "refused.yaml:29:42: `edit` takes the greatest number of edits: 1", NULL},
        {"{edit: 1}", "{exact: 1}", "refused.yaml:29:43: `exact` takes no number", NULL},
        {"{name: {edit: 1}}", "[]", "refused.yaml:29:", NULL},
        {"implies: [birth]", "implies: [brith]", "refused.yaml:23:", "did you mean birth?"},
        {"{level: close, if: {name: {edit: 1}}}", "{level: close}",
         "refused.yaml:29:9: only the last level can be without `if`", NULL},
        {"level: close", "level: same", "refused.yaml:29:9: two levels named same", NULL},
        {"  - name: car", "  - name: phone", "refused.yaml:41:5: two comparisons named phone",
         NULL},
        {"review: 0", "review: 6", "refused.yaml:51:32: `review` is not above `merge`", NULL},
        {"merge: 5", "merge: 5000", "refused.yaml:51:21: a weight in bits is from -1000 to 1000",
         NULL},
        {"passes: [number, ", "passes: [numbr, ", "refused.yaml:53:12: unknown blocking rule numbr",
         "did you mean number?"},
        {"certain_share: 0.8", "certain_share: 1.8",
         "refused.yaml:56:18: a share is above 0 and at most 1", NULL},
        {"thresholds:", "treshold: 1\nthresholds:", "refused.yaml:51:1: ", NULL},
        {"implies: [birth]", "implies: [number]",
         "refused.yaml:23:", "what is implied must be a comparison further below"},
        {"{name: {edit: 1}}", "{name: {edit: 1, slip: 1}}",
         "refused.yaml:29:", "how two values relate is written `exact` or `{edit: 1}`"},
        {"if: {name: exact}", "if: name", "refused.yaml:28:", "a test names attributes"},
        {"{edit: 1}", "crossed", "refused.yaml:29:", NULL},
        {"{name: {edit: 1}}", "[]", "refused.yaml:29:", "an empty list of tests"},
        {"certain_share: 0.8", "certain_share: 0.8\n  own: [nothing]",
         "refused.yaml:57:", "there is no comparison nothing"},
        {"{edit: 1}", "swapped", "refused.yaml:29:", "`swapped` needs an attribute"},
        {"      - {level: same, if: {phone: exact}}\n      - {level: different}\n", "      []\n",
         "refused.yaml:", "a comparison has 1 to"},
        {"  rules:\n    number: {keys: [number]}\n    phone: {keys: [phone]}\n"
         "    name and birth: {keys: [name, birth]}\n    car: {keys: [vin]}\n",
         "  rules: {}\n", "refused.yaml:", "there are 1 to"},
        {"certain_share: 0.8", "joint: false",
         "refused.yaml:", "training is `joint: true`, or has passes, certain and certain_share"},
    };
    struct lab lab;
    lab_begin(&lab, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = lab_refused_rules(&lab, changed(&lab, cases[i].from, cases[i].to));
        cr_expect(slice_starts_with(slice_of(text), slice_of(cases[i].message)), "%s\nis not: %s",
                  text, cases[i].message);
        cr_expect(!cases[i].hint || strstr(text, cases[i].hint), "%s\nlacks: %s", text,
                  cases[i].hint);
    }
    lab_end(&lab);
}

Test(match_rules, there_is_a_comparison_and_no_more_than_fit)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    const char *before = strstr(lab_rules_text, "comparisons:\n");
    const char *after = strstr(lab_rules_text, "rules:\n  never:");
    struct buffer text = BUFFER_EMPTY;
    for (int count = 0; count <= COMPARISONS_MAX + 1; count += COMPARISONS_MAX + 1) {
        buffer_clear(&text);
        buffer_format(&text, "%.*scomparisons:%s\n", (int)(before - lab_rules_text), lab_rules_text,
                      count ? "" : " []");
        for (int i = 0; i < count; i++)
            buffer_format(
                &text, "  - {name: c%d, when: {name: known}, levels: [{level: different}]}\n", i);
        buffer_append_text(&text, after);
        const char *told = lab_refused_rules(&lab, text.data);
        cr_expect(strstr(told, "there are 1 to 32 comparisons"), "%d: %s", count, told);
    }
    buffer_release(&text);
    lab_end(&lab);
}

Test(match_rules, derived_attributes_are_checked)
{
    static const struct {
        const char *attribute;
        const char *message;
    } cases[] = {
        {"x: {from: name}",
         "`from` needs one of first, last, before, after, letters, plain, sound"},
        {"x: {from: name, first: 1, last: 1}",
         "one of first, last, before, after, letters, plain, sound"},
        {"x: {from: name, first: 0}", ""},
        {"x: {first_of: [vin, name]}", "`first_of` takes attributes with one value"},
        {"x: {first_of: [name], field: name}", "an attribute is one of: field, first_of"},
        {"x: {}", "an attribute is one of: field, first_of"},
        {"x: {from: y, first: 1}", "unknown attribute y"},
        {"x: {field: name, reference: owner}", "`reference` goes with `entity`"},
        {"x: {field: phone, shared_by: name}", "`shared_by` and `shared_limit` go together"},
        {"x: {field: phone, shared_by: vin, shared_limit: 3}",
         "`shared_by` is a field of the person itself"},
    };
    struct lab lab;
    lab_begin(&lab, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *line = arena_format(lab.arena, "  %s\nblocking:\n", cases[i].attribute);
        const char *text = lab_refused_rules(&lab, changed(&lab, "blocking:\n", line));
        cr_expect(strstr(text, "refused.yaml:12:") == text && strstr(text, cases[i].message),
                  "%s\nlacks: %s", text, cases[i].message);
    }
    lab_end(&lab);
}

Test(match_rules, a_file_that_is_not_there_is_an_error)
{
    struct lab lab;
    lab_begin(&lab, NULL);
    cr_expect_null(match_rules_load(lab.arena, "/nowhere/match.yaml", &lab_model, &lab.error));
    cr_expect_eq(lab.error.exit_code, EXIT_CONFIGURATION);
    lab_refused_rules(&lab, changed(&lab, "attributes:", "confusions: nowhere.csv\nattributes:"));
    cr_expect(strstr(lab.error.message, "nowhere.csv") || strstr(lab.error.file, "nowhere.csv"));
    lab_end(&lab);
}

#define SHORT_FORM                                                                                 \
    "entity: person\n"                                                                             \
    "compare:\n"                                                                                   \
    "  given: given_name\n"                                                                        \
    "  surname: surname\n"                                                                         \
    "  birth: date\n"                                                                              \
    "  phone: phone\n"                                                                             \
    "  city: place\n"

Test(match_rules, the_short_form_is_written_out)
{
    struct lab lab;
    lab_begin(&lab, SHORT_FORM "thresholds: {merge: 7, review: 1}\n"
                               "rules: {never: [{reason: other kinds, if: {city: different}}]}\n");
    const struct match_rules *rules = lab.rules;
    cr_expect_eq(rules->comparison_count, 5);
    cr_expect_str_eq(rules->comparisons[0].name, "given");
    cr_expect_eq(rules->merge, 7 * WEIGHT_ONE);
    cr_expect_eq(rules->hard_rule_count, 1);
    cr_expect(rules->training.joint);
    cr_expect_eq(rules->training.relative_count, 1, "who shares a phone may be a relative");
    cr_expect_gt(rules->blocks[0].all_up_to, 0);
    cr_expect_gt(rules->block_count, 5);
    cr_expect_eq(rules->comparisons[0].levels[2].implies, 2, "a swapped name tells both");
    lab_end(&lab);
}

Test(match_rules, each_kind_can_be_compared)
{
    static const char *const kinds[] = {"given_name", "surname", "name",       "organisation",
                                        "text",       "date",    "identifier", "phone",
                                        "email",      "place",   "street",     "house_number",
                                        "postcode",   "number",  "code"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct lab lab;
        char text[128];
        snprintf(text, sizeof(text), "entity: person\ncompare:\n  name: %s\n  number: identifier\n",
                 kinds[i]);
        lab_begin(&lab, text);
        cr_expect_eq(lab.rules->comparison_count, 2, "%s", kinds[i]);
        lab_end(&lab);
    }
}

Test(match_rules, what_is_wrong_with_the_short_form_is_told)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"entity: person\ncompare: {name: givn_name}\n", "given_name"},
        {"entity: person\ncompare: {nam: name}\n", "nam"},
        {"entity: person\ncompare: {}\n", "1 to 32 fields"},
        {"entity: person\ncompare: {name: name}\nblocking: {}\n", "the key \"rules\" is missing"},
        {"entity: person\ncompare: {name: name}\ntraining: {}\n", "unknown key \"training\""},
        {"entity: persn\ncompare: {name: name}\n", "persn"},
    };
    struct lab lab;
    lab_begin(&lab, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *text = lab_refused_rules(&lab, cases[i].text);
        cr_expect(strstr(text, cases[i].message), "%s\nlacks: %s", text, cases[i].message);
    }
    lab_end(&lab);
}

Test(match_rules, the_short_form_takes_blocking_rules_of_ones_own)
{
    struct lab lab;
    lab_begin(&lab, "entity: person\ncompare: {given: given_name, surname: surname, phone: phone}\n"
                    "blocking:\n  rules:\n    phone letters: {keys: [phone letters]}\n"
                    "    both: {keys: [given sound, surname sound]}\n");
    cr_expect_eq(lab.rules->block_count, 2);
    cr_assert_eq(lab.rules->training.relative_count, 1, "the phone is there by its name");
    cr_expect_str_eq(lab.rules->blocks[lab.rules->training.relatives[0]].name, "phone letters");
    lab_end(&lab);
    lab_begin(&lab, "entity: person\ncompare: {given: given_name, surname: surname, phone: phone}\n"
                    "blocking:\n  rules:\n    both: {keys: [given sound, surname sound]}\n");
    cr_expect_eq(lab.rules->training.relative_count, 0);
    lab_end(&lab);
}
