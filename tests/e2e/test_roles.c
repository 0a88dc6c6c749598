#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* The view's parts for roles: what each holds, and what it must not. */

#define VIEW    "out/customer360.db"
#define ANALYST "out/analyst.db"
#define BDC     "out/bdc.db"
#define PLACES  "-c @/group/cust360.yaml --state @/state --out @/out"
#define RUN     "run " PLACES " --feeds @/feeds --no-summary --as-of "

static void write_project(const char *keys)
{
    shell("mkdir -p '%s' && cp -r samples/group/dealers samples/group/cust360.yaml '%s' && sed -i "
          "\"s|^mappings:.*|mappings: $PWD/mappings\\n%s|\" '%s'",
          in_workspace("group"), in_workspace("group"), keys, in_workspace("group/cust360.yaml"));
}

static void open_roles(void)
{
    night_open();
    write_project("roles: [analyst, bdc]");
}

TestSuite(roles, .init = open_roles, .fini = workspace_close, .timeout = 240);

static void expect_run(const char *command, int exit_code)
{
    struct finished finished = run("%s", command);
    expect_exit(finished, exit_code);
    finished_release(&finished);
}

/* Every name, number, address, plate, VIN, number at a source and golden id that there is. */
static void list_identifiers(void)
{
    shell("cd '%s' && sqlite3 " VIEW
          " 'SELECT name FROM customer WHERE length(name) > 2 UNION SELECT id_number FROM customer"
          " UNION SELECT address FROM customer UNION SELECT value FROM contact_point UNION SELECT"
          " plate FROM ownership UNION SELECT vin FROM ownership UNION SELECT golden_id FROM"
          " customer UNION SELECT contact_value FROM consent UNION SELECT name_pinyin FROM customer"
          " WHERE length(name_pinyin) > 5 UNION SELECT card_number FROM membership UNION SELECT"
          " number FROM contract' | grep . > identifiers",
          in_workspace(""));
    shell("cut -d, -f3,6,7,8 samples/group/truth/golden.csv | tr , '\\n' | grep -E '.{3}' | grep -v"
          " -E '^(name|id_no|mobile|email)$' >> '%s' && test $(wc -l < '%s') -gt 8000",
          in_workspace("identifiers"), in_workspace("identifiers"));
}

Test(roles, no_direct_identifier_is_in_the_analysts_file)
{
    expect_run(RUN "2026-06-30", 0);
    list_identifiers();
    shell("cd '%s' && ! LC_ALL=C grep -aoFf identifiers " ANALYST, in_workspace(""));
    shell("cd '%s' && LC_ALL=C grep -aqFf identifiers " VIEW, in_workspace(""));
    cr_expect_eq(query_number(ANALYST, "SELECT count(*) FROM customer"),
                 query_number(VIEW, "SELECT count(*) FROM customer"));
    cr_expect_eq(query_number(ANALYST, "SELECT count(*) FROM event e JOIN customer USING"
                                       " (customer)"),
                 query_number(VIEW, "SELECT count(*) FROM event WHERE golden_id IS NOT NULL"));
    cr_expect_eq(query_number(ANALYST, "SELECT max(length(birth_year)) FROM customer"), 4);
    /* Pseudonyms stay, so that months can be compared. */
    char *first = query(ANALYST, "SELECT group_concat(customer) FROM customer");
    expect_run(RUN "2026-07-01", 0);
    char *second = query(ANALYST, "SELECT group_concat(customer) FROM customer");
    cr_expect_str_eq(first, second);
    memory_free(first);
    memory_free(second);
}

/* A column of the source's own text is as good a place for a number as any other. */
Test(roles, what_is_typed_for_a_cars_model_does_not_reach_the_analyst)
{
    shell(
        "cd '%s' && iconv -f gb18030 -t utf-8 D01_archive.csv | awk -F, -v OFS=, 'NR > 1 && NR < 9"
        " { $11 = \"call 13911112222\" } NR == 9 { $11 = \"of Wu Qiqiao\" } 1' | iconv -f utf-8"
        " -t gb18030 > typed && mv typed D01_archive.csv",
        in_workspace("feeds"));
    expect_run(RUN "2026-06-30", 0);
    shell("cd '%s' && ! LC_ALL=C grep -aE '13911112222|Wu Qiqiao' " ANALYST, in_workspace(""));
    shell("cd '%s' && LC_ALL=C grep -aq '13911112222' " VIEW, in_workspace(""));
    shell("cd '%s' && LC_ALL=C grep -aq 'Wu Qiqiao' " VIEW, in_workspace(""));
    cr_expect_gt(query_number(ANALYST, "SELECT count(DISTINCT model) FROM vehicle"), 5);
    cr_expect_gt(query_number(ANALYST, "SELECT count(DISTINCT model) FROM ownership"), 5);
}

Test(roles, bdc_has_those_who_are_to_be_called_and_no_more)
{
    expect_run(RUN "2026-06-30", 0);
    cr_expect_eq(query_number(BDC, "SELECT count(*) FROM contact_plan"),
                 query_number(VIEW, "SELECT count(*) FROM contact_plan"));
    cr_expect_eq(query_number(BDC, "SELECT count(*) FROM contact_plan p LEFT JOIN precall USING"
                                   " (golden_id) WHERE may_call IS NULL"),
                 0);
    cr_expect_lt(query_number(BDC, "SELECT count(*) FROM customer"),
                 query_number(VIEW, "SELECT count(*) FROM customer") / 2);
    shell(
        "sqlite3 '%s' 'SELECT id_number FROM customer UNION SELECT address FROM customer' | grep ."
        " > '%s' && ! LC_ALL=C grep -aoFf '%s' '%s'",
        in_workspace(VIEW), in_workspace("sensitive"), in_workspace("sensitive"),
        in_workspace(BDC));
}

Test(roles, whoever_is_erased_is_out_of_them)
{
    expect_run(RUN "2026-06-30", 0);
    char *id = query(BDC, "SELECT golden_id FROM contact_plan ORDER BY 1 LIMIT 1");
    char *mobile = query(BDC, "SELECT contact_value FROM contact_plan ORDER BY golden_id LIMIT 1");
    char command[200];
    long before = query_number(ANALYST, "SELECT count(*) FROM customer");
    snprintf(command, sizeof(command), "subject erase %s " PLACES, id);
    expect_run(command, 0);
    cr_expect_eq(query_number(ANALYST, "SELECT count(*) FROM customer"), before - 1);
    shell("! grep -aqF '%s' '%s' && ! grep -aqF '%s' '%s'", mobile, in_workspace(BDC), id,
          in_workspace(BDC));
    memory_free(id);
    memory_free(mobile);
}

Test(roles, a_role_that_there_is_none_of_is_told_by_check_and_run)
{
    write_project("roles: [auditor]");
    struct finished finished = run("check --no-feeds -c @/group/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "there is no role auditor");
    finished_release(&finished);
    finished = run(RUN "2026-06-30");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "there is no role auditor");
    finished_release(&finished);
    write_project("roles: [customer360]");
    finished = run("check --no-feeds -c @/group/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "customer360.db is the whole view");
    finished_release(&finished);
}

Test(roles, a_target_may_get_a_roles_part_and_no_more)
{
    write_project("roles: [analyst]\\npublish:\\n  - {name: lab, dialect: sqlite, role: analyst, "
                  "path: lab.db, connection: 'Driver=SQLite3;Database={path};StepAPI=1'}");
    shell("sqlite3 '%s' 'PRAGMA user_version = 1'", in_workspace("group/lab.db"));
    expect_run("publish -c @/group/cust360.yaml --state @/state --out @/out --init", 10);
    expect_run(RUN "2026-06-30", 3);
    expect_run("publish -c @/group/cust360.yaml --state @/state --out @/out --init", 0);
    expect_run("publish -c @/group/cust360.yaml --state @/state --out @/out", 0);
    cr_expect_eq(query_number("group/lab.db", "SELECT count(*) FROM customer"),
                 query_number(ANALYST, "SELECT count(*) FROM customer"));
    list_identifiers();
    shell("cd '%s' && ! LC_ALL=C grep -aoFf identifiers group/lab.db", in_workspace(""));
    write_project("publish:\\n  - {name: lab, dialect: sqlite, role: analyst, path: lab.db, "
                  "connection: 'Driver=SQLite3;Database={path}'}");
    struct finished finished = run("publish -c @/group/cust360.yaml --state @/state --out @/out");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "`roles` does not name this role");
    finished_release(&finished);
}
