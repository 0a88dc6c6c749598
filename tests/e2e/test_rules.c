/* cust360 rules: what people see of rules, from the command line. */
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void open_group(void)
{
    workspace_open();
    shell("cp -r mappings '%s'", in_workspace("mappings"));
    write_text("feeds/a.csv", "");
    write_text("cust360.yaml", "mappings: mappings\n"
                               "sources:\n"
                               "  - {id: D01, path: a.csv, mapping: wide}\n");
}

TestSuite(rules_command, .init = open_group, .fini = workspace_close, .timeout = 120);

Test(rules_command, lists_kinds_and_the_steps_of_one)
{
    struct finished finished = run("rules list -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "mobile ");
    expect_contains(finished.output, "Mobile phone number");
    finished_release(&finished);
    finished = run("rules list party_type -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "/mappings/rules/party_type.yaml:");
    expect_contains(finished.output, "match known_types person|organisation");
    expect_contains(finished.output, "error unknown_code: ");
    finished_release(&finished);
    finished = run("rules list vin -c @/cust360.yaml");
    expect_contains(finished.output, "finding check_digit: Compare the VIN with the vehicle");
    finished_release(&finished);
    finished = run("rules list party_type --format json -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"code\": \"unknown_code\"");
    finished_release(&finished);
}

Test(rules_command, explains_a_value_step_by_step)
{
    struct finished finished =
        run("rules explain mobile 手机：\u00A0138-0013-8000 -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "input: '手机：\\u{00A0}138-0013-8000'");
    expect_contains(finished.output, "/mappings/rules/mobile.yaml:");
    expect_contains(finished.output, "matches: ");
    expect_contains(finished.output, "valid: '13800138000'");
    expect_contains(finished.output, "e164: '+8613800138000'");
    finished_release(&finished);
    finished = run("rules explain mobile 13800000000 -c @/cust360.yaml --format json");
    expect_exit(finished, 0);
    expect_contains(finished.output, "\"valid\": false");
    expect_contains(finished.output, "\"steps\": [");
    expect_contains(finished.output, "\"code\": \"placeholder\"");
    expect_contains(finished.output, "\"severity\": \"error\"");
    finished_release(&finished);
    finished = run("rules explain money -c @/cust360.yaml -- -300");
    expect_exit(finished, 0);
    expect_contains(finished.output, "valid: '-300'");
    finished_release(&finished);
    finished = run("rules explain date 05/08/2013 --hint d/m/y -c @/cust360.yaml");
    expect_contains(finished.output, "valid: '2013-08-05'");
    finished_release(&finished);
}

Test(rules_command, checks_values_one_line_each)
{
    struct finished finished =
        run("rules check resident_id 610104620927690 360426199101010072 -c @/cust360.yaml");
    expect_exit(finished, 1);
    expect_contains(finished.output, "valid\t610104196209276908\t-\ttype=resident key=");
    expect_contains(finished.output, "refused\t-\tcheck_digit\t-\n");
    finished_release(&finished);
    finished = run("rules check phone 0912345678 --hint tw -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "valid\t+886912345678\t-\ttype=mobile");
    expect_contains(finished.output, "national=0912345678");
    finished_release(&finished);
    finished = run("rules check no_such_kind 1 -c @/cust360.yaml");
    expect_exit(finished, 2);
    finished_release(&finished);
}

Test(rules_command, explains_a_list_of_values_in_json_lines_without_a_project)
{
    const char *binary = getenv("CUST360");
    if (!binary)
        binary = "build/cust360";
    shell("b=$(realpath '%s'); cd '%s' && rm cust360.yaml && "
          "printf '13812345678\\r\\n138\\n\\n\\377\\n+852 91234567' | \"$b\" rules explain mobile "
          "- > out "
          "&& test $(wc -l < out) = 5",
          binary, in_workspace(""));
    char *out = read_text("out");
    expect_contains(out, "{\"input\":\"13812345678\",\"valid\":true,\"value\":\"13812345678\",");
    expect_contains(out, "{\"input\":\"138\",\"valid\":false,\"value\":\"\",");
    expect_contains(out, "\"code\":\"encoding\"");
    expect_contains(out, "\"value\":\"+85291234567\"");
    free(out);
}

Test(rules_command, tests_name_the_place_of_a_failure)
{
    struct finished finished = run("rules test -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, " tests, 0 failed\n");
    finished_release(&finished);
    shell("sed -i \"s/^  - {in: 个人, out: person}/  - {in: 个人, out: organisation}/\" '%s'",
          in_workspace("mappings/rules/party_type.yaml"));
    finished = run("rules test party_type -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "/party_type.yaml:");
    expect_contains(finished.output, "in '个人': expected 'organisation', got 'person'\n"
                                     "    - {in: 个人, out: organisation}\n");
    finished_release(&finished);
    finished = run("rules test @/mappings/rules/party_type.yaml --format json");
    expect_exit(finished, 78);
    expect_contains(finished.output, "\"expected\": \"organisation\"");
    expect_contains(finished.output, "\"got\": \"person\"");
    expect_contains(finished.output, "\"failed\": 1");
    finished_release(&finished);
    finished = run("rules test mobile -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
}

Test(rules_command, a_file_that_is_wrong_is_a_matter_of_configuration)
{
    write_text("own.yaml", "kind: own\nlabel: x\nsteps:\n  - match: {pattern: '(', code: x}\n");
    struct finished finished = run("rules test @/own.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "/own.yaml:4:");
    finished_release(&finished);
}

Test(rules_command, usage)
{
    static const char *const lines[][2] = {
        {"rules lst", "did you mean list?"},
        {"rules explain mobile", "an argument is missing"},
        {"rules explain mobil 138", "did you mean mobile?"},
        {"rules test mobile plate", "too many arguments"},
        {"rules list --format yaml", "--format is text or json"},
    };
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        struct finished finished = run("%s", lines[i][0]);
        expect_exit(finished, 2);
        expect_contains(finished.messages, lines[i][1]);
        finished_release(&finished);
    }
}

/* ---- a dealer's own rules ---- */

static void give_own_rules(const char *steps)
{
    shell("rm -rf '%s' && mkdir -p '%s'", in_workspace("dealers"), in_workspace("dealers"));
    write_text("dealers/D01.yaml", steps);
    write_text("cust360.yaml",
               "mappings: mappings\n"
               "sources:\n"
               "  - {id: D01, path: D01.csv, mapping: own.yaml, rules: dealers/D01.yaml}\n"
               "  - {id: D02, path: D02.csv, mapping: own.yaml, rules: 'dealers/{id}.yaml'}\n");
    write_text("own.yaml", "kind: csv\nencoding: utf-8\ncsv: {delimiter: ','}\n"
                           "tables:\n  - name: customers\n    entities:\n      customer:\n"
                           "        key: No\n        fields: {name: Name, mobile: Phone}\n");
    write_text("feeds/D01.csv", "No,Name,Phone\n1,张伟,913812345678\n");
    write_text("feeds/D02.csv", "No,Name,Phone\n1,李娜,913912345678\n");
}

static const char nine[] =
    "overrides:\n  - kind: mobile\n    steps:\n"
    "      - {name: nine, after: label, replace: {pattern: '^9(?=1\\d{10}$)', with: ''}}\n"
    "    tests: [{in: '913812345678', out: '13812345678'}]\n";

Test(rules_command, a_dealers_own_rules_hold_for_its_source_only)
{
    give_own_rules(nine);
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM record_customer WHERE"
                                                " mobile = '13812345678'"),
                 1);
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM record_customer WHERE"
                                                " mobile IS NULL AND refused LIKE '%9139%'"),
                 1);
    finished = run("rules explain mobile 913812345678 --source D01 -c @/cust360.yaml");
    expect_exit(finished, 0);
    expect_contains(finished.output, "/dealers/D01.yaml:4  replace nine ");
    expect_contains(finished.output, "valid: '13812345678'");
    finished_release(&finished);
    finished = run("rules explain mobile 913812345678 --source D02 -c @/cust360.yaml");
    expect_contains(finished.output, "refused");
    finished_release(&finished);
    finished = run("rules explain mobile 1 --source D03 -c @/cust360.yaml");
    expect_exit(finished, 2);
    expect_contains(finished.messages, "the project has no source D03");
    finished_release(&finished);
}

Test(rules_command, a_dealers_own_rules_are_configuration)
{
    give_own_rules(nine);
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    finished_release(&finished);
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_contains(finished.output, "nothing has changed");
    finished_release(&finished);
    write_text("dealers/D01.yaml", "overrides: []\n");
    finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 0);
    expect_lacks(finished.output, "nothing has changed");
    finished_release(&finished);
    cr_expect_eq(query_number("state/state.db", "SELECT count(*) FROM record_customer WHERE"
                                                " mobile IS NOT NULL"),
                 0);
}

/* Thirty a and one other sign: the pattern tries every way to part them. */
Test(rules_command, a_pattern_that_explodes_stops_the_run_at_its_place)
{
    give_own_rules("overrides:\n  - kind: mobile\n    steps:\n"
                   "      - name: slow\n        after: label\n        reject:\n"
                   "          pattern: '^(a|aa)+$'\n"
                   "          severity: error\n          code: slow\n"
                   "          message: 'Ask for the number.'\n"
                   "    tests: [{in: 'aa', code: slow}]\n");
    write_text("feeds/D01.csv",
               "No,Name,Phone\n1,张伟,aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\n");
    struct finished finished = run("run -c @/cust360.yaml --as-of 2026-06-30");
    expect_exit(finished, 78);
    expect_contains(finished.messages, "/dealers/D01.yaml:7:");
    expect_contains(finished.messages, "takes too long");
    expect_lacks(finished.messages, "aaaaaaaa");
    cr_assert_not(exists("out/customer360.db"));
    finished_release(&finished);
}

Test(rules_command, check_runs_the_tests_of_a_dealers_own_rules)
{
    give_own_rules(nine);
    struct finished finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 0);
    finished_release(&finished);
    shell("sed -i 's/out: .13812345678./out: x/' '%s'", in_workspace("dealers/D01.yaml"));
    finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "/dealers/D01.yaml:5:");
    expect_contains(finished.output, "expected 'x', got '13812345678'");
    finished_release(&finished);
    finished = run("rules test @/dealers/D01.yaml -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "1 tests, 1 failed");
    finished_release(&finished);
    shell("rm '%s'", in_workspace("dealers/D01.yaml"));
    finished = run("check -c @/cust360.yaml");
    expect_exit(finished, 78);
    expect_contains(finished.output, "/cust360.yaml:3:");
    expect_contains(finished.output, "own rules are not there");
    finished_release(&finished);
}
