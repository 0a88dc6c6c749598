#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>

/* A state that is sealed at rest: no sensitive value of the sample is in any of its files. */

#define PLACES "-c @/group/cust360.yaml --state @/state --out @/out"
#define RUN    "run " PLACES " --feeds @/feeds --no-summary --as-of "
#define SEAL   "seal -c @/group/cust360.yaml --state @/state"

static void write_project(const char *keys)
{
    shell("rm -rf '%s' && mkdir -p '%s' && cp -r samples/group/dealers samples/group/cust360.yaml "
          "'%s' && sed -i \"s|^mappings:.*|mappings: $PWD/mappings\\n%s|\" '%s'",
          in_workspace("group"), in_workspace("group"), in_workspace("group"), keys,
          in_workspace("group/cust360.yaml"));
}

#define KEEP   "keep: {raw: 9}\\n"
#define KEY    "encryption: {key: {file: ../key}}"
#define SEALED KEEP KEY

static void expect_run(const char *command, int exit_code, const char *part)
{
    struct finished finished = run("%s", command);
    expect_exit(finished, exit_code);
    expect_contains(finished.messages, part);
    finished_release(&finished);
}

static void open_sealed(void)
{
    night_open();
    expect_run("seal --new-key @/key", 0, "");
    shell("test $(stat -c %%a '%s') = 600", in_workspace("key"));
    /* Identity numbers, of the truth that the feeds were made of. */
    shell("cut -d, -f6 samples/group/truth/golden.csv | grep -E '.{10}' > '%s'; test $(wc -l < "
          "'%s') -gt 500",
          in_workspace("values"), in_workspace("values"));
}

TestSuite(sealed, .init = open_sealed, .fini = workspace_close, .timeout = 240);

static void expect_no_value(const char *place)
{
    shell("! LC_ALL=C grep -rlaFf '%s' '%s'", in_workspace("values"), in_workspace(place));
}

Test(sealed, no_sensitive_value_is_in_any_file_of_the_state)
{
    write_project(SEALED);
    expect_run(RUN "2026-06-30", 0, "");
    expect_no_value("state");
    shell("LC_ALL=C grep -qaFf '%s' '%s'", in_workspace("values"),
          in_workspace("out/customer360.db"));
    expect_run("run " PLACES " --feeds @/feeds --dry-run --as-of 2026-07-01", 0, "");
    expect_run("retry-rejects " PLACES " --feeds @/feeds --as-of 2026-07-01", 0, "");
    expect_run(RUN "2026-07-01", 0, "");
    expect_no_value("state");
    shell("! ls /dev/shm/cust360-rejects-* '%s' 2>/dev/null", in_workspace("out/rehearsal.work"));
    /* Rejected rows can be read by whoever has the key; the audit log notes it. */
    expect_run("seal -c @/group/cust360.yaml --state @/state --print "
               "@/state/rejects/D01.rejects.csv",
               0, "");
    struct finished finished = run("audit show " PLACES);
    expect_contains(finished.output, "unmasked");
    expect_contains(finished.output, "D01.rejects.csv");
    finished_release(&finished);
}

Test(sealed, the_view_is_that_of_a_plain_state)
{
    write_project(KEEP);
    expect_run(RUN "2026-06-30", 0, "");
    shell("mv '%s' '%s'; rm -r '%s'", in_workspace("out"), in_workspace("plain"),
          in_workspace("state"));
    write_project(SEALED);
    expect_run(RUN "2026-06-30", 0, "");
    shell("cmp '%s' '%s'", in_workspace("out/customer360.db"),
          in_workspace("plain/customer360.db"));
}

Test(sealed, a_plain_state_is_sealed_its_key_changed_and_opened_again)
{
    write_project(KEEP);
    expect_run(RUN "2026-06-30", 0, "");
    write_project(SEALED);
    expect_run(RUN "2026-07-01", 10, "is not sealed, though cust360.yaml names a key");
    expect_run(SEAL, 0, "");
    expect_no_value("state");
    expect_run("seal --new-key @/key2", 0, "");
    write_project(KEEP "encryption: {key: {file: ../key2}, former: [{file: ../key}]}");
    expect_run(RUN "2026-07-01", 0, "");
    expect_run(SEAL, 0, "");
    write_project(SEALED);
    expect_run("status " PLACES, 12, "it is sealed with the key");
    write_project(KEEP);
    expect_run("status " PLACES, 12, "name it in cust360.yaml");
    write_project(KEEP "encryption: {key: {file: ../key2}}");
    expect_run(RUN "2026-07-02", 0, "");
    expect_run(SEAL " --open", 0, "");
    write_project(KEEP);
    expect_run(RUN "2026-07-03", 0, "");
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM run WHERE status = 'done'"),
                 4);
    shell("LC_ALL=C grep -qaFf '%s' '%s'", in_workspace("values"), in_workspace("state/state.db"));
}

Test(sealed, an_erasure_reaches_what_is_sealed)
{
    write_project(SEALED "\\nbackups: [../backup]");
    expect_run(RUN "2026-06-30", 0, "");
    shell("cp -r '%s' '%s'", in_workspace("state"), in_workspace("backup"));
    char *number =
        query("out/customer360.db", "SELECT c.id_number FROM customer c JOIN customer_source"
                                    " USING (golden_id) WHERE source = 'D01' AND"
                                    " source_key = '0000002'");
    expect_run("subject erase " PLACES " D01:0000002", 0, "");
    write_project(SEALED);
    expect_run(SEAL " --open", 0, "");
    expect_run("seal -c @/group/cust360.yaml --state @/backup --open", 0, "");
    shell("! grep -rlaF -- '%s' '%s' '%s' '%s'", number, in_workspace("state"),
          in_workspace("backup"), in_workspace("out"));
    memory_free(number);
}

Test(sealed, what_is_wrong_with_keys_is_told)
{
    static const struct {
        const char *keys;
        int exit_code;
        const char *part;
    } cases[] = {
        {"encryption: {key: {file: nothing}}", 12, "could not get the secret"},
        {"encryption: {key: abc}", 78, "a secret does not stand in this file"},
        {"encryption: {key: {command: echo abc}}", 12, "64 hexadecimal digits"},
        {"encryption: {former: []}", 78, "key"},
        {"", 78, "names no key"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        write_project(cases[i].keys);
        expect_run(SEAL, cases[i].exit_code, cases[i].part);
    }
    write_project(KEY);
    expect_run(SEAL, 10, "there is no state in");
    expect_run("seal --new-key @/key", 1, "is there already");
}
