#include "cust360/base/file.h"
#include "support.h"

#include <stdio.h>

TestSuite(model, .init = config_open, .fini = config_close);

static struct model *load(const char *text, struct error *error)
{
    config_write("codes/gender.yaml", "codes:\n  M: {en: Male, zh: 男}\n  F: Female\n");
    return model_load(config_arena(), config_write("model.yaml", text), config_path("codes"),
                      error);
}

Test(model, fields_have_kinds_codes_and_parts)
{
    struct error error;
    struct model *model =
        load("entities:\n"
             "  customer:\n"
             "    label: Customer\n"
             "    fields:\n"
             "      name: {kind: name, label: Name, personal: true, required: true}\n"
             "      gender: {kind: code, set: gender}\n"
             "      surname: {from: name, part: surname}\n",
             &error);
    cr_assert(model, "%s", config_described(&error));
    const struct model_entity *customer = &model->entities[model_find_entity(model, "customer")];
    cr_assert_str_eq(customer->label, "Customer");
    cr_assert_eq(customer->field_count, 3);
    const struct model_field *name = &customer->fields[0];
    cr_assert(name->required && name->personal && name->from == FIELD_NONE && !name->code_set);
    cr_assert_str_eq(name->kind, "name");
    const struct model_field *gender = &customer->fields[model_find_field(customer, "gender")];
    cr_assert_str_eq(gender->code_set, "gender");
    cr_assert_str_eq(gender->label, "gender", "the name stands for a label that is not given");
    cr_assert_not(gender->required || gender->personal);
    const struct model_field *surname = &customer->fields[2];
    cr_assert_eq(surname->from, 0);
    cr_assert_str_eq(surname->part, "surname");
    cr_assert_eq(model_find_entity(model, "vehicle"), FIELD_NONE);
    cr_assert_eq(model_find_field(customer, "colour"), FIELD_NONE);
}

Test(model, fields_have_classes_and_defaults)
{
    struct error error;
    struct model *model = load("entities:\n"
                               "  customer:\n"
                               "    fields:\n"
                               "      number: {kind: identity}\n"
                               "      born: {from: number, part: birth_date, class: personal}\n"
                               "      key: {from: number, part: key}\n"
                               "      sort: {from: number, part: type, class: plain}\n"
                               "      mobile: {kind: mobile}\n"
                               "      shop: {kind: mobile, personal: false}\n"
                               "      note: {kind: text}\n"
                               "      hobby: {kind: text, personal: true}\n"
                               "      income: {kind: money, class: sensitive}\n",
                               &error);
    cr_assert(model, "%s", config_described(&error));
    static const enum field_class classes[] = {FIELD_SENSITIVE, FIELD_PERSONAL, FIELD_SENSITIVE,
                                               FIELD_PLAIN,     FIELD_PERSONAL, FIELD_PLAIN,
                                               FIELD_PLAIN,     FIELD_PERSONAL, FIELD_SENSITIVE};
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        const struct model_field *field = &model->entities[0].fields[i];
        cr_expect_eq(field->class, classes[i], "%s", field->name);
        cr_expect_eq(field->personal, classes[i] != FIELD_PLAIN, "%s", field->name);
    }
    cr_expect(model_hides(model, SLICE("income")) && !model_hides(model, SLICE("note")));
}

Test(model, classes_that_are_unclear_are_refused)
{
    struct error error;
    cr_assert_not(load("entities:\n  customer:\n    fields:\n"
                       "      name: {kind: name, class: sensible}\n",
                       &error));
    cr_expect(strstr(config_described(&error), "sensitive"), "%s", config_described(&error));
    cr_assert_not(load("entities:\n  customer:\n    fields:\n"
                       "      name: {kind: name, class: plain, personal: true}\n",
                       &error));
    cr_expect(strstr(config_described(&error), "keep \"class\""), "%s", config_described(&error));
}

Test(model, a_part_may_have_to_agree_with_a_field)
{
    struct error error;
    static const char head[] = "entities:\n  customer:\n    fields:\n"
                               "      name: {kind: name}\n"
                               "      gender: {kind: code, set: gender}\n";
    char text[512];
    snprintf(text, sizeof(text), "%s      title: {from: name, part: gender, agrees_with: gender}\n",
             head);
    struct model *model = load(text, &error);
    cr_assert(model, "%s", config_described(&error));
    cr_expect_eq(model->entities[0].fields[2].agrees_with, 1);
    cr_expect_eq(model->entities[0].fields[0].agrees_with, FIELD_NONE);
    snprintf(text, sizeof(text), "%s      title: {from: name, part: gender, agrees_with: gendr}\n",
             head);
    cr_assert_not(load(text, &error));
    cr_expect(strstr(error.hint, "gender"), "%s", error.hint);
    snprintf(text, sizeof(text), "%s      title: {kind: text, agrees_with: gender}\n", head);
    cr_assert_not(load(text, &error));
    cr_expect(strstr(error.message, "\"agrees_with\" goes with \"from\""), "%s", error.message);
}

Test(model, a_field_may_be_told_by_a_part_of_a_later_one)
{
    static const struct {
        const char *type;
        const char *message; /* NULL: it binds */
    } cases[] = {
        {"{kind: party_type, otherwise: name, part: party}", NULL},
        {"{kind: party_type, otherwise: name}", "\"part\" is missing"},
        {"{kind: party_type, otherwise: nmae, part: party}", "nmae"},
        {"{kind: party_type, otherwise: surname, part: party}", "is itself derived"},
        {"{kind: party_type, part: party}", "\"from\" or \"otherwise\""},
        {"{from: name, part: party, otherwise: name}", "takes no \"otherwise\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        char text[512];
        snprintf(text, sizeof(text),
                 "entities:\n  customer:\n    fields:\n      first: {kind: name}\n"
                 "      type: %s\n      name: {kind: name}\n"
                 "      surname: {from: name, part: surname}\n",
                 cases[i].type);
        if (i + 1 == sizeof(cases) / sizeof(cases[0]))
            snprintf(text, sizeof(text),
                     "entities:\n  customer:\n    fields:\n      name: {kind: name}\n"
                     "      type: %s\n",
                     cases[i].type);
        struct model *model = load(text, &error);
        cr_assert_eq(model != NULL, cases[i].message == NULL, "%s", cases[i].type);
        if (model)
            cr_expect_eq(model->entities[0].fields[1].otherwise, 2);
        else
            cr_expect(strstr(error.message, cases[i].message), "%s", error.message);
    }
}

Test(model, code_sets_have_labels_in_two_languages)
{
    struct error error;
    struct model *model = load("entities: {a: {fields: {b: {kind: text}}}}\n", &error);
    cr_assert(model, "%s", config_described(&error));
    const struct code_set *set = model_find_code_set(model, "gender");
    cr_assert(set);
    cr_assert_eq(set->value_count, 2);
    cr_assert_str_eq(set->values[0].code, "M");
    cr_assert_str_eq(set->values[0].label, "Male");
    cr_assert_str_eq(set->values[0].label_zh, "男");
    cr_assert_str_eq(set->values[1].label_zh, "Female");
    cr_assert(code_set_has(set, SLICE("F")));
    cr_assert_not(code_set_has(set, SLICE("")));
    cr_assert_null(model_find_code_set(model, "colour"));
}

#define FIELDS "entities:\n  customer:\n    fields:\n      name: {kind: name}\n"

Test(model, mistakes_are_errors_at_their_place)
{
    static const struct {
        const char *text;
        unsigned line;
        unsigned column;
        const char *message;
        const char *hint;
    } cases[] = {
        {"entitys: {}\n", 1, 1, "unknown key \"entitys\"", "did you mean entities?"},
        {"entities: {}\n", 1, 11, "a model without entities", NULL},
        {"entities: {customer: {fields: {}}}\n", 1, 31, "an entity without fields", NULL},
        {"entities: {Customer: {fields: {a: {kind: b}}}}\n", 1, 12, "\"Customer\" cannot be a name",
         "lower-case letters"},
        {FIELDS "      9a: {kind: text}\n", 5, 7, "\"9a\" cannot be a name", NULL},
        {FIELDS "      hash: {kind: text}\n", 5, 7, "the name \"hash\" is taken", NULL},
        {FIELDS "      a: {}\n", 5, 10, "the field needs a \"kind\"", NULL},
        {FIELDS "      a: {kind: Text}\n", 5, 17, "\"Text\" cannot be a name", NULL},
        {FIELDS "      a: {knd: text}\n", 5, 11, "unknown key \"knd\"", "did you mean kind?"},
        {FIELDS "      a: {kind: code}\n", 5, 10, "a field of the kind code needs a \"set\"", NULL},
        {FIELDS "      a: {kind: code, set: gendr}\n", 5, 28, "there is no code set \"gendr\"",
         "did you mean gender?"},
        {FIELDS "      a: {from: nam, part: b}\n", 5, 17, "has no field \"nam\"",
         "did you mean name?"},
        {FIELDS "      a: {from: b, part: c}\n      b: {kind: text}\n", 5, 17, "has no field \"b\"",
         "known here: name"},
        {FIELDS "      a: {from: name}\n", 5, 10, "the key \"part\" is missing: which part of name",
         NULL},
        {FIELDS "      a: {from: name, part: b, kind: text}\n", 5, 38,
         "a field with \"from\" takes no \"kind\"", NULL},
        {FIELDS "      a: {from: name, part: b, required: true}\n", 5, 42, "takes no \"required\"",
         NULL},
        {FIELDS "      a: {from: name, part: b}\n      c: {from: a, part: d}\n", 6, 17,
         "a is itself derived", NULL},
        {FIELDS "      a: {kind: text, part: b}\n", 5, 29, "\"part\" goes with \"from\"", NULL},
        {FIELDS "      a: {kind: text, personal: ja}\n", 5, 33, "true or false is expected", NULL},
        {FIELDS "      a: text\n", 5, 10, "a mapping (key: value) is expected here", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        cr_assert_null(load(cases[i].text, &error), "%zu", i);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
        config_expect(&error, cases[i].line, cases[i].column, cases[i].message, cases[i].hint);
    }
}

/* A source's number is shown, but for one that is a person's own; what nobody knows is masked. */
Test(model, a_field_is_shown_as_its_class_says)
{
    struct error error;
    const struct model *model = load("entities:\n"
                                     "  customer:\n"
                                     "    fields:\n"
                                     "      name: {kind: name}\n"
                                     "      remark: {kind: text}\n"
                                     "  contact:\n"
                                     "    fields:\n"
                                     "      customer_key: {kind: reference}\n",
                                     &error);
    static const struct {
        const char *field;
        const char *value;
        const char *shown;
    } cases[] = {
        {"name", "Wang Wei", "W******i"},         {"remark", "person", "person"},
        {"customer_key", "D01-0017", "D01-0017"}, {"customer_key", "13812345678", "138****5678"},
        {"elsewhere", "person", "p****n"},
    };
    cr_assert(model, "%s", config_described(&error));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct slice shown = field_shown(model_showing(model, slice_of(cases[i].field)),
                                         config_arena(), slice_of(cases[i].value));
        cr_expect(slice_equal(shown, slice_of(cases[i].shown)), "%s: %.*s", cases[i].field,
                  SLICE_ARGUMENTS(shown));
    }
}

Test(model, mistakes_in_code_sets_are_errors_at_their_place)
{
    static const struct {
        const char *text;
        unsigned line;
        const char *message;
    } cases[] = {
        {"label: a\n", 1, "the key \"codes\" is missing"},
        {"codes: {}\n", 1, "a code set without codes"},
        {"codes:\n  '': Nothing\n", 2, "a code without text"},
        {"codes:\n  M: {zh: 男}\n", 2, "the key \"en\" is missing"},
        {"codes:\n  M: {en: Male, de: Mann}\n", 2, "unknown key \"de\""},
        {"codes:\n  M: a\n  M: b\n", 3, "stands here twice"},
    };
    config_write("model.yaml", "entities: {a: {fields: {b: {kind: text}}}}\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        config_write("codes/set.yaml", cases[i].text);
        cr_assert_null(
            model_load(config_arena(), config_path("model.yaml"), config_path("codes"), &error));
        cr_assert_str_eq(file_name(error.file), "set.yaml");
        config_expect(&error, cases[i].line, 0, cases[i].message, NULL);
    }
}

Test(model, a_missing_model_is_an_error)
{
    struct error error;
    cr_assert_null(
        model_load(config_arena(), config_path("none.yaml"), config_path("codes"), &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
}

Test(model, the_group_model_is_whole)
{
    const struct model *model = config_model();
    static const char *const entities[] = {"customer",   "ownership", "service",  "complaint",
                                           "membership", "consent",   "contract", "lead"};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
        cr_expect_neq(model_find_entity(model, entities[i]), FIELD_NONE, "%s", entities[i]);
    for (size_t i = 0; i < model->code_set_count; i++) {
        const struct code_set *set = &model->code_sets[i];
        for (size_t j = 0; j < set->value_count; j++)
            cr_expect_str_neq(set->values[j].label, set->values[j].label_zh, "%s %s", set->name,
                              set->values[j].code);
    }
}
