#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* All that is held on one person: shown, exported, erased, and kept away. */

TestSuite(subject, .init = small_group_open, .fini = workspace_close, .timeout = 120);

static char *id_of(const char *key)
{
    char sql[160];
    snprintf(sql, sizeof(sql), "SELECT golden_id FROM customer_source WHERE source_key = '%s'",
             key);
    return query(VIEW, sql);
}

static char *value_of(const char *key, const char *field)
{
    char sql[200];
    snprintf(sql, sizeof(sql), "SELECT %s FROM record_customer WHERE source_key = '%s'", field,
             key);
    return query(STATE, sql);
}

static struct finished subject(const char *words, const char *id)
{
    return run("subject %s %s -c @/cust360.yaml", words, id);
}

static void expect_subject(const char *words, const char *id, int exit_code, const char *part)
{
    struct finished finished = subject(words, id);
    expect_exit(finished, exit_code);
    expect_contains(exit_code == 0 || exit_code == 3 ? finished.output : finished.messages, part);
    finished_release(&finished);
}

/* In no file of state and output, byte for byte. */
static void expect_nowhere(const char *value)
{
    shell("! grep -rlaF -- '%s' '%s' '%s'", value, in_workspace("state"), in_workspace("out"));
}

static char *a_key(void)
{
    return query(STATE, "SELECT source_key FROM record_customer r JOIN source s USING (source_id)"
                        " WHERE s.name = 'D01' AND mobile IS NOT NULL AND (SELECT count(*) FROM"
                        " record_customer o WHERE o.mobile = r.mobile) = 1 ORDER BY record_id"
                        " LIMIT 1 OFFSET 7");
}

Test(subject, is_shown_whole_and_the_audit_log_knows)
{
    quiet_night("2026-06-01", "", 0);
    char *key = a_key();
    char *id = id_of(key);
    char *mobile = value_of(key, "mobile");
    expect_subject("show", id, 0, mobile);
    expect_subject("export", id, 0, "\"record_customer\": [");
    char by_key[64];
    snprintf(by_key, sizeof(by_key), "D01:%s", key);
    expect_subject("show --format json", by_key, 0, id);
    char *log = read_text("state/audit.log");
    expect_contains(log, id);
    expect_lacks(log, mobile);
    memory_free(log);
    expect_subject("show", "D01:none", 1, "nothing is held");
    expect_subject("show", mobile, 1, "nothing is held under this: it is no golden id");
    expect_subject("forget", id, 2, "there is no forget");
    memory_free(key);
    memory_free(id);
    memory_free(mobile);
}

Test(subject, erased_is_found_nowhere_and_does_not_come_back)
{
    quiet_night("2026-06-01", "", 0);
    long before = customers();
    char *key = a_key();
    char *id = id_of(key);
    char *mobile = value_of(key, "mobile");
    char *name = value_of(key, "name");
    expect_subject("erase", id, 0, "rows erased from the state");
    expect_nowhere(mobile);
    cr_assert_eq(customers(), before - 1);
    expect_subject("show", id, 1, "nothing is held");
    shell("jq -e '.complete and .suppressing_hashes > 1' '%s'",
          in_workspace("state/erasures/erasure-000001.json"));
    shell("! grep -rF -- '%s' '%s'", name, in_workspace("state/erasures"));
    /* The dealer sends the same person again, with another change of the file. */
    write_feed("feeds/D01.csv", 1, 601, "");
    quiet_night("2026-06-02", "", 0);
    expect_nowhere(mobile);
    cr_assert_eq(customers(), before);
    cr_assert_eq(query_number(STATE, "SELECT sum(rows_suppressed) FROM run_source WHERE run_id ="
                                     " (SELECT max(run_id) FROM run)"),
                 1);
    /* A rebuild from nothing keeps the person away as well. */
    quiet_night("2026-06-03", "--rebuild", 0);
    expect_nowhere(mobile);
    struct finished finished = run("audit verify -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    memory_free(key);
    memory_free(id);
    memory_free(mobile);
    memory_free(name);
}

Test(subject, what_another_customer_has_too_stays_there)
{
    write_feed("feeds/D01.csv", 1, 600, "");
    quiet_night("2026-06-01", "", 0);
    char *key = a_key();
    char *mobile = value_of(key, "mobile");
    char *id = id_of(key);
    char sql[300];
    /* As a steward's spouse would: the number stands with somebody else as well. */
    snprintf(sql, sizeof(sql),
             "UPDATE record_customer SET mobile = '%s' WHERE record_id = (SELECT min(record_id)"
             " FROM record_customer WHERE source_key <> '%s')",
             mobile, key);
    shell("sqlite3 '%s' \"%s\"", in_workspace(STATE), sql);
    expect_subject("erase", id, 0, "rows erased");
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM record_customer WHERE mobile = '%s'", mobile);
    cr_assert_eq(query_number(STATE, sql), 1);
    memory_free(key);
    memory_free(mobile);
    memory_free(id);
}

Test(subject, an_erasure_that_was_broken_off_is_completed_by_the_next_run)
{
    quiet_night("2026-06-01", "", 0);
    char *key = a_key();
    char *id = id_of(key);
    char *mobile = value_of(key, "mobile");
    char *other = query(STATE, "SELECT golden_id FROM golden ORDER BY golden_number DESC LIMIT 1");
    expect_subject("erase", other, 0, "rows erased");
    shell("sqlite3 '%s' \"INSERT INTO erasure(asked, golden_id, status) VALUES('%s', '%s', "
          "'begun')\"",
          in_workspace(STATE), id, id);
    char *messages = night("2026-06-02", "", 0);
    expect_contains(messages, "was broken off, and is completed now");
    expect_nowhere(mobile);
    memory_free(messages);
    memory_free(key);
    memory_free(id);
    memory_free(mobile);
    memory_free(other);
}

Test(subject, backups_are_reached_or_named)
{
    write_project("backups: ['backup/*.db', 'backup/*.gz']\n", "");
    quiet_night("2026-06-01", "", 0);
    shell("mkdir '%s' && cp '%s' '%s' '%s' && touch '%s'", in_workspace("backup"),
          in_workspace(STATE), in_workspace(VIEW), in_workspace("backup"),
          in_workspace("backup/old.gz"));
    char *key = a_key();
    char *id = id_of(key);
    char *mobile = value_of(key, "mobile");
    expect_subject("erase", id, 3, "packed or encrypted");
    shell("! grep -rlaF -- '%s' '%s'", mobile, in_workspace("backup"));
    memory_free(key);
    memory_free(id);
    memory_free(mobile);
}

Test(subject, without_their_key_erased_persons_stop_the_run)
{
    quiet_night("2026-06-01", "", 0);
    char *key = a_key();
    char *known = id_of(key);
    expect_subject("erase", known, 0, "rows erased");
    shell("rm '%s'", in_workspace("state/subject.key"));
    expect_message("2026-06-02", "", 12, "could not read the key of erased persons");
    memory_free(key);
    memory_free(known);
}

Test(subject, a_model_without_customers_holds_nobody)
{
    quiet_night("2026-06-30", "--no-summary", 0);
    shell(
        "cd '%s' && cp -r \"$(cat root)/mappings\" mappings && sed -i 's,^mappings: .*,mappings: "
        "mappings,' cust360.yaml && printf 'entities: {client: {fields: {name: {kind: name}}}}' > "
        "mappings/model.yaml",
        in_workspace("."));
    struct finished finished = run("subject show D01:1 -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "the model has no entity customer");
    finished_release(&finished);
}
