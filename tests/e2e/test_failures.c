#include "cust360/base/memory.h"
#include "night.h"

#include <criterion/criterion.h>
#include <stdio.h>

/* What goes wrong around a run: folders, state, configuration, a full disk. */

TestSuite(failures, .init = night_open, .fini = workspace_close, .timeout = 300);

#define VIEW "out/customer360.db"

/* A project of the workspace's own that uses a copy of the mappings, to be spoiled. */
#define OWN "-c @/own/cust360.yaml --feeds @/feeds --state @/state --out @/out " AS_OF

static void make_own_project(void)
{
    shell("mkdir '%s' && cp -r mappings '%s/mappings' && sed 's#^mappings: .*#mappings: mappings#' "
          "samples/group/cust360.yaml > '%s/cust360.yaml'",
          in_workspace("own"), in_workspace("own"), in_workspace("own"));
}

static void expect_failure(const char *options, int exit_code, const char *message)
{
    struct finished finished = run("run %s", options);
    expect_exit(finished, exit_code);
    expect_contains(finished.messages, message);
    finished_release(&finished);
}

Test(failures, a_file_in_place_of_a_folder)
{
    write_text("state", "not a folder");
    expect_failure(NIGHT, 1, "could not make the folder");
    shell("rm '%s'", in_workspace("state"));
    write_text("out", "not a folder");
    expect_failure(NIGHT, 1, "could not make the folder");
}

Test(failures, a_state_that_is_no_database)
{
    write_text("state/state.db", "this is no database, and long enough to be looked at as one; "
                                 "it must be refused and left as it is, whatever is in it.");
    char *before = read_text("state/state.db");
    struct finished finished = run("run " NIGHT);
    cr_assert(finished.exit_code == 10 || finished.exit_code == 1, "%d", finished.exit_code);
    expect_contains(finished.messages, "state.db");
    char *after = read_text("state/state.db");
    cr_assert_str_eq(before, after);
    memory_free(before);
    memory_free(after);
    finished_release(&finished);
}

Test(failures, a_state_of_another_version)
{
    night_run("", 0);
    shell("sqlite3 '%s' \"UPDATE meta SET value='999' WHERE name='schema_version'\"",
          in_workspace("state/state.db"));
    expect_failure(NIGHT, 10, "version");
    cr_assert(exists(VIEW));
}

Test(failures, configuration_is_told_with_its_place)
{
    static const struct {
        const char *name;
        const char *command;
        const char *message;
    } cases[] = {
        {"model", "sed -i 's/^  customer:/  customer:\\n    lable: x/' model.yaml", "model.yaml:"},
        {"mapping", "sed -i 's/gender:/gendre:/' dms/wide.yaml", "dms/wide.yaml:"},
        {"rule", "sed -i '0,/pattern: /s/pattern: .*/pattern: \"(\"/' rules/mobile.yaml",
         "rules/mobile.yaml:"},
        {"match", "sed -i '1i nonsense: 1' match.yaml", "match.yaml:1:1:"},
        {"survivorship", "sed -i '1i nonsense: 1' survivorship.yaml", "survivorship.yaml:1:1:"},
        {"match model", "rm match.model.yaml", "cust360 train"},
        {"a kind without rules", "rm rules/vin.yaml", "vin"},
        {"reference", "rm reference/surnames.csv", "surnames.csv"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_own_project();
        shell("cd '%s/mappings' && %s", in_workspace("own"), cases[i].command);
        struct finished finished = run("run " OWN);
        cr_assert_eq(finished.exit_code, 78, "%s: exit %d\n%s", cases[i].name, finished.exit_code,
                     finished.messages);
        expect_contains(finished.messages, cases[i].message);
        cr_assert_not(exists(VIEW));
        finished_release(&finished);
        shell("rm -rf '%s'", in_workspace("own"));
    }
}

Test(failures, a_broken_view_leaves_the_former_one_and_is_made_up_for)
{
    make_own_project();
    struct finished good = run("run " OWN);
    expect_exit(good, 0);
    finished_release(&good);
    shell("sha256sum < '%s' > '%s' && echo 'SELECT nothing FROM nowhere;' > "
          "'%s/mappings/view/999-broken.sql'",
          in_workspace(VIEW), in_workspace("before"), in_workspace("own"));
    expect_failure(OWN, 78, "999-broken.sql:1");
    shell("sha256sum < '%s' | cmp - '%s'", in_workspace(VIEW), in_workspace("before"));
    cr_assert_not(exists("out/customer360.db.new"));
    shell("rm '%s/mappings/view/999-broken.sql'", in_workspace("own"));
    struct finished again = run("run " OWN);
    expect_exit(again, 0);
    expect_contains(again.output, "published");
    finished_release(&again);
}

Test(failures, a_full_disk_leaves_the_former_view)
{
    night_run("", 0);
    char *before = view_content();
    /* Files may not grow over 600 KiB: the view cannot be built. */
    shell("sed -i '2d' '%s'; (ulimit -f 600; trap '' XFSZ; \"${CUST360:-build/cust360}\" run -c "
          "samples/group/cust360.yaml --feeds '%s' --state '%s' --out '%s' " AS_OF
          " > /dev/null 2> '%s'; echo $? > '%s') || true",
          in_workspace("feeds/D06_archive.csv"), in_workspace("feeds"), in_workspace("state"),
          in_workspace("out"), in_workspace("messages"), in_workspace("code"));
    char *code = read_text("code");
    cr_assert_str_eq(code, "1\n", "%s", code);
    char *after = view_content();
    cr_assert_str_eq(before, after);
    copy_sample_feeds();
    night_run("", 0);
    memory_free(before);
    memory_free(after);
    memory_free(code);
}

Test(failures, evaluate_and_show_before_the_first_run)
{
    static const struct {
        const char *line;
        int exit_code;
    } cases[] = {
        {"evaluate -c samples/group/cust360.yaml --state @/state --truth "
         "samples/group/truth/customers.csv",
         10},
        {"show -c samples/group/cust360.yaml --state @/state --out @/out 王", 10},
        {"find -c samples/group/cust360.yaml --state @/state --out @/out 王", 10},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished = run("%s", cases[i].line);
        expect_exit(finished, cases[i].exit_code);
        expect_contains(finished.messages, "cust360 run");
        finished_release(&finished);
    }
}

Test(failures, what_a_command_was_not_given_is_told)
{
    static const struct {
        const char *line;
        int exit_code;
        const char *message;
    } cases[] = {
        {"review case", 2, "review case: which case?"},
        {"review customer", 2, "review customer: which id?"},
        {"review search", 2, "review search: what for?"},
        {"review import", 2, "review import: which file?"},
        {"review undo", 2, "review undo: the number of a decision"},
        {"review dismiss", 2, "review dismiss: the number of a failed decision"},
        {"review customer LFV0000000000", 1, "a golden id is C and nine characters"},
        {"review import @/none.csv", 1, "none.csv"},
        {"review import @/nothing.csv", 1, "the list is empty"},
        {"review import @/columns.csv", 1, "the list has no columns \"case\" and \"verdict\""},
        {"explain D01:0000025 D01:0000025", 1, "are the same record"},
    };
    write_text("nothing.csv", "");
    write_text("columns.csv", "fall,urteil\n1,same\n");
    night_run("", 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct finished finished =
            run("%s -c samples/group/cust360.yaml --state @/state --out @/out", cases[i].line);
        cr_expect_eq(finished.exit_code, cases[i].exit_code, "%s: %d\n%s", cases[i].line,
                     finished.exit_code, finished.messages);
        cr_expect(strstr(finished.messages, cases[i].message), "%s: %s", cases[i].line,
                  finished.messages);
        finished_release(&finished);
    }
}

Test(failures, without_a_project_what_is_missing_is_told)
{
    static const struct {
        const char *line;
        int exit_code;
        const char *message;
    } cases[] = {
        {"rules explain mobile 1 --source D01", 2, "--source needs a project: --config FILE"},
        {"rules explain mobile $(printf '\\377')", 2, "the value is not UTF-8"},
        {"profile empty.xml", 1, "the document has no elements"},
        {"run", 78, "there is no cust360.yaml here"},
    };
    write_text("empty.xml", "<?xml version=\"1.0\"?>\n<!-- nothing -->\n");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("program=$(realpath \"${CUST360:-build/cust360}\"); cd '%s' && \"$program\" %s 2> "
              "said; "
              "echo $? > code",
              in_workspace(""), cases[i].line);
        char *code = read_text("code");
        char *said = read_text("said");
        cr_expect_eq(strtol(code, NULL, 10), cases[i].exit_code, "%s: %s%s", cases[i].line, code,
                     said);
        cr_expect(strstr(said, cases[i].message), "%s: %s", cases[i].line, said);
        memory_free(code);
        memory_free(said);
    }
}
