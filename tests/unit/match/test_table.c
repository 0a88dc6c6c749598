#include "lab.h"
#include "match/intake/derive.h"

static const char derived_rules_text[] =
    "entity: person\n"
    "attributes:\n"
    "  name: {field: name}\n"
    "  phone: {field: phone, shared_by: name, shared_limit: 2}\n"
    "  number: {field: number}\n"
    "  vin: {entity: car, field: vin, reference: owner, shared_by: name, shared_limit: 2}\n"
    "  first: {first_of: [number, phone]}\n"
    "  all: {all_of: [phone, vin]}\n"
    "  head: {from: name, first: 2}\n"
    "  tail: {from: name, last: 2}\n"
    "  before: {from: name, before: '@'}\n"
    "  after: {from: name, after: '@'}\n"
    "  letters: {from: name, letters: true}\n"
    "blocking: {rules: {number: {keys: [number]}}}\n"
    "comparisons: [{name: n, levels: [{level: any}]}]\n"
    "thresholds: {merge: 5, review: 0}\n";

/* The values of an attribute as "a,b". */
static const char *values(struct lab *lab, const struct table *table, uint32_t record,
                          const char *attribute)
{
    size_t number = rules_find_attribute(lab->rules, slice_of(attribute));
    const uint32_t *items = NULL;
    size_t count = table_values(table, record, number, &items);
    const char *text = "";
    for (size_t i = 0; i < count; i++) {
        struct slice value = table_text(table, number, items[i]);
        text = arena_format(lab->arena, "%s%s%.*s", text, i ? "," : "", SLICE_ARGUMENTS(value));
    }
    return text;
}

Test(match_table, attributes_are_derived_from_others)
{
    struct lab lab;
    lab_begin(&lab, derived_rules_text);
    uint32_t a = lab_add(&lab, "name=Ab.Cd@Ef phone=77 vin=V2 vin=V1 vin=V2");
    uint32_t b = lab_add(&lab, "name=王小明 number=9 phone=77");
    uint32_t c = lab_add(&lab, "name=@ vin=77");
    struct table *table = table_create(lab.rules, lab.input, 2);
    cr_expect_str_eq(values(&lab, table, a, "vin"), "V2,V1", "each value once");
    cr_expect_str_eq(values(&lab, table, a, "first"), "77");
    cr_expect_str_eq(values(&lab, table, b, "first"), "9");
    cr_expect_str_eq(values(&lab, table, c, "first"), "");
    cr_expect_str_eq(values(&lab, table, a, "all"), "77,V2,V1");
    cr_expect_str_eq(values(&lab, table, c, "all"), "77");
    cr_expect_str_eq(values(&lab, table, a, "head"), "Ab");
    cr_expect_str_eq(values(&lab, table, b, "head"), "王小");
    cr_expect_str_eq(values(&lab, table, b, "tail"), "小明");
    cr_expect_str_eq(values(&lab, table, c, "tail"), "@");
    cr_expect_str_eq(values(&lab, table, a, "before"), "Ab.Cd");
    cr_expect_str_eq(values(&lab, table, a, "after"), "Ef");
    cr_expect_str_eq(values(&lab, table, b, "after"), "", "there is nothing to stand behind");
    cr_expect_str_eq(values(&lab, table, a, "letters"), "abcdef");
    cr_expect_str_eq(values(&lab, table, b, "letters"), "王小明");
    cr_expect_str_eq(values(&lab, table, c, "letters"), "");
    table_destroy(table);
    lab_end(&lab);
}

Test(match_table, a_value_shared_by_too_many_names_belongs_to_nobody)
{
    struct lab lab;
    lab_begin(&lab, derived_rules_text);
    for (int i = 0; i < 3; i++) /* one person many times is not many persons */
        lab_add(&lab, "name=A phone=1 vin=X");
    lab_add(&lab, "name=B phone=1 vin=X vin=Y");
    lab_add(&lab, "name=A phone=2");
    uint32_t c = lab_add(&lab, "name=C phone=2 vin=X vin=Y vin=Z");
    uint32_t d = lab_add(&lab, "name=D phone=2 vin=Z");
    uint32_t nameless = lab_add(&lab, "phone=1");
    struct table *table = table_create(lab.rules, lab.input, 2);
    cr_expect_eq(table->values_shared_widely, 2, "phone 2 and car X");
    cr_expect_str_eq(values(&lab, table, 0, "phone"), "1", "two names are not too many");
    cr_expect_str_eq(values(&lab, table, nameless, "phone"), "1");
    cr_expect_str_eq(values(&lab, table, d, "phone"), "");
    cr_expect_str_eq(values(&lab, table, 0, "vin"), "");
    cr_expect_str_eq(values(&lab, table, c, "vin"), "Y,Z");
    cr_expect_str_eq(values(&lab, table, d, "vin"), "Z");
    cr_expect_str_eq(values(&lab, table, c, "all"), "Y,Z", "what is dropped is not derived from");
    table_destroy(table);
    lab_end(&lab);
}

Test(match_table, an_empty_value_is_no_value_and_an_empty_input_no_trouble)
{
    struct lab lab;
    lab_begin(&lab, derived_rules_text);
    struct table *table = table_create(lab.rules, lab.input, 2);
    cr_expect_eq(table->record_count, 0);
    table_destroy(table);
    lab_add(&lab, "name= vin= number=1");
    table = table_create(lab.rules, lab.input, 2);
    cr_expect_str_eq(values(&lab, table, 0, "name"), "");
    cr_expect_str_eq(values(&lab, table, 0, "vin"), "");
    cr_expect_str_eq(values(&lab, table, 0, "number"), "1");
    table_destroy(table);
    lab_end(&lab);
}

Test(match_table, plain_words_and_sounds_are_derived)
{
    static const struct {
        enum derivation derivation;
        const char *from;
        const char *to;
    } cases[] = {
        {DERIVE_PLAIN, " José  O'Neill-García ", "jose oneill garcia"},
        {DERIVE_PLAIN, "ŁÓDŹ, Straße 5", "lodz strase 5"},
        {DERIVE_PLAIN, "ИВАН", "иван"},
        {DERIVE_PLAIN, "上海　路", "上海 路"},
        {DERIVE_PLAIN, "?!", ""},
        {DERIVE_SOUND, "Catherine", "ktrn"},
        {DERIVE_SOUND, "Kathryn Ann", "ktrn"},
        {DERIVE_SOUND, "Allen", ".ln"},
        {DERIVE_SOUND, "Philipp", "flb"},
        {DERIVE_SOUND, "王伟", "王伟"},
        {DERIVE_SOUND, "", ""},
    };
    struct buffer buffer = BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct attribute attribute = {.derivation = cases[i].derivation};
        struct slice text = derive_text(&attribute, slice_of(cases[i].from), &buffer);
        cr_expect(slice_equal(text, slice_of(cases[i].to)), "%s: %.*s", cases[i].from,
                  SLICE_ARGUMENTS(text));
    }
    buffer_release(&buffer);
}
