/* Cleaning is reported back: data_quality, its trend, and what each dealer is to correct. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void open_two_dealers(void)
{
    workspace_open();
    shell("ln -s \"$PWD/mappings\" '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "mappings: mappings\nsources:\n"
                               "  - {id: D01, path: D01.csv, mapping: own.yaml}\n"
                               "  - {id: D02, path: D02.csv, mapping: own.yaml}\n");
    write_text("own.yaml", "kind: csv\nencoding: utf-8\ncsv: {delimiter: ','}\n"
                           "tables:\n  - name: customers\n    entities:\n      customer:\n"
                           "        key: No\n        main: true\n"
                           "        fields: {name: Name, mobile: Phone, id_number: Id}\n");
    write_text("feeds/D01.csv", "No,Name,Phone,Id\n"
                                "1,张伟,+86 138-1234-5678,\n"
                                "2,李娜,13912345678/13812345678,360426199101010072\n"
                                "3,王芳,138,=1+2\n"
                                "4,broken\n"
                                "5,刘洋,13712345678,360426199101010071\n");
    write_text("feeds/D02.csv", "No,Name,Phone,Id\n1,赵敏,13612345678,\n");
}

TestSuite(quality, .init = open_two_dealers, .fini = workspace_close, .timeout = 120);

static void run_night(const char *as_of)
{
    struct finished finished = run("run -c @/cust360.yaml --as-of %s", as_of);
    expect_exit(finished, 0);
    finished_release(&finished);
}

static void expect_quality(const char *where, const char *wanted)
{
    char sql[512];
    snprintf(sql, sizeof(sql),
             "SELECT rows||' '||filled||' '||valid||' '||repaired||' '||warned||' '||refused||' '"
             "||shared FROM data_quality WHERE entity = 'customer' AND %s",
             where);
    char *got = query("out/customer360.db", sql);
    cr_expect_str_eq(got, wanted, "%s: %s", where, got);
    free(got);
}

Test(quality, is_told_by_dealer_and_field)
{
    run_night("2026-06-30");
    expect_quality("dealer = 'D01' AND field = 'mobile'", "4 3 2 2 1 1 0");
    expect_quality("dealer = 'D01' AND field = 'id_number'", "4 1 1 0 0 2 0");
    expect_quality("dealer = 'D01' AND field = 'email'", "4 0 0 0 0 0 0");
    expect_quality("dealer = 'D02' AND field = 'mobile'", "1 1 1 0 0 0 0");
}

Test(quality, has_a_trend_over_the_runs)
{
    run_night("2026-06-29");
    write_text("feeds/D01.csv", "No,Name,Phone,Id\n1,张伟,13812345678,\n");
    run_night("2026-06-30");
    static const struct {
        const char *as_of;
        const char *wanted;
    } expected[] = {{"2026-06-29", "4 3 2"}, {"2026-06-30", "1 1 0"}};
    for (size_t i = 0; i < 2; i++) {
        char sql[256];
        snprintf(sql, sizeof(sql),
                 "SELECT rows||' '||filled||' '||repaired FROM data_quality_trend WHERE"
                 " dealer = 'D01' AND field = 'mobile' AND as_of = '%s'",
                 expected[i].as_of);
        char *got = query("out/customer360.db", sql);
        cr_expect_str_eq(got, expected[i].wanted);
        free(got);
    }
    expect_quality("dealer = 'D01' AND field = 'mobile'", "1 1 1 0 0 0 0");
}

Test(quality, each_dealer_is_told_what_to_correct)
{
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "values to correct at the source");
    finished_release(&finished);
    char *text = read_text("out/corrections/D01.csv");
    cr_assert(text);
    cr_expect_eq(strncmp(text, "\xEF\xBB\xBFsource_key,file,line,", 24), 0);
    const char *const worst_first[] = {
        ",D01.csv,5,,,,",
        "\r\n2,D01.csv,3,customer,id_number,360426199101010072,",
        "\r\n2,D01.csv,3,customer,mobile,13912345678/13812345678,",
        "\r\n3,D01.csv,4,customer,",
    };
    expect_contains(text, "3,D01.csv,4,customer,id_number,\"'=1+2\",");
    expect_contains(text, "Enter one number here and the others in fields of their own.,"
                          "13912345678,warning,several");
    for (size_t i = 0; i + 1 < sizeof(worst_first) / sizeof(worst_first[0]); i++) {
        const char *one = strstr(text, worst_first[i]);
        const char *next = strstr(text, worst_first[i + 1]);
        cr_assert(one && next && one < next, "%s before %s in\n%s", worst_first[i],
                  worst_first[i + 1], text);
    }
    expect_lacks(text, ",刘洋");
    cr_expect_not(exists("out/corrections/D02.csv"), "nothing to correct");
    free(text);
    shell("test \"$(stat -c %%a '%s')\" = 600", in_workspace("out/corrections/D01.csv"));
    char *report = read_text("out/report.json");
    expect_contains(report, "\"file\": \"corrections/D01.csv\"");
    free(report);
}

Test(quality, what_was_corrected_is_not_told_again)
{
    run_night("2026-06-29");
    cr_assert(exists("out/corrections/D01.csv"));
    write_text("feeds/D01.csv", "No,Name,Phone,Id\n1,张伟,13812345678,\n");
    run_night("2026-06-30");
    cr_expect_not(exists("out/corrections/D01.csv"));
}

Test(quality, a_number_of_too_many_customers_is_told)
{
    static const char *const names[] = {"张伟", "李娜", "刘洋", "赵敏", "孙磊", "周涛", "吴静"};
    char text[1024] = "No,Name,Phone,Id\n";
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        snprintf(text + strlen(text), sizeof(text) - strlen(text), "%zu,%s,13512345678,\n", i,
                 names[i]);
    write_text("feeds/D01.csv", text);
    run_night("2026-06-29");
    expect_quality("dealer = 'D01' AND field = 'mobile'", "7 7 7 0 0 0 7");
    char *told = read_text("out/corrections/D01.csv");
    expect_contains(told, "0,D01.csv,2,customer,mobile,13512345678,\"7 customers have this: enter "
                          "the customer's own, or leave the field empty.\",,warning,shared_widely");
    free(told);
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM finding WHERE"
                                                " code = 'shared_widely' AND value LIKE '%*%'"),
                 7, "masked where others see it");
    run_night("2026-06-30");
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM finding WHERE"
                                                " code = 'shared_widely'"),
                 7, "told once a run");
}
