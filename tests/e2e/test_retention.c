#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is past its term goes in the night in which it is, and a state that is made from nothing is
 * the same. D01 has the customers 1 to 20, when each was last changed, and their visits. */

#define TERMS                                                                                      \
    "retention:\n"                                                                                 \
    "  customer: {since: [updated_at, service.service_date], keep: 5 years, sensitive: 2 years}\n" \
    "  service: {since: [service_date], keep: 3 years}\n"

#define VISITS                                                                                     \
    "Order,No,Day,Amount\n1,1,2015-01-01,10\n2,5,2024-05-01,10\n3,6,2022-05-01,10\n"               \
    "4,12,2026-05-01,10\n"

static void write_terms(const char *terms)
{
    char text[2048];
    char *root = read_text("root");
    root[strcspn(root, "\n")] = '\0';
    snprintf(text, sizeof(text),
             "name: terms\nmappings: %s/mappings\nfeeds: feeds\nstate: state\nout: out\ndms: dms\n"
             "gates: off\n%ssources:\n  - {id: D01, path: D01_customers.csv, mapping: terms}\n",
             root, terms);
    memory_free(root);
    write_text("cust360.yaml", text);
}

/* 1 to 5 were last changed in 2015, 6 to 10 in 2022, the others in 2026; 5 came in 2024. */
static void terms_open(void)
{
    small_group_open();
    write_text("dms/terms.yaml",
               "kind: csv\nencoding: utf-8\ntables:\n"
               "  - name: customers\n    file: '{source}_customers.csv'\n    entities:\n"
               "      customer:\n        key: No\n        fields:\n          name: Name\n"
               "          mobile: {column: Mobile, required: false}\n"
               "          id_number: {column: Id, required: false}\n"
               "          address: {column: Address, required: false}\n"
               "          updated_at: {column: Changed, format: y-m-d}\n"
               "  - name: visits\n    file: '{source}_visits.csv'\n    entities:\n"
               "      service:\n        key: Order\n        fields:\n          customer_key: No\n"
               "          service_date: {column: Day, format: y-m-d}\n          amount: Amount\n");
    shell("awk 'BEGIN { print \"No,Name,Mobile,Id,Address,Changed\"; for (i = 1; i <= 20; i++)"
          " printf \"%%d,Li Mei%%c%%c,%%d,K%%d,%%d Long Street,%%s-03-01\\n\", i, 97 + i, 97 + i,"
          " 13800200000 + i * 37, 20000000 + i * 7, 1000 + i, i <= 5 ? 2015 : i <= 10 ? 2022 :"
          " 2026 }' > '%s'",
          in_workspace("feeds/D01_customers.csv"));
    write_text("feeds/D01_visits.csv", VISITS);
}

TestSuite(retention, .init = terms_open, .fini = workspace_close, .timeout = 120);

#define RECORDS(entity, where)                                                                     \
    query_number(STATE, "SELECT count(*) FROM record_" entity " WHERE " where)

/* The records that live, without what tells when they were written. */
static char *living(const char *state)
{
    return query(state, "SELECT group_concat(line, char(10)) FROM (SELECT source_key || '|' || name"
                        " || '|' || coalesce(id_number, '-') || '|' || coalesce(address, '-') ||"
                        " '|' || coalesce(refused, '-') || '|' || coalesce(delivered, '-') AS line"
                        " FROM record_customer WHERE closed_run IS NULL UNION ALL SELECT"
                        " source_key || '|' || service_date FROM record_service WHERE closed_run IS"
                        " NULL ORDER BY line)");
}

static char *shown(const char *view)
{
    return query(view, "SELECT group_concat(name || coalesce(id_number, '-') ||"
                       " coalesce(address, '-') || visits, char(10)) FROM (SELECT c.*, (SELECT"
                       " count(*) FROM event e WHERE e.golden_id = c.golden_id) AS visits FROM"
                       " customer c ORDER BY name)");
}

static void expect_as_from_nothing(const char *day)
{
    struct finished finished = run("run -c @/cust360.yaml --state @/state2 --out @/out2 --as-of %s"
                                   " --no-summary",
                                   day);
    expect_exit(finished, 0);
    finished_release(&finished);
    char *expected[2] = {living("state2/state.db"), shown("out2/customer360.db")};
    char *found[2] = {living(STATE), shown(VIEW)};
    shell("rm -r '%s' '%s'", in_workspace("state2"), in_workspace("out2"));
    for (int i = 0; i < 2; i++) {
        cr_assert_str_eq(found[i], expected[i], "%s: not as from nothing", day);
        memory_free(expected[i]);
        memory_free(found[i]);
    }
}

Test(retention, without_terms_nothing_goes)
{
    write_terms("");
    quiet_night("2026-06-30", "", 0);
    cr_assert_eq(RECORDS("customer", "id_number IS NOT NULL"), 20);
    cr_assert_eq(RECORDS("service", "closed_run IS NULL"), 4);
}

Test(retention, what_is_past_its_term_goes_the_night_it_is)
{
    write_terms(TERMS);
    quiet_night("2020-02-28", "", 0);
    cr_assert_eq(RECORDS("customer", "1"), 20);
    /* 1 to 4 were last heard of in 2015, 5 in 2024; of 5 the sensitive values went. */
    quiet_night("2026-06-29", "", 0);
    cr_assert_eq(RECORDS("customer", "1"), 16);
    cr_assert_eq(RECORDS("customer", "id_number IS NULL AND address IS NULL AND id_key IS NULL"
                                     " AND coalesce(delivered, '') NOT LIKE '%Street%' AND"
                                     " source_key + 0 BETWEEN 5 AND 10"),
                 6);
    cr_assert_eq(RECORDS("customer", "id_number IS NOT NULL"), 10);
    cr_assert_eq(RECORDS("service", "1"), 2);
    cr_assert_eq(query_number(STATE, "SELECT count(*) FROM crosswalk"), 16);
    cr_assert_eq(customers(), 16);
    expect_as_from_nothing("2026-06-29");
    /* The feeds still have them, and they go again; then 6 to 10 go as well. */
    for (int i = 0; i < 2; i++)
        quiet_night("2026-06-30", i ? "--rebuild" : "", 0);
    expect_as_from_nothing("2026-06-30");
    quiet_night("2027-03-02", "", 0);
    cr_assert_eq(RECORDS("customer", "1"), 12); /* 6 came in May of 2022 */
    expect_as_from_nothing("2027-03-02");
}

Test(retention, it_is_counted_and_audited)
{
    write_terms(TERMS);
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_contains(finished.output, "6 records past their term are gone");
    expect_contains(finished.output, "6 records lost values past their class's term");
    finished_release(&finished);
    shell("tr -d ' \\n' < '%s' | grep -qF '\"retention\":[{\"entity\":\"customer\",\"records\":4,"
          "\"emptied\":6},{\"entity\":\"service\",\"records\":2,\"emptied\":0}]'",
          in_workspace("out/report.json"));
    shell("grep -F '\"event\":\"retention\"' '%s' | grep -qF '\"records\":\"6\",\"emptied\":\"6\"'",
          in_workspace("state/audit.log"));
}

/* What the report says of the rows: the balance of each file, as the text has it. */
static void expect_balance(const char *day, const char *options, const char *balance)
{
    struct finished finished =
        run("run -c @/cust360.yaml --as-of %s --no-summary %s", day, options);
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("jq -r '[.sources[].files[] | select(.rows_read != .rows_accepted + .rows_rejected +"
          " .rows_discarded + .rows_suppressed + .rows_expired)] | length' '%s' | grep -qx 0",
          in_workspace("out/report.json"));
    shell("jq -r '[.sources[].files[] | \"\\(.name) \\(.rows_read) \\(.rows_accepted)"
          " \\(.rows_expired)\"] | join(\"; \")' '%s' > '%s'",
          in_workspace("out/report.json"), in_workspace("balance"));
    char *found = read_text("balance");
    found[strcspn(found, "\n")] = '\0';
    cr_expect_str_eq(found, balance, "%s %s: %s, not %s", day, options, found, balance);
    memory_free(found);
}

/* The four customers without a visit of late, and two visits; one was past its term before. */
#define BALANCED "D01_customers.csv 20 16 4; D01_visits.csv 4 2 2"

Test(retention, the_rows_that_told_of_it_are_in_the_balance)
{
    write_terms(TERMS);
    expect_balance("2020-02-28", "", "D01_customers.csv 20 20 0; D01_visits.csv 4 3 1");
    /* They were there the night before; then they are new each night. */
    expect_balance("2026-06-29", "", BALANCED);
    expect_balance("2026-06-30", "", BALANCED);
    expect_balance("2026-06-30", "--rebuild", BALANCED);
    char *text = read_text("out/report.txt");
    expect_contains(text, "repeated  expired  findings");
    memory_free(text);
    text = read_text("out/report.html");
    expect_contains(text, "discarded, repeated or expired; rejected");
    memory_free(text);
    struct finished finished = run("reconcile -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "expired");
    expect_contains(finished.output, "balances");
    finished_release(&finished);
    shell("jq -e '[.files[] | .accepted, .expired] == [16, 4, 2, 2] and ([.files[] | .balanced] |"
          " all)' '%s' > '%s'",
          in_workspace("out/reconcile.json"), in_workspace("answer"));
    text = read_text("out/reconcile.html");
    expect_contains(text, "+ repeated + expired");
    memory_free(text);
}

/* Exports that have a new name each night: the row that told of it last is in no file of tonight.
 */
Test(retention, rows_of_files_that_are_gone_are_in_the_balance)
{
    write_terms(TERMS);
    shell("cd '%s' && sed -i '/{source}_customers/d; /name: visits/,$d' dms/terms.yaml && sed -i "
          "'s/D01_customers.csv/first.csv/' cust360.yaml && mv feeds/D01_customers.csv "
          "feeds/first.csv && sed 's/^[67],/9&/' feeds/first.csv > feeds/second.csv",
          in_workspace("."));
    expect_balance("2020-02-28", "", "first.csv 20 20 0");
    shell("sed -i 's/first.csv/second.csv/' '%s'", in_workspace("cust360.yaml"));
    expect_balance("2026-06-29", "", "second.csv 20 15 5");
}

/* A delta has no rows of those that have not changed. */
Test(retention, a_delta_balances_too)
{
    write_terms(TERMS);
    quiet_night("2020-02-28", "", 0);
    shell(
        "cd '%s' && sed -i 's/mapping: terms}/mapping: terms, mode: delta}/' cust360.yaml && sed"
        " -i '4,11d; 13,$d' feeds/D01_customers.csv && sed -i '2,$d' feeds/D01_visits.csv && sed -i"
        " '2s/Li Mei[a-z]*/Li Meixx/' feeds/D01_customers.csv",
        in_workspace("."));
    expect_balance("2026-06-29", "", "D01_customers.csv 3 1 2");
}

/* Customers who come again, or whose data are changed, are as from nothing as well. */
Test(retention, who_comes_again_is_there_again)
{
    write_terms(TERMS);
    quiet_night("2026-06-28", "", 0);
    write_text("feeds/D01_visits.csv", VISITS "5,2,2026-06-28,10\n");
    quiet_night("2026-06-29", "", 0);
    cr_assert_eq(RECORDS("customer", "source_key = '2'"), 1);
    expect_as_from_nothing("2026-06-29");
    shell("sed -i 's/^6,\\(.*\\),2022-/6,\\1,2026-/' '%s'",
          in_workspace("feeds/D01_customers.csv"));
    quiet_night("2026-06-30", "", 0);
    cr_assert_eq(RECORDS("customer", "source_key = '6' AND id_number IS NOT NULL"), 1);
    expect_as_from_nothing("2026-06-30");
    shell("sed -i '/^7,/d' '%s'", in_workspace("feeds/D01_customers.csv"));
    quiet_night("2026-07-01", "", 0);
    expect_as_from_nothing("2026-07-01");
}

/* A longer term brings back what the source still sends. */
Test(retention, a_longer_term_brings_values_back)
{
    write_terms(TERMS);
    quiet_night("2026-06-29", "", 0);
    write_terms("retention:\n  customer: {since: [updated_at], sensitive: 6 years}\n");
    quiet_night("2026-06-30", "", 0);
    cr_assert_eq(RECORDS("customer", "closed_run IS NULL"), 20);
    expect_as_from_nothing("2026-06-30");
}

/* A record that its source has no more is kept for its term, and then goes with its values. */
Test(retention, what_its_source_has_no_more_goes_too)
{
    write_terms(TERMS);
    quiet_night("2026-06-29", "", 0);
    shell("sed -i '/^20,/d' '%s'", in_workspace("feeds/D01_customers.csv"));
    quiet_night("2026-06-30", "", 0);
    cr_assert_eq(RECORDS("customer", "source_key = '20'"), 1);
    quiet_night("2031-03-02", "", 0);
    cr_assert_eq(RECORDS("customer", "source_key = '20'"), 0);
    expect_as_from_nothing("2031-03-02");
    shell("! LC_ALL=C grep -q 'Li Meiuu' '%s'", in_workspace("state/state.db"));
}

/* What went is not missing, and what was emptied not lost. */
Test(retention, reconcile_knows_of_it)
{
    write_terms(TERMS);
    quiet_night("2026-06-29", "", 0);
    struct finished finished = run("reconcile -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("sqlite3 '%s' \"DELETE FROM record_customer WHERE source_key = '12'\"",
          in_workspace("state/state.db"));
    finished = run("reconcile -c @/cust360.yaml");
    cr_assert_neq(finished.exit_code, 0);
    expect_contains(finished.output, "missing");
    finished_release(&finished);
}

/* How well fields are filled is told of what is there. */
Test(retention, the_quality_is_of_what_is_there)
{
    write_terms(TERMS);
    quiet_night("2026-06-29", "", 0);
    cr_assert_eq(query_number(STATE, "SELECT filled FROM data_quality_run WHERE field = 'id_number'"
                                     " AND run_id = (SELECT max(run_id) FROM run)"),
                 10);
}

Test(retention, a_rehearsal_takes_nothing_away)
{
    write_terms("");
    quiet_night("2026-06-29", "", 0);
    write_terms(TERMS);
    quiet_night("2026-06-30", "--dry-run", 0);
    cr_assert_eq(RECORDS("customer", "closed_run IS NULL AND id_number IS NOT NULL"), 20);
    cr_assert_eq(customers(), 20);
}

/* A view that is kept to go back to shows of persons what the present one does. */
Test(retention, views_of_former_nights_lose_what_is_past_its_term)
{
    write_terms(TERMS);
    quiet_night("2020-02-28", "", 0);
    shell("grep -qaF 13800200037 '%s' && grep -qaF '1006 Long' '%s'", in_workspace(VIEW),
          in_workspace(VIEW));
    quiet_night("2026-06-29", "", 0);
    cr_assert(exists("out/views/run-000001.db"));
    /* 1 to 4 are gone, of 5 to 10 the sensitive values; all that is of the others is there. */
    shell("! grep -laF -e 13800200037 -e 13800200148 -e '1001 Long' -e '1006 Long' '%s' && grep"
          " -qaF -e '1011 Long' '%s'",
          in_workspace("out/views/run-000001.db"), in_workspace("out/views/run-000001.db"));
    cr_expect_eq(query_number("out/views/run-000001.db", "SELECT count(*) FROM customer"), 16);
    cr_expect_eq(query_number("out/views/run-000001.db", "SELECT count(*) FROM customer WHERE"
                                                         " address IS NOT NULL"),
                 10);
    /* Nothing more is past its term: it stays as it is. */
    shell("cd '%s' && sha256sum views/run-000001.db > before", in_workspace("out"));
    quiet_night("2026-06-30", "", 0);
    shell("cd '%s' && sha256sum --quiet -c before", in_workspace("out"));
    struct finished finished = run("publish -c @/cust360.yaml --run 1");
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_expect_eq(customers(), 16);
    shell("test -z \"$(ls '%s' | grep new)\"", in_workspace("out/views"));
}

Test(retention, a_view_that_cannot_be_cleaned_is_not_kept)
{
    write_terms(TERMS);
    quiet_night("2020-02-28", "", 0);
    quiet_night("2020-02-29", "--rebuild", 0);
    write_text("out/views/run-000001.db", "no database, and long enough to be looked at as one, as"
                                          " its header has a hundred bytes and this has more.....");
    shell("sqlite3 '%s' 'DROP TABLE customer_source'", in_workspace(VIEW));
    expect_message("2026-06-29", "", 0, "run-000001.db is not kept: what is past its term could");
    shell("test -z \"$(ls '%s')\"", in_workspace("out/views"));
    cr_assert_eq(RECORDS("customer", "1"), 16);
}

/* ---- killed ---- */

static struct finished night_under_shim(const char *mode, long at)
{
    char number[24];
    snprintf(number, sizeof(number), "%ld", at);
    setenv("LD_PRELOAD", "build/crash/shim.so", 1);
    setenv("CRASH_MODE", mode, 1);
    setenv("CRASH_AT", number, 1);
    setenv("CRASH_COUNT", in_workspace("calls"), 1);
    struct finished finished = run("run -c @/cust360.yaml --quiet --no-summary --as-of 2026-06-29");
    unsetenv("LD_PRELOAD");
    return finished;
}

static long calls_of_the_night(void)
{
    struct finished finished = night_under_shim("count", 0);
    expect_exit(finished, 0);
    finished_release(&finished);
    char *calls = read_text("calls");
    long count = strtol(calls, NULL, 10);
    memory_free(calls);
    return count;
}

/* Whether the run stood when it was killed, with records past their term that nobody had deleted.
 * Looked for in a copy: whoever opens the database takes back what was broken off. */
static bool was_left_undeleted(void)
{
    shell("cd '%s' && rm -rf seen && cp -rp state seen && "
          "test \"$(sqlite3 seen/state.db 'PRAGMA integrity_check')\" = ok",
          in_workspace(""));
    return query_number("seen/state.db",
                        "SELECT count(*) FROM record_customer WHERE closed_run IS NOT NULL") == 4;
}

/* What is past its term is closed in one transaction and deleted in another, after publishing. */
Test(retention, killed_before_it_has_deleted_the_next_night_does)
{
    enum { KILLS = 24 };
    int undeleted = 0;
#ifdef __SANITIZE_ADDRESS__
    cr_skip_test("the shim and the sanitizer both stand before the C library");
#endif
    write_terms(TERMS);
    quiet_night("2020-02-28", "", 0);
    shell("cd '%s' && mkdir kept && cp -rp state out kept", in_workspace(""));
    long calls = calls_of_the_night();
    cr_assert_gt(calls, KILLS);
    for (long at = calls - KILLS; at < calls; at++) {
        shell("cd '%s' && rm -rf state out && cp -rp kept/* .", in_workspace(""));
        struct finished finished = night_under_shim("kill", at);
        expect_exit(finished, 128 + 9);
        finished_release(&finished);
        undeleted += was_left_undeleted();
        quiet_night("2026-06-29", "", 0);
        cr_assert_eq(RECORDS("customer", "1"), 16, "killed at call %ld", at);
        cr_assert_eq(RECORDS("service", "1"), 2, "killed at call %ld", at);
        shell("! grep -rlaF -e 13800200037 -e 13800200074 '%s' '%s'", in_workspace("state"),
              in_workspace("out"));
    }
    cr_assert_gt(undeleted, 0, "no kill was between the two");
    expect_as_from_nothing("2026-06-29");
}

/* ---- what is configured ---- */

Test(retention, terms_are_read_strictly)
{
    static const struct {
        const char *terms;
        const char *message;
    } cases[] = {
        {"{since: [updated_at], keep: 10}", "\"10\" is no term"},
        {"{since: [updated_at], keep: 0 days}", "is no term"},
        {"{since: [updated_at], keep: 3 weeks}", "is no term"},
        {"{since: [updated_at], personal: soon}", "is no term"},
        {"{since: [updated_at], sensitive: -1 years}", "is no term"},
        {"{keep: 1 year}", "\"since\""},
        {"{since: [], keep: 1 year}", "\"since\" names no date"},
        {"{since: [name], keep: 1 year}", "name is no date"},
        {"{since: [updated], keep: 1 year}", "has no field \"updated\""},
        {"{since: [visit.day], keep: 1 year}", "the model has no entity \"visit\""},
        {"{since: [contract.ends_on], keep: 1 year}", "rows of contract do not name a customer"},
        {"{since: [service.day], keep: 1 year}", "the entity service has no field \"day\""},
        {"{since: [service.job], keep: 1 year}", "job is no date"},
        {"{since: [service.service_date], sensitive: 1 year}", "the record's own dates"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        snprintf(text, sizeof(text), "retention:\n  customer: %s\n", cases[i].terms);
        write_terms(text);
        expect_message("2026-06-30", "", 78, cases[i].message);
    }
    write_terms("retention:\n  custommer: {since: [updated_at], keep: 1 year}\n");
    expect_message("2026-06-30", "", 78, "the model has no entity \"custommer\"");
}
