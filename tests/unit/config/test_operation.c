#include "support.h"

#include <criterion/criterion.h>

/* gates, keep, metrics, left and what tells that an export is whole. */

static void open_group(void)
{
    config_open();
    config_write("m/codes/gender.yaml", "codes: {M: Male, F: Female}\n");
    config_write("m/model.yaml",
                 "entities: {customer: {fields: {name: {kind: name}, mobile: {kind: mobile}}}}\n");
    config_write("m/dms/wide.yaml",
                 "kind: csv\ntables: [{name: t, entities: {customer: {key: No, fields: "
                 "{name: N}}}}]\n");
    config_write("feeds/D01_archive.csv", "No,N\n");
}

TestSuite(config_operation, .init = open_group, .fini = config_close);

static const struct project *load(const char *keys)
{
    struct error error;
    const char *path =
        config_write("cust360.yaml", arena_format(config_arena(), "mappings: m\n%s", keys));
    const struct project *project = project_load(config_arena(), path, NULL, &error);
    cr_assert(project, "%s", config_described(&error));
    return project;
}

static const struct gate_rule *gate(const char *keys, enum gate_kind which)
{
    return &load(arena_format(config_arena(), "sources: []\n%s", keys))->operation.gates[which];
}

Test(config_operation, without_a_word_the_defaults_hold)
{
    const struct operation *operation = &load("sources: []\n")->operation;
    const struct gate_rule *rejects = &operation->gates[GATE_REJECT_SHARE];
    cr_expect_eq(rejects->stop.percent, 10);
    cr_expect_eq(rejects->action, GATE_FREEZE);
    cr_expect_eq(operation->gates[GATE_GOLDEN_COUNT].action, GATE_STOP);
    cr_expect_not(operation->gates[GATE_STALE_DAYS].stop.is_set);
    cr_expect_eq(operation->keep.reports_runs, 60);
    cr_expect_eq(operation->keep.views_runs, 2);
    cr_expect_eq(operation->keep.rejects_days, 90);
    cr_expect_eq(operation->keep.raw_days, 0);
    cr_expect_null(operation->metrics);
    cr_expect_eq(operation->left_count, 0);
    for (size_t i = 0; i < GATES; i++)
        cr_expect_eq(gate_find(gate_name((enum gate_kind)i)), (enum gate_kind)i);
    cr_expect_eq(gate_find("nothing"), GATES);
}

Test(config_operation, limits_are_amounts_shares_both_or_either)
{
    static const struct {
        const char *text;
        struct gate_limit limit;
    } cases[] = {
        {"200", {.is_set = true, .has_amount = true, .amount = 200}},
        {"2.5 %", {.is_set = true, .has_percent = true, .percent = 2.5}},
        {"5%", {.is_set = true, .has_percent = true, .percent = 5}},
        {"5 % and 20",
         {.is_set = true, .has_percent = true, .percent = 5, .has_amount = true, .amount = 20}},
        {"20 or 5 %",
         {.is_set = true,
          .has_percent = true,
          .percent = 5,
          .has_amount = true,
          .amount = 20,
          .either = true}},
        {"off", {.is_set = false}},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct gate_limit *found =
            &gate(arena_format(config_arena(), "gates: {removals: {warn: %s}}\n", cases[i].text),
                  GATE_REMOVALS)
                 ->warn;
        const struct gate_limit *wanted = &cases[i].limit;
        cr_expect_eq(found->is_set, wanted->is_set, "%s", cases[i].text);
        cr_expect_eq(found->has_amount, wanted->has_amount, "%s", cases[i].text);
        cr_expect_eq(found->has_percent, wanted->has_percent, "%s", cases[i].text);
        cr_expect_eq(found->either, wanted->either, "%s", cases[i].text);
        cr_expect_float_eq(found->amount, wanted->amount, 0.001, "%s", cases[i].text);
        cr_expect_float_eq(found->percent, wanted->percent, 0.001, "%s", cases[i].text);
    }
}

Test(config_operation, a_gate_keeps_what_is_not_said_of_it)
{
    const struct gate_rule *rule =
        gate("gates: {source_rows: {direction: both, runs: 3, action: stop}}\n", GATE_SOURCE_ROWS);
    cr_expect_eq(rule->direction, GATE_BOTH);
    cr_expect_eq(rule->runs, 3);
    cr_expect_eq(rule->action, GATE_STOP);
    cr_expect_eq(rule->stop.percent, 50);
    cr_expect_eq(rule->least, 200);
    rule = gate("gates: {fill_rate: {fields: [customer.mobile], least: 5}}\n", GATE_FILL_RATE);
    cr_expect_eq(rule->field_count, 1);
    cr_expect_str_eq(rule->fields[0], "customer.mobile");
    cr_expect_eq(rule->least, 5);
}

Test(config_operation, gates_are_turned_off_one_by_one_or_all)
{
    cr_expect_not(gate("gates: off\n", GATE_REMOVALS)->stop.is_set);
    cr_expect_not(gate("gates: {removals: off}\n", GATE_REMOVALS)->warn.is_set);
    cr_expect(gate("gates: {removals: off}\n", GATE_REJECT_SHARE)->warn.is_set);
}

Test(config_operation, what_is_kept_and_who_has_left)
{
    const struct operation *operation =
        &load("sources: []\nkeep: {reports: 3, views: 0, rejects: 7, raw: 35}\nmetrics: "
              "m/c.prom\nleft: {D03: 2026-05-31}\n")
             ->operation;
    cr_expect_eq(operation->keep.reports_runs, 3);
    cr_expect_eq(operation->keep.views_runs, 0);
    cr_expect_eq(operation->keep.rejects_days, 7);
    cr_expect_eq(operation->keep.raw_days, 35);
    cr_expect_str_eq(operation->metrics, config_path("m/c.prom"));
    cr_expect_null(operation_departure(operation, "D03", 20603), "the day before");
    cr_expect_not_null(operation_departure(operation, "D03", 20604));
    cr_expect_null(operation_departure(operation, "D04", 20604));
}

Test(config_operation, arrivals_are_named_by_id_and_file)
{
    const struct project *project =
        load("sources:\n  - {path: 'D*_archive.csv', mapping: wide, done_file: 'done/{id}', "
             "control_file: '{file}.count', settle: 90, max_stale_days: 3}\n");
    const struct source *source = &project->sources[0];
    cr_expect_str_eq(source->done_file, config_path("feeds/done/D01"));
    cr_expect_str_eq(source->control_file, config_path("feeds/D01_archive.csv.count"));
    cr_expect_eq(source->settle_seconds, 90);
    cr_expect_eq(source->max_stale_days, 3);
    source = &load("sources:\n  - {path: D01_archive.csv, mapping: wide}\n")->sources[0];
    cr_expect_null(source->done_file);
    cr_expect_null(source->control_file);
    cr_expect_eq(source->max_stale_days, SOURCE_STALE_ANY);
}

Test(config_operation, mistakes_are_told_at_their_place)
{
    static const struct {
        const char *keys;
        unsigned line;
        const char *message;
    } cases[] = {
        {"sources: []\ngates: {removals: {stop: five}}\n", 3,
         "\"five\" cannot be the limit of a gate"},
        {"sources: []\ngates: {fill_rate: {fields: [customer.mobil]}}\n", 3,
         "the model has no field \"customer.mobil\""},
        {"sources: []\ngates: {removals: {fields: [customer.mobile]}}\n", 3,
         "\"fields\" has no meaning for the gate removals"},
        {"sources: []\ngates: {golden_count: {action: freeze}}\n", 3,
         "the gate golden_count cannot freeze a source"},
        {"sources: []\ngates: [removals]\n", 3, "gates are written as NAME: {warn: …, stop: …}"},
        {"sources: []\ngates: {removal: off}\n", 3, "there is no gate \"removal\""},
        {"sources: []\nleft: {D03: yesterday}\n", 3, "the day on which D03 has left is a date"},
        {"sources: []\nbackups: [[a]]\n", 3, "a backup is a path or a shell pattern"},
        {"sources: []\nroles: [customer360]\n", 3, "name the role otherwise"},
        {"sources:\n  - {path: D01_archive.csv, mapping: wide, done_file: '{day}'}\n", 3,
         "the places in a name are {id} and {file}"},
        {"sources:\n  - {path: D01_archive.csv, mapping: wide, rules: none.yaml}\n", 3,
         "the dealer's own rules are not there"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        const char *path = config_write(
            "cust360.yaml", arena_format(config_arena(), "mappings: m\n%s", cases[i].keys));
        cr_assert_null(project_load(config_arena(), path, NULL, &error), "%s", cases[i].keys);
        cr_expect(strstr(error.message, cases[i].message), "%s", config_described(&error));
        cr_expect_eq(error.line, cases[i].line, "%s", config_described(&error));
        cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    }
}
