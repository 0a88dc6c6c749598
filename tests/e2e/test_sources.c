#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <unistd.h>

/* Broken input: the source is named, the place as well, the exit code is right, and what was
 * published before is still there. */

TestSuite(sources, .init = night_open, .fini = workspace_close, .timeout = 300);

#define VIEW "out/customer360.db"

/* Breaks the night with a shell command in the feeds folder and says what must be told. */
struct trouble {
    const char *name;
    const char *source;
    const char *command;
    const char *message; /* on stderr */
};

static void expect_former_customers(const char *before)
{
    char *after = view_content();
    cr_assert_str_eq(before, after, "the view is not the former one");
    memory_free(after);
}

static void expect_trouble(const struct trouble *trouble)
{
    night_run("", 0);
    char *before = view_content();
    shell("cd '%s' && %s", in_workspace("feeds"), trouble->command);
    char *messages = night_messages("", 3);
    expect_contains(messages, trouble->source);
    expect_contains(messages, trouble->message);
    shell("jq -e '.sources[] | select(.id == \"%s\") | .status != \"ok\" and (.message | length > "
          "5)' '%s' > /dev/null",
          trouble->source, in_workspace("out/report.json"));
    expect_former_customers(before);
    /* And with the night mended, all is as if nothing had been. */
    copy_sample_feeds();
    night_run("", 0);
    expect_former_customers(before);
    memory_free(messages);
    memory_free(before);
}

#define TROUBLE(name, source, command, message)                                                    \
    Test(sources, name)                                                                            \
    {                                                                                              \
        expect_trouble(&(struct trouble){#name, source, command, message});                        \
    }

TROUBLE(missing_file, "hq_complaints", "rm hq_complaints.csv", "hq_complaints.csv")
TROUBLE(missing_dealer_of_a_pattern, "D01", "rm D01_archive.csv", "D01")
TROUBLE(missing_companion_file, "D02", "rm D02_vehicles.csv", "D02_vehicles.csv")
TROUBLE(a_folder_in_place_of_a_file, "D06", "rm D06_archive.csv && mkdir D06_archive.csv",
        "D06_archive.csv")
TROUBLE(wrong_encoding, "D01",
        "iconv -f gb18030 -t big5-hkscs -c D01_archive.csv > x && mv x D01_archive.csv",
        "D01_archive.csv")
TROUBLE(utf8_where_gb18030_was_promised, "D06",
        "iconv -f gb18030 -t utf-8 D06_archive.csv > x && mv x D06_archive.csv", "D06_archive.csv")
TROUBLE(truncated_xml, "D03", "head -c 20000 D03_export.xml > x && mv x D03_export.xml",
        "D03_export.xml:")
TROUBLE(truncated_xml_in_big5, "D05", "head -c 20001 D05_export.xml > x && mv x D05_export.xml",
        "D05_export.xml")
TROUBLE(empty_csv, "D07", ": > D07_customers.csv", "D07_customers.csv")
TROUBLE(only_a_heading, "D06", "sed -i '2,$d' D06_archive.csv", "D06_archive.csv")
TROUBLE(empty_xml, "D08", ": > D08_export.xml", "D08_export.xml")
TROUBLE(missing_mapped_column, "D02",
        "sed -i '1s/CustNo,FullName/CustNo,Full_Nme/' D02_customers.csv", "D02_customers.csv")
TROUBLE(odbc_without_its_table, "D04", "sqlite3 D04.sqlite 'DROP TABLE t_car'", "t_car")
TROUBLE(odbc_that_is_no_database, "D04", "head -c 5000 /dev/urandom > D04.sqlite", "D04")
TROUBLE(xml_with_a_doctype, "D03",
        "sed -i '1a <!DOCTYPE DealerExport [<!ENTITY a \"b\">]>' D03_export.xml", "D03_export.xml")

Test(sources, unreadable_file)
{
    if (geteuid() == 0) {
        /* Root reads everything: a socket cannot be read by anybody. */
        expect_trouble(&(struct trouble){"socket", "D06",
                                         "rm D06_archive.csv && python3 -c \"import socket; "
                                         "socket.socket(socket.AF_UNIX).bind('D06_archive.csv')\"",
                                         "D06_archive.csv"});
        return;
    }
    expect_trouble(
        &(struct trouble){"unreadable", "D06", "chmod 000 D06_archive.csv", "Permission"});
}

Test(sources, the_first_night_without_any_feed_publishes_nothing)
{
    shell("rm -rf '%s' && mkdir '%s'", in_workspace("feeds"), in_workspace("feeds"));
    char *messages = night_messages("", 5);
    expect_contains(messages, "nothing was published");
    cr_assert_not(exists(VIEW));
    memory_free(messages);
}

Test(sources, a_required_source_stops_the_run)
{
    shell("cp -r samples/group/cust360.yaml '%s'", in_workspace("project.yaml"));
    shell(
        "sed -i \"s#mappings: .*#mappings: $PWD/mappings#; s#hq_complaints.csv#hq_complaints.csv, "
        "required: true#\" '%s'",
        in_workspace("project.yaml"));
    struct finished good = run("run -c @/project.yaml --feeds @/feeds --state @/state --out @/out "
                               "--as-of 2026-06-30");
    expect_exit(good, 0);
    finished_release(&good);
    shell("sha256sum < '%s' > '%s'; rm '%s'", in_workspace(VIEW), in_workspace("before"),
          in_workspace("feeds/hq_complaints.csv"));
    struct finished stopped = run("run -c @/project.yaml --feeds @/feeds --state @/state --out "
                                  "@/out --as-of 2026-07-01");
    expect_exit(stopped, 5);
    expect_contains(stopped.messages, "hq_complaints");
    finished_release(&stopped);
    shell("sha256sum < '%s' | cmp - '%s'", in_workspace(VIEW), in_workspace("before"));
    shell("jq -e '.published == false and .exit_code == 5' '%s'", in_workspace("out/report.json"));
}

Test(sources, a_required_column_that_was_renamed_is_proposed)
{
    night_run("", 0);
    shell("sed -i '1s/CustNo,FullName/CustNo,FullNames/' '%s'",
          in_workspace("feeds/D02_customers.csv"));
    char *messages = night_messages("", 3);
    expect_contains(messages, "FullNames");
    memory_free(messages);
}
