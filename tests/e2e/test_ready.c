#include "cust360/base/memory.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* The ready mappings on their samples, and what happens without the repairs that they ask for. */

TestSuite(ready, .init = workspace_open, .fini = workspace_close, .timeout = 120);

#define STATE "state/state.db"

static void expect_value(const char *sql, const char *expected)
{
    char *value = query(STATE, sql);
    cr_expect_str_eq(value, expected, "%s: %s, not %s", sql, value, expected);
    memory_free(value);
}

static struct finished run_ready(void)
{
    struct finished finished = run("run -c samples/ready/cust360.yaml --state @/state --out @/out"
                                   " --as-of 2026-06-30");
    expect_exit(finished, 0);
    return finished;
}

Test(ready, each_mapping_reads_its_sample)
{
    struct finished finished = run_ready();
    static const struct {
        const char *sql;
        const char *expected;
    } values[] = {
        {"SELECT group_concat(name || ' ' || rows_read || '=' || rows_accepted, ', ') FROM (SELECT"
         " s.name, r.rows_read, r.rows_accepted FROM run_source r JOIN source s USING (source_id)"
         " ORDER BY 1)",
         "H01 6=6, L01 1=1, R01 1=1, R02 2=2, S01 2=2, V01 2=2, Y01 3=3, Y02 2=2"},
        {"SELECT count(*) FROM finding WHERE severity = 'fatal'", "0"},
        {"SELECT source_key || ' ' || name || ' ' || mobile FROM record_customer WHERE name ="
         " '李晓梅' AND mobile NOTNULL",
         "0000124 李晓梅 13802005678"},
        {"SELECT type FROM record_customer WHERE name LIKE '%物流有限公司'", "organisation"},
        {"SELECT job || ' ' || amount || ' ' || odometer_km FROM record_service WHERE order_number"
         " = 'RO250203001'",
         "maintenance 860.0 21500"},
        {"SELECT group_concat(decision) FROM (SELECT decision FROM record_consent WHERE source_key"
         " LIKE '100234%' ORDER BY channel)",
         "granted,withdrawn"},
        {"SELECT purchase_date FROM record_ownership WHERE brand = 'Ford'", "2024-12-01"},
        {"SELECT name FROM record_customer WHERE source_key = 'C-502'",
         "远景&伙伴汽车租赁有限公司"},
        {"SELECT name || ' ' || gender FROM record_customer WHERE source_key = 'C-501'",
         "Jonas Berg M"},
        {"SELECT name || ' ' || gender || ' ' || birth_date || ' ' || updated_at FROM"
         " record_customer WHERE source_key = '00000017'",
         "欧阳明轩 M 1979-04-12 2026-06-30T00:00:00"},
        {"SELECT customer_key || ' ' || plate || ' ' || purchase_date FROM record_ownership WHERE"
         " vin = 'LFV3A23C4D3037951'",
         "00000018 苏E55M20 2019-09-21"},
        {"SELECT customer_key || ' ' || vin || ' ' || amount FROM record_service WHERE order_number"
         " = 'R260512007'",
         "00000017 LSVAA4182E2184847 2310.5"},
        {"SELECT number || ' ' || brand || ' ' || dealer FROM record_lead", "LEAD-88 BYD D05"},
        {"SELECT name || ' ' || birth_date || ' ' || (email IS NULL) FROM record_customer WHERE"
         " source_key = '77001'",
         "Peter Lang 1980-07-04 1"},
        {"SELECT customer_key || ' ' || plate || ' ' || purchase_date FROM record_ownership WHERE"
         " vin = 'LSVAA1117A1111149'",
         "77001 沪B20301 2010-03-12"},
        {"SELECT group_concat(name || ' ' || type || ' ' || coalesce(birth_date, ''), ', ') FROM"
         " (SELECT * FROM record_customer WHERE source_key LIKE '771%' ORDER BY source_key)",
         "Clara J Winter person 1984-11-23, Paul Winter person 1982-02-09,"
         " 南京远途汽车租赁有限公司 organisation "},
        {"SELECT group_concat(customer_key || ' ' || purchase_date || ' ' || price, ', ') FROM"
         " (SELECT * FROM record_ownership WHERE customer_key LIKE '771%' ORDER BY customer_key)",
         "77105 2025-06-02 31890.0, 77107 2025-06-03 28450.0"},
        {"SELECT decision FROM record_consent WHERE source_key LIKE '77105%'", "withdrawn"},
    };
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        expect_value(values[i].sql, values[i].expected);
    finished_release(&finished);
}

/* Nothing is mended in silence: each repair is in the log, in the state and in the report. */
Test(ready, repairs_are_counted_with_their_places)
{
    static const char *const notices[] = {
        "L01_lead.xml:2: 1 instructions that are reserved were passed over (repair: prolog)",
        "L01_lead.xml:14: 2 ampersands that begin no entity were read as text",
        "L01_lead.xml:19: 71 bytes of text behind the top element were passed over",
        "L01_lead.xml:5: 1 attributes without quotes were given them",
        "R01_orders.xml:10: 1 ampersands",
        "Y01_owners.csv: 3 values are written as =\"…\" and were read as text (repair: formula)",
        "H01_host.txt: 1 lines are of types that the mapping ignores",
        "Y01_owners.csv:3: 1 values begin with an apostrophe, which was taken away",
    };
    struct finished finished = run_ready();
    char *report = read_text("out/report.txt");
    for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
        expect_contains(finished.messages, notices[i]);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM run_notice WHERE code = 'repaired'"), 8);
    memory_free(report);
    finished_release(&finished);
}

/* A layout without a sample is a promise that nobody keeps. */
Test(ready, every_mapping_has_a_sample)
{
    shell("cd mappings/ready && for f in *.yaml; do grep -q \"/ready/$f\" "
          "../../samples/ready/cust360.yaml && grep -q \"${f%%.yaml}\" README.md || exit 1; done");
}

/* Whoever has found a value with grep has a line somewhere within the record. */
Test(ready, a_line_within_a_record_is_traced)
{
    static const char line[] = "trace -c samples/ready/cust360.yaml --state @/state --out @/out"
                               " R02_deals.xml:%d";
    struct finished finished = run_ready();
    finished_release(&finished);
    finished = run(line, 23);
    expect_exit(finished, 0);
    expect_contains(finished.output, "R02_deals.xml:8 as it came (R02, table deals");
    expect_contains(finished.output, "became: customer 77106, a record of customer C");
    expect_lacks(finished.output, "R02_deals.xml:30");
    finished_release(&finished);
    finished = run(line, 3);
    expect_exit(finished, 1);
    expect_contains(finished.messages, "no row of a feed stands at R02_deals.xml:3");
    finished_release(&finished);
}

static void write_project(const char *mapping, const char *feed)
{
    char text[1024];
    shell("pwd > '%s'", in_workspace("root"));
    char *root = read_text("root");
    root[strcspn(root, "\n")] = '\0';
    snprintf(text, sizeof(text),
             "name: bare\nmappings: %s/mappings\nfeeds: feeds\nstate: state\nout: out\ndms: dms\n"
             "sources:\n  - {id: X01, path: %s, mapping: bare}\n",
             root, feed);
    write_text("cust360.yaml", text);
    write_text("dms/bare.yaml", mapping);
    memory_free(root);
}

#define XML_MAPPING                                                                                \
    "kind: xml\n%stables:\n  - name: t\n    record: /adf/c\n    entities:\n"                       \
    "      customer: {key: '@id', fields: {name: n}}\n"

/* Without its repair a defect is an error with its place, and the hint names the repair. */
Test(ready, without_the_repair_the_error_names_it)
{
    static const struct {
        const char *document;
        const char *place;
        const char *repair;
        const char *notice;
    } cases[] = {
        {"<?xml version='1.0'?>\n<?XML VERSION '1.0'?>\n<adf><c id='1'><n>Li Mei</n></c></adf>",
         "x.xml:2", "prolog", "reserved"},
        {"<adf>\n<c id='1'><n>Li & Mei</n></c></adf>", "x.xml:2", "ampersand", "ampersands"},
        {"<adf><c id='1'><n>Li Mei</n></c></adf>\nmore", "x.xml:2", "trailing_text", "4 bytes"},
        {"From: Li <li@x.cn>\n<?xml version='1.0'?>\n<adf><c id='1'><n>Li Mei</n></c></adf>",
         "x.xml:1", "leading_text", "16 bytes of text before the document"},
        {"<adf>\n<c id='1'><n>Li Mei</n></c>\n", "x.xml:3", "end_tags",
         "1 end tags are missing at the end and were added"},
        {"<?ADF VERSION '1.0'>\n<adf><c id='1'><n>Li Mei</n></c></adf>", "x.xml:2", "prolog",
         "reserved"},
        {"<!DOCTYPE adf SYSTEM 'adf.dtd'>\n<adf><c id='1'><n>Li Mei</n></c></adf>", "x.xml:1",
         "prolog", "reserved"},
        {"<adf>\n<c id=1><n>Li Mei</n></c></adf>", "x.xml:2", "attribute_quotes", "attributes"},
        {"<?xml version='1.0' encoding='UTF-8'?>\n<adf><c id='1'><n>\xCD\xF5\x88\xD2</n>"
         "</c></adf>",
         "x.xml:2", "encoding", "it declares UTF-8 and is gb18030"},
    };
    char mapping[512];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char repair[64];
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        write_text("feeds/x.xml", cases[i].document);
        snprintf(mapping, sizeof(mapping), XML_MAPPING, "");
        write_project(mapping, "x.xml");
        struct finished finished = run("run -c @/cust360.yaml");
        expect_exit(finished, 5);
        expect_contains(finished.messages, cases[i].place);
        snprintf(repair, sizeof(repair), "repair: [%s]", cases[i].repair);
        expect_contains(finished.messages, repair);
        finished_release(&finished);
        char line[80];
        snprintf(line, sizeof(line), "%s\n", repair);
        snprintf(mapping, sizeof(mapping), XML_MAPPING, line);
        write_project(mapping, "x.xml");
        finished = run("run -c @/cust360.yaml");
        expect_exit(finished, 0);
        expect_contains(finished.messages, cases[i].notice);
        finished_release(&finished);
        cr_expect_eq(query_number(STATE, "SELECT count(*) FROM record_customer"), 1);
    }
}

/* Where the bytes fit GBK as well as Big5 the repair cannot choose, and none is promised: the
 * mapping names the encoding. */
Test(ready, an_encoding_that_the_bytes_do_not_tell_is_to_be_named)
{
    static const char *const lines[] = {"", "repair: [encoding]\n"};
    char mapping[512];
    write_text("feeds/x.xml", "<?xml version='1.0' encoding='UTF-8'?>\n<adf><c id='1'>"
                              "<n>\xCD\xF5\xBD\xA8</n></c></adf>");
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        snprintf(mapping, sizeof(mapping), XML_MAPPING, lines[i]);
        write_project(mapping, "x.xml");
        struct finished finished = run("run -c @/cust360.yaml");
        expect_exit(finished, 5);
        expect_contains(finished.messages, "x.xml:2");
        expect_contains(finished.messages, "`repair: [encoding]` cannot mend it");
        expect_contains(finished.messages, "`encoding: gb18030`");
        expect_lacks(finished.messages, "takes the one that the bytes are in");
        finished_release(&finished);
    }
    snprintf(mapping, sizeof(mapping), XML_MAPPING, "encoding: gb18030\n");
    write_project(mapping, "x.xml");
    struct finished finished = run("run -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_expect_eq(query_number(STATE, "SELECT count(*) FROM record_customer WHERE name='王建'"), 1);
}

/* A document that is cut off within a record, or has another one behind it, is not mended; and no
 * repair is proposed that is there already. */
Test(ready, what_no_repair_mends_stays_an_error)
{
    static const struct {
        const char *document;
        const char *message;
    } cases[] = {
        {"<adf><c id='1'><n>Li Mei</n></c><c id='2'><n>Li", "the document ends before"},
        {"<adf><c id='1'><n>Li Mei</n></c></adf><adf><c id='2'><n>Li An</n></c></adf>",
         "another document seems to begin here"},
        {"<!DOCTYPE adf [<!ENTITY x 'y'>]><adf><c id='1'><n>&x;</n></c></adf>", "DOCTYPE"},
        {"<adf><c id='1'><n>a < b</n></c></adf>", "have it exported again"},
    };
    char mapping[512];
    snprintf(mapping, sizeof(mapping), XML_MAPPING,
             "repair: [prolog, leading_text, ampersand, trailing_text, end_tags]\n");
    write_project(mapping, "x.xml");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_text("feeds/x.xml", cases[i].document);
        struct finished finished = run("run -c @/cust360.yaml");
        expect_exit(finished, 5);
        expect_contains(finished.messages, cases[i].message);
        finished_release(&finished);
    }
}

Test(ready, what_spreadsheets_do_is_named)
{
    write_project(
        "kind: csv\ntables:\n  - name: t\n    entities:\n      customer: {key: No, fields:"
        " {name: Name, mobile: Phone}}\n",
        "x.csv");
    write_text("feeds/x.csv", "No,Name,Phone\n=\"001\",Li Mei,13802001111\n2,Li An,1.38E+10\n"
                              "'003,Li Bo,13802001113\n");
    struct finished finished = run("run -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "x.csv:3: 1 values stand in scientific notation");
    expect_contains(finished.messages, "`repair: [apostrophe]` in the mapping takes it away");
    finished_release(&finished);
    char *reasons = read_text("state/rejects/X01.reasons.tsv");
    expect_contains(reasons, "`repair: [formula]` in the mapping reads it");
    memory_free(reasons);
}

/* The name of a customer is not "#NAME?". */
Test(ready, errors_of_a_spreadsheet_are_told)
{
    write_project("kind: csv\nencoding: utf-8\ntables:\n  - name: t\n    entities:\n"
                  "      customer: {key: No, fields: {name: Name, mobile: Mobile}}\n",
                  "x.csv");
    write_text("feeds/x.csv", "No,Name,Mobile\n1,Li Mei,13812345678\n2,#NAME?,#N/A\n3,#1,#\n");
    struct finished finished = run("run -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "x.csv:3: 2 values are errors of a spreadsheet");
    finished_release(&finished);
    /* A feed that cannot be read any more does not look like one without the line. */
    write_text("feeds/x.csv", "Number,Name,Mobile\n1,Li Mei,13812345678\n");
    finished = run("trace -c @/cust360.yaml x.csv:2");
    expect_exit(finished, 1);
    expect_contains(finished.messages, "the column \"No\" is missing");
    expect_contains(finished.messages, "no row of a feed stands at x.csv:2");
    finished_release(&finished);
}

/* What would be read as other characters in silence is told, with the encoding to declare. */
Test(ready, an_export_in_another_encoding_or_with_a_line_above_is_told)
{
    static const struct {
        const char *encoding;
        const char *feed;
        const char *message;
        int code;
    } cases[] = {
        {"iso-8859-1", "No,Name\n1,José\n", "all of it is valid UTF-8", 5},
        {"windows-1252", "No,Name\n1,Jose\n", "", 0},
        {"windows-1252", "No,Name\n1,Jos\xE9\n", "", 0},
        {"auto",
         "No,Name\n1,Jos\xE9 M\xFCller\n2,\xC5sa \xD6"
         "berg\n",
         "look most like windows-1252", 5},
        {"utf-8", "sep=,\nNo,Name\n1,Li Mei\n", "with csv: {skip: 1}", 5},
        {"latin-1", "No,Name\n1,Jos\xE9\n", "", 0},
        {"Latin_1", "No,Name\n1,José\n", "all of it is valid UTF-8", 5},
        {"UTF_8", "No,Name\n1,José\n", "", 0},
        {"cp-936", "No,Name\n1,\xCD\xF5\n", "", 0},
        {"latin-1//IGNORE", "No,Name\n1,Li Mei\n", "is not known", 78},
        {"latin-x", "No,Name\n1,Li Mei\n", "windows-1252, iso-8859-1", 78},
    };
    char mapping[512];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        snprintf(mapping, sizeof(mapping),
                 "kind: csv\nencoding: %s\ntables:\n  - name: t\n    entities:\n"
                 "      customer: {key: No, fields: {name: Name}}\n",
                 cases[i].encoding);
        write_text("feeds/x.csv", cases[i].feed);
        write_project(mapping, "x.csv");
        struct finished finished = run("run -c @/cust360.yaml");
        expect_exit(finished, cases[i].code);
        expect_contains(finished.messages, cases[i].message);
        finished_release(&finished);
    }
}

/* The bytes alone tell UTF-16 from UTF-8: that the document says otherwise is told. */
Test(ready, a_document_that_declares_another_unicode_form_is_told)
{
    static const struct {
        const char *declared;
        const char *form;
        const char *message; /* empty: nothing is told */
    } cases[] = {
        {"UTF-8", "UTF-16", "x.xml: it declares UTF-8 and is utf-16le"},
        {"GB18030", "UTF-16", "x.xml: it declares GB18030 and is utf-16le"},
        {"UTF-16", "UTF-8", "x.xml: it declares UTF-16 and is utf-8"},
        {"utf-16", "UTF-16", ""},
        {"utf-8", "UTF-8", ""},
    };
    char mapping[512];
    snprintf(mapping, sizeof(mapping), XML_MAPPING, "");
    write_project(mapping, "x.xml");
    write_text("feeds/x.xml", "");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        shell("printf '<?xml version=\"1.0\" encoding=\"%s\"?><adf><c id=\"1\"><n>王伟</n></c>"
              "</adf>' | iconv -f UTF-8 -t %s > '%s'",
              cases[i].declared, cases[i].form, in_workspace("feeds/x.xml"));
        struct finished finished = run("run -c @/cust360.yaml");
        expect_exit(finished, 0);
        if (cases[i].message[0])
            expect_contains(finished.messages, cases[i].message);
        else
            expect_lacks(finished.messages, "it declares");
        finished_release(&finished);
    }
}

Test(ready, a_repair_that_does_not_fit_is_refused)
{
    write_project(
        "kind: csv\nrepair: [prolog]\ntables:\n  - name: t\n    entities:\n      customer:"
        " {key: No, fields: {name: Name}}\n",
        "x.csv");
    write_text("feeds/x.csv", "No,Name\n1,Li Mei\n");
    struct finished finished = run("run -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "bare.yaml:2");
    expect_contains(finished.messages, "the repair \"prolog\" does not go with kind: csv");
    finished_release(&finished);
}
