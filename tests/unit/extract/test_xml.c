#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static struct mapping_table *add_table(struct feed *feed, const char *record, const char *columns)
{
    struct mapping_table *table = feed_add_table(feed, columns);
    table->record = record;
    return table;
}

static struct reading read_text(struct feed *feed, const char *text)
{
    feed_write(feed, "D03.xml", slice_of(text));
    return feed_read(feed);
}

/* One table and one document: what the rows are. */
static void expect_rows(const char *record, const char *columns, const char *text, const char *rows)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, record, columns);
    struct reading reading = read_text(feed, text);
    expect_text(&reading.rows, rows, text);
    cr_assert_str_eq(reading.error.message, "");
    reading_destroy(&reading);
    feed_destroy(feed);
}

static void expect_failure(const char *record, const char *text, const char *message, uint64_t line,
                           const char *hint)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, record, "@id");
    struct reading reading = read_text(feed, text);
    cr_assert(slice_ends_with(buffer_slice(&reading.rows), SLICE("FAILED\n")), "%.200s:\n%.500s",
              text, reading.rows.data);
    cr_assert_not_null(strstr(reading.error.message, message), "%.200s: %s", text,
                       reading.error.message);
    cr_assert_str_eq(reading.error.file, "D03.xml");
    cr_assert_str_eq(reading.error.source, "D01");
    cr_assert_eq(reading.error.line, line, "%.200s: line %d", text, (int)reading.error.line);
    expect_hint(&reading.error, hint);
    reading_destroy(&reading);
    feed_destroy(feed);
}

static const char NESTED[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<DealerExport dealer=\"D03\">\n"
    "<Customer id=\"1\"><Name>王小明</Name><Vehicles>\n"
    " <Vehicle vin=\"A\"><Visit date=\"d1\"/><Visit date=\"d2\"/></Vehicle>\n"
    " <Vehicle vin=\"B\"/>\n"
    "</Vehicles></Customer>\n"
    "<Customer id=\"2\"><Name>李</Name></Customer>\n"
    "</DealerExport>\n";

Test(xml, reads_nested_records_in_one_pass)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/DealerExport/Customer", "@id Name ../@dealer");
    add_table(feed, "/DealerExport/Customer/Vehicles/Vehicle", "@vin ../../@id");
    add_table(feed, "/DealerExport/Customer/Vehicles/Vehicle/Visit", "@date ../@vin ../../../Name");
    struct reading reading = read_text(feed, NESTED);
    expect_text(&reading.rows,
                "0:<1><王小明><D03>\n"
                "1:<A><1>\n"
                "2:<d1><A><王小明>\n"
                "2:<d2><A><王小明>\n"
                "1:<B><1>\n"
                "0:<2><李><D03>\n",
                "rows");
    cr_assert_eq(reading.rows_read, 6u);
    expect_text(&reading.heading, "", "heading");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, gives_the_bytes_of_each_record)
{
    static const char *const encodings[][2] = {
        {"UTF-8", "UTF-8"}, {"GB2312", "GB18030"}, {"utf-16", "UTF-16LE"}, {"Big5", "BIG5"}};
    static const char *const tags[] = {"Vehicle", "客户"};
    for (size_t i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
        for (size_t k = 0; k < 2 - (i == 3); k++) {
            struct feed *feed = feed_create(SOURCE_XML);
            struct arena *arena = feed->arena;
            const char *record =
                arena_format(arena, "<%s id='1'>\n <n>王</n></%s>", tags[k], tags[k]);
            const char *text = arena_format(
                arena, "<?xml version='1.0' encoding='%s'?>\n<a>中文\n\n中%s<%s id='2'/>王</a>",
                encodings[i][0], record, tags[k]);
            add_table(feed, arena_format(arena, "/a/%s", tags[k]), "@id n");
            feed_write(feed, "D03.xml", to_encoding(arena, encodings[i][1], slice_of(text)));
            struct reading reading = feed_read(feed);
            expect_text(&reading.rows, "<1><王>\n<2>~\n", encodings[i][0]);
            struct slice expected =
                to_encoding(arena, encodings[i][1],
                            slice_of(arena_format(arena, "%s<%s id='2'/>", record, tags[k])));
            cr_assert(slice_equal(buffer_slice(&reading.raw), expected), "%s", encodings[i][0]);
            cr_assert(slice_starts_with(buffer_slice(&reading.places), SLICE("4:")), "%s",
                      reading.places.data);
            reading_destroy(&reading);
            feed_destroy(feed);
        }
}

Test(xml, evaluates_paths)
{
    static const struct {
        const char *path;
        const char *record;
        const char *value;
    } cases[] = {
        {"Name", "<Name>a</Name>", "<a>"},
        {"Name", "<Name/>", "<>"},
        {"Name", "<Name></Name>", "<>"},
        {"Name", "", "~"},
        {"Name", "<Name>\n  a b\n</Name>", "<a b>"},
        {"Name", "<Name>a<!-- x -->b</Name>", "<ab>"},
        {"Name", "<Name>a<![CDATA[<b>&]]>c</Name>", "<a<b>&c>"},
        {"Name", "<Name>a&amp;b&#x738B;&lt;</Name>", "<a&b王<>"},
        {"Name", "<Name>a<b>c</b>d</Name>", "<acd>"},
        {"Name", "<Name>1</Name><Name>2</Name>", "<1>"},
        {"Name[2]", "<Name>1</Name><Name>2</Name>", "<2>"},
        {"Name[3]", "<Name>1</Name><Name>2</Name>", "~"},
        {"Name/@lang", "<Name lang='zh'>1</Name>", "<zh>"},
        {"Name/@lang", "<Name/>", "~"},
        {"Name/@lang", "<Name/><Name lang='en'/>", "<en>"},
        {"Name/@lang", "<Name lang='a&amp;b&#10;'/>", "<a&b>"},
        {".", "a<b>c</b>", "<ac>"},
        {"./Name", "<Name>1</Name>", "<1>"},
        {"@id", "", "<7>"},
        {"../@dealer", "", "<D03>"},
        {"../../@dealer", "", "~"},
        {"../r/@id", "", "<7>"},
        {"P/T[@k='m']", "<P><T k='h'>1</T></P><P><T k='m'>2</T></P>", "<2>"},
        {"P/T[@k=\"m\"]", "<P><T>0</T><T k='m'>2</T></P>", "<2>"},
        {"P/T[@k='m'][2]", "<P><T k='m'>1</T><T k='h'>2</T><T k='m'>3</T></P>", "<3>"},
        {"P/T[2][@k='m']", "<P><T k='m'>1</T><T k='h'>2</T><T k='m'>3</T></P>", "~"},
        {"P[Kind='m']/T", "<P><Kind>h</Kind><T>1</T></P><P><Kind>m</Kind><T>2</T></P>", "<2>"},
        {"x:Name", "<y:Name xmlns:y='u'>1</y:Name>", "<1>"},
        {"Name", "<y:Name>undeclared</y:Name>", "<undeclared>"},
        {"@lang", "", "~"},
        {"姓名", "<姓名>王</姓名>", "<王>"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct arena *arena = arena_create();
        expect_rows("/a/r", cases[i].path,
                    arena_format(arena, "<a dealer='D03'><r id='7'>%s</r></a>", cases[i].record),
                    arena_format(arena, "%s\n", cases[i].value));
        arena_destroy(arena);
    }
}

Test(xml, matches_by_local_names)
{
    expect_rows("/a/r", "@id Name",
                "<s:a xmlns:s='urn:s' xmlns='urn:d'><s:r s:id='1'><Name>x</Name></s:r><r id='2'/>"
                "</s:a>",
                "<1><x>\n<2>~\n");
    expect_rows("/s:a/s:r", "@id", "<a><r id='1'/></a>", "<1>\n");
}

Test(xml, finds_records_among_what_only_looks_like_them)
{
    static const char text[] =
        "<?pi <r id='0'/> ?><a><!-- <b><r id='1'/></b> - -> --><c><b><r id='2'/></b></c><r id='3'/>"
        "<b x='&lt;b>' y=\"/>'\"><c><r id='4'/></c><![CDATA[<r id='5'/>]] ]>]]><r id='6'/></b><b/>"
        "<b ><r\nid='7'><r id='8'/></r ></b></a>";
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/b/r", "@id");
    struct reading reading = read_text(feed, text);
    expect_text(&reading.rows, "<6>\n<7>\n", "rows");
    expect_text(&reading.raw, "<r id='6'/><r\nid='7'><r id='8'/></r >", "raw");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, gives_two_tables_of_one_element_a_row_each)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/r", "@id");
    add_table(feed, "/a/r", "Name");
    struct reading reading = read_text(feed, "<a><r id='1'><Name>x</Name></r><r id='2'/></a>");
    expect_text(&reading.rows, "0:<1>\n1:<x>\n0:<2>\n1:~\n", "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, reads_the_top_element_as_a_record)
{
    expect_rows("/r", "@id b", "<r id='1'><b>2</b></r>", "<1><2>\n");
}

Test(xml, reads_several_files_in_turn)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/r", "@id");
    add_table(feed, "/b/s", "@id")->file = "{source}_more.xml";
    add_table(feed, "/a/t", "@id");
    feed_write(feed, "D01.xml", SLICE("<a><r id='1'/><t id='2'/></a>"));
    feed_write(feed, "D01_more.xml", SLICE("<b><s id='3'/></b>"));
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "0:<1>\n2:<2>\n1:<3>\n", "rows");
    reading_destroy(&reading);
    feed->mapping.tables[1].file = "{source}_none.xml";
    reading = feed_read(feed);
    expect_text(&reading.rows, "0:<1>\n2:<2>\nFAILED\n", "rows");
    cr_assert_str_eq(reading.error.file, "D01_none.xml");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, reads_what_the_document_declares)
{
    static const struct {
        const char *declared;
        const char *library;
        const char *text;
    } cases[] = {
        {"UTF-8", "UTF-8", "王小明"},         {"gb2312", "GB18030", "王喆朱镕基"},
        {"GBK", "GB18030", "王小明€"},        {"GB18030", "GB18030", "王𠮷"},
        {"Big5", "BIG5", "許功蓋"},           {"Big5-HKSCS", "BIG5-HKSCS", "許功蓋嘅囝"},
        {"UTF-16", "UTF-16", "王小明"},       {"UTF-16", "UTF-16LE", "王小明"},
        {"UTF-16", "UTF-16BE", "王小明"},     {"UTF-16", "UTF-8", "王小明"},
        {"ISO-8859-1", "ISO-8859-1", "José"}, {"Shift_JIS", "SHIFT_JIS", "山田"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = feed_create(SOURCE_XML);
        add_table(feed, "/a/r", "n");
        const char *text = arena_format(
            feed->arena, "<?xml version=\"1.0\" encoding=\"%s\"?>\n<a><r><n>%s</n></r></a>",
            cases[i].declared, cases[i].text);
        feed_write(feed, "D03.xml", to_encoding(feed->arena, cases[i].library, slice_of(text)));
        struct reading reading = feed_read(feed);
        expect_text(&reading.rows, arena_format(feed->arena, "<%s>\n", cases[i].text),
                    cases[i].declared);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(xml, reads_as_configured_before_as_declared)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/r", "n");
    feed->source.encoding = "gbk";
    feed_write(feed, "D03.xml",
               to_encoding(feed->arena, "GB18030",
                           SLICE("<?xml version='1.0' encoding='UTF-8'?><a><r><n>王</n></r></a>")));
    struct reading reading = feed_read(feed);
    expect_text(&reading.rows, "<王>\n", "rows");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, says_where_a_document_is_broken)
{
    expect_failure("/a/r", "", "the file is empty: a document was expected", 1, "cut off");
    expect_failure("/a/r", "id,name\n1,2\n", "not well-formed", 1, "");
    expect_failure("/a/r", "<a>\n<r id='1'/>\n<r id='2'>\n",
                   "the document ends before its elements do", 4, "cut off");
    expect_failure("/a/r", "<a>\n<r id='1'/>\n<r id='", "the document ends before its elements do",
                   3, "cut off");
    expect_failure("/a/r", "<a>\n<r id='1'></s>\n</a>", "mismatch", 2, "exported again");
    expect_failure("/a/r", "<a>\n<r id='1'>\x01</r>\n</a>", "not well-formed", 2, "exported again");
    expect_failure("/a/r", "<a>\n<r id='1'>&nbsp;</r>\n</a>", "Entity 'nbsp' not defined", 2,
                   "repair: [ampersand]");
    expect_failure("/a/r", "<a/>\n<a/>", "Extra content", 2, "repair: [trailing_text]");
    expect_failure("/a/r", "<b>\n<r id='1'/></b>",
                   "the document is a <b>, and the mapping reads <a>", 0,
                   "is this the right export? Its mapping is mappings/dms/test.yaml");
}

Test(xml, fails_with_the_place_of_a_byte_that_is_no_character)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/r", "@id");
    struct reading reading = read_text(feed, "<?xml version='1.0'?>\n<a>\n王\xE9<r id='1'/></a>");
    expect_text(&reading.rows, "FAILED\n", "rows");
    cr_assert_str_eq(reading.error.message,
                     "byte 29 is no character of utf-8, in which the file is read");
    cr_assert_eq(reading.error.line, 3u);
    cr_assert_eq(reading.error.column, 2u);
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, fails_when_the_declared_encoding_is_not_the_right_one)
{
    static const char text[] =
        "<?xml version='1.0' encoding='%s'?>\n<a><r id='1'>重庆市大足区青年大街"
        "五号王小明赵钱孙李周吴郑王客户名称联系地址</r></a>";
    static const struct {
        const char *declared;
        const char *hint;
    } cases[] = {{"UTF-8", "it looks like gb18030"},
                 {"Klingon", "usual ones are utf-8"},
                 {"UTF-32LE", "convert the file to UTF-8"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct feed *feed = feed_create(SOURCE_XML);
        add_table(feed, "/a/r", "@id");
        const char *document = arena_format(feed->arena, "<?xml version='1.0' encoding='%s'?>\n%s",
                                            cases[i].declared, strchr(text, '\n') + 1);
        feed_write(feed, "D03.xml", to_encoding(feed->arena, "GB18030", slice_of(document)));
        struct reading reading = feed_read(feed);
        expect_text(&reading.rows, "FAILED\n", cases[i].declared);
        expect_hint(&reading.error, cases[i].hint);
        cr_assert_str_eq(reading.error.file, "D03.xml");
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

Test(xml, refuses_a_doctype)
{
    static const char *const documents[] = {
        "<?xml version='1.0'?>\n<!DOCTYPE a SYSTEM 'file:///etc/hostname'>\n<a><r id='1'/></a>",
        "\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>\n<a><r id='1'>&x;</r></a>",
        "\n<!DOCTYPE a [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>\n<a b='&b;'><r id='1'/></a>",
    };
    for (size_t i = 0; i < sizeof(documents) / sizeof(*documents); i++)
        expect_failure("/a/r", documents[i], "the document has a DOCTYPE, which is not accepted", 2,
                       "have it written without");
}

Test(xml, keeps_the_limits_of_the_library)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "<a><r id='1'>");
    for (int i = 0; i < 300; i++)
        buffer_append_text(&text, "<d>");
    for (int i = 0; i < 300; i++)
        buffer_append_text(&text, "</d>");
    buffer_append_text(&text, "</r></a>");
    expect_failure("/a/r", text.data, "Excessive depth", 1, "");
    buffer_clear(&text);
    buffer_append_text(&text, "<a><r id='1'>");
    for (int i = 0; i < 11 * 1024 * 1024 / 64; i++)
        buffer_append_text(&text,
                           "0123456789012345678901234567890123456789012345678901234567890123");
    buffer_append_text(&text, "</r></a>");
    expect_failure("/a/r", text.data, "not well-formed", 1, "");
    buffer_release(&text);
}

/* A document of a beginning, what is repeated, and an end. */
static void expect_refused(const char *begin, const char *repeated, size_t times, const char *end,
                           const char *message)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, begin);
    for (size_t i = 0; i < times; i++) {
        if (strchr(repeated, '%'))
            buffer_format(&text, "%c%zu='1' ", repeated[0], i);
        else
            buffer_append_text(&text, repeated);
    }
    buffer_append_text(&text, end);
    expect_failure("/a/r", text.data, message, 2, "");
    buffer_release(&text);
}

Test(xml, bounds_what_takes_time_or_memory_without_bound)
{
    /* Each attribute is compared with each other. */
    expect_refused("<a>\n<r ", "n%", 1001, "/></a>", "over 1000 attributes");
    expect_refused("<a>\n<skipped ", "n%", 1001, "/></a>", "over 1000 attributes");
    expect_refused("<a>\n<r>", "<x/>", 2000000, "</r></a>", "a record has over 2000000 elements");
}

/* Elements of ever new names, or with them as attributes. */
static const char *with_names(struct buffer *text, size_t count, bool attributes)
{
    buffer_clear(text);
    buffer_append_text(text, "<a>\n");
    for (size_t i = 0; i < count; i++)
        buffer_format(text, attributes ? "<r id='1' n%zu='1'/>" : "<r id='1'><n%zu/></r>", i);
    buffer_append_text(text, "</a>");
    return text->data;
}

Test(xml, a_document_of_ever_new_names_is_refused)
{
    struct buffer text = BUFFER_EMPTY;
    /* Names are counted by a hash, which takes some for others: never too many. */
    expect_failure("/a/r", with_names(&text, 60000, false), "over 50000 different names", 2,
                   "numbers as values");
    expect_failure("/a/r", with_names(&text, 60000, true), "over 50000 different names", 2,
                   "numbers as values");
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/r", "@id");
    struct reading reading = read_text(feed, with_names(&text, 40000, true));
    cr_expect_eq(reading.rows_read, 40000u, "%s", reading.error.message);
    reading_destroy(&reading);
    feed_destroy(feed);
    buffer_release(&text);
}

Test(xml, of_many_new_names_a_hundred_are_told)
{
    struct buffer text = BUFFER_EMPTY;
    struct feed *feed = feed_create(SOURCE_XML);
    buffer_append_text(&text, "<a><r id='1'>");
    for (size_t i = 0; i < 150; i++)
        buffer_format(&text, "<n%zu/>", i);
    buffer_append_text(&text, "</r></a>");
    add_table(feed, "/a/r", "@id");
    struct reading reading = read_text(feed, text.data);
    cr_expect(strstr(reading.notices.data, "does not name n99 of /a/r"));
    cr_expect_not(strstr(reading.notices.data, "does not name n100 of /a/r"));
    cr_expect(strstr(reading.notices.data,
                     "column_new: D03.xml: /a/r has over 100 names that the mapping does not name; "
                     "no more are told\n"),
              "%s", reading.notices.data);
    reading_destroy(&reading);
    feed_destroy(feed);
    buffer_release(&text);
}

Test(xml, as_many_attributes_as_are_allowed_are_read)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "<a><r id='7' ");
    for (size_t i = 1; i < 1000; i++)
        buffer_format(&text, "n%zu='a=b' ", i);
    buffer_append_text(&text, "/><r id='8' n='='/></a>");
    expect_rows("/a/r", "@id", text.data, "<7>\n<8>\n");
    buffer_release(&text);
}

Test(xml, knows_lines_past_65535)
{
    struct feed *feed = feed_create(SOURCE_XML);
    struct buffer text = BUFFER_EMPTY;
    add_table(feed, "/a/r", "@id");
    buffer_append_text(&text, "<a>");
    for (int i = 0; i < 70000; i++)
        buffer_append_text(&text, "\n");
    buffer_append_text(&text, "<r id='1'/>\n<r id='2'></x>");
    feed_write(feed, "D03.xml", buffer_slice(&text));
    struct reading reading = feed_read(feed);
    cr_assert_eq(reading.error.line, 70002u);
    reading_destroy(&reading);
    text.length -= strlen("</x>");
    buffer_append_text(&text, "</r></a>");
    feed_write(feed, "D03.xml", buffer_slice(&text));
    reading = feed_read(feed);
    expect_text(&reading.places, "70001:70003+11 70002:70015+14 ", "places");
    reading_destroy(&reading);
    buffer_release(&text);
    feed_destroy(feed);
}

Test(xml, refuses_paths_that_are_not_understood)
{
    static const char *const columns[] = {
        "@id/x", "a[",  "a[@b]", "a[@b='x]", "a[@b='x'",        "a//b", "/a", "a]",
        "",      "a[x", "a[0]",  "a[@='x']", "a[1][1][1][1][1]"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
        struct feed *feed = feed_create(SOURCE_XML);
        struct mapping_table *table = add_table(feed, "/a/r", "id");
        table->columns[0].expression = columns[i];
        struct reading reading = read_text(feed, "<a/>");
        expect_text(&reading.rows, "FAILED\n", columns[i]);
        cr_assert_eq(reading.error.exit_code, EXIT_CONFIGURATION);
        cr_assert_str_eq(reading.error.file, "mappings/dms/test.yaml");
        cr_assert_eq(reading.error.line, 11u);
        if (strcmp(columns[i], "a]") == 0)
            cr_assert_str_eq(reading.error.message, "a step of the path is not understood");
        if (strcmp(columns[i], "a[1][1][1][1][1]") == 0)
            cr_assert_str_eq(reading.error.message, "a step has more than 4 predicates");
        reading_destroy(&reading);
        feed_destroy(feed);
    }
    static const char *const records[] = {"a/r", "/a/r[1]", "/a/@r", "/a/../r", "//r", NULL};
    for (size_t i = 0; i < sizeof(records) / sizeof(*records); i++) {
        struct feed *feed = feed_create(SOURCE_XML);
        add_table(feed, records[i], "@id");
        struct reading reading = read_text(feed, "<a/>");
        expect_text(&reading.rows, "FAILED\n", records[i] ? records[i] : "none");
        cr_assert_not_null(strstr(reading.error.message, "the record path \""));
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

/* The top element may bear its receiver's name. */
Test(xml, a_star_is_an_element_of_any_name)
{
    expect_rows("/*/r", "@id", "<s:rey_AcmeOrder xmlns:s='u'><s:r id='1'/><q/></s:rey_AcmeOrder>",
                "<1>\n");
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/*/r", "@id");
    add_table(feed, "/a/b/r", "@id");
    struct reading reading = read_text(feed, "<a><c><r id='1'/></c><b><r id='2'/></b></a>");
    expect_text(&reading.rows, "0:<1>\n1:<2>\n", "the name goes before the star");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, a_document_without_a_record_of_the_mapping_is_told)
{
    static const struct {
        const char *text;
        const char *notice;
    } cases[] = {
        {"<a><b><q/></b><s/></a>", "record_missing: D03.xml: it has no /a/b/r, so that nothing was"
                                   " read; the first element that the mapping passes over is <q>"},
        {"<a><s/><b><r id='1'/></b></a>", ""},
        {"<a/>", ""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct feed *feed = feed_create(SOURCE_XML);
        add_table(feed, "/a/b/r", "@id");
        struct reading reading = read_text(feed, cases[i].text);
        if (cases[i].notice[0])
            cr_expect(strstr(reading.notices.data, cases[i].notice), "%s", reading.notices.data);
        else
            cr_expect_eq(reading.notices.length, 0, "%s", reading.notices.data);
        reading_destroy(&reading);
        feed_destroy(feed);
    }
}

static const char *many_records(struct arena *arena, int count)
{
    struct buffer text = BUFFER_EMPTY;
    buffer_append_text(&text, "<a>");
    for (int i = 0; i < count; i++)
        buffer_format(&text, "<r id='%d' rank='x'><Name>n</Name><New>1</New></r>\n", i);
    buffer_append_text(&text, "</a>");
    const char *copy = arena_text(arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

Test(xml, tells_new_and_missing_elements)
{
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/a/r", "@id Name Email");
    struct reading reading = read_text(feed, many_records(feed->arena, 30));
    expect_text(&reading.notices,
                "column_new: D03.xml: the mapping does not name @rank of /a/r; it is not used\n"
                "column_new: D03.xml: the mapping does not name New of /a/r; it is not used\n"
                "column_missing: D03.xml: no record of /a/r has \"Email\"; it stays empty\n",
                "notices");
    reading_destroy(&reading);
    static const char *ignored[] = {"@rank", "New"};
    feed->mapping.tables[0].ignored = ignored;
    feed->mapping.tables[0].ignored_count = 2;
    feed->mapping.tables[0].columns[2].required = true;
    reading = read_text(feed, many_records(feed->arena, 30));
    cr_assert_str_eq(reading.error.message, "no record of /a/r has \"Email\"");
    cr_assert_eq(reading.rows_read, 30u);
    expect_text(&reading.notices, "", "ignored");
    reading_destroy(&reading);
    reading = read_text(feed, many_records(feed->arena, 3));
    cr_assert_str_eq(reading.error.message, "", "a few records prove nothing");
    reading_destroy(&reading);
    feed_destroy(feed);
}

Test(xml, reads_an_export_without_records)
{
    expect_rows("/a/r", "@id!", "<a/>", "");
    expect_rows("/a/r", "@id!", "<?xml version='1.0'?>\n<a>\n</a>\n", "");
}

/* Documents broken at random either fail or give rows, and the bytes of each row hold it. */
Test(xml, survives_damaged_documents)
{
    struct slice whole = slice_of(NESTED);
    unsigned seed = 5;
    struct feed *feed = feed_create(SOURCE_XML);
    add_table(feed, "/DealerExport/Customer", "@id Name ../@dealer");
    add_table(feed, "/DealerExport/Customer/Vehicles/Vehicle", "@vin ../../@id");
    for (int round = 0; round < 400; round++) {
        struct slice text = arena_copy(feed->arena, whole);
        char *bytes = arena_allocate_bytes(feed->arena, text.length);
        memcpy(bytes, text.data, text.length);
        for (int i = 0; i < 1 + round % 3; i++)
            bytes[(size_t)rand_r(&seed) % text.length] = "<>/'\"=&! \xE9x"[rand_r(&seed) % 11];
        size_t length = round % 4 ? text.length : (size_t)rand_r(&seed) % text.length;
        feed_write(feed, "D03.xml", slice_make(bytes, length));
        struct reading reading = feed_read(feed);
        bool failed = slice_ends_with(buffer_slice(&reading.rows), SLICE("FAILED\n"));
        cr_assert_eq(failed, reading.error.message[0] != '\0');
        reading_destroy(&reading);
    }
    feed_destroy(feed);
}
