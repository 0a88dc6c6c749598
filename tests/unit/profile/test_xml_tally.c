#include "cust360/profile_tally.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static struct arena *arena;

static void open_arena(void)
{
    arena = arena_create();
}

static void close_arena(void)
{
    arena_destroy(arena);
}

TestSuite(profile_xml, .init = open_arena, .fini = close_arena);

static void feed(struct xml_tally *tally, const char *document, size_t piece_bytes)
{
    struct slice rest = slice_of(document);
    while (rest.length) {
        size_t length = rest.length < piece_bytes ? rest.length : piece_bytes;
        xml_tally_feed(tally, slice_cut(rest, 0, length));
        rest = slice_cut(rest, length, rest.length);
    }
}

static struct profile profile_of(const char *document, size_t piece_bytes)
{
    struct profile profile = {0};
    struct xml_tally *tally = xml_tally_create();
    feed(tally, document, piece_bytes);
    xml_tally_learnt(tally);
    feed(tally, document, piece_bytes);
    xml_tally_finish(tally, arena, &profile);
    xml_tally_destroy(tally);
    return profile;
}

static const struct profile_column *find(const struct profile_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    cr_assert_fail("there is no column %s in %s", name, table->record);
    return NULL;
}

static const char customers[] =
    "<?xml version='1.0'?><Export dealer='D1'>"
    "<Customer id='1'><Name>王</Name><Phone type='cell'>138</Phone><Phone type='home'>021</Phone>"
    "<Car vin='V1'><Model>A</Model></Car><Car vin='V2'><Model>B</Model></Car></Customer>"
    "<Customer id='2'><Name>&#24352;&amp;</Name><Phone type='home'>022</Phone>"
    "<Car vin='V3'><Model>A</Model></Car></Customer></Export>";

Test(profile_xml, finds_records_within_records_and_typed_values)
{
    for (size_t piece = 1; piece < 60; piece += 7) {
        struct profile profile = profile_of(customers, piece);
        cr_assert_eq(profile.table_count, 2);
        const struct profile_table *customer = &profile.tables[0];
        const struct profile_table *car = &profile.tables[1];
        cr_assert_str_eq(customer->record, "/Export/Customer");
        cr_assert_str_eq(car->record, "/Export/Customer/Car");
        cr_assert_eq(customer->rows, 2);
        cr_assert_eq(car->rows, 3);
        cr_assert_eq(car->parent, 0);
        cr_assert_eq(find(customer, "Phone[@type='cell']")->filled, 1);
        cr_assert_eq(find(customer, "Phone[@type='home']")->filled, 2);
        cr_assert_eq(find(car, "../@id")->distinct, 2);
        cr_assert(find(car, "@vin")->unique);
        const struct profile_column *name = find(customer, "Name");
        bool decoded = false;
        for (size_t i = 0; i < name->top_count; i++)
            decoded |= slice_equal(name->top[i].text, SLICE("张&"));
        cr_assert(decoded, "entities are decoded");
        cr_assert_eq(profile.defect_count, 0);
    }
}

Test(profile_xml, a_single_thing_in_a_frame_is_the_record)
{
    struct profile profile = profile_of(
        "<s:ProcessRepairOrder xmlns:s='x'><ApplicationArea><BODID>1</BODID></ApplicationArea>"
        "<ProcessRepairOrderDataArea><Process/><RepairOrder><Header><Number>7</Number></Header>"
        "<Job><No>1</No><Name>x</Name></Job><Job><No>2</No><Name>y</Name></Job><Note>n</Note>"
        "</RepairOrder></ProcessRepairOrderDataArea></s:ProcessRepairOrder>",
        1000);
    cr_assert_str_eq(profile.tables[0].record,
                     "/ProcessRepairOrder/ProcessRepairOrderDataArea/RepairOrder");
    cr_assert_eq(profile.tables[0].rows, 1);
    cr_assert_eq(find(&profile.tables[0], "Header/Number")->filled, 1);
    cr_assert_eq(profile.tables[1].rows, 2);
}

Test(profile_xml, what_is_wrong_is_told_and_read_on)
{
    static const struct {
        const char *document;
        const char *defect;
    } cases[] = {
        {"<a><b n='1'>BB&T</b><b n='2'>x</b></a>", "& that begin no entity"},
        {"<?XML VERSION '1.0'?><a><b n='1'>x</b></a>", "reserved name xml"},
        {"<a><b n=1>x</b></a>", "without quotes"},
        {"<a><b>x</c></b></a>", "close another element"},
        {"<a><b>x</b></a> thank you", "outside"},
        {"<!DOCTYPE a [<!ENTITY c 'd'>]><a><b>x</b></a>", "document type"},
        {"<a><b>x", "not closed"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct profile profile = profile_of(cases[i].document, 5);
        bool told = false;
        for (size_t k = 0; k < profile.defect_count; k++)
            told |= strstr(profile.defects[k], cases[i].defect) != NULL;
        cr_assert(told, "%s: %s", cases[i].document, cases[i].defect);
        cr_assert_geq(profile.table_count, 1);
    }
}

/* A mapping's repairs are drafted for what they mend, and for nothing else. */
Test(profile_xml, repairs_are_named_by_what_they_mend)
{
    static const char rows[] = "<b><c>1</c></b><b><c>2</c></b>";
    static const struct {
        const char *before;
        const char *behind;
        const char *repairs;
    } cases[] = {
        {"<?xml version='1.0'?><a>", "</a>", ""},
        {"\xEF\xBB\xBF<?xml version='1.0'?><a>", "</a>", ""},
        {"\n<?xml version='1.0'?><a>", "</a>", "prolog"},
        {"<?ADF VERSION '1.0'><!DOCTYPE a SYSTEM 'a.dtd'><a>", "</a>", "prolog"},
        {"<!DOCTYPE a [<!ENTITY c 'd'>]><a>", "</a>", ""},
        {"From: Li <li@x.cn>\nLead:\n<?xml version='1.0'?><a>", "</a>", "leading_text"},
        {"<li@x.cn>\n<a>", "</a>", "leading_text"},
        {" \xEF\xBB\xBF<?xml version='1.0'?><a>", "</a>", "leading_text"},
        {"<a>", "\n", "end_tags"},
        {"<a>", "<b><c>3</c>", ""},
        {"<a>", "<b", ""},
        {"<a d=1>", "</a> x", "attribute_quotes, trailing_text"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char document[256];
        snprintf(document, sizeof(document), "%s%s%s", cases[i].before, rows, cases[i].behind);
        for (size_t piece = 1; piece < sizeof(document); piece += 50) {
            struct profile profile = profile_of(document, piece);
            cr_expect_str_eq(profile.repairs, cases[i].repairs, "%s: %s", document,
                             profile.repairs);
            cr_expect_str_eq(profile.tables[0].record, "/a/b");
        }
    }
}

Test(profile_xml, no_document_gives_no_table)
{
    cr_assert_eq(profile_of("", 10).table_count, 0);
    cr_assert_eq(profile_of("plain text", 10).table_count, 0);
}

Test(profile_xml, what_stands_alone_in_a_repeated_element_is_the_record)
{
    struct profile profile =
        profile_of("<adfs><adf><prospect><id>1</id><name>x</name></prospect></adf>"
                   "<adf><prospect><id>2</id><name>y</name></prospect></adf></adfs>",
                   9);
    cr_assert_eq(profile.table_count, 1);
    cr_assert_str_eq(profile.tables[0].record, "/adfs/adf/prospect");
    cr_assert_eq(profile.tables[0].rows, 2);
}
