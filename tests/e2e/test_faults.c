#include "support.h"

#include "cust360/base/memory.h"

#include <criterion/criterion.h>
#include <unistd.h>

/* What a machine does to a night: rights that are missing, a disk that cannot be written, two runs
 * at once. Killed runs, full disks, memory and clocks: tests/crash. */

#define VIEW "out/customer360.db"

static void faults_open(void)
{
    workspace_open();
    write_text("own.yaml", "kind: csv\nencoding: utf-8\ntables:\n  - name: people\n    entities:\n"
                           "      customer: {key: no, fields: {name: name, mobile: phone}}\n");
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n");
    write_text("cust360.yaml",
               "name: faults\nmappings: mappings\nfeeds: feeds\nstate: state\nout: out\nsources:\n"
               "  - {id: D01, path: D01.csv, mapping: own.yaml, trust: 50}\n");
    shell("ln -sfn \"$PWD/mappings\" '%s'", in_workspace("mappings"));
}

TestSuite(faults, .init = faults_open, .fini = workspace_close, .timeout = 300);

/* A command of the program without root's right to pass over permissions: its exit code, with what
 * it said in the workspace's file `said`. */
static int without_rights(const char *command, const char *options)
{
    const char *prefix = geteuid() == 0 ? "setpriv --bounding-set -all" : "";
    shell("%s \"${CUST360:-build/cust360}\" %s -c '%s' %s > '%s' 2>&1; echo $? > '%s'", prefix,
          command, in_workspace("cust360.yaml"), options, in_workspace("said"),
          in_workspace("code"));
    char *code = read_text("code");
    int number = (int)strtol(code, NULL, 10);
    memory_free(code);
    return number;
}

static int night(void)
{
    return without_rights("run", "--as-of 2026-06-30 --no-summary");
}

static void expect_said(const char *part)
{
    char *said = read_text("said");
    expect_contains(said, part);
    memory_free(said);
}

Test(faults, what_cannot_be_written_leaves_the_former_view_and_can_be_read)
{
    static const struct {
        const char *folders;
        const char *message;
    } cases[] = {
        {"state", "could not"},
        {"out", "could not create"},
        {"state out", "could not"},
    };
    cr_assert_eq(night(), 0);
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n2,李四,13912345678\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("cd '%s' && chmod -R a-w %s", in_workspace(""), cases[i].folders);
        cr_expect_eq(night(), 1, "%s", cases[i].folders);
        expect_said(cases[i].message);
        cr_expect_eq(query_number(VIEW, "SELECT count(*) FROM customer"), 1);
        cr_expect_eq(without_rights("status", ""), 0, "%s", cases[i].folders);
        cr_expect_eq(without_rights("show", "13812345678"), 0, "%s", cases[i].folders);
        shell("cd '%s' && chmod -R u+w %s", in_workspace(""), cases[i].folders);
    }
    cr_assert_eq(night(), 0);
    cr_expect_eq(query_number(VIEW, "SELECT count(*) FROM customer"), 2);
}

Test(faults, what_may_not_be_read_is_named)
{
    shell("chmod 000 '%s'", in_workspace("feeds/D01.csv"));
    cr_expect_eq(night(), 5);
    expect_said("D01.csv: could not open the file: Permission denied");
    shell("chmod 600 '%s'; chmod 000 '%s'", in_workspace("feeds/D01.csv"),
          in_workspace("own.yaml"));
    cr_expect_eq(night(), 78);
    expect_said("own.yaml: Permission denied");
    shell("chmod 600 '%s'", in_workspace("own.yaml"));
    cr_expect_eq(night(), 0);
}

/* As a full disk: told, and the former view stands. */
Test(faults, a_limit_on_the_size_of_files_is_told)
{
    static const int limits_kb[] = {0, 4, 40, 200, 1000};
    cr_assert_eq(night(), 0);
    write_text("feeds/D01.csv", "no,name,phone\n1,王小明,13812345678\n2,李四,13912345678\n");
    for (size_t i = 0; i < sizeof(limits_kb) / sizeof(limits_kb[0]); i++) {
        shell("bash -c '(ulimit -f %d; exec \"${CUST360:-build/cust360}\" run -c \"%s\" --as-of "
              "2026-06-30 --no-summary 2>&1) | cat > \"%s\"; echo ${PIPESTATUS[0]} > \"%s\"'",
              limits_kb[i], in_workspace("cust360.yaml"), in_workspace("said"),
              in_workspace("code"));
        char *code = read_text("code");
        cr_expect_eq(strtol(code, NULL, 10), 1, "%d KB: %s", limits_kb[i], code);
        memory_free(code);
        expect_said("cust360: error: ");
        cr_expect_eq(query_number(VIEW, "SELECT count(*) FROM customer"), 1);
    }
    cr_assert_eq(night(), 0);
    cr_expect_eq(query_number(VIEW, "SELECT count(*) FROM customer"), 2);
}

Test(faults, of_runs_at_once_each_waits_or_says_that_it_is_locked)
{
    shell("cd '%s' && for i in 1 2 3 4; do (\"$OLDPWD/${CUST360:-build/cust360}\" run -c "
          "cust360.yaml "
          "--as-of 2026-06-30 --no-summary $(test $i -lt 3 && echo --lock-wait 120) > /dev/null "
          "2> said$i; echo $? > code$i) & done; wait",
          in_workspace(""));
    for (int i = 1; i <= 4; i++) {
        char name[] = "code1";
        name[4] = (char)('0' + i);
        char *code = read_text(name);
        long number = strtol(code, NULL, 10);
        cr_expect(number == 0 || (i > 2 && number == 11), "run %d ended with %ld", i, number);
        memory_free(code);
    }
    cr_expect_eq(query_number(VIEW, "SELECT count(*) FROM customer"), 1);
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM run WHERE status='failed'"),
                 0);
}
