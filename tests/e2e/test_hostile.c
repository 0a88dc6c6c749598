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

/* ---- what a path leads to ---- */

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

Test(hostile, a_pattern_that_explodes_is_stopped)
{
    struct finished finished;
    write_text("rule.yaml", "kind: exploding\nlabel: A kind\nsteps:\n  - match:\n"
                            "      pattern: '^(a+)+$'\n      code: form\n");
    finished = run("rules explain exploding "
                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab "
                   "--rules @/rule.yaml");
    cr_assert(finished.exit_code != 130 && finished.exit_code < 128, "%d", finished.exit_code);
    finished_release(&finished);
}
