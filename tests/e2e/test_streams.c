#include "small_group.h"

#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* What whoever starts the program does with its standard streams. */

TestSuite(streams, .init = small_group_open, .fini = workspace_close, .timeout = 300);

/* A night by bash, with what is done before it and its redirections; what it ended with. */
static long night_by_shell(const char *before, const char *redirected)
{
    shell("export program=\"$PWD/${CUST360:-build/cust360}\"; cd '%s' && rm -rf state out && "
          "bash -c '%s \"$program\" run -c cust360.yaml --as-of 2026-06-30 --log debug %s'; echo "
          "$? > "
          "code",
          in_workspace(""), before, redirected);
    char *code = read_text("code");
    long number = strtol(code, NULL, 10);
    memory_free(code);
    return number;
}

static void expect_whole(const char *redirected)
{
    char *checked = query("state/state.db", "PRAGMA integrity_check");
    cr_expect_str_eq(checked, "ok", "%s: %s", redirected, checked);
    memory_free(checked);
    cr_expect_gt(query_number(VIEW, "SELECT count(*) FROM customer"), 0, "%s", redirected);
}

/* A file that is opened later must not become the stream that messages are written to. */
Test(streams, that_are_closed_are_not_taken_by_a_file)
{
    static const struct {
        const char *redirected;
        long exit_code;
    } cases[] = {
        {"2>&- >/dev/null", 0}, {"<&- 2>&- >/dev/null", 0}, {"<&- >/dev/null 2>said", 0},
        {">&- 2>said", 1},      {"<&- >&- 2>&-", 1},        {"<&- >&- 2>said", 1},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_expect_eq(night_by_shell("", cases[i].redirected), cases[i].exit_code, "%s",
                     cases[i].redirected);
        expect_whole(cases[i].redirected);
        shell("! grep -raq 'cust360: debug' '%s' '%s'", in_workspace("state"), in_workspace("out"));
    }
    char *said = read_text("said");
    expect_contains(said, "could not write to standard output");
    memory_free(said);
}

Test(streams, a_full_disk_of_the_log_stops_no_night)
{
    cr_expect_eq(night_by_shell("", "2>/dev/full >/dev/null"), 0);
    expect_whole("log");
    cr_expect_eq(night_by_shell("", ">/dev/full 2>said"), 1);
    expect_whole("summary");
}

/* The reader has gone before the first message. */
Test(streams, a_reader_that_goes_away_stops_no_night)
{
    cr_expect_eq(night_by_shell("exec 3> >(exit); wait $!;", "2>&3 >/dev/null"), 0);
    expect_whole("log");
    cr_expect_eq(night_by_shell("exec 3> >(exit); wait $!;", ">&3 2>said"), 1);
    expect_whole("summary");
    char *said = read_text("said");
    expect_contains(said, "could not write to standard output: Broken pipe");
    memory_free(said);
}
