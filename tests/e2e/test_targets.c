#include "cust360/base/memory.h"
#include "place.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The view in other databases. Starting a server takes seconds, so that each has one test that goes
 * from one night to the next; the steps are the functions, in the order in which they are called.
 */

TestSuite(targets, .init = workspace_open, .fini = place_close, .timeout = 240);

#define PUBLISH "publish -c @/cust360.yaml"

static void expect_publish(const char *options, int exit_code, const char *part)
{
    struct finished finished = run(PUBLISH " %s", options);
    expect_exit(finished, exit_code);
    expect_contains(exit_code == 0 ? finished.output : finished.messages, part);
    expect_lacks(finished.messages, "Pa;ss");
    expect_lacks(finished.messages, "Uid=");
    expect_lacks(finished.output, "Pa;ss");
    finished_release(&finished);
}

static void expect_customers(enum place place, const char *expected)
{
    place_expect(place, "SELECT count(*) FROM customer", expected);
}

/* ---- the steps ---- */

static void expect_check(int exit_code, const char *part)
{
    shell("mkdir -p '%s'", in_workspace("feeds"));
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, exit_code);
    expect_contains(finished.output, part);
    finished_release(&finished);
}

/* Code hosts show no result without a place. */
static void expect_places(void)
{
    struct finished finished = run("check -c @/cust360.yaml --format sarif");
    write_text("sarif.json", finished.output);
    finished_release(&finished);
    shell("jq -e '.runs[0].results | length > 0 and all(.locations[0].physicalLocation"
          ".artifactLocation.uri | endswith(\"/cust360.yaml\"))' '%s' > /dev/null",
          in_workspace("sarif.json"));
}

static void made_only_when_asked(enum place place)
{
    place_write_view(1, 300, "");
    expect_check(0, "warning: target there: its tables are not made yet");
    expect_places();
    expect_publish("", 1, "the table is not there");
    expect_publish("--init", 0, "5 tables and columns made");
    expect_publish("--init", 0, "nothing is missing");
    expect_customers(place, "0");
}

static void sent_the_first_time(enum place place)
{
    /* 300 customers, as many contacts, 151 visits, 3 parameters */
    expect_publish("", 0, "run 1: 754 rows sent, 0 deleted (754 rows in 4 tables");
    expect_customers(place, "300");
    place_expect(place, "SELECT name FROM customer WHERE golden_id = 'C3'", "𠮷😀");
    place_expect(place, "SELECT name FROM customer WHERE golden_id = 'C2'", "it's \"a\" \\ {b}, ?");
    place_expect(place, "SELECT count(*) FROM customer WHERE name IS NULL", "50");
    place_expect(place, "SELECT count(*) FROM customer WHERE name = ''", "50");
    place_expect(place, "SELECT count(*) FROM visit WHERE golden_id = 'C1'", "2");
    place_expect(place, "SELECT row_count, upserted FROM cust360_ledger WHERE table_name = 'visit'",
                 "151|151");
}

static void nothing_changed_nothing_written(enum place place)
{
    expect_publish("", 0, "nothing has changed");
    place_write_view(1, 300, "");
    expect_publish("", 0, "nothing has changed");
    place_expect(place, "SELECT max(publication) FROM cust360_ledger", "1");
}

#define CHANGES                                                                                    \
    "UPDATE customer SET name = 'changed', amount = 0.5 WHERE golden_number = 7;"                  \
    "DELETE FROM customer WHERE golden_number IN (9, 10);"                                         \
    "DELETE FROM visit WHERE rowid = 1; UPDATE contact SET records = 2 WHERE golden_id = 'C4';"    \
    "INSERT INTO contact VALUES ('C4', 'new', 1)"

/* What the owner has made there is the owner's: rights, views, columns with a value of their own.
 */
static void the_difference_leaves_the_owners_things(enum place place)
{
    static const char *const grants[] = {"GRANT SELECT ON customer TO reader",
                                         "GRANT SELECT ON customer TO reader@localhost", NULL};
    memory_free(place_ask(place, "CREATE VIEW rich AS SELECT * FROM customer WHERE amount > 40"));
    memory_free(place_ask(place, "ALTER TABLE customer ADD note varchar(20)"));
    memory_free(place_ask(place, "UPDATE customer SET note = 'mine' WHERE golden_id = 'C7'"));
    if (grants[place])
        memory_free(place_ask(place, grants[place]));
    place_write_view(2, 300, CHANGES);
    /* run_id, a customer, two contacts; the former run_id, two customers, a visit */
    expect_publish("", 0, "run 2: 4 rows sent, 4 deleted (752 rows");
    expect_customers(place, "298");
    place_expect(place, "SELECT name, note FROM customer WHERE golden_id = 'C7'", "changed|mine");
    place_expect(place, "SELECT count(*) FROM visit WHERE golden_id = 'C1'", "1");
    place_expect(place, "SELECT count(*) FROM rich", "20");
    if (place == PLACE_POSTGRESQL)
        place_expect(place, "SELECT has_table_privilege('reader', 'customer', 'SELECT')", "t");
    if (place == PLACE_MARIADB)
        place_expect(place,
                     "SELECT count(*) FROM mysql.tables_priv WHERE User = 'reader' AND"
                     " Table_name = 'customer'",
                     "1");
}

/* Somebody deletes a row, adds one, loses our copy: the target is read, and put right. */
static void what_others_have_written_is_put_right(enum place place)
{
    memory_free(place_ask(place, "DELETE FROM customer WHERE golden_id = 'C20'"));
    expect_publish("", 0, "run 2: 154 rows sent, 0 deleted"); /* rows without keys anew */
    expect_customers(place, "298");
    memory_free(place_ask(place, "INSERT INTO customer (golden_number, golden_id, row_hash)"
                                 " VALUES (9000, 'X', 1)"));
    place_write_view(3, 300, CHANGES);
    expect_publish("", 0, "run 3: ");
    expect_customers(place, "298");
    shell("rm -r '%s'", in_workspace("state/targets"));
    memory_free(place_ask(place, "UPDATE customer SET name = 'x' WHERE golden_id = 'C21'"));
    expect_publish("", 0, "run 3: ");
    place_expect(place, "SELECT name = 'x' FROM customer WHERE golden_id = 'C21'",
                 place == PLACE_POSTGRESQL ? "f" : "0");
}

static void a_missing_column_is_told_and_made(enum place place)
{
    place_write_view(4, 300,
                     CHANGES "; ALTER TABLE customer ADD COLUMN loyalty INTEGER;"
                             "UPDATE customer SET loyalty = 5");
    expect_publish("", 1, "table customer: the column loyalty is not there");
    expect_publish("", 1, "ALTER TABLE \"customer\" ADD \"loyalty\"");
    expect_publish("--init", 0, "1 tables and columns made");
    expect_publish("", 0, "run 4: 299 rows sent, 1 deleted");
    place_expect(place, "SELECT sum(loyalty) FROM customer", "1490");
}

/* Nothing of the night arrives, and the message names the row without showing the customer. */
static void a_value_that_does_not_fit_is_named(enum place place)
{
    if (place == PLACE_SQLITE)
        return; /* SQLite takes texts of any length */
    place_write_view(5, 300,
                     "ALTER TABLE customer ADD COLUMN loyalty INTEGER;"
                     "UPDATE customer SET grade = 'too long' WHERE golden_number = 177");
    expect_publish("", 1, "row golden_id C177: ");
    expect_publish("", 1, "widen the column");
    expect_customers(place, "298");
    place_expect(place, "SELECT max(run_id) FROM cust360_ledger", "4");
    memory_free(place_ask(place, "CREATE UNIQUE INDEX one ON contact (value)"));
    place_write_view(5, 300,
                     "ALTER TABLE customer ADD COLUMN loyalty INTEGER;"
                     "UPDATE contact SET value = '13800138000' WHERE golden_id IN"
                     " ('C50', 'C60')");
    struct finished finished = run(PUBLISH);
    if (place == PLACE_POSTGRESQL) /* MariaDB updates the row that has the value */
        expect_contains(finished.messages, "a constraint of the table there refuses it");
    cr_assert_eq(finished.exit_code, 1, "%s%s", finished.output, finished.messages);
    expect_lacks(finished.messages, "13800138000");
    finished_release(&finished);
    expect_customers(place, "298");
    memory_free(
        place_ask(place, place == PLACE_MARIADB ? "DROP INDEX one ON contact" : "DROP INDEX one"));
}

/* Killed at any moment: the target has the former night or the new one, and the next run ends it.
 */
static void killed_in_the_middle(enum place place)
{
    static const char sum[] = "SELECT count(*), max(run_id) FROM customer, cust360_ledger"
                              " WHERE publication = (SELECT max(publication) FROM cust360_ledger)"
                              " AND table_name = 'customer'";
    enum { KILLS = 6, PAUSE_NS = 12 * 1000 * 1000 };
    for (int i = 1; i <= KILLS; i++) {
        char *before = place_ask(place, sum);
        place_write_view(10 + i, i % 2 ? 2500 : 300, "");
        memory_free(place_ask(place, "SELECT 1"));
        const char *program = getenv("CUST360");
        pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) {
            cr_assert(freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr));
            execl(program ? program : "build/cust360", "cust360", "publish", "-c",
                  in_workspace("cust360.yaml"), (char *)NULL);
            _exit(127);
        }
        nanosleep(&(struct timespec){.tv_nsec = (long)i * PAUSE_NS + 20 * 1000 * 1000}, NULL);
        kill(child, SIGKILL);
        shell("while kill -0 %ld 2>/dev/null && ! grep -q '^State:.Z' /proc/%ld/status; do "
              "sleep 0.02; done",
              (long)child, (long)child);
        char *after = place_ask(place, sum);
        char whole[64];
        snprintf(whole, sizeof(whole), "%d|%d", i % 2 ? 2500 : 300, 10 + i);
        cr_assert(strcmp(after, before) == 0 || strcmp(after, whole) == 0, "%s, before %s", after,
                  before);
        expect_publish("", 0, "target there: run 1");
        place_expect(place, sum, whole);
        memory_free(before);
        memory_free(after);
    }
}

static void down_and_caught_up(enum place place)
{
    place_down(place);
    place_write_view(20, 310, "");
    expect_publish("", 1, "target there: could not connect");
    place_up(place);
    expect_publish("", 0, "run 20: ");
    expect_customers(place, "310");
}

static void a_wrong_password_is_not_shown(enum place place)
{
    write_text("wrong", "Pa;ss that is wrong\n");
    shell("chmod 600 '%s'", in_workspace("wrong"));
    place_write_project(place, "wrong", "");
    expect_publish("", 12, "could not connect");
    place_write_project(place, "missing", "");
    expect_publish("", 12, "could not get the secret");
    place_write_project(place, NULL, "");
}

/* Two at once take turns, or the second is told so: there is one night more. */
static void two_at_once(void)
{
    place_write_view(21, 400, "");
    const char *program = getenv("CUST360");
    shell("p='%s'; c='%s'; \"$p\" publish -c \"$c\" > '%s' 2>&1 & a=$!; \"$p\" publish -c \"$c\" "
          "> '%s' 2>&1 & b=$!; x=0; y=0; wait $a || x=$?; "
          "wait $b || y=$?; case $x,$y in 0,0 | 0,11 | 11,0) ;; *) cat '%s' '%s'; exit 1 ;; esac",
          program ? program : "build/cust360", in_workspace("cust360.yaml"), in_workspace("one"),
          in_workspace("two"), in_workspace("one"), in_workspace("two"));
    expect_publish("", 0, "run 21: nothing has changed");
}

static void rare_characters_come_back(void)
{
    expect_check(0, "ok  target there: what was written came back");
}

/* What the owner has not granted, or has taken away, is told before a night finds out. */
static void rights_that_are_lacking_are_told(enum place place)
{
    static const char *const lacking[][3] = {
        {"ALTER TABLE customer OWNER TO owner; GRANT SELECT, INSERT, UPDATE ON customer TO writer",
         "REVOKE TEMP ON DATABASE view FROM PUBLIC; ALTER DATABASE view OWNER TO owner",
         "ALTER DATABASE view SET default_transaction_read_only TO on"},
        {"REVOKE ALL ON view.* FROM writer@localhost; GRANT SELECT, INSERT, UPDATE, CREATE "
         "TEMPORARY TABLES ON view.* TO writer@localhost",
         "REVOKE ALL ON view.* FROM writer@localhost; GRANT SELECT, INSERT, UPDATE, DELETE ON "
         "view.* TO writer@localhost",
         "SET GLOBAL read_only = 1"}};
    expect_check(0, "ok  target there: ");
    memory_free(place_ask(place, lacking[place][0]));
    expect_check(1, "target there, table c"); /* contact is MariaDB's first */
    expect_check(1, "the user has no right to do this: have it granted");
    if (place == PLACE_POSTGRESQL)
        memory_free(place_ask(place, "GRANT DELETE ON customer TO writer"));
    memory_free(place_ask(place, lacking[place][1]));
    expect_check(0, "warning: target there: rare characters were not tried");
    memory_free(place_ask(place, lacking[place][2]));
    expect_check(1, "the server only lets itself be read");
}

static void what_cannot_be_taken_back_is_told(void)
{
    memory_free(place_ask(PLACE_MARIADB, "SET GLOBAL read_only = 0"));
    memory_free(place_ask(PLACE_MARIADB, "ALTER TABLE cust360_ledger ENGINE=MyISAM"));
    expect_check(1, "the row that was written could not be taken back");
    place_expect(PLACE_MARIADB, "SELECT count(*) FROM cust360_ledger WHERE publication = 0", "0");
}

/* The server ends the connection while rows are on their way. */
static void connection_lost(void)
{
    const char *program = getenv("CUST360");
    place_write_view(22, 20000, "");
    shell("'%s' publish -c '%s' > '%s' 2>&1 & for i in 1 2 3 4 5 6; do sleep 0.05; "
          "tests/servers sql /tmp/c360-e2e-%ld postgresql \"SELECT pg_terminate_backend(pid) "
          "FROM pg_stat_activity WHERE usename = 'writer'\" >/dev/null; done; wait",
          program ? program : "build/cust360", in_workspace("cust360.yaml"), in_workspace("said"),
          (long)getpid());
    expect_publish("", 0, "run 22: ");
    expect_customers(PLACE_POSTGRESQL, "20000");
}

static void story(enum place place)
{
    place_open(place);
    made_only_when_asked(place);
    sent_the_first_time(place);
    nothing_changed_nothing_written(place);
    the_difference_leaves_the_owners_things(place);
    what_others_have_written_is_put_right(place);
    a_missing_column_is_told_and_made(place);
    a_value_that_does_not_fit_is_named(place);
    killed_in_the_middle(place);
    if (place != PLACE_SQLITE) {
        down_and_caught_up(place);
        a_wrong_password_is_not_shown(place);
    }
    two_at_once();
    rare_characters_come_back();
}

Test(targets, postgresql)
{
    story(PLACE_POSTGRESQL);
    connection_lost();
    place_expect(PLACE_POSTGRESQL,
                 "SELECT col_description('customer'::regclass, 2), col_description("
                 "'customer'::regclass, 1)",
                 "it's for life, never another's|the row's own");
    place_expect(PLACE_POSTGRESQL, "SELECT obj_description('customer'::regclass)",
                 "Who buys, it's said.");
    rights_that_are_lacking_are_told(PLACE_POSTGRESQL);
}

Test(targets, mariadb)
{
    story(PLACE_MARIADB);
    place_expect(PLACE_MARIADB,
                 "SELECT table_comment FROM information_schema.tables"
                 " WHERE table_name = 'customer' AND table_schema = DATABASE()",
                 "Who buys, it's said.");
    rights_that_are_lacking_are_told(PLACE_MARIADB);
    what_cannot_be_taken_back_is_told();
}

Test(targets, sqlite)
{
    story(PLACE_SQLITE);
}
