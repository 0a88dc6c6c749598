#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(stage, .init = night_open, .fini = workspace_close, .timeout = 300);

static const char *program(void)
{
    const char *path = getenv("CUST360");
    return path ? path : "build/cust360";
}

/* A night by the stages, sort and awk; and the same by a run: golden records and crosswalk. */
static void expect_equal_nights(const char *project)
{
    struct finished finished =
        run("run -q -c %s --feeds @/feeds --state @/state --out @/out " AS_OF, project);
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("mkdir '%s' && python3 -B etl/spark/compare.py '%s' '%s'", in_workspace("single"),
          in_workspace("state/state.db"), in_workspace("single"));
    shell("tests/e2e/stages \"$(realpath '%s')\" \"$(realpath '%s')\" '%s' '%s'", program(),
          project, in_workspace("feeds"), in_workspace("staged"));
    shell("cmp '%s' '%s'", in_workspace("single/crosswalk.txt"),
          in_workspace("staged/crosswalk.txt"));
    shell("cmp '%s' '%s'", in_workspace("single/golden.txt"), in_workspace("staged/golden.txt"));
    shell("test \"$(wc -l <'%s')\" -gt 3000", in_workspace("staged/crosswalk.txt"));
}

Test(stage, filters_piped_by_a_shell_give_what_a_run_gives)
{
    expect_equal_nights("samples/group/cust360.yaml");
}

/* Bounds so low that blocks are cut and windowed, and values belong to nobody. */
Test(stage, filters_cut_blocks_and_drop_values_as_a_run_does)
{
    shell("cp -r mappings '%s' && mkdir -p '%s' && cp -r samples/group/cust360.yaml "
          "samples/group/dealers '%s'",
          in_workspace("mappings"), in_workspace("samples/group"), in_workspace("samples/group"));
    shell("sed -i 's/max_block: 200/max_block: 4/; s/max_block: 16/max_block: 3/;"
          " s/window: 20/window: 2/; s/shared_limit: [0-9]*/shared_limit: 1/' '%s'",
          in_workspace("mappings/match.yaml"));
    expect_equal_nights(in_workspace("samples/group/cust360.yaml"));
    shell("test -s '%s' && test -s '%s'", in_workspace("staged/cut"),
          in_workspace("staged/dropped"));
    shell("grep -q '^[0-9a-f]*w\t' '%s'", in_workspace("staged/keys-cut"));
}

static void expect_stage(const char *command, const char *input, int exit_code, const char *message)
{
    write_text("input", input);
    shell("'%s' stage %s -c samples/group/cust360.yaml " AS_OF " <'%s' >'%s' 2>'%s';"
          " test $? = %d",
          program(), command, in_workspace("input"), in_workspace("output"),
          in_workspace("messages"), exit_code);
    char *messages = read_text("messages");
    expect_contains(messages, message);
    memory_free(messages);
}

Test(stage, input_that_is_not_whole_is_an_error)
{
    expect_stage("components", "", 1, "the input is empty");
    expect_stage("components", "a\tb\n", 1, "rows stand in front of the stream's header");
    expect_stage("components", "#cust360\t1\tscore\t0123456789abcdef\n", 78,
                 "another configuration or model");
    expect_stage("components --unframed", "a\tb\t1", 1, "cut off within a row");
    expect_stage("what", "", 2, "there is no stage \"what\"");
}

/* Rows of the first source: `record`, two of them as merge takes them, and `scored`, one as score
 * takes it. */
static void make_rows(void)
{
    shell(
        "cd '%s' && p=\"$OLDPWD/%s\" && stage() { s=$1; shift; \"$p\" stage \"$s\" -c "
        "\"$OLDPWD/samples/group/cust360.yaml\" " AS_OF " --unframed \"$@\"; } && echo D01 | "
        "stage read --feeds \"$OLDPWD/samples/group/feeds\" > records && grep -m 2 '^R\tcustomer' "
        "records | sed 's/^/C1\t/' > record && grep '^M' records | sort -t '\t' -k2,2 -k6,6n "
        "-k3,3 | stage gather | grep '^V' > values && stage keys --records 9000 < values | "
        "grep -v '^#\\|^[0-9a-f]*w\t' | sort | sed 1q | awk -F '\t' -v OFS='\t' 'NR == FNR "
        "{ key = $1; id = $2; next } $2 == id { sub(/^[^\t]*\t[^\t]*\t[^\t]*\t/, \"\"); print "
        "key, \"ORDER\", \"ID\", $0; exit }' - values > scored && test -s record -a -s scored",
        in_workspace(""), program());
}

static void expect_stage_of(const char *command, const char *rows, const char *message)
{
    shell("cd '%s' && %s", in_workspace(""), rows);
    char *input = read_text("rows");
    expect_stage(command, input, 1, message);
    memory_free(input);
}

/* What the engine has promised of the rows of a group. */
Test(stage, rows_that_are_not_together_and_in_order_are_an_error)
{
    char command[600];
    expect_stage("assign --unframed", "a 2\ta 2\t0\t0\t1\t0\na 1\ta 1\t0\t0\t1\t0\n", 1,
                 "records do not come in the order of source and key");
    expect_stage("assign --unframed", "a 1\ta 0\t0\t0\t1\t0\n", 1,
                 "a record is of a cluster whose first record has not come");
    expect_stage("cluster --unframed", "c 1\tE\ta 1\ta 2\t9\tweight\t1\t\n", 1,
                 "a component has a link to a record that it does not have");
    write_text("ids", "I\t1\t7\t0\t2\n");
    snprintf(command, sizeof(command), "assign --unframed --ids '%s'", in_workspace("ids"));
    expect_stage(command, "a 1\ta 1\t0\t0\t1\t0\n", 1,
                 "the ids of the last run speak of one that was never issued");
    make_rows();
    expect_stage_of("merge --unframed", "cp record rows",
                    "the file that --sources names does not have D01");
    expect_stage_of("merge --unframed", "tac record > rows",
                    "records of C1 are not in the order of source and key");
    expect_stage_of("score --unframed",
                    "{ sed 's/ORDER/b/; s/ID/a 1/' scored; sed 's/ORDER/a/; s/ID/a 2/' scored; } "
                    "| sed 's/\t/w\t/' > rows",
                    "are not in their order");
    expect_stage_of("score --unframed",
                    "awk '{ for (i = 1000; i < 2000; i++) { row = $0; sub(/ORDER/, \"a\", row); "
                    "sub(/ID/, \"a \" i, row); print row } }' scored > rows",
                    "records stand under the key");
}

Test(stage, what_cannot_be_processed_is_a_reject_and_not_the_end)
{
    expect_stage("components --unframed", "a\tb\na\\q\nx 1\tx 2\t9\tweight\t1\t\n", 0, "");
    char *output = read_text("output");
    expect_contains(output, "#reject\tcomponents\tcolumns\ta\\tb\n");
    expect_contains(output, "#reject\tcomponents\tescape\ta\\\\q\n");
    expect_contains(output, "x 1\tx 1\nx 2\tx 1\n#end\t3\t2\t2\t0\n");
    memory_free(output);
    expect_stage("score --unframed", "zz\t\tx 1\n", 0, "");
    expect_stage("merge --unframed", "C1\tR\n", 0, "");
    expect_stage("read --unframed --feeds samples/group/feeds", "nobody\n", 0, "");
    output = read_text("output");
    expect_contains(output, "#reject\tread\tsource\tnobody\n#end\t1\t0\t1\t0\n");
    memory_free(output);
}

Test(stage, golden_ids_follow_the_former_crosswalk)
{
    write_text("ids", "I\t1\t1\t0\t2\nI\t2\t2\t0\t1\n");
    write_text("decisions", "");
    write_text("input", "a 1\ta 1\t1\t1\t1\t0\na 2\ta 1\t2\t2\t3\t1\na 3\ta 3\t1\t1\t2\t0\n"
                        "a 4\ta 4\t0\t0\t4\t1\n");
    shell("'%s' stage assign -c samples/group/cust360.yaml " AS_OF
          " --unframed --ids '%s' <'%s' | grep -v '^#' | cut -f 1,2,4- >'%s'",
          program(), in_workspace("ids"), in_workspace("input"), in_workspace("output"));
    char *output = read_text("output");
    cr_expect_str_eq(output, "G\ta 1\t1\t1\t1\t1\nG\ta 2\t1\t2\t3\t1\nG\ta 3\t3\t3\t2\t1\n"
                             "G\ta 4\t4\t4\t4\t1\n"
                             "I\t1\t0\t2\nI\t2\t1\t0\nI\t3\t0\t1\nI\t4\t0\t1\n"
                             "E\t2\t1\nE\t3\t0\nE\t3\t1\nE\t4\t0\n");
    memory_free(output);
}

Test(stage, a_reader_that_goes_away_is_a_failure)
{
    shell(
        "yes 'x 1\tx 2\t9\tweight\t1\t' | sed 200000q | awk -v OFS='\t' '{ $1 = $1 \" \" NR; print "
        "$1 NR, $2 NR, 9, \"weight\", 1, \"\" }' >'%s'",
        in_workspace("input"));
    shell("( '%s' stage components -c samples/group/cust360.yaml " AS_OF
          " --unframed <'%s' 2>'%s'; echo $? >'%s' ) | true; sleep 0.2; grep -qx 1 '%s'",
          program(), in_workspace("input"), in_workspace("messages"), in_workspace("code"),
          in_workspace("code"));
    char *messages = read_text("messages");
    expect_contains(messages, "could not write the stream");
    memory_free(messages);
}
