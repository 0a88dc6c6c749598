#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* A workspace with a copy of the group's mappings, so that a test can spoil one. */
static void open_group(void)
{
    workspace_open();
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("feeds/D01_archive.csv", "");
    write_text("feeds/D03_export.xml", "<A/>");
    write_text("cust360.yaml", "mappings: mappings\n"
                               "sources:\n"
                               "  - {path: '*_archive.csv', mapping: wide}\n"
                               "  - {path: '*_export.xml', mapping: xml}\n"
                               "  - {id: hq, path: hq.csv, mapping: hq_members}\n");
}

TestSuite(check, .init = open_group, .fini = workspace_close, .timeout = 120);

Test(check, tells_of_every_document_and_source)
{
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 0);
    static const char *const parts[] = {"/mappings/codes/gender.yaml\n",
                                        "/mappings/model.yaml\n",
                                        "/mappings/dms/wide.yaml\n",
                                        "/mappings/dms/xml.yaml\n",
                                        "/cust360.yaml\n",
                                        "/mappings/match.yaml\n",
                                        "/mappings/match.model.yaml\n",
                                        "/mappings/survivorship.yaml\n",
                                        "/mappings/view\n",
                                        "3 sources, 1 of them missing",
                                        "hq.csv: the file is not there",
                                        "all is well"};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        expect_contains(finished.output, parts[i]);
    expect_contains(finished.output, " tests\n");
    cr_assert_not(exists("state"), "nothing is written");
    finished_release(&finished);
}

Test(check, reports_the_errors_of_all_documents)
{
    shell("sed -i 's/客户名称/[/' '%s'", in_workspace("mappings/dms/wide.yaml"));
    shell("sed -i 's/gender: {column: Gender/gendr: {column: Gender/' '%s'",
          in_workspace("mappings/dms/xml.yaml"));
    shell("sed -i 's/^thresholds:/tresholds:/' '%s'", in_workspace("mappings/match.yaml"));
    shell("printf 'select nothing from nowhere;\\n' > '%s'",
          in_workspace("mappings/view/015-spoilt.sql"));
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "/mappings/dms/wide.yaml:");
    expect_contains(finished.output, "/mappings/dms/xml.yaml:");
    expect_contains(finished.output, "the entity customer has no field \"gendr\"");
    expect_contains(finished.output, "did you mean gender?");
    expect_contains(finished.output, "/mappings/match.yaml:");
    expect_contains(finished.output, "015-spoilt.sql");
    expect_contains(finished.output, "ok  ");
    expect_lacks(finished.output, "all is well");
    finished_release(&finished);
}

Test(check, runs_the_tests_of_the_rules)
{
    shell("sed -i \"s/^  - {in: 个人, out: person}/  - {in: 个人, out: organisation}/\" '%s'",
          in_workspace("mappings/rules/party_type.yaml"));
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "/mappings/rules/party_type.yaml:");
    expect_contains(finished.output, "organisation");
    expect_contains(finished.output, "1 error\n");
    finished_release(&finished);
}

Test(check, says_where_a_document_is_wrong)
{
    write_text("cust360.yaml", "mappings: mappings\nsources:\n  - {path: a.csv, mapping: wied}\n");
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "/cust360.yaml:3:28: there is no mapping \"wied\"");
    expect_contains(finished.output, "      - {path: a.csv, mapping: wied}\n"
                                     "                               ^\n"
                                     "  hint: did you mean wide?");
    finished_release(&finished);
}

Test(check, a_secret_that_cannot_be_had_is_exit_code_12)
{
    write_text("cust360.yaml", "mappings: mappings\nsources:\n"
                               "  - id: D40\n    mapping: odbc\n"
                               "    connection: 'DSN=dealer;Pwd={password}'\n"
                               "    password: {env: CUST360_TEST_NONE}\n");
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 12);
    expect_contains(finished.output, "the environment has no CUST360_TEST_NONE");
    expect_lacks(finished.output, "DSN=dealer");
    finished_release(&finished);
}

Test(check, a_missing_project_is_a_matter_of_configuration)
{
    struct finished finished = run("check -c @/none.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "could not open");
    finished_release(&finished);
}

Test(check, the_sample_group_is_well)
{
    struct finished finished = run("check -c samples/group/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "all is well");
    finished_release(&finished);
}

/* A run would find out at its end. */
Test(check, a_folder_that_cannot_be_written_to_is_an_error)
{
    write_text("file", "");
    static const struct {
        const char *folder;
        const char *message;
    } cases[] = {{"file", "/file/.cust360-canary.new: Not a directory"},
                 {"file/below/it", "could not make the folder "}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        shell("sed -i -e '1i out: %s' -e '/^out:/d' '%s'", cases[i].folder,
              in_workspace("cust360.yaml"));
        struct finished finished = run("check -c @/cust360.yaml --no-feeds");
        expect_exit(finished, 1);
        expect_contains(finished.output, cases[i].message);
        finished_release(&finished);
    }
    shell("sed -i -e '1i out: there' -e '/^out:/d' '%s' && mkdir '%s'",
          in_workspace("cust360.yaml"), in_workspace("there"));
    struct finished finished = run("check -c @/cust360.yaml --no-feeds");
    expect_exit(finished, 0);
    expect_contains(finished.output, "/there: can be written to");
    shell("[ -z \"$(ls -A '%s')\" ]", in_workspace("there"));
    finished_release(&finished);
}

/* The next view is written beside that of today: a sparse file stands for a large one. */
Test(check, a_disk_without_room_for_another_view_is_warned_of)
{
    shell("sed -i '1i out: there' '%s' && mkdir '%s' && truncate -s 15T '%s'",
          in_workspace("cust360.yaml"), in_workspace("there"),
          in_workspace("there/customer360.db"));
    struct finished finished = run("check -c @/cust360.yaml --no-feeds --strict");
    expect_exit(finished, 3);
    expect_contains(finished.output, "there has room for ");
    expect_contains(finished.output, "KB, and customer360.db has 16106127360");
    finished_release(&finished);
}
