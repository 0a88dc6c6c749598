#include "cust360/base/memory.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* What the README tells a newcomer to do is done here as it stands there. */

TestSuite(readme, .init = workspace_open, .fini = workspace_close, .timeout = 300);

/* Adds the n-th ```yaml block (1-based) under a heading of README.md to a file. */
static void add_block(const char *heading, int number, const char *name)
{
    shell("awk -v heading='## %s' -v want=%d '/^## / {there = $0 == heading; count = 0} "
          "/^ *```yaml/ {inside = there && ++count == want; indent = index($0, \"`\"); next} "
          "/^ *```/ {inside = 0} inside {print substr($0, indent)}' README.md > '%s' && "
          "test -s '%s' && cat '%s' >> '%s'",
          heading, number, in_workspace("block"), in_workspace("block"), in_workspace("block"),
          in_workspace(name));
}

static void write_first_export(void)
{
    add_block("Map your first own export", 1, "cust360.yaml");
    add_block("Map your first own export", 2, "kunden.yaml");
    shell("sed -i \"s#mappings: .*#mappings: $PWD/mappings#\" '%s'", in_workspace("cust360.yaml"));
    write_text("feeds/D77_kunden.csv", "No;Name;Phone;Changed\n"
                                       "1;王小明;+86 138-0013-8001;2026-05-01 10:00\n"
                                       "2;王小明先生;13800138001;2026-05-03 09:30\n"
                                       "3;李静;13900139002;2026-05-02 12:00\n"
                                       "4;broken row\n");
}

Test(readme, the_first_own_export_is_mapped_and_published)
{
    write_first_export();
    struct finished check = run("check -c @/cust360.yaml");
    expect_exit(check, 0);
    struct finished night = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(night, 0);
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 2,
                 "the two spellings of one customer are one");
    char *rejects = read_text("state/rejects/D77.rejects.csv");
    cr_assert_str_eq(rejects, "No;Name;Phone;Changed\n4;broken row\n");
    struct finished page = run("show -c @/cust360.yaml 13800138001");
    expect_exit(page, 0);
    expect_contains(page.output, "王小明");
    finished_release(&check);
    finished_release(&night);
    finished_release(&page);
    memory_free(rejects);
}

Test(readme, a_slip_in_the_mapping_is_shown_with_a_proposal)
{
    write_first_export();
    shell("sed -i 's/mobile: Phone/mobil: Phone/' '%s'", in_workspace("kunden.yaml"));
    struct finished check = run("check -c @/cust360.yaml");
    expect_exit(check, 78);
    expect_contains(check.output, "kunden.yaml:");
    expect_contains(check.output, "mobile");
    expect_contains(check.output, "^");
    finished_release(&check);
}

/* Its password is not there: the block is understood, and the view stands all the same. */
Test(readme, the_target_of_the_view_is_a_right_example)
{
    write_first_export();
    add_block("The view in other databases", 1, "cust360.yaml");
    struct finished night = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(night, 12);
    expect_contains(night.messages, "could not get the secret");
    cr_assert_eq(query_number("out/customer360.db", "SELECT count(*) FROM customer"), 2);
    finished_release(&night);
}

Test(readme, every_command_and_file_it_names_is_there)
{
    shell("for f in $(grep -o '](\\([a-z][a-zA-Z/_.]*\\))' README.md | tr -d ']()'); do test -e "
          "\"$f\" || { echo \"README.md names $f\"; exit 1; }; done");
    shell("for t in $(grep -o 'make [a-z-]*' README.md | cut -d' ' -f2 | sort -u); do case $t in "
          "can|and) ;; *) grep -q \"^$t:\" Makefile || { echo \"README.md names make $t\"; exit 1; "
          "};; esac; done");
}
