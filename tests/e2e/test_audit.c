#include "cust360/base/memory.h"
#include "small_group.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* The audit log of whole nights: what writes to it, and how changes of it are told. */

TestSuite(audit_log, .init = small_group_open, .fini = workspace_close, .timeout = 120);

static void audit(const char *word, int exit_code, const char *part)
{
    struct finished finished = run("audit %s -c @/cust360.yaml", word);
    expect_exit(finished, exit_code);
    expect_contains(exit_code ? finished.messages : finished.output, part);
    finished_release(&finished);
}

static void accept_a_gate(void)
{
    quiet_night("2026-06-01", "", 0);
    write_feed("feeds/D01.csv", 1, 250, "");
    quiet_night("2026-06-02", "--accept removals,source_rows,golden_count --reason sold", 0);
}

Test(audit_log, gates_let_pass_and_values_unmasked_are_there)
{
    accept_a_gate();
    struct finished finished = run("trace -c @/cust360.yaml --unmasked D01.csv:2");
    expect_exit(finished, 0);
    finished_release(&finished);
    audit("verify", 0, "as it was written; head: 4:");
    audit("show", 0, "gate_accepted");
    audit("show", 0, "run 2, gate removals, source D01");
    audit("show --limit 1", 0, "command trace");
    audit("export", 0, "\"gate\":\"golden_count\"");
    audit("list", 2, "there is no list");
}

Test(audit_log, a_run_tells_the_head_and_misses_what_was_cut_off)
{
    accept_a_gate();
    shell("jq -e '.audit_head | test(\"^3:[0-9a-f]{64}$\")' '%s'", in_workspace("out/report.json"));
    char *text = read_text("out/report.txt");
    expect_contains(text, "audit     head 3:");
    memory_free(text);
    shell("cp '%s' '%s'", in_workspace("state/audit.log"), in_workspace("whole"));
    shell("head -2 '%s' > '%s'", in_workspace("whole"), in_workspace("state/audit.log"));
    audit("verify", 1, "cut off: it ends with entry 2, entry 3 was noted");
    shell("sed '2s/gate/gait/' '%s' > '%s'", in_workspace("whole"),
          in_workspace("state/audit.log"));
    audit("verify", 1, "audit.log:2: the audit log is not as it was written");
    shell("rm '%s'", in_workspace("state/audit.log"));
    audit("verify", 1, "ends with entry 0");
    /* The state alone put back: the reports still know. */
    shell("rm '%s'", in_workspace("state/state.db"));
    audit("verify", 1, "ends with entry 0");
}

Test(audit_log, a_head_from_elsewhere_is_looked_for)
{
    accept_a_gate();
    audit("verify --head 9", 2, "no head");
    audit("verify --head "
          "3:0000000000000000000000000000000000000000000000000000000000000000",
          1, "entry 3 is not the one");
}
