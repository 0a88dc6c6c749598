/* Numbers with a comma before their decimals, from a draft to the state. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

TestSuite(numbers, .init = workspace_open, .fini = workspace_close, .timeout = 120);

/* Amounts such as 1.234,50 and readings such as 12.345: nothing but the amounts says that points
 * part thousands. */
static void write_invoices(void)
{
    shell("cd '%s' && { echo 'KundenNr;Name;Auftrag;FIN;Datum;Betrag;Kilometerstand'; "
          "for i in $(seq 10 69); do test $((i %% 5)) = 0 && c= || c=,50; "
          "echo \"K$i;Li Mei;A$i;LSVAA4182E21000$i;2025-03-$((i %% 28 + 1));1.2$i$c;12.3$i\"; "
          "done; } > invoices.csv",
          in_workspace(""));
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("cust360.yaml", "name: invoices\nmappings: mappings\nfeeds: .\nstate: state\n"
                               "out: out\nsources:\n"
                               "  - {id: D06, path: invoices.csv, mapping: d.yaml, trust: 50}\n");
}

Test(numbers, a_draft_reads_decimals_behind_a_comma)
{
    write_invoices();
    struct finished finished = run("draft @/invoices.csv --out @/d.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    char *draft = read_text("d.yaml");
    expect_contains(draft, "amount: {column: Betrag, format: comma}");
    expect_contains(draft, "odometer_km: {column: Kilometerstand, format: comma}");
    expect_contains(draft, "decimals behind a comma as in Betrag");
    free(draft);
    shell("sed -i 's/TO"
          "DO //' '%s'",
          in_workspace("d.yaml"));
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_assert_eq(query_number("state/state.db",
                              "SELECT count(*) FROM record_service WHERE amount*1 BETWEEN 1210 "
                              "AND 1269.5 AND odometer_km*1 BETWEEN 12310 AND 12369"),
                 60);
    cr_assert_eq(query_number("state/state.db", "SELECT count(*) FROM record_service WHERE "
                                                "amount LIKE '%.5'"),
                 48);
}

Test(numbers, marks_that_could_be_either_are_told_where_a_mapping_says_nothing)
{
    write_invoices();
    struct finished finished = run("draft @/invoices.csv --out @/d.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("sed -i 's/TO"
          "DO //; s/, format: comma//' '%s'",
          in_workspace("d.yaml"));
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30 --no-summary");
    finished_release(&finished);
    char *corrections = read_text("out/corrections/D06.csv");
    expect_contains(corrections, "decimal_mark");
    expect_contains(corrections, "the mapping must say `format: comma`");
    free(corrections);
    cr_assert_eq(query_number("state/state.db", "SELECT count(*) FROM finding WHERE "
                                                "code='decimal_mark'"),
                 72);
}
