#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* samples/operation: the script that cron calls, and what its README tells to write. */

TestSuite(operation_samples, .init = small_group_open, .fini = workspace_close, .timeout = 300);

/* Runs the sample's script; mails are written to `mail`. */
static void run_script(int exit_code, const char *subject)
{
    shell("mkdir -p '%s' && ln -sf \"$(readlink -f \"${CUST360:-build/cust360}\")\" '%s' && printf "
          "'#!/bin/sh\\n{ echo \"$1\"; cat; } > \"%s\"\\n' > '%s' && chmod +x '%s' && rm -f '%s'",
          in_workspace("bin"), in_workspace("bin/cust360"), in_workspace("mail"),
          in_workspace("bin/notify"), in_workspace("bin/notify"), in_workspace("mail"));
    shell("PATH=\"%s:$PATH\" LOG='%s' NOTIFY='%s' samples/operation/cust360-night '%s'; test $? = "
          "%d",
          in_workspace("bin"), in_workspace("night.log"), in_workspace("bin/notify"),
          in_workspace("cust360.yaml"), exit_code);
    char *mail = read_text("mail");
    cr_assert_eq(mail == NULL, subject == NULL, "%s", mail);
    if (mail)
        expect_contains(mail, subject);
    memory_free(mail);
}

Test(operation_samples, the_night_asks_for_a_person_when_one_is_needed)
{
    run_script(0, NULL);
    shell("rm '%s'", in_workspace("feeds/E01.csv"));
    run_script(3, "a source is missing");
    write_feed("feeds/E02.csv", 2001, 2600, "");
    write_feed("feeds/E01.csv", 1001, 1600, "");
    run_script(5, "stopped by a gate");
    char *mail = read_text("mail");
    expect_contains(mail, "golden_count stopped");
    memory_free(mail);
    write_text("cust360.yaml", "nonsense: 1\n");
    run_script(78, "failed with 78");
    mail = read_text("mail");
    expect_contains(mail, "\"level\":\"error\"");
    memory_free(mail);
}

/* The n-th yaml block of the sample's README. */
static char *block(int number)
{
    shell("awk -v want=%d '/^```yaml/ {inside = ++count == want; next} /^```/ {inside = 0} inside' "
          "samples/operation/README.md > '%s' && test -s '%s'",
          number, in_workspace("block"), in_workspace("block"));
    return read_text("block");
}

/* Its keys lie in the workspace instead of /etc. */
static char *block_of_sealing(void)
{
    for (int i = 0; i < 2; i++) {
        struct finished made = run("seal --new-key @/%s", i ? "old.key" : "state.key");
        expect_exit(made, 0);
        finished_release(&made);
    }
    memory_free(block(3));
    shell("sed -i 's|/etc/cust360|%s|' '%s'", in_workspace("."), in_workspace("block"));
    return read_text("block");
}

Test(operation_samples, what_the_readme_tells_to_write_is_understood)
{
    for (int i = 2; i <= 3; i++) {
        char *keys = i == 3 ? block_of_sealing() : block(i);
        write_project(keys, "");
        struct finished finished = run("check -c @/cust360.yaml");
        expect_exit(finished, 0);
        finished_release(&finished);
        memory_free(keys);
    }
    /* The first names dealers that this group has not: each of its keys is still one. */
    char *sources = block(1);
    write_text("block.yaml", sources);
    shell("sed -i 's/mapping: [a-z_]*/mapping: flat/' '%s' && sed '/^sources:/,$d' '%s' > '%s' && "
          "cat '%s' >> '%s' && mv '%s' '%s'",
          in_workspace("block.yaml"), in_workspace("cust360.yaml"), in_workspace("new.yaml"),
          in_workspace("block.yaml"), in_workspace("new.yaml"), in_workspace("new.yaml"),
          in_workspace("cust360.yaml"));
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-01");
    expect_exit(finished, 5);
    expect_contains(finished.messages, "the required source hq_members is missing");
    finished_release(&finished);
    memory_free(sources);
}

/* The table of defaults in the README is what the program does without any `gates:`. */
Test(operation_samples, the_readme_has_all_gates)
{
    static const char *const gates[] = {"reject_share",   "source_rows", "fill_rate",
                                        "duplicate_keys", "removals",    "stale_days",
                                        "golden_count",   "merge_share", "largest_cluster"};
    for (size_t i = 0; i < sizeof(gates) / sizeof(gates[0]); i++)
        shell("grep -q '^| `%s` |' samples/operation/README.md", gates[i]);
}

Test(operation_samples, cron_systemd_and_logrotate_are_well_formed)
{
    shell("grep -qE '^([0-9*/,-]+ +){5}cust360 +/' samples/operation/cust360.cron");
    shell("bash -n samples/operation/cust360-night");
    shell("grep -q '^ExecStart=/usr/local/bin/cust360 run ' "
          "samples/operation/systemd/cust360.service && grep -q '^OnCalendar=' "
          "samples/operation/systemd/cust360.timer");
    shell("if command -v systemd-analyze > /dev/null; then systemd-analyze calendar \"$(sed -n "
          "'s/^OnCalendar=//p' samples/operation/systemd/cust360.timer)\" > /dev/null; fi");
}
