/* Rows become records: texts, codes, kinds, derived and required fields, keys, conditions. */
#include "cust360/base/text.h"
#include "support.h"

enum { COLUMNS_MAX = 16 };

static struct model *model;
static struct source source;
static struct standardizer *standardizer;

static void open_model(void)
{
    struct error error;
    standardize_open();
    const char *path = standardize_write(
        "model.yaml", "entities:\n"
                      "  customer:\n"
                      "    label: Customer\n"
                      "    fields:\n"
                      "      type: {kind: party_type, set: party_type, label: Type}\n"
                      "      name: {kind: text, label: Name, personal: true, required: true}\n"
                      "      gender: {kind: code, set: gender, label: Gender}\n"
                      "      id_number: {kind: identity, label: Number, personal: true}\n"
                      "      mobile: {kind: mobile, label: Mobile, personal: true}\n"
                      "      id_key: {from: id_number, part: key, label: Key, personal: true}\n"
                      "      id_gender: {from: id_number, part: gender, label: Gender in it}\n"
                      "      updated_at: {kind: datetime, label: Changed}\n"
                      "  car:\n"
                      "    label: Car\n"
                      "    fields:\n"
                      "      customer_key: {kind: reference, label: Customer}\n"
                      "      vin: {kind: vin, label: VIN, required: true}\n"
                      "      bought: {kind: date, label: Bought}\n"
                      "      maker: {from: vin, part: maker, label: Maker}\n");
    model = model_load(standardize_arena(), path, "mappings/codes", &error);
    cr_assert(model, "%s:%d: %s", error.file, (int)error.line, error.message);
}

static void close_model(void)
{
    standardizer_destroy(standardizer);
    standardizer = NULL;
    standardize_close();
}

TestSuite(standardizer, .init = open_model, .fini = close_model);

enum { NUMBER, NAME, SEX, ID, PHONE, TYPE, VIN, BOUGHT, COLUMN_COUNT };

static const char *const default_entities =
    "      customer:\n"
    "        key: number\n"
    "        main: true\n"
    "        fields:\n"
    "          name: name\n"
    "          gender: {column: sex, codes: {'1': M, '2': F, '0': ''}}\n"
    "          id_number: id\n"
    "          mobile: phone\n"
    "          type: {column: type, codes: {C: organisation}}\n"
    "      car:\n"
    "        key: [number, vin]\n"
    "        when: vin\n"
    "        fields:\n"
    "          customer_key: number\n"
    "          vin: vin\n"
    "          bought: {column: bought, format: d/m/y}\n";

/* A standardizer for these entities; columns in the order in which the mapping names them first. */
static const struct mapping_table *map_entities(const char *entities)
{
    struct error error;
    char *text = arena_format(standardize_arena(),
                              "name: test\nkind: csv\nencoding: utf-8\ntables:\n"
                              "  - name: rows\n    entities:\n%s",
                              entities);
    const char *path = standardize_write("test.yaml", text);
    source.id = "T01";
    source.mapping = mapping_load(standardize_arena(), path, model, &error);
    cr_assert(source.mapping, "%d:%d: %s", (int)error.line, (int)error.column, error.message);
    standardizer_destroy(standardizer);
    standardizer = standardizer_create(standardize_rules(), model, &source, &error);
    cr_assert(standardizer, "%s", error.message);
    return &source.mapping->tables[0];
}

/* Column texts by heading, ending with NULL. */
static struct row_result standardize(const struct mapping_table *table, const char *const *cells)
{
    struct error error;
    struct slice values[COLUMNS_MAX] = {{0}};
    for (size_t i = 0; cells[i]; i += 2) {
        size_t column = 0;
        while (column < table->column_count &&
               strcmp(table->columns[column].expression, cells[i]) != 0)
            column++;
        cr_assert_lt(column, table->column_count, "no column %s", cells[i]);
        /* A copy without a NUL behind it, that is gone when the row is done. */
        values[column] = arena_copy(standardize_arena(), slice_of(cells[i + 1]));
    }
    struct row row = {.values = values};
    struct row_result result;
    cr_assert(standardize_row(standardizer, &row, standardize_arena(), &result, &error), "%s",
              error.message);
    return result;
}

#define ROW(table, ...) standardize(table, (const char *const[]){__VA_ARGS__, NULL})

static const char *value_of(const struct record *record, const char *field)
{
    const struct model_entity *entity = &model->entities[record->entity];
    size_t index = model_find_field(entity, field);
    cr_assert_neq(index, FIELD_NONE, "no field %s", field);
    if (!record->values[index].data)
        return NULL;
    return standardize_text(record->values[index]);
}

static const struct finding *find(const struct row_result *result, const char *code)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        if (strcmp(result->findings[i].code, code) == 0)
            return &result->findings[i];
    }
    return NULL;
}

Test(standardizer, a_row_becomes_its_records)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", " 0007 ", "name", "张三 ", "sex", "1", "id",
                                   "610104620927690", "phone", "+86 138 1234 5678", "type", "C",
                                   "vin", "lfv2a21k0b3000012", "bought", "5/8/2013");
    cr_assert_eq(result.outcome, ACCEPTED);
    cr_assert_eq(result.record_count, 2);
    cr_assert_eq(result.finding_count, 1);
    cr_expect(find(&result, "gender_differs"), "the typed one is a man's, the number's a woman's");
    const struct record *customer = &result.records[0];
    cr_expect_str_eq(standardize_text(customer->key), "0007");
    cr_expect_str_eq(value_of(customer, "name"), "张三");
    cr_expect_str_eq(value_of(customer, "gender"), "M");
    cr_expect_str_eq(value_of(customer, "type"), "organisation");
    cr_expect_str_eq(value_of(customer, "mobile"), "13812345678");
    cr_expect_str_eq(value_of(customer, "id_number"), "610104196209276908");
    cr_expect_str_eq(value_of(customer, "id_key"), "61010419620927690");
    cr_expect_str_eq(value_of(customer, "id_gender"), "F");
    cr_expect_null(value_of(customer, "updated_at"));
    cr_expect_eq(customer->refused.length, 0);
    const struct record *car = &result.records[1];
    cr_expect_str_eq(standardize_text(car->key), "0007|lfv2a21k0b3000012");
    cr_expect_str_eq(value_of(car, "vin"), "LFV2A21K0B3000012");
    cr_expect_str_eq(value_of(car, "bought"), "2013-08-05");
    cr_expect(strstr(value_of(car, "maker"), "FAW-Volkswagen"));
}

static unsigned mark_of(const struct record *record, const char *field)
{
    return record->marks[model_find_field(&model->entities[record->entity], field)];
}

Test(standardizer, fields_are_marked_repaired_warned_and_refused)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result =
        ROW(table, "number", "7", "name", " 张　 三", "sex", "1", "id", "无", "phone",
            "138-1234-5678", "vin", "LFV2A21KOB3OOOO12", "bought", "5/8/2013");
    const struct record *customer = &result.records[0];
    cr_expect_eq(mark_of(customer, "name"), 0, "blanks are no repair");
    cr_expect_eq(mark_of(customer, "gender"), 0, "nor is a code that the mapping knows");
    cr_expect_eq(mark_of(customer, "mobile"), FIELD_REPAIRED);
    cr_expect_eq(mark_of(customer, "id_number"), FIELD_REFUSED);
    cr_expect_eq(mark_of(customer, "type"), 0);
    const struct record *car = &result.records[1];
    cr_expect_eq(mark_of(car, "vin"), FIELD_REPAIRED | FIELD_WARNED);
    cr_expect_eq(mark_of(car, "bought"), FIELD_REPAIRED);
    cr_expect_eq(mark_of(car, "maker"), 0, "a part is as good as what it is of");
    result = ROW(table, "number", "7", "name", "张三", "sex", "X");
    cr_expect_eq(mark_of(&result.records[0], "gender"), FIELD_WARNED | FIELD_REFUSED);
}

Test(standardizer, findings_tell_the_dealer_what_came_and_what_it_should_be)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", "7", "name", "张三", "phone",
                                   " 13812345678/13912345678 ", "vin", "LFV2A21KOB3OOOO12");
    const struct finding *several = find(&result, "several");
    cr_assert(several);
    cr_expect_str_eq(standardize_text(several->given), "13812345678/13912345678");
    cr_expect_str_eq(standardize_text(several->proposal), "13812345678");
    cr_expect(strstr(several->message, "Enter one number here"), "%s", several->message);
    const struct finding *repaired = find(&result, "repaired");
    cr_assert(repaired);
    cr_expect_str_eq(standardize_text(repaired->proposal), "LFV2A21K0B3000012");
    result = ROW(table, "number", "7", "name", "张三", "phone", "1381234567");
    cr_expect_str_eq(standardize_text(find(&result, "format")->given), "1381234567");
    cr_expect_eq(find(&result, "format")->proposal.length, 0, "nobody can say");
}

Test(standardizer, a_part_that_does_not_agree_is_a_contradiction)
{
    struct error error;
    const char *path = standardize_write(
        "titles.yaml", "entities:\n  customer:\n    fields:\n"
                       "      name: {kind: name, label: Name}\n"
                       "      gender: {kind: code, set: gender, label: Gender}\n"
                       "      title: {from: name, part: gender, agrees_with: gender}\n");
    model = model_load(standardize_arena(), path, "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    const struct mapping_table *table =
        map_entities("      customer:\n        key: number\n        fields:\n"
                     "          name: name\n          gender: sex\n");
    struct row_result result = ROW(table, "number", "7", "name", "张伟先生", "sex", "F");
    const struct finding *found = find(&result, "contradiction");
    cr_assert(found);
    cr_expect_eq(found->severity, SEVERITY_WARNING);
    cr_expect_str_eq(standardize_text(found->given), "F");
    cr_expect_str_eq(standardize_text(found->proposal), "M");
    cr_expect(strstr(found->message, "Gender and Name contradict"), "%s", found->message);
    cr_expect_eq(mark_of(&result.records[0], "gender"), FIELD_WARNED);
    result = ROW(table, "number", "7", "name", "张伟先生", "sex", "M");
    cr_expect_eq(result.finding_count, 0);
    result = ROW(table, "number", "7", "name", "张伟", "sex", "F");
    cr_expect_eq(result.finding_count, 0);
}

Test(standardizer, the_name_tells_a_person_or_an_organisation_where_the_source_does_not)
{
    static const struct {
        const char *name;
        const char *typed;
        const char *expected;
    } cases[] = {
        {"王伟", "", "person"},
        {"王先生", "", "person"},
        {"阿卜杜拉·买买提", "", "person"},
        {"ZHANG Wei", "", "person"},
        {"John Smith", "", ""},
        {"上海鑫达汽车销售有限公司", "", "organisation"},
        {"鑫达汽修", "", "organisation"},
        {"Toyota Motor (China) Co., Ltd.", "", "organisation"},
        {"王伟", "C", "organisation"},
        {"上海鑫达汽车销售有限公司", "person", "person"},
        {"王伟", "0", "person"},
        {"测试", "", ""},
    };
    struct error error;
    const char *path = standardize_write(
        "party.yaml",
        "entities:\n  customer:\n    fields:\n"
        "      type: {kind: party_type, set: party_type, otherwise: name, part: party}\n"
        "      name: {kind: name, label: Name}\n");
    model = model_load(standardize_arena(), path, "mappings/codes", &error);
    cr_assert(model, "%s", error.message);
    const struct mapping_table *table =
        map_entities("      customer:\n        key: number\n        fields:\n"
                     "          type: {column: type, codes: {C: organisation, '0': ''}}\n"
                     "          name: name\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct row_result result =
            ROW(table, "number", "7", "name", cases[i].name, "type", cases[i].typed);
        cr_assert_eq(result.record_count, 1, "%s", cases[i].name);
        cr_expect_str_eq(standardize_text(result.records[0].values[0]), cases[i].expected, "%s",
                         cases[i].name);
    }
    table = map_entities("      customer:\n        key: number\n        fields:\n"
                         "          name: name\n");
    struct row_result result = ROW(table, "number", "7", "name", "王伟");
    cr_expect_str_eq(standardize_text(result.records[0].values[0]), "person", "nothing is mapped");
}

Test(standardizer, an_entity_that_is_not_wanted_is_no_record)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", "7", "name", "张三", "vin", " ");
    cr_assert_eq(result.outcome, ACCEPTED);
    cr_assert_eq(result.record_count, 1);
    cr_assert_not(result.discarded);
}

Test(standardizer, what_came_is_kept_beside_its_value_where_the_model_says_so)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result =
        ROW(table, "number", "7", "name", "张三", "sex", "1", "phone", "138-1234-5678", "id", "无");
    cr_expect_eq(result.records[0].delivered.length, 0);
    model->entities[result.records[0].entity].keep_delivered = true;
    result =
        ROW(table, "number", "7", "name", "张三", "sex", "1", "phone", "138-1234-5678", "id", "无");
    struct buffer json = BUFFER_EMPTY;
    record_delivered_json(&result.records[0], &model->entities[result.records[0].entity], &json);
    const char *delivered = json.data;
    cr_expect(strstr(delivered, "\"mobile\":\"138-1234-5678\""), "%s", delivered);
    cr_expect(strstr(delivered, "\"gender\":\"1\""), "%s", delivered);
    cr_expect_not(strstr(delivered, "\"name\""), "as it came: %s", delivered);
    cr_expect_not(strstr(delivered, "\"id_number\""), "refused: %s", delivered);
    buffer_release(&json);
}

Test(standardizer, a_refused_value_is_kept_beside_the_record)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result =
        ROW(table, "number", "7", "name", "张\"三", "phone", "１38-0000-0000", "id", "无");
    cr_assert_eq(result.outcome, ACCEPTED);
    const struct record *customer = &result.records[0];
    cr_expect_null(value_of(customer, "mobile"));
    cr_expect_null(value_of(customer, "id_key"));
    cr_expect(strstr(standardize_text(customer->refused), "\"id_number\":\"无\""), "%s",
              standardize_text(customer->refused));
    cr_expect(strstr(standardize_text(customer->refused), "\"mobile\":\"１38-0000-0000\""), "%s",
              standardize_text(customer->refused));
    cr_expect_eq(result.finding_count, 2);
    const struct finding *found = find(&result, "placeholder");
    cr_assert(found);
    cr_expect_eq(found->severity, SEVERITY_ERROR);
    cr_expect(strncmp(found->rule, "identity.yaml:", 14) == 0, "%s", found->rule);
    cr_expect_str_eq(standardize_text(found->key), "7");
}

Test(standardizer, findings_never_show_a_whole_personal_value)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", "7", "name", "张三", "phone", "15412345678",
                                   "id", "360426199101010072");
    cr_assert_eq(result.finding_count, 2);
    for (size_t i = 0; i < result.finding_count; i++) {
        const char *shown = standardize_text(result.findings[i].value);
        cr_expect(strchr(shown, '*'), "%s", shown);
        cr_expect_not(strstr(shown, "1234"), "%s", shown);
    }
}

Test(standardizer, a_phone_in_the_column_of_codes_is_masked_too)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", "7", "name", "张三", "sex", "13812345678");
    const struct finding *found = find(&result, "unknown_code");
    cr_assert(found);
    cr_expect(strchr(standardize_text(found->value), '*'));
    result = ROW(table, "number", "7", "name", "张三", "sex", "男x");
    cr_expect_str_eq(standardize_text(find(&result, "unknown_code")->value), "男x");
}

Test(standardizer, codes)
{
    const struct mapping_table *table = map_entities(default_entities);
    static const struct {
        const char *text;
        const char *code; /* NULL: none */
        const char *finding;
    } cases[] = {
        {"1", "M", NULL},
        {"2", "F", NULL},
        {"0", NULL, NULL},
        {"", NULL, NULL},
        {"M", "M", NULL},
        {"f", "F", NULL},
        {"２", "F", NULL},
        {" Ｍ ", "M", NULL},
        {"3", NULL, "unknown_code"},
        {"male?", NULL, "unknown_code"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct row_result result = ROW(table, "number", "7", "name", "x", "sex", cases[i].text);
        const char *got = value_of(&result.records[0], "gender");
        cr_expect(cases[i].code ? got && strcmp(got, cases[i].code) == 0 : !got, "'%s': got %s",
                  cases[i].text, got ? got : "nothing");
        cr_expect_eq(result.finding_count, cases[i].finding ? 1u : 0u, "'%s'", cases[i].text);
        if (!cases[i].finding)
            continue;
        cr_expect_eq(result.findings[0].severity, SEVERITY_WARNING);
        cr_expect_gt(result.records[0].refused.length, 0);
    }
}

Test(standardizer, a_kind_with_codes_and_a_chain_takes_both)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", "7", "name", "x", "type", "公司");
    cr_expect_str_eq(value_of(&result.records[0], "type"), "organisation");
    result = ROW(table, "number", "7", "name", "x", "type", "C");
    cr_expect_str_eq(value_of(&result.records[0], "type"), "organisation");
    result = ROW(table, "number", "7", "name", "x", "type", "9");
    cr_expect_null(value_of(&result.records[0], "type"));
    cr_expect(find(&result, "unknown_code"));
}

Test(standardizer, a_required_field_of_the_main_entity_rejects_the_row)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result =
        ROW(table, "number", "7", "name", "NULL", "phone", "x", "vin", "LFV2A21K0B3000012");
    cr_assert_eq(result.outcome, REJECTED);
    cr_assert_eq(result.record_count, 0);
    cr_assert_eq(result.held_count, 1, "the car waits with it");
    cr_expect_gt(result.records[0].key.length, 0);
    const struct finding *found = find(&result, "required");
    cr_assert(found);
    cr_expect_eq(found->severity, SEVERITY_FATAL);
    cr_expect_eq(found->field, model_find_field(&model->entities[0], "name"));
    /* All reasons are given: why it is empty, and what else is wrong. */
    cr_expect(find(&result, "placeholder"));
    cr_expect(find(&result, "format"));
}

Test(standardizer, another_entity_that_fails_does_not)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", "7", "name", "x", "vin", "LFV2A21K0B3000013");
    cr_assert_eq(result.outcome, ACCEPTED);
    cr_assert_eq(result.record_count, 1);
    cr_assert(find(&result, "check_digit"));
    cr_assert(find(&result, "required"));
}

Test(standardizer, a_record_without_key_is_rejected)
{
    const struct mapping_table *table = map_entities(default_entities);
    struct row_result result = ROW(table, "number", " ", "name", "x");
    cr_assert_eq(result.outcome, REJECTED);
    const struct finding *found = find(&result, "key");
    cr_assert(found);
    cr_assert_eq(found->field, FIELD_NONE);
    cr_assert_eq(found->entity, 0);
}

Test(standardizer, keys_of_several_columns_keep_empty_ones)
{
    const struct mapping_table *table = map_entities(
        "      customer:\n        key: [number, phone, type]\n        fields: {name: name}\n");
    struct row_result result = ROW(table, "number", "7", "type", "A", "name", "x");
    cr_expect_str_eq(standardize_text(result.records[0].key), "7||A");
    result = ROW(table, "number", "7", "phone", "A", "name", "x");
    cr_expect_str_eq(standardize_text(result.records[0].key), "7|A|");
}

Test(standardizer, a_suffix_parts_the_records_of_one_row)
{
    const struct mapping_table *table = map_entities("      customer:\n"
                                                     "        key: {columns: number, suffix: b}\n"
                                                     "        fields: {name: name}\n");
    struct row_result result = ROW(table, "number", "7", "name", "x");
    cr_expect_str_eq(standardize_text(result.records[0].key), "7|b");
    result = ROW(table, "name", "x");
    cr_expect(find(&result, "key"));
}

Test(standardizer, columns_are_joined_and_constants_set)
{
    const struct mapping_table *table =
        map_entities("      customer:\n        key: number\n        fields:\n"
                     "          name: {columns: [first, middle, last], join: '-'}\n"
                     "          type: {constant: person}\n");
    struct row_result result = ROW(table, "number", "7", "first", " a ", "middle", "", "last", "c");
    cr_expect_str_eq(value_of(&result.records[0], "name"), "a-c");
    cr_expect_str_eq(value_of(&result.records[0], "type"), "person");
}

Test(standardizer, conditions)
{
    const struct mapping_table *table =
        map_entities("      customer:\n        key: number\n        fields: {name: name}\n"
                     "        when: {column: type, in: [A, B]}\n");
    cr_expect_eq(ROW(table, "number", "7", "name", "x", "type", " B ").record_count, 1);
    struct row_result result = ROW(table, "number", "7", "name", "x", "type", "C");
    cr_expect(result.discarded);
    cr_expect_eq(result.record_count, 0);
    cr_expect_eq(result.finding_count, 0);
}

Test(standardizer, an_unread_row_is_a_fatal_finding)
{
    map_entities(default_entities);
    struct error error;
    struct row row = {.reject_code = "columns", .reject_reason = "The row has 3 columns of 8."};
    struct row_result result;
    cr_assert(standardize_row(standardizer, &row, standardize_arena(), &result, &error));
    cr_assert_eq(result.outcome, REJECTED);
    cr_assert_eq(result.finding_count, 1);
    cr_expect_str_eq(result.findings[0].code, "columns");
    cr_expect_str_eq(result.findings[0].message, "The row has 3 columns of 8.");
    cr_expect_eq(result.findings[0].severity, SEVERITY_FATAL);
    cr_expect_eq(result.findings[0].entity, FIELD_NONE);
}

Test(standardizer, the_hash_is_of_all_content)
{
    const struct mapping_table *table = map_entities(default_entities);
    uint64_t first = ROW(table, "number", "7", "name", "x", "phone", "13812345678").records[0].hash;
    cr_expect_eq(ROW(table, "number", "7", "name", " x", "phone", "138-1234-5678").records[0].hash,
                 first);
    cr_expect_neq(ROW(table, "number", "8", "name", "x", "phone", "13812345678").records[0].hash,
                  first);
    cr_expect_neq(ROW(table, "number", "7", "name", "y", "phone", "13812345678").records[0].hash,
                  first);
    uint64_t empty = ROW(table, "number", "7", "name", "x").records[0].hash;
    cr_expect_neq(ROW(table, "number", "7", "name", "x", "phone", "?").records[0].hash, empty);
}

Test(standardizer, results_do_not_borrow_from_the_row)
{
    const struct mapping_table *table = map_entities(default_entities);
    char text[COLUMNS_MAX][32] = {"0007", "Zhang", "M", "B221690311", "13812345678"};
    static const char *const headings[] = {"number", "name", "sex", "id", "phone"};
    struct slice values[COLUMNS_MAX] = {{0}};
    for (size_t i = 0; i < 5; i++) {
        for (size_t column = 0; column < table->column_count; column++) {
            if (strcmp(table->columns[column].expression, headings[i]) == 0)
                values[column] = slice_of(text[i]);
        }
    }
    struct row row = {.values = values};
    struct row_result result;
    struct error error;
    cr_assert(standardize_row(standardizer, &row, standardize_arena(), &result, &error));
    memset(text, '#', sizeof(text));
    cr_expect_str_eq(standardize_text(result.records[0].key), "0007");
    cr_expect_str_eq(value_of(&result.records[0], "name"), "Zhang");
    cr_expect_str_eq(value_of(&result.records[0], "gender"), "M");
    cr_expect_str_eq(value_of(&result.records[0], "id_key"), "B221690311");
    cr_expect_str_eq(value_of(&result.records[0], "mobile"), "13812345678");
}

Test(standardizer, a_kind_without_rule_file_is_an_error)
{
    struct error error = {0};
    struct model_field fields[] = {{.name = "mobil", .kind = "mobil", .from = FIELD_NONE}};
    struct model_entity entities[] = {{"customer", "Customer", fields, 1, false}};
    struct model other = {entities, 1, NULL, 0};
    struct project project = {.rules = "mappings/rules",
                              .reference = "mappings/reference",
                              .model_path = "model.yaml",
                              .model = &other};
    cr_assert_not(rules_load(&project, STANDARDIZE_TODAY, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect(strstr(error.message, "'mobil'"), "%s", error.message);
    cr_expect(strstr(error.hint, "mobile"), "%s", error.hint);
    cr_expect_str_eq(error.file, "model.yaml");
}

Test(standardizer, the_program_has_a_rule_for_every_kind_of_its_model)
{
    struct error error = {0};
    struct model *own =
        model_load(standardize_arena(), "mappings/model.yaml", "mappings/codes", &error);
    cr_assert(own, "%s", error.message);
    struct project project = {.rules = "mappings/rules",
                              .reference = "mappings/reference",
                              .model_path = "mappings/model.yaml",
                              .model = own};
    struct rules *rules = rules_load(&project, STANDARDIZE_TODAY, &error);
    cr_expect(rules, "%s", error.message);
    rules_destroy(rules);
}

static bool looks_at_mobiles(const void *context, size_t entity, size_t field)
{
    const struct model_entity *customer = context;
    return customer == &model->entities[entity] && field == model_find_field(customer, "mobile");
}

/* Who looks at some fields only gets those as ever, and the same rows are rejected. */
Test(standardizer, a_limited_one_leaves_out_what_nobody_looks_at)
{
    const struct mapping_table *table = map_entities(default_entities);
    const struct standardizer_wish wish = {looks_at_mobiles, &model->entities[0]};
    standardizer_limit(standardizer, &wish);
    struct row_result result =
        ROW(table, "number", "7", "name", "张三 ", "sex", "9", "id", "610104620927690", "phone",
            "+86 138 1234 5678", "vin", "lfv2a21k0b3000012", "bought", "5/8/2013");
    cr_assert_eq(result.outcome, ACCEPTED);
    cr_assert_eq(result.record_count, 2);
    cr_expect_eq(result.finding_count, 0);
    const struct record *customer = &result.records[0];
    cr_expect_str_eq(value_of(customer, "mobile"), "13812345678");
    cr_expect_str_eq(value_of(customer, "name"), "张三", "it is required");
    cr_expect_str_eq(value_of(customer, "id_key"), "61010419620927690", "others come from it");
    cr_expect_eq(customer->hash, 0);
    cr_expect_eq(customer->refused.length, 0);
    cr_expect_null(value_of(&result.records[1], "bought"));
    cr_expect_str_eq(value_of(&result.records[1], "vin"), "LFV2A21K0B3000012");
    result = ROW(table, "number", "8", "name", "", "phone", "13812345678");
    cr_expect_eq(result.outcome, REJECTED, "a required field is missing");
}

Test(standardizer, a_source_has_a_mapping)
{
    struct error error = {0};
    const struct source bare = {.id = "D01"};
    cr_assert_null(standardizer_create(NULL, NULL, &bare, &error));
    cr_expect_str_eq(error.message, "the source has no mapping");
    cr_expect_str_eq(error.source, "D01");
}
