#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

/* No personal value of the sample is in anything that the program tells of a run. */

#define PLACES   "-c @/group/cust360.yaml --feeds @/feeds --state @/state --out @/out"
#define STATE    "-c @/group/cust360.yaml --state @/state --out @/out"
#define PATTERNS "values"

/* The sample as it is, with metrics, and with rows that are rejected, repeated and doubted in feeds
 * whose keys are people's own numbers. */
static void open_sample(void)
{
    night_open();
    shell("mkdir '%s' && cp -r samples/group/dealers samples/group/cust360.yaml '%s' && sed -i "
          "\"s|^mappings:.*|mappings: $PWD/mappings\\nmetrics: metrics.prom|\" '%s'",
          in_workspace("group"), in_workspace("group"), in_workspace("group/cust360.yaml"));
    shell("printf '%%s\\n' '13671476847,phone,never,D01,birthday,reached' "
          "'13671476847,phone,2026-06-22T10:00:00+08:00,D01,birthday,reached' "
          "'13671476847,phone,2026-06-22T10:00:00+08:00,D01,birthday,not reached' "
          "'13671476847,phone' >> '%s'",
          in_workspace("feeds/contacts.csv"));
    shell("printf '%%s\\n' '13671476847,phone,marketing,who knows,yesterday' '13671476847' >> '%s'",
          in_workspace("feeds/hq_consents.csv"));
}

TestSuite(personal, .init = open_sample, .fini = workspace_close, .timeout = 120);

/* What the program says, kept under a name to be searched. */
static void keep(const char *name, const char *command, int exit_code)
{
    char file[64];
    struct finished finished = run("%s", command);
    expect_exit(finished, exit_code);
    snprintf(file, sizeof(file), "told/%s.out", name);
    write_text(file, finished.output);
    snprintf(file, sizeof(file), "told/%s.err", name);
    write_text(file, finished.messages);
    finished_release(&finished);
}

/* All numbers, addresses and names of three characters or more that the records and the truth
 * have, as they were read and as they were typed. A number that anybody types who has none
 * (13800000000) is nobody's. */
static void list_values(void)
{
    shell("for t in $(sqlite3 '%s' \"SELECT name FROM sqlite_master WHERE name GLOB 'record_*'\"); "
          "do for f in name mobile landline id_number id_key email address; do "
          "sqlite3 '%s' \"SELECT DISTINCT $f FROM $t WHERE length($f) > 2\" 2> /dev/null; done; "
          "done > '%s'; cut -d, -f3,6,7,8 samples/group/truth/golden.csv | tr , '\\n' | "
          "grep -E '.{3}' >> '%s'",
          in_workspace("state/state.db"), in_workspace("state/state.db"), in_workspace("all"),
          in_workspace("all"));
    shell("cd '%s' && (cat feeds/*.csv feeds/*.xml feeds/*.sql; iconv -f utf-16 -t utf-8 "
          "feeds/*.txt) | LC_ALL=C grep -aoE '1[3-9][0-9]{9}|[0-9]{17}[0-9Xx]|"
          "[A-Za-z0-9._-]+@[A-Za-z0-9.-]+[.][a-z]+' >> all; "
          "LC_ALL=C grep -vE '^(name|id_no|mobile|email)$|0{6}|1{6}' all | LC_ALL=C sort -u "
          "> " PATTERNS,
          in_workspace(""));
    shell("test $(wc -l < '%s') -gt 5000", in_workspace(PATTERNS));
}

/* Files that hold values on purpose, all of mode 0600: the state and the view; what is for the
 * dealers, the rejected rows as they came and what is to be corrected. */
static void expect_none(const char *folder)
{
    shell("cd '%s' && if LC_ALL=C grep -raoFf " PATTERNS " --exclude='*.db' "
          "--exclude='*.rejects.*' --exclude-dir=corrections '%s' | head -5 | grep .; "
          "then exit 1; fi",
          in_workspace(""), folder);
}

/* The first customer of several records. */
static char *somebody(void)
{
    return query("out/customer360.db",
                 "SELECT golden_id FROM customer WHERE records > 2 ORDER BY golden_id LIMIT 1");
}

static void keep_what_is_told(void)
{
    char command[200];
    keep("run", "run " PLACES " " AS_OF " --log json", 0);
    keep("again", "run " PLACES " --as-of 2026-07-01 --rebuild --log debug", 0);
    keep("rehearsal", "run " PLACES " --as-of 2026-07-01 --dry-run --rebuild", 0);
    keep("status", "status " STATE " --as-of 2026-07-01 --format json", 0);
    keep("check", "check -c @/group/cust360.yaml --feeds @/feeds --log debug", 0);
    keep("retry", "retry-rejects " PLACES " --dry-run --log json", 0);
    keep("trace", "trace contacts.csv:129 " PLACES, 0);
    keep("member", "trace hq_members.csv:2 " PLACES, 0);
    keep("consent", "trace hq_consents.csv:2 " PLACES, 0);
    keep("audit", "audit show -c @/group/cust360.yaml --state @/state", 0);
    keep("profile", "profile @/feeds/hq_members.csv", 0);
    keep("xml", "profile @/feeds/D03_export.xml --format json", 0);
    keep("draft", "draft @/feeds/D02_customers.csv --name split", 0);
    keep("cases", "review queue --limit 50 " STATE, 0);
    keep("dictionary", "view dictionary -c @/group/cust360.yaml", 0);
    char *golden_id = somebody();
    snprintf(command, sizeof(command), "explain %s " STATE, golden_id);
    keep("explain", command, 0);
    snprintf(command, sizeof(command), "review customer %s " STATE, golden_id);
    keep("customer", command, 0);
    memory_free(golden_id);
}

/* What is measured, learned and handed to others; what the last of a person leaves. */
static void keep_what_is_made(void)
{
    char command[200];
    char *golden_id = somebody();
    keep("evaluate", "evaluate " STATE " --truth samples/group/truth/customers.csv", 0);
    keep("train", "train " STATE " --out @/told/model.yaml", 0);
    keep("clusters", "match -c @/group/cust360.yaml --feeds @/feeds --out @/told/clusters", 0);
    keep("stats", "review stats " STATE, 0);
    keep("list", "review export " STATE, 0);
    keep("decisions", "review decisions " STATE, 0);
    keep("verify", "audit verify -c @/group/cust360.yaml --state @/state", 0);
    snprintf(command, sizeof(command), "subject erase %s " STATE, golden_id);
    keep("erased", command, 0);
    keep("after", "run " PLACES " --as-of 2026-07-02 --log debug", 0);
    memory_free(golden_id);
}

/* Feeds that are torn, that have lost their headings, their quotes and most of their rows. */
static void spoil_feeds(void)
{
    shell("cd '%s' && sed -i '0,/<\\/[a-zA-Z]*>/s//<\\/WRONG>/' D03_export.xml && "
          "printf '%%s\\n' '\"0000999,a,2,P,187-2217-4857,431123199805315248' "
          "'0001000,a,2,P,187-2217-4857,431123199805315248,,,,,12/07/2018 00:00,x,13832801555' "
          "'0001001,13832801555' >> D07_customers.csv && "
          "printf '13832801555;13832801555\\n\"13832801555' >> hq_members.csv && "
          "sed -i '1s/.*/S1,13832801555,x/' surveys.csv && "
          "sed -i '1s/caller_mobile/13832801555/' hq_complaints.csv && "
          "head -c 2000 ins_policies.txt > short && mv short ins_policies.txt",
          in_workspace("feeds"));
}

static void keep_a_bad_night(void)
{
    spoil_feeds();
    keep("bad", "run " PLACES " --as-of 2026-07-02 --log debug", 3);
    keep("accepted",
         "run " PLACES " --as-of 2026-07-03 --log json --accept removals,source_rows --reason so",
         3);
    keep("spoilt", "check -c @/group/cust360.yaml --feeds @/feeds --log debug", 0);
    keep("late", "status " STATE " --as-of 2026-07-03", 0);
    keep("again2", "retry-rejects " PLACES " --log debug", 0);
    keep("page", "report --view -c @/group/cust360.yaml --out @/out", 0);
}

static void keep_reconciled(void)
{
    struct finished finished = run("reconcile " PLACES);
    write_text("told/reconcile.out", finished.output);
    write_text("told/reconcile.err", finished.messages);
    finished_release(&finished);
}

static void expect_nothing_told(void)
{
    list_values();
    expect_none("told");
    expect_none("out");
    expect_none("state");
    expect_none("group");
    expect_none("tmp");
}

Test(personal, values_are_in_nothing_that_is_told)
{
    shell("mkdir '%s'", in_workspace("tmp"));
    setenv("TMPDIR", in_workspace("tmp"), 1);
    keep_what_is_told();
    keep_reconciled();
    expect_nothing_told();
    cr_assert(exists("group/metrics.prom"));
}

Test(personal, values_are_in_nothing_that_is_made_of_them)
{
    shell("mkdir '%s'", in_workspace("tmp"));
    setenv("TMPDIR", in_workspace("tmp"), 1);
    keep("run", "run " PLACES " " AS_OF " --no-summary", 0);
    list_values(); /* with those of whoever is erased below */
    keep_what_is_made();
    expect_none("told");
    expect_none("out");
    expect_none("state");
    expect_none("tmp");
}

Test(personal, values_are_not_in_what_is_told_of_spoilt_feeds)
{
    shell("mkdir '%s'", in_workspace("tmp"));
    setenv("TMPDIR", in_workspace("tmp"), 1);
    keep("run", "run " PLACES " " AS_OF " --no-summary", 0);
    keep_a_bad_night();
    expect_nothing_told();
}

/* ---- runs that fail, and what they start ---- */

/* Two targets: a server that is not there, whose password a command gives that looks at what it was
 * started by and with, and a database that refuses a row and repeats it. */
static void write_targets(void)
{
    shell("cat >> '%s' << 'END'\npublish:\n  - name: nowhere\n    dialect: postgresql\n"
          "    connection: 'Driver={PostgreSQL Unicode};Server={server};Port=1;Uid=x;"
          "Pwd={password};Database=x'\n    server: 127.0.0.1\n    password: {command: 'tr \"\\0\" "
          "\"\\n\" < /proc/$PPID/cmdline >> %s; tr \"\\0\" \"\\n\" < /proc/$PPID/environ >> %s; "
          "(ulimit -c; echo $SQLITE_TMPDIR) > %s; "
          "echo hush-hush'}\n  - name: choosy\n    dialect: sqlite\n    connection: "
          "'Driver={SQLite3};Database={path};StepAPI=1;NoCreat=1;Timeout=20000'\n    path: %s\nEND",
          in_workspace("group/cust360.yaml"), in_workspace("told/arguments"),
          in_workspace("told/environment"), in_workspace("told/limits"), in_workspace("target.db"));
}

static void refuse_rows(void)
{
    shell("sqlite3 '%s' \"CREATE TRIGGER no BEFORE UPDATE ON customer BEGIN SELECT RAISE(ABORT, "
          "'no such row'); END; CREATE TRIGGER none BEFORE INSERT ON customer BEGIN SELECT "
          "RAISE(ABORT, 'no such row'); END;\"",
          in_workspace("target.db"));
}

static void ask_for_core_dumps(void)
{
    struct rlimit core;
    cr_assert_eq(getrlimit(RLIMIT_CORE, &core), 0);
    core.rlim_cur = core.rlim_max;
    cr_assert_eq(setrlimit(RLIMIT_CORE, &core), 0);
}

/* No core would be dumped, and what SQLite sorts in files without a name is beside the view. */
static void expect_nothing_left_elsewhere(void)
{
    char expected[512];
    char *limits = read_text("told/limits");
    snprintf(expected, sizeof(expected), "0\n%s\n", in_workspace("out"));
    cr_expect_str_eq(limits, expected);
    memory_free(limits);
}

Test(personal, values_are_not_in_what_failing_runs_tell_and_start)
{
    shell("mkdir '%s' && sqlite3 '%s' 'PRAGMA user_version=1'", in_workspace("tmp"),
          in_workspace("target.db"));
    setenv("TMPDIR", in_workspace("tmp"), 1);
    write_targets();
    write_text("told/arguments", "");
    ask_for_core_dumps();
    keep("first", "run " PLACES " " AS_OF " --log debug", 3);
    keep("init", "publish --init --target choosy -c @/group/cust360.yaml --out @/out", 0);
    refuse_rows();
    shell("sed -i '2d' '%s'", in_workspace("feeds/D06_archive.csv"));
    keep("refused", "run " PLACES " --as-of 2026-07-01 --log debug", 3);
    keep("publish", "publish --target choosy -c @/group/cust360.yaml --out @/out --state @/state",
         1);
    shell("grep -q 'no such row' '%s'", in_workspace("told/publish.err"));
    shell("test -s '%s' && ! grep -rqF hush-hush '%s' '%s' '%s'", in_workspace("told/arguments"),
          in_workspace("told"), in_workspace("out"), in_workspace("state"));
    expect_nothing_left_elsewhere();
    expect_nothing_told();
}

/* What does hold values is for nobody but whoever runs the program. */
Test(personal, files_are_for_their_owner_alone)
{
    keep("run", "run " PLACES " " AS_OF, 0);
    shell("test -z \"$(find '%s' '%s' -perm /077)\"", in_workspace("state"), in_workspace("out"));
}
