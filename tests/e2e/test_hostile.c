#include "support.h"

#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Input that means harm. Each ends as an error or a finding, within little time and memory. */

enum { CPU_SECONDS = 60, MEMORY_BYTES = 1 << 30, MIB = 1 << 20 };

/* A limit for the test and all that it starts; the sanitizers' own memory has none. */
static void limit(int resource, rlim_t most)
{
    const struct rlimit value = {most, most};
    cr_assert_eq(setrlimit((__rlimit_resource_t)resource, &value), 0);
}

static void hostile_open(void)
{
    const char *binary = getenv("CUST360");
    workspace_open();
    limit(RLIMIT_CPU, CPU_SECONDS);
    if (!binary || !strstr(binary, "asan"))
        limit(RLIMIT_AS, MEMORY_BYTES);
}

TestSuite(hostile, .init = hostile_open, .fini = workspace_close, .timeout = 600);

#define CSV_MAPPING                                                                                \
    "kind: csv\nencoding: utf-8\ntables:\n  - name: people\n    entities:\n"                       \
    "      customer: {key: no, fields: {name: name, mobile: phone}}\n"

#define XML_MAPPING                                                                                \
    "kind: xml\nencoding: utf-8\ntables:\n  - name: people\n    record: /all/one\n"                \
    "    entities:\n      customer: {key: no, fields: {name: name, mobile: phone}}\n"

/* A project with one source, which a feed of this name and mapping makes. */
static void make_project(const char *feed, const char *mapping)
{
    char text[1024];
    write_text("own.yaml", mapping);
    write_text("feeds/empty", "");
    snprintf(text, sizeof(text),
             "name: hostile\nmappings: mappings\nfeeds: feeds\nstate: state\nout: out\nsources:\n"
             "  - {id: D01, path: '%s', mapping: own.yaml, trust: 50}\n",
             feed);
    write_text("cust360.yaml", text);
    shell("ln -sfn \"$PWD/mappings\" '%s'", in_workspace("mappings"));
}

/* Ends with this code, and says so; whatever it is, the process was not killed. */
static void expect_end(int exit_code, const char *message)
{
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_exit(finished, exit_code);
    expect_contains(finished.messages, message);
    finished_release(&finished);
}

/* ---- over ODBC ---- */

static void use_driver(const char *mode)
{
    char text[1024];
    char folder[512];
    cr_assert_not_null(getcwd(folder, sizeof(folder)));
    snprintf(text, sizeof(text),
             "kind: odbc\nconnection: 'Driver=%s/build/tests/lying_driver.so;Mode=%s;'\n"
             "tables:\n  - name: people\n    query: select 1\n    entities:\n"
             "      customer: {key: no, fields: {name: name, mobile: phone}}\n",
             folder, mode);
    make_project("D01.db", text);
    write_text("feeds/D01.db", "in place of a server");
}

Test(hostile, a_driver_that_lies_is_told)
{
    static const struct {
        const char *mode;
        int exit_code;
        const char *message;
    } cases[] = {
        {"rows", 5, "the driver tells of 1000000 rows where 200 were asked for"},
        {"negative", 5, "the driver tells of a value of -77 bytes"},
        {"huge", 5, "is over 16777216 bytes"},
        {"unknown", 5, "is over 16777216 bytes"},
        {"columns", 5, "the query gives no rows"},
        {"name", 5, "column"},
        {"dies", 5, "table people: could not read on"},
        {"refuses", 5, "D01.db"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        use_driver(cases[i].mode);
        expect_end(cases[i].exit_code, cases[i].message);
        cr_assert_not(exists("out/customer360.db"), "%s: published", cases[i].mode);
    }
}

Test(hostile, what_a_driver_gives_is_taken_as_it_is)
{
    use_driver("honest");
    expect_end(0, "");
    cr_assert_gt(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 0);
    use_driver("longer");
    shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    cr_assert(finished.exit_code == 0 || finished.exit_code == 5, "%d: %s", finished.exit_code,
              finished.messages);
    finished_release(&finished);
}

Test(hostile, a_driver_that_dies_leaves_the_former_view)
{
    use_driver("honest");
    expect_end(0, "");
    long customers = query_number("out/customer360.db", "SELECT count(*) FROM customer");
    use_driver("dies");
    expect_end(3, "table people: could not read on");
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), customers);
}

/* ---- XML ---- */

static void repeat(FILE *file, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        fputs(text, file);
}

/* A document of a beginning, what is repeated, and an end. */
static void write_feed(const char *name, const char *begin, const char *middle, size_t times,
                       const char *end)
{
    FILE *file = fopen(in_workspace(name), "w");
    cr_assert_not_null(file);
    fputs(begin, file);
    repeat(file, middle, times);
    fputs(end, file);
    cr_assert_eq(fclose(file), 0);
}

Test(hostile, entity_bombs_and_deep_documents_are_refused)
{
    make_project("D01.xml", XML_MAPPING);
    write_text("feeds/D01.xml",
               "<!DOCTYPE all [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>"
               "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]>\n"
               "<all><one no='1'><name>&d;</name></one></all>");
    expect_end(5, "has a DOCTYPE");
    write_text("feeds/D01.xml", "<!DOCTYPE all SYSTEM \"file:///etc/passwd\">\n<all/>");
    expect_end(5, "has a DOCTYPE");
    write_text("feeds/D01.xml", "<all><one><no>1</no><name>&secret;</name></one></all>");
    expect_end(5, "D01.xml:1");
    write_feed("feeds/D01.xml", "<all><one><no>1</no>", "<a>", 1000000, "</one></all>");
    expect_end(5, "D01.xml:1");
    cr_assert_not(exists("out/customer360.db"));
}

Test(hostile, wide_documents_end)
{
    make_project("D01.xml", XML_MAPPING);
    write_feed("feeds/D01.xml", "<all><one><no>1</no><name>王小明</name>", "<x>1</x>", 500000,
               "<phone>13812345678</phone></one></all>");
    expect_end(0, "");
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 1);
    write_feed("feeds/D01.xml", "<all><one><no>1</no><name>", "0123456789012345", MIB,
               "</name></one></all>");
    expect_end(3, "D01.xml:1");
}

static void write_new_names(size_t count)
{
    FILE *file = fopen(in_workspace("feeds/D01.xml"), "w");
    cr_assert_not_null(file);
    fputs("<all><one><no>1</no><name>王小明</name>", file);
    for (size_t i = 0; i < count; i++)
        fprintf(file, "<x%zu>1</x%zu>", i, i);
    fputs("</one></all>", file);
    cr_assert_eq(fclose(file), 0);
}

Test(hostile, a_document_of_ever_new_names_ends)
{
    make_project("D01.xml", XML_MAPPING);
    write_new_names(1000000);
    expect_end(5, "D01.xml:1: the document has over 50000 different names");
    struct finished finished = run("profile @/feeds/D01.xml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "it has more different elements than are looked at");
    finished_release(&finished);
    finished = run("draft @/feeds/D01.xml --name own");
    expect_exit(finished, 0);
    finished_release(&finished);
}

Test(hostile, external_entities_are_not_fetched)
{
    static const char *const documents[][2] = {
        {"<!DOCTYPE all [<!ENTITY x SYSTEM 'file://", "'>]>\n"},
        {"<!DOCTYPE all [<!ENTITY % p SYSTEM 'file://", "'> %p;]>\n"},
        {"<!DOCTYPE all [<!ENTITY x SYSTEM 'http://127.0.0.1:1/", "'>]>\n"},
        {"<?xml-stylesheet href='file://", "'?>\n"},
    };
    char text[2048];
    make_project("D01.xml", XML_MAPPING);
    write_text("secret", "王机密");
    for (size_t i = 0; i < sizeof(documents) / sizeof(documents[0]); i++) {
        snprintf(text, sizeof(text),
                 "%s%s%s<all xmlns:xi='http://www.w3.org/2001/XInclude'><one><no>1</no><name>%s"
                 "<xi:include href='file://%s' parse='text'/></name></one></all>",
                 documents[i][0], in_workspace("secret"), documents[i][1], i < 3 ? "&x;" : "王小明",
                 in_workspace("secret"));
        write_text("feeds/D01.xml", text);
        if (i < 3)
            expect_end(5, "has a DOCTYPE");
        else
            expect_end(0, "");
    }
    cr_expect_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer WHERE "
                                                    "name='王小明'"),
                 1);
    shell("! grep -rqF 王机密 '%s' '%s'", in_workspace("out"), in_workspace("state"));
}

/* ---- CSV ---- */

Test(hostile, a_runaway_quote_costs_its_span_only)
{
    make_project("D01.csv", CSV_MAPPING);
    write_feed("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n2,\"李四,13912345678\n",
               "3,张三,13700000000\n", 20000, "4,王五,13612345678\n");
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    cr_assert(finished.exit_code == 0 || finished.exit_code == 5, "%d", finished.exit_code);
    finished_release(&finished);
    cr_assert(exists("state/rejects/D01.reasons.tsv"));
}

/* How many reasons there are, and what they say. */
static void expect_one_reason(const char *begin)
{
    char *text = read_text("state/rejects/D01.reasons.tsv");
    const char *line = strchr(text, '\n');
    cr_assert_not_null(line);
    cr_assert_eq(strncmp(line + 1, begin, strlen(begin)), 0, "%s", text);
    cr_assert_eq(strchr(line + 1, '\n')[1], '\0', "%s", text);
    memory_free(text);
}

Test(hostile, a_line_of_100_mebibytes_is_one_reject)
{
    static const char begin[] = "no,name,phone\n1,王小明,13812345678\n2,\"";
    static const char *const ends[] = {"\",13912345678\n3,李四,13700000000\n4,王五,13612345678\n",
                                       "\n3,李四,13700000000\n4,王五,13612345678\n"};
    long bytes = 0;
    make_project("D01.csv", CSV_MAPPING);
    for (size_t i = 0; i < 2; i++) {
        write_feed("feeds/D01.csv", begin, "0123456789012345", 100 * MIB / 16, ends[i]);
        shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
        expect_end(0, "");
        expect_one_reason("1\tD01\tD01.csv\t3\t38\t");
        cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 3);
        FILE *rejects = fopen(in_workspace("state/rejects/D01.rejects.csv"), "r");
        cr_assert_not_null(rejects);
        cr_assert_eq(fseek(rejects, 0, SEEK_END), 0);
        bytes = ftell(rejects);
        cr_assert_eq(fclose(rejects), 0);
        cr_assert_eq(bytes, 14 + 3 + 100 * MIB + (i ? 1 : 14), "%ld", bytes);
    }
}

Test(hostile, nul_bytes_are_findings)
{
    static const char bytes[] =
        "no,name,phone\n1,\0\0\0,13812345678\n2,\0,\0\n3,王五,13712345678\n";
    make_project("D01.csv", CSV_MAPPING);
    write_bytes("feeds/D01.csv", bytes, sizeof(bytes) - 1);
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    cr_assert(finished.exit_code == 0 || finished.exit_code == 5, "%d: %s", finished.exit_code,
              finished.messages);
    finished_release(&finished);
}

/* A heading of very many columns, whatever they are called. */
static void write_columns(const char *format, size_t count)
{
    FILE *file = fopen(in_workspace("feeds/D01.csv"), "w");
    cr_assert_not_null(file);
    fputs("no,name,phone", file);
    for (size_t i = 0; i < count; i++) {
        fputc(',', file);
        fprintf(file, strchr(format, '%') ? "c%zu" : "c", i);
    }
    fputs("\n1,王小明,13812345678\n", file);
    cr_assert_eq(fclose(file), 0);
}

Test(hostile, very_many_columns_are_refused)
{
    static const char *const names[] = {"c", "c%zu"};
    make_project("D01.csv", CSV_MAPPING);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        write_columns(names[i], 1000000);
        expect_end(5, "D01.csv:1: could not read the heading: the line is longer than");
        struct finished finished = run("profile @/feeds/D01.csv");
        expect_exit(finished, 1);
        finished_release(&finished);
    }
    write_columns("c", 100000);
    static const char *const commands[] = {"profile @/feeds/D01.csv",
                                           "draft @/feeds/D01.csv --name own"};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        struct finished finished = run("%s", commands[i]);
        expect_exit(finished, 1);
        expect_contains(finished.messages, "the first row has 100003 columns; at most 4096");
        finished_release(&finished);
    }
}

Test(hostile, of_many_new_columns_a_hundred_are_told)
{
    make_project("D01.csv", CSV_MAPPING);
    write_columns("c%zu", 4000);
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_contains(finished.messages, "does not name the column \"c99\"");
    expect_lacks(finished.messages, "the column \"c100\"");
    expect_contains(finished.messages,
                    "3900 more columns that the mapping does not name are not told");
    finished_release(&finished);
}

/* A row of very many fields, and a line that never ends. */
Test(hostile, rows_of_a_million_fields_and_lines_without_end_are_rejects)
{
    make_project("D01.csv", CSV_MAPPING);
    write_feed("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n2", ",x", 1000000, "\n");
    expect_end(0, "");
    expect_one_reason("1\tD01\tD01.csv\t3\t38\t");
    shell("rm -rf '%s' '%s'", in_workspace("state"), in_workspace("out"));
    write_feed("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n", "0123456789012345", MIB,
               "");
    expect_end(0, "");
    expect_one_reason("1\tD01\tD01.csv\t3\t38\t");
}

Test(hostile, what_a_heading_says_forges_no_message)
{
    make_project("D01.csv", CSV_MAPPING);
    write_text("feeds/D01.csv", "no,name,phone,\x1B[31mred,\"x\ncust360: error: forged\"\n"
                                "1,王小明,13812345678,1,2\n");
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.messages, "the column \"?[31mred\"");
    expect_contains(finished.messages, "the column \"x cust360: error: forged\"");
    expect_lacks(finished.messages, "\x1B");
    expect_lacks(finished.output, "\x1B");
    expect_lacks(finished.output, "\ncust360");
    finished_release(&finished);
    shell("! grep -qF \"$(printf '\\033')\" '%s' '%s' '%s'", in_workspace("out/report.txt"),
          in_workspace("out/report.html"), in_workspace("out/report.json"));
}

/* ---- what a path leads to ---- */

Test(hostile, what_a_file_is_called_stops_no_night)
{
    static const char *const names[] = {"D\x1B[31m_a.csv", "D\ncust360: error: forged_a.csv",
                                        "-c_a.csv", "\xFF_a.csv"};
    char feed[64];
    make_project("*_a.csv", CSV_MAPPING);
    shell("sed -i 's/id: D01, //; s/^state:/metrics: metrics.prom\\nstate:/' '%s'",
          in_workspace("cust360.yaml"));
    write_text("feeds/D<b>\"_a.csv", "no,name,phone\n1,王小明,13812345678\n2,\"a\"b,1\n");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(feed, sizeof(feed), "feeds/%s", names[i]);
        write_text(feed, "no,name,phone\n1,李四,13912345678\n");
    }
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 3); /* files are passed over */
    expect_contains(finished.messages, "is passed over: its name gives no source id");
    expect_lacks(finished.messages, "\x1B");
    expect_lacks(finished.messages, "\ncust360: error");
    finished_release(&finished);
    cr_expect_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 1);
    shell("! grep -qF '<b>' '%s'; grep -qF 'D<b>\\\"' '%s'", in_workspace("out/report.html"),
          in_workspace("metrics.prom"));
}

Test(hostile, what_is_no_file_is_told_by_every_command_that_reads_one)
{
    static const char *const things[] = {"mkdir", "mkfifo", "ln -s /dev/zero", "ln -s /dev/urandom",
                                         "ln -s /proc/self/mem"};
    static const char *const commands[] = {"profile @/feeds/D01.csv",
                                           "draft @/feeds/D01.csv --name own"};
    make_project("D01.csv", CSV_MAPPING);
    for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
        shell("rm -rf '%s' && %s '%s'", in_workspace("feeds/D01.csv"), things[i],
              in_workspace("feeds/D01.csv"));
        expect_end(5, "D01.csv: could not read the file");
        for (size_t c = 0; c < sizeof(commands) / sizeof(commands[0]); c++) {
            struct finished finished = run("%s", commands[c]);
            expect_exit(finished, 1);
            expect_contains(finished.messages, "D01.csv: could not");
            finished_release(&finished);
        }
    }
}

/* What is replaced is the link, not what it leads to. */
Test(hostile, links_planted_in_the_programs_folders_lead_nowhere)
{
    static const char *const planted[] = {"out/customer360.db", "out/customer360.db.new",
                                          "state/rejects/D01.reasons.tsv"};
    make_project("D01.csv", CSV_MAPPING);
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n2,\"a\"b,1\n");
    write_text("victim", "precious");
    shell("mkdir -p '%s' '%s'", in_workspace("out"), in_workspace("state/rejects"));
    for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++)
        shell("ln -s '%s' '%s'", in_workspace("victim"), in_workspace(planted[i]));
    expect_end(0, "");
    char *victim = read_text("victim");
    cr_expect_str_eq(victim, "precious");
    memory_free(victim);
    cr_expect_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 1);
}

/* What is written into the lock's file would be written into another. */
Test(hostile, a_link_in_place_of_the_lock_leads_nowhere)
{
    make_project("D01.csv", CSV_MAPPING);
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n");
    write_text("victim", "precious");
    shell("mkdir '%s' && ln -s '%s' '%s'", in_workspace("state"), in_workspace("victim"),
          in_workspace("state/lock"));
    expect_end(1, "could not open");
    char *victim = read_text("victim");
    cr_expect_str_eq(victim, "precious");
    memory_free(victim);
    shell("rm '%s'", in_workspace("state/lock"));
    expect_end(0, "");
}

Test(hostile, pipes_and_devices_are_no_feeds)
{
    make_project("D01.csv", CSV_MAPPING);
    shell("mkfifo '%s'", in_workspace("feeds/D01.csv"));
    expect_end(5, "not a regular file");
    shell("rm '%s'; ln -s /dev/zero '%s'", in_workspace("feeds/D01.csv"),
          in_workspace("feeds/D01.csv"));
    expect_end(5, "not a regular file");
    shell("rm '%s'; ln -s D01.csv '%s'", in_workspace("feeds/D01.csv"),
          in_workspace("feeds/D01.csv"));
    expect_end(5, "D01");
    shell("mkfifo '%s'", in_workspace("pipe.yaml"));
    struct finished finished = run("check -c @/pipe.yaml");
    expect_exit(finished, 78);
    finished_release(&finished);
    finished = run("profile @/pipe.yaml");
    expect_exit(finished, 1);
    finished_release(&finished);
}

Test(hostile, a_pipe_in_place_of_the_view_is_told)
{
    make_project("D01.csv", CSV_MAPPING);
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n");
    shell("mkdir '%s' && mkfifo '%s'", in_workspace("out"), in_workspace("out/customer360.db"));
    expect_end(1, "out/customer360.db: it is not a file");
    shell("rm '%s'", in_workspace("out/customer360.db"));
    expect_end(0, "");
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 1);
}

Test(hostile, an_element_of_very_many_attributes_is_refused)
{
    make_project("D01.xml", XML_MAPPING);
    FILE *file = fopen(in_workspace("feeds/D01.xml"), "w");
    cr_assert_not_null(file);
    fputs("<all>\n<one", file);
    for (int i = 0; i < 300000; i++)
        fprintf(file, " a%d='1'", i);
    fputs("><no>1</no></one></all>", file);
    cr_assert_eq(fclose(file), 0);
    expect_end(5, "D01.xml:2: an element has over 1000 attributes");
}

/* ---- a steward's list ---- */

static void expect_list_refused(const char *message)
{
    struct finished finished = run("review import @/list.csv -c @/cust360.yaml");
    expect_exit(finished, 1);
    expect_contains(finished.messages, message);
    finished_release(&finished);
    cr_assert_eq(query_number("state/state.db", "SELECT count(*) FROM decision"), 0);
}

Test(hostile, lists_of_decisions_that_explode_are_refused)
{
    static const struct {
        const char *begin;
        const char *middle;
        size_t times;
        const char *message;
    } cases[] = {
        {"case,verdict\n", "0123456789012345", 70 * MIB / 16, "larger than 67108864 bytes"},
        {"case,verdict\n\"", "a\n", 500000, "list.csv:2: a quote opens in this record"},
        {"case,verdict\n", ",", 2 * MIB, "list.csv:2: the line is longer than"},
        {"case,verdict", ",c", MIB, "list.csv:1: the line is longer than"},
        {"case,verdict\n", "no case,same\n", 300000, "a list has at most 100000 rows"},
    };
    static const char *const things[] = {"mkdir", "mkfifo", "ln -s /dev/zero"};
    make_project("D01.csv", CSV_MAPPING);
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n");
    expect_end(0, "");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_feed("list.csv", cases[i].begin, cases[i].middle, cases[i].times, "");
        expect_list_refused(cases[i].message);
    }
    for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++) {
        shell("rm -rf '%s' && %s '%s'", in_workspace("list.csv"), things[i],
              in_workspace("list.csv"));
        expect_list_refused("list.csv: not a regular file");
    }
}

/* ---- configuration ---- */

Test(hostile, a_configuration_of_a_million_lines_ends)
{
    make_project("D01.csv", CSV_MAPPING);
    write_feed("own.yaml", CSV_MAPPING "x-notes:\n", "  - a line\n", 1000000, "");
    struct finished finished = run("check -c @/cust360.yaml");
    cr_assert(finished.exit_code == 0 || finished.exit_code == 78, "%d", finished.exit_code);
    finished_release(&finished);
    write_feed("own.yaml", CSV_MAPPING, "# nothing\n", 1000000, "unknown: key\n");
    finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    finished_release(&finished);
    write_feed("own.yaml", "", "# nothing\n\n", 500000, CSV_MAPPING "unknown: key\n");
    finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "own.yaml:1000007");
    finished_release(&finished);
}

static void write_rule(const char *pattern)
{
    char text[1024];
    snprintf(text, sizeof(text),
             "overrides:\n  - kind: mobile\n    steps:\n      - name: slow\n        after: label\n"
             "        reject:\n          pattern: '%s'\n          severity: error\n"
             "          code: slow\n          message: 'Ask for the number.'\n"
             "    tests: [{in: '13812345678', out: '13812345678'}]\n",
             pattern);
    write_text("dealers/D01.yaml", text);
}

Test(hostile, patterns_that_explode_are_stopped)
{
    static const struct {
        const char *pattern;
        const char *message;
    } cases[] = {
        {"^(a+)+$", "takes too long on a value"},
        {"^(a|aa)+$", "takes too long on a value"},
        {"(*NO_JIT)^(a+)+$", "takes too long on a value"},
        {"(*LIMIT_MATCH=4000000000)(*NO_JIT)^(a+)+$", "takes too long on a value"},
        {"^(?R)*$", "takes too long on a value"},
        {"(?<n>(?&n))", "takes too long on a value"},
        {"(((a{1,1000}){1,1000}){1,1000})", "regular expression is too large"},
        {"((((a{1,60000}){1,60000}){1,60000}){1,60000})", "too large"},
    };
    make_project("D01.csv", CSV_MAPPING);
    shell("sed -i 's|trust: 50|trust: 50, rules: dealers/D01.yaml|' '%s'",
          in_workspace("cust360.yaml"));
    write_feed("feeds/D01.csv", "no,name,phone\n1,王小明,", "a", 60, "b\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_rule(cases[i].pattern);
        expect_end(78, cases[i].message);
    }
}

Test(hostile, yaml_that_explodes_is_refused)
{
    static const struct {
        const char *begin;
        const char *middle;
        size_t times;
        const char *end;
        const char *message;
    } cases[] = {
        {"x-a: &a [l,l]\nx-b: &b [*a,*a,*a]\n", "", 0, "", "an anchor (&name) is not understood"},
        {"x-a: *a\n", "", 0, "", "is not understood here"},
        {"x-a: ", "[", 100000, "", "nested too deeply"},
        {"x-a: ", "{a: ", 100000, "", "nested too deeply"},
        {"x-a:\n  ", "- ", 100000, "1\n", "nested too deeply"},
        {"", "? ", 50000, "a\n", "nested too deeply"},
        {"x-a: !!python/object:os.system ls\n", "", 0, "", "a tag (!name) is not understood"},
        {"x-a: '", "a\n", 500000, "", "own.yaml:"},
        {"x-a: ", "0123456789012345", 70 * MIB / 16, "", "larger than 67108864 bytes"},
        {"---\n", "a: b\n---\n", 100000, "", "a second document"},
        {"x-a: |\n  a\n", "\n", 300000, "  b\n", "too many blank lines one after another"},
        {"x-a: >\n", " \r\n", 300000, "", "too many blank lines one after another"},
        {"x-a: a\n", "\r", 300000, "\n  b\n", "too many blank lines one after another"},
    };
    make_project("D01.csv", CSV_MAPPING);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_feed("own.yaml", CSV_MAPPING, "", 0, cases[i].begin);
        FILE *file = fopen(in_workspace("own.yaml"), "a");
        cr_assert_not_null(file);
        repeat(file, cases[i].middle, cases[i].times);
        fputs(cases[i].end, file);
        cr_assert_eq(fclose(file), 0);
        struct finished finished = run("check -c @/cust360.yaml");
        cr_expect_eq(finished.exit_code, 78, "%zu: %d", i, finished.exit_code);
        cr_expect(strstr(finished.output, cases[i].message), "%zu: %s", i, finished.output);
        finished_release(&finished);
    }
}
