#include "support.h"

TestSuite(mapping, .init = config_open, .fini = config_close);

static struct mapping *load(const char *text, struct error *error)
{
    return mapping_load(config_arena(), config_write("dialect.yaml", text), config_model(), error);
}

static struct mapping *load_well(const char *text)
{
    struct error error;
    struct mapping *mapping = load(text, &error);
    cr_assert(mapping, "%s", config_described(&error));
    return mapping;
}

/* The field of an entity that maps the model's field `name`. */
static const struct mapping_field *find_field(const struct mapping_entity *entity, const char *name)
{
    const struct model *model = config_model();
    size_t wanted = model_find_field(&model->entities[entity->entity], name);
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].field == wanted)
            return &entity->fields[i];
    cr_assert_fail("%s is not mapped", name);
    return NULL;
}

static const char *translated(const struct mapping_field *field, const char *code)
{
    for (size_t i = 0; i < field->code_count; i++)
        if (slice_equal(field->codes[i].from, slice_of(code)))
            return field->codes[i].to.data;
    return "(none)";
}

Test(mapping, a_csv_dialect_has_defaults)
{
    const struct mapping *mapping =
        load_well("kind: csv\n"
                  "tables:\n"
                  "  - name: customers\n"
                  "    entities: {customer: {key: No, fields: {name: Name}}}\n");
    cr_assert_str_eq(mapping->name, "dialect", "named as its file");
    cr_assert_eq(mapping->kind, SOURCE_CSV);
    cr_assert_str_eq(mapping->encoding, "auto");
    cr_assert_eq(mapping->csv.delimiter, ',');
    cr_assert_eq(mapping->csv.quote, '"');
    cr_assert(mapping->csv.header);
    cr_assert_eq(mapping->csv.record_bytes_max, 64 * 1024);
    cr_assert_eq(mapping->csv.record_lines_max, 32);
    cr_assert_null(mapping->tables[0].file);
    cr_assert_null(mapping->connection);
}

Test(mapping, a_csv_dialect_can_be_told)
{
    static const struct {
        const char *word;
        char byte;
    } cases[] = {{"tab", '\t'},  {"\"\\t\"", '\t'}, {"';'", ';'}, {"semicolon", ';'},
                 {"comma", ','}, {"pipe", '|'},     {"'|'", '|'}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct mapping *mapping = load_well(
            arena_format(config_arena(),
                         "kind: csv\nencoding: utf-16\n"
                         "csv: {delimiter: %s, quote: \"'\", header: false, "
                         "record_bytes_max: 1000, record_lines_max: 3}\n"
                         "tables: [{name: t, file: '{source}_t.txt', entities: {customer: "
                         "{key: 1, fields: {name: 2}}}}]\n",
                         cases[i].word));
        cr_assert_eq(mapping->csv.delimiter, cases[i].byte, "%s", cases[i].word);
        cr_assert_eq(mapping->csv.quote, '\'');
        cr_assert_not(mapping->csv.header);
        cr_assert_eq(mapping->csv.record_bytes_max, 1000);
        cr_assert_eq(mapping->csv.record_lines_max, 3);
        cr_assert_str_eq(mapping->encoding, "utf-16");
        cr_assert_str_eq(mapping->tables[0].file, "{source}_t.txt");
    }
}

Test(mapping, columns_are_named_once_and_know_their_first_place)
{
    const struct mapping *mapping = load_well("kind: csv\n"
                                              "tables:\n"
                                              "  - name: archive\n"
                                              "    ignore: [Fax, Note]\n"
                                              "    entities:\n"
                                              "      customer:\n"
                                              "        key: No\n"
                                              "        fields:\n"
                                              "          name: {columns: [Last, First], join: ''}\n"
                                              "          mobile: {column: Tel, required: true}\n"
                                              "          address: {columns: [City, Street]}\n"
                                              "          email: Mail\n"
                                              "      ownership:\n"
                                              "        key: [No, VIN]\n"
                                              "        when: VIN\n"
                                              "        fields: {customer_key: No, vin: VIN}\n");
    const struct mapping_table *table = &mapping->tables[0];
    static const struct {
        const char *expression;
        bool required;
        unsigned line;
        unsigned column;
    } columns[] = {{"No", true, 7, 14},     {"Last", false, 9, 28},  {"First", false, 9, 34},
                   {"Tel", true, 10, 28},   {"City", false, 11, 31}, {"Street", false, 11, 37},
                   {"Mail", false, 12, 18}, {"VIN", true, 14, 19}};
    cr_assert_eq(table->column_count, 8);
    for (size_t i = 0; i < table->column_count; i++) {
        cr_expect_str_eq(table->columns[i].expression, columns[i].expression);
        cr_expect_eq(table->columns[i].required, columns[i].required, "%s", columns[i].expression);
        cr_expect_eq(table->columns[i].line, columns[i].line);
        cr_expect_eq(table->columns[i].column, columns[i].column);
    }
    const struct mapping_entity *customer = &table->entities[0];
    cr_assert(customer->main && customer->when.column == FIELD_NONE);
    cr_assert_str_eq(find_field(customer, "name")->join, "");
    cr_assert_str_eq(find_field(customer, "address")->join, " ");
    cr_assert_eq(find_field(customer, "address")->column_count, 2);
    const struct mapping_entity *ownership = &table->entities[1];
    cr_assert_not(ownership->main);
    cr_assert(ownership->key_count == 2 && ownership->key[0] == 0 && ownership->key[1] == 7);
    cr_assert(ownership->when.column == 7 && ownership->when.value_count == 0);
    cr_assert_eq(table->ignored_count, 2);
    cr_assert_str_eq(table->ignored[1], "Note");
}

Test(mapping, codes_constants_formats_and_conditions)
{
    const struct mapping *mapping =
        load_well("kind: csv\n"
                  "tables:\n"
                  "  - name: t\n"
                  "    entities:\n"
                  "      customer:\n"
                  "        key: No\n"
                  "        when: {column: State, in: [active, '1']}\n"
                  "        fields:\n"
                  "          type: {constant: person}\n"
                  "          gender: {column: Sex, codes: {'1': M, '2': F, '0': '', 男: M}}\n"
                  "          birth_date: {column: Born, format: d/m/y}\n");
    const struct mapping_entity *entity = &mapping->tables[0].entities[0];
    cr_assert_str_eq(find_field(entity, "type")->constant, "person");
    cr_assert_eq(find_field(entity, "type")->column_count, 0);
    const struct mapping_field *gender = find_field(entity, "gender");
    cr_assert_eq(gender->code_count, 4);
    cr_assert_str_eq(translated(gender, "2"), "F");
    cr_assert_str_eq(translated(gender, "0"), "", "a code may mean no value");
    cr_assert_str_eq(translated(gender, "男"), "M");
    cr_assert_str_eq(find_field(entity, "birth_date")->format, "d/m/y");
    cr_assert_eq(entity->when.value_count, 2);
    cr_assert(slice_equal(entity->when.values[1], SLICE("1")));
}

Test(mapping, polarity_says_what_yes_means)
{
    const struct mapping *mapping =
        load_well("kind: csv\n"
                  "tables:\n"
                  "  - name: customers\n"
                  "    entities:\n"
                  "      customer: {key: No, fields: {name: Name}}\n"
                  "      consent:\n"
                  "        - key: {columns: No, suffix: sms}\n"
                  "          fields:\n"
                  "            channel: {constant: sms}\n"
                  "            decision: {column: AllowText, polarity: opt_in}\n"
                  "        - key: {columns: [No], suffix: mail}\n"
                  "          fields:\n"
                  "            channel: {constant: mail}\n"
                  "            decision: {column: Block Mail, polarity: opt_out, codes: {n: '', X: "
                  "granted}}\n");
    const struct mapping_table *table = &mapping->tables[0];
    cr_assert_eq(table->entity_count, 3);
    const struct mapping_field *in = find_field(&table->entities[1], "decision");
    const struct mapping_field *out = find_field(&table->entities[2], "decision");
    cr_assert_str_eq(table->entities[1].key_suffix, "sms");
    cr_assert_str_eq(table->entities[2].key_suffix, "mail");
    static const char *const yes[] = {"Y", "y", "yes", "1", "true", "是"};
    static const char *const no[] = {"N", "no", "0", "False", "否"};
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        cr_expect_str_eq(translated(in, yes[i]), "granted", "%s", yes[i]);
        cr_expect_str_eq(translated(out, yes[i]), "withdrawn", "%s", yes[i]);
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        cr_expect_str_eq(translated(in, no[i]), "withdrawn", "%s", no[i]);
        cr_expect_str_eq(translated(out, no[i]), "granted", "%s", no[i]);
    }
    cr_assert_str_eq(translated(out, "n"), "", "codes go before the words");
    cr_assert_str_eq(translated(out, "X"), "granted");
}

#define CSV      "kind: csv\ntables:\n  - name: t\n    entities:\n"
#define CUSTOMER CSV "      customer:\n        key: No\n        fields:\n          name: N\n"
#define XML      "kind: xml\ntables:\n  - name: t\n    record: /A/B\n    entities:\n"

struct mistake {
    const char *text;
    unsigned line;
    unsigned column;
    const char *message;
    const char *hint;
};

static void expect_mistakes(const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct error error;
        cr_assert_null(load(mistakes[i].text, &error), "%zu: %s", i, mistakes[i].text);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
        config_expect(&error, mistakes[i].line, mistakes[i].column, mistakes[i].message,
                      mistakes[i].hint);
    }
}

#define EXPECT_MISTAKES(list) expect_mistakes(list, sizeof(list) / sizeof((list)[0]))

Test(mapping, mistakes_in_the_dialect)
{
    static const struct mistake mistakes[] = {
        {"tables: []\n", 1, 1, "the key \"kind\" is missing", NULL},
        {"kind: cvs\ntables: []\n", 1, 7, "\"cvs\" is not known here", "did you mean csv?"},
        {"kind: csv\ntables: []\n", 2, 9, "a mapping without tables", NULL},
        {"kind: csv\nencodng: gbk\ntables: []\n", 2, 1, "unknown key \"encodng\"",
         "did you mean encoding?"},
        {"kind: csv\nencoding: gb18O30\ntables: []\n", 2, 11,
         "the encoding \"gb18O30\" is not known", "gb18030"},
        {"kind: csv\nencoding: utf-8//IGNORE\ntables: []\n", 2, 11, "is not known", NULL},
        {"kind: csv\ncsv: {delimiter: ';;'}\ntables: []\n", 2, 18,
         "one ASCII character is expected here, not \";;\"", NULL},
        {"kind: csv\ncsv: {delimiter: ，}\ntables: []\n", 2, 18, "one ASCII character", NULL},
        {"kind: csv\ncsv: {delimiter: '\"'}\ntables: []\n", 2, 6,
         "delimiter and quote are the same character", NULL},
        {"kind: csv\ncsv: {record_bytes_max: 10}\ntables: []\n", 2, 25, "a number from 256", NULL},
        {"kind: xml\ncsv: {delimiter: ';'}\ntables: []\n", 2, 6,
         "\"csv\" does not go with kind: xml", NULL},
        {"kind: csv\nconnection: x\ntables: []\n", 2, 13,
         "\"connection\" does not go with kind: csv", NULL},
        {"kind: odbc\nencoding: gbk\ntables: []\n", 2, 11,
         "\"encoding\" does not go with kind: odbc", "the driver decodes"},
        {"kind: odbc\nconnection: 'Driver={X};Uid=a;Pwd=tiger'\ntables: []\n", 2, 13,
         "a secret does not stand in this file", "{password}"},
    };
    EXPECT_MISTAKES(mistakes);
}

Test(mapping, mistakes_in_tables)
{
    static const struct mistake mistakes[] = {
        {"kind: csv\ntables:\n  - entities: {}\n", 3, 5, "the key \"name\" is missing", NULL},
        {"kind: csv\ntables:\n  - {name: T, entities: {}}\n", 3, 12, "\"T\" cannot be a name",
         NULL},
        {"kind: csv\ntables:\n  - {name: t, entities: {}}\n", 3, 25, "a table without entities",
         NULL},
        {"kind: csv\ntables:\n  - {name: t, record: /A, entities: {}}\n", 3, 23,
         "\"record\" does not go with kind: csv", NULL},
        {"kind: csv\ntables:\n  - {name: t, file: 'a/b.csv', entities: {}}\n", 3, 21,
         "a file name is expected here", "{source}_vehicles.csv"},
        {"kind: csv\ntables:\n  - {name: t, file: '*.csv', entities: {}}\n", 3, 21,
         "a file name is expected here", NULL},
        {"kind: xml\ntables:\n  - {name: t, entities: {}}\n", 3, 5,
         "a table of kind xml needs \"record\"", NULL},
        {"kind: xml\ntables:\n  - {name: t, record: A/B, entities: {}}\n", 3, 23,
         "a record path begins with /", "/DealerExport/Customer"},
        {"kind: xml\ntables:\n  - {name: t, record: '/A[', entities: {}}\n", 3, 27,
         "the name of an element or @attribute is missing", NULL},
        {"kind: xml\ntables:\n  - {name: t, record: '/A/*b', entities: {}}\n", 3, 28,
         "a step ends before this character", NULL},
        {"kind: odbc\ntables:\n  - {name: t, entities: {}}\n", 3, 5,
         "a table of kind odbc needs \"query\"", NULL},
        {"kind: odbc\ntables:\n  - {name: t, query: select 1, file: a, entities: {}}\n", 3, 38,
         "\"file\" does not go with kind: odbc", NULL},
        {CUSTOMER "  - name: t\n    entities: {}\n", 9, 11, "two tables are named \"t\"", NULL},
    };
    EXPECT_MISTAKES(mistakes);
}

Test(mapping, mistakes_in_entities)
{
    static const struct mistake mistakes[] = {
        {CSV "      custmer: {key: No, fields: {name: N}}\n", 5, 7,
         "the model has no entity \"custmer\"", "did you mean customer?"},
        {CSV "      customer: {fields: {name: N}}\n", 5, 17, "the key \"key\" is missing", NULL},
        {CSV "      customer: {key: [], fields: {name: N}}\n", 5, 23,
         "the name of a column is expected here", NULL},
        {CSV "      customer: {key: '', fields: {name: N}}\n", 5, 23,
         "the name of a column is expected here", NULL},
        {CSV "      customer: {key: {columns: No}, fields: {name: N}}\n", 5, 23,
         "the key \"suffix\" is missing", NULL},
        {CSV "      customer: {key: No, when: {colum: A}, fields: {name: N}}\n", 5, 34,
         "unknown key \"colum\"", "did you mean column?"},
        {CSV "      lead: {key: No, fields: {brand: B}}\n", 5, 31,
         "the model requires the field \"number\" of lead", NULL},
        {CSV "      customer: {key: No, main: true, fields: {name: N}}\n"
             "      ownership: {key: No, main: true, fields: {customer_key: No}}\n",
         5, 7, "only one entity of a table can be the main one", NULL},
        {CSV "      customer: {key: No, main: maybe, fields: {name: N}}\n", 5, 33,
         "true or false is expected here", NULL},
    };
    EXPECT_MISTAKES(mistakes);
}

Test(mapping, mistakes_in_fields)
{
    static const struct mistake mistakes[] = {
        {CUSTOMER "          mobil: T\n", 9, 11, "the entity customer has no field \"mobil\"",
         "did you mean mobile?"},
        {CUSTOMER "          surname: S\n", 9, 11, "surname is not mapped: it is a part of name",
         "map name"},
        {CUSTOMER "          mobile: [A, B]\n", 9, 19, "a mapping (key: value) is expected here",
         NULL},
        {CUSTOMER "          mobile: ''\n", 9, 19, "the name of a column is expected here", NULL},
        {CUSTOMER "          mobile: {}\n", 9, 19,
         "one of \"column\", \"columns\" and \"constant\" is expected here", NULL},
        {CUSTOMER "          mobile: {column: A, columns: [B]}\n", 9, 19, "one of \"column\"",
         NULL},
        {CUSTOMER "          mobile: {column: A, join: '-'}\n", 9, 37,
         "\"join\" goes with \"columns\"", NULL},
        {CUSTOMER "          mobile: {columns: []}\n", 9, 29, "the name of a column is expected",
         NULL},
        {CUSTOMER "          mobile: {columns: [[A]]}\n", 9, 30, "the name of a column is expected",
         NULL},
        {CUSTOMER "          mobile: {constant: ''}\n", 9, 30, "a constant without text", NULL},
        {CUSTOMER "          mobile: {constant: x, column: A}\n", 9, 41,
         "\"column\" has no use beside a constant", NULL},
        {CUSTOMER "          type: {constant: persn}\n", 9, 28,
         "the code set party_type has no code \"persn\"", "did you mean person?"},
        {CUSTOMER "          gender: {column: S, codes: {男: Male}}\n", 9, 42,
         "the code set gender has no code \"Male\"", "known here: M, F"},
        {CUSTOMER "          gender: {column: S, codes: {男: [M]}}\n", 9, 42,
         "a code is expected here", NULL},
        {CUSTOMER "          gender: {column: S, polarity: opt_in}\n", 9, 41,
         "\"polarity\" goes with a field whose codes are granted and withdrawn", NULL},
        {CUSTOMER "          gender: {column: S, polarity: in}\n", 9, 41,
         "\"in\" is not known here", "opt_in"},
        {CUSTOMER "          birth_date: {column: B, format: dd.mm.yyyy}\n", 9, 43,
         "\"dd.mm.yyyy\" is not known here", "y-m-d"},
        {CUSTOMER "          birth_date: {column: B, format: d/m/j}\n", 9, 43,
         "\"d/m/j\" is not known here", "d/m/y"},
        {CSV "      ownership:\n        key: No\n        fields:\n"
             "          vin: V\n          price: {column: P, format: commas}\n",
         9, 38, "\"commas\" is not known here", "comma or point: what stands before the decimals"},
        {CUSTOMER "          gender: {column: S, required: 1}\n", 9, 41, "true or false", NULL},
        {"kind: csv\ncsv: {header: false}\ntables:\n  - name: t\n    entities:\n"
         "      customer: {key: No, fields: {name: 2}}\n",
         6, 23, "the number of a column is expected here, not \"No\"", "1, 2, 3"},
    };
    EXPECT_MISTAKES(mistakes);
}

Test(mapping, xml_paths_are_checked)
{
    static const char *const good[] = {"Name",
                                       "@id",
                                       "../../@id",
                                       ".",
                                       "..",
                                       "客户/姓名",
                                       "a:b/c-d.e",
                                       "Phones/Phone[@kind='mobile']",
                                       "Phone[2]",
                                       "Phone[kind=\"mobile\"]/@area",
                                       "name[@part='full'][@type='individual']"};
    static const struct {
        const char *path;
        unsigned column; /* of the offending character, 1-based within the path */
        const char *message;
    } wrong[] = {
        {"/Name", 1, "the name of an element or @attribute is missing"},
        {"Name/", 6, "the name of an element or @attribute is missing"},
        {"@id/Name", 4, "an attribute ends the path"},
        {"Name|Other", 5, "a step ends before this character"},
        {"Phone[@kind]", 12, "= is expected here"},
        {"Phone[@kind=mobile]", 13, "a value in quotes is expected"},
        {"Phone[@kind=\"mobile]", 21, "the closing quote is missing"},
        {"Phone[1", 8, "the closing ] is missing"},
        {"count(Phone)", 6, "a step ends before this character"},
        {"a[1][2][3][4][5]", 15, "more conditions in []"},
        {"9a", 1, "a name cannot begin with this character"},
        {"客户[", 4, "the name of an element or @attribute is missing"},
    };
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        load_well(arena_format(config_arena(),
                               XML "      customer: {key: '@id', fields: {}, x-a: b}\n"
                                   "      ownership:\n        key: '@id'\n        fields:\n"
                                   "          customer_key: |-\n            %s\n",
                               good[i]));
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct error error;
        cr_assert_null(load(arena_format(config_arena(),
                                         XML "      customer:\n        key: |-\n          %s\n"
                                             "        fields: {}\n",
                                         wrong[i].path),
                            &error),
                       "%s", wrong[i].path);
        config_expect(&error, 8, wrong[i].column + 10, wrong[i].message, "../../@id");
    }
}

Test(mapping, the_dialects_of_the_group_can_be_loaded)
{
    static const struct {
        const char *name;
        enum source_kind kind;
        size_t tables;
        const char *entity; /* of the first table's main entity */
    } dialects[] = {
        {"wide", SOURCE_CSV, 1, "customer"},          {"split", SOURCE_CSV, 3, "customer"},
        {"xml", SOURCE_XML, 3, "customer"},           {"tw", SOURCE_XML, 3, "customer"},
        {"odbc", SOURCE_ODBC, 3, "customer"},         {"hq_complaints", SOURCE_CSV, 1, "complaint"},
        {"hq_members", SOURCE_CSV, 1, "membership"},  {"hq_consents", SOURCE_CSV, 1, "consent"},
        {"fin_contracts", SOURCE_CSV, 1, "contract"}, {"ins_policies", SOURCE_CSV, 1, "contract"},
        {"leads_adf", SOURCE_XML, 1, "lead"},
    };
    struct model *model = config_model();
    for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++) {
        struct error error;
        const char *path = arena_format(config_arena(), "mappings/dms/%s.yaml", dialects[i].name);
        const struct mapping *mapping = mapping_load(config_arena(), path, model, &error);
        cr_assert(mapping, "%s", config_described(&error));
        cr_assert_str_eq(mapping->name, dialects[i].name);
        cr_assert_eq(mapping->kind, dialects[i].kind);
        cr_assert_eq(mapping->table_count, dialects[i].tables);
        const struct mapping_table *table = &mapping->tables[0];
        for (size_t j = 0; j < table->entity_count; j++)
            if (table->entities[j].main)
                cr_assert_str_eq(model->entities[table->entities[j].entity].name,
                                 dialects[i].entity);
    }
}

#define LINES_HEAD                                                                                 \
    "kind: lines\n"                                                                                \
    "lines: {type: 1-2, header: {type: HD, columns: {dealer: 3-5}}, "                              \
    "trailer: {type: TR, counts: {rows: 3-8, lines: 9-12, CU: 13-14}}}\n"                          \
    "tables:\n"                                                                                    \
    "  - name: customers\n"                                                                        \
    "    type: [CU, CX]\n"                                                                         \
    "    columns: {number: 3-6, title: 7-20}\n"                                                    \
    "    entities: {customer: {key: number, fields: {name: title}}}\n"

Test(mapping, lines_have_places_names_and_lines_above)
{
    const struct mapping *mapping =
        load_well(LINES_HEAD "  - name: cars\n"
                             "    type: VE\n"
                             "    parent: customers\n"
                             "    entities: {customer: {key: [../number, 3-19], fields: {name: "
                             "/dealer}}}\n");
    const struct line_dialect *lines = &mapping->lines;
    const struct mapping_table *cars = &mapping->tables[1];
    cr_assert_eq(mapping->kind, SOURCE_LINES);
    cr_assert_eq(lines->type.last, 2u);
    cr_assert_str_eq(lines->header, "HD");
    cr_assert_str_eq(lines->trailer, "TR");
    cr_assert_eq(lines->count_count, 3u);
    cr_assert_eq(lines->counts[1].of, LINE_COUNT_LINES);
    cr_assert_eq(lines->counts[2].of, LINE_COUNT_TYPE);
    cr_assert_eq(mapping->tables[0].type_count, 2u);
    cr_assert_eq(mapping->tables[0].columns[1].place.first, 7u);
    cr_assert_eq(cars->parent, 0u);
    cr_assert_eq(cars->columns[0].place.level, 1u);
    cr_assert_eq(cars->columns[0].place.last, 6u);
    cr_assert_eq(cars->columns[1].place.first, 3u);
    cr_assert_eq(cars->columns[2].place.level, LINE_LEVEL_HEADER);
    cr_assert_eq(cars->columns[2].place.first, 3u);
}

Test(mapping, delimited_lines_name_their_fields_in_order)
{
    const struct mapping *mapping =
        load_well("kind: lines\n"
                  "lines: {delimiter: pipe, trimmed: true, skip: 1}\n"
                  "tables:\n"
                  "  - name: customers\n"
                  "    columns: [kind, number, title]\n"
                  "    entities: {customer: {key: number, fields: {name: '3'}}}\n");
    cr_assert_eq(mapping->lines.delimiter, '|');
    cr_assert(mapping->lines.trimmed);
    cr_assert_eq(mapping->lines.skip, 1u);
    cr_assert_eq(mapping->tables[0].line_length, 3u);
    cr_assert_eq(mapping->tables[0].columns[0].place.first, 2u);
    cr_assert_eq(mapping->tables[0].columns[1].place.first, 3u);
}

Test(mapping, what_is_wrong_with_lines_is_told_at_its_place)
{
    static const struct {
        const char *text;
        const char *message;
    } cases[] = {
        {"kind: csv\nlines: {skip: 1}\ntables: []\n", "\"lines\" does not go with kind: csv"},
        {"kind: lines\nlines: {header: {type: H}}\ntables: []\n",
         "\"header\" goes with lines of several types"},
        {"kind: lines\nlines: {type: 2-1}\ntables: []\n",
         "a place in the line is expected here, not \"2-1\""},
        {"kind: lines\nlines: {delimiter: '|', type: 1-2}\ntables: []\n",
         "a place in the line is expected here, not \"1-2\""},
        {"kind: lines\nlines: {delimiter: '|', unit: bytes}\ntables: []\n",
         "\"unit\" goes with places, not with a delimiter"},
        {"kind: lines\nlines: {type: 1}\ntables:\n  - {name: a, entities: {}}\n",
         "a table of lines of several types needs \"type\""},
        {"kind: lines\ntables:\n  - {name: a, type: x, entities: {}}\n",
         "\"type\" goes with lines of several types"},
        {"kind: lines\ntables:\n  - {name: a, columns: [x], entities: {}}\n",
         "a list of columns goes with a delimiter"},
        {"kind: lines\ntables:\n  - {name: a, columns: x, entities: {}}\n",
         "columns are a list, or names with their places"},
        {"kind: lines\nlines: {delimiter: ','}\ntables:\n  - {name: a, columns: [x, x], entities: "
         "{}}\n",
         "two columns are named \"x\""},
        {"kind: lines\ntables:\n  - {name: a, parent: b, entities: {}}\n",
         "no table above is named \"b\""},
        {"kind: lines\ntables:\n  - {name: a, entities: {customer: {key: ../x, fields: {name: "
         "x}}}}\n",
         "there is no line above for \"../x\""},
        {"kind: lines\ntables:\n  - {name: a, columns: {number: 1-2}, entities: {customer: {key: "
         "nummer, fields: {name: x}}}}\n",
         "\"nummer\" is neither a column of the line nor a place in it"},
        {"kind: lines\ntables:\n  - {name: a, entities: {customer: {key: x, fields: {name: x}}}}\n",
         "a place in the line is expected here, not \"x\""},
        {"kind: lines\ntables:\n"
         "  - {name: a, entities: {customer: {key: 1-2, fields: {name: 3-4}}}}\n"
         "  - {name: b, entities: {customer: {key: 1-2, fields: {name: 3-4}}}}\n",
         "the tables a and b would have the same lines"},
        {"kind: lines\nlines: {delimiter: ','}\ntables:\n  - {name: a, columns: [x/y], entities: "
         "{}}\n",
         "the name of a column is expected here"},
        {"kind: lines\nlines: {delimiter: ',', type: 1}\ntables:\n"
         "  - {name: a, type: x, file: a.txt, columns: [x], entities: {customer: {key: x, fields: "
         "{name: x}}}}\n"
         "  - {name: b, type: y, parent: a, columns: [x], entities: {customer: {key: x, fields: "
         "{name: x}}}}\n",
         "the parent of a table is in the same file"},
        {"kind: lines\nrepair: [prolog]\ntables: []\n",
         "the repair \"prolog\" does not go with kind: lines"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct error error;
        cr_assert_null(load(cases[i].text, &error), "%zu was taken", i);
        cr_expect_str_eq(error.message, cases[i].message);
        cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
        cr_expect_gt(error.line, 0u, "%zu has no place", i);
    }
}
