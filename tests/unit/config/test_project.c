#include "cust360/base/file.h"
#include "support.h"

#include <stdio.h>
#include <unistd.h>

/* A small group in the test's folder: its own model and mappings. */
static void open_group(void)
{
    config_open();
    config_write("m/codes/gender.yaml", "codes: {M: Male, F: Female}\n");
    config_write("m/model.yaml",
                 "entities: {customer: {fields: {name: {kind: name}, mobile: {kind: mobile}}}}\n");
    config_write("m/dms/wide.yaml",
                 "kind: csv\ntables: [{name: t, entities: {customer: {key: No, fields: "
                 "{name: N}}}}]\n");
    config_write("m/dms/xml.yaml",
                 "kind: xml\ntables: [{name: t, record: /A, entities: {customer: {key: '@id', "
                 "fields: {name: N}}}}]\n");
    config_write("m/dms/base.yaml",
                 "kind: odbc\nconnection: 'Driver={SQLite3};Database={path};'\n"
                 "tables: [{name: t, query: select 1, entities: {customer: {key: c, fields: "
                 "{name: n}}}}]\n");
    config_write("feeds/D02_archive.csv", "No,N\n");
    config_write("feeds/D01_archive.csv", "No,N\n");
    config_write("feeds/D03_export.xml", "<?xml version='1.0' encoding=\"UTF-8\"?><A/>");
    config_write("feeds/D04.sqlite", "");
}

TestSuite(project, .init = open_group, .fini = config_close);

#define HEAD "name: Test\nmappings: m\nsources:\n"

static struct project *load_with(const char *sources, const struct project_overrides *overrides,
                                 struct error *error)
{
    const char *path =
        config_write("cust360.yaml", arena_format(config_arena(), HEAD "%s", sources));
    return project_load(config_arena(), path, overrides, error);
}

static struct project *load(const char *sources, struct error *error)
{
    return load_with(sources, NULL, error);
}

static struct project *load_well(const char *sources)
{
    struct error error;
    struct project *project = load(sources, &error);
    cr_assert(project, "%s", config_described(&error));
    return project;
}

/* ---- folders ---- */

Test(project, folders_are_relative_to_the_file)
{
    const struct project *project = load_well("  []\n");
    cr_assert_str_eq(project->name, "Test");
    cr_assert_str_eq(project->path, config_path("cust360.yaml"));
    cr_assert_str_eq(project->feeds, config_path("feeds"));
    cr_assert_str_eq(project->state, config_path("state"));
    cr_assert_str_eq(project->out, config_path("out"));
    cr_assert_str_eq(project->rules, config_path("m/rules"));
    cr_assert_str_eq(project->reference, config_path("m/reference"));
    cr_assert_str_eq(project->codes, config_path("m/codes"));
    cr_assert_str_eq(project->match, config_path("m/match.yaml"));
    cr_assert_str_eq(project->match_model, config_path("m/match.model.yaml"));
    cr_assert_str_eq(project->survivorship, config_path("m/survivorship.yaml"));
    cr_assert_str_eq(project->view, config_path("m/view"));
    cr_assert_str_eq(project->model_path, config_path("m/model.yaml"));
    cr_assert_eq(project->source_count, 0);
    cr_assert_neq(model_find_entity(project->model, "customer"), FIELD_NONE);
}

Test(project, overrides_are_relative_to_the_working_directory)
{
    struct error error;
    struct project_overrides overrides = {
        .feeds = config_path("other"), .state = "some/state", .out = "./o"};
    config_write("other/D09_archive.csv", "");
    const struct project *project =
        load_with("  - {path: '*_archive.csv', mapping: wide}\n", &overrides, &error);
    cr_assert(project, "%s", config_described(&error));
    cr_assert_str_eq(project->state, "some/state");
    cr_assert_str_eq(project->out, "./o");
    cr_assert_eq(project->source_count, 1);
    cr_assert_str_eq(project->sources[0].id, "D09");
}

Test(project, single_paths_can_be_elsewhere)
{
    struct error error;
    config_write("my/model.yaml", "entities: {car: {fields: {vin: {kind: vin}}}}\n");
    const char *path = config_write("cust360.yaml", "mappings: m\nmodel: my/model.yaml\n"
                                                    "rules: /etc/rules\nsources: []\n");
    const struct project *project = project_load(config_arena(), path, NULL, &error);
    cr_assert(project, "%s", config_described(&error));
    cr_assert_str_eq(project->model_path, config_path("my/model.yaml"));
    cr_assert_str_eq(project->rules, "/etc/rules");
    cr_assert_neq(model_find_entity(project->model, "car"), FIELD_NONE);
    cr_assert_str_eq(project->name, "cust360");
}

Test(project, a_missing_folder_of_feeds_is_an_error)
{
    struct error error;
    struct project_overrides overrides = {.feeds = config_path("nowhere")};
    cr_assert_null(load_with("  []\n", &overrides, &error));
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    config_expect(&error, 0, 0, "--feeds: the folder of the feeds is not there", "runs in");
    overrides.feeds = NULL;
    cr_assert_null(load_with("  []\nfeeds: elsewhere\n", &overrides, &error));
    config_expect(&error, 5, 8, "the folder of the feeds is not there", "--feeds names another");
    overrides.no_sources = true;
    cr_assert(load_with("  []\n", &overrides, &error), "a command without sources needs none");
}

Test(project, without_sources_nothing_is_searched)
{
    struct error error;
    struct project_overrides overrides = {.no_sources = true};
    const struct project *project = load_with(
        "  - {id: a, mapping: none, password: {env: CUST360_TEST_NONE}}\n", &overrides, &error);
    cr_assert(project, "%s", config_described(&error));
    cr_assert_eq(project->source_count, 0);
}

/* ---- sources ---- */

Test(project, patterns_give_a_source_a_file_by_id)
{
    const struct project *project = load_well("  - {path: 'D*_archive.csv', mapping: wide}\n"
                                              "  - {path: 'D*_export.xml', mapping: xml}\n"
                                              "  - {path: 'D*.sqlite', mapping: base}\n");
    static const char *const ids[] = {"D01", "D02", "D03", "D04"};
    cr_assert_eq(project->source_count, 4);
    for (size_t i = 0; i < 4; i++)
        cr_assert_str_eq(project->sources[i].id, ids[i]);
    const struct source *source = &project->sources[1];
    cr_assert_str_eq(source->path, config_path("feeds/D02_archive.csv"));
    cr_assert_str_eq(source->name, "D02_archive.csv");
    cr_assert_eq(source->mapping, project->sources[0].mapping, "a mapping is loaded once");
    cr_assert_eq(source->trust, 50);
    cr_assert_not(source->required || source->delta || source->encoding || source->connection);
    cr_assert_eq(source->missing.exit_code, 0);
    cr_assert_str_eq(project->sources[3].connection,
                     arena_format(config_arena(), "Driver={SQLite3};Database=%s;",
                                  config_path("feeds/D04.sqlite")));
}

Test(project, settings_of_a_source)
{
    const struct project *project =
        load_well("  - id: D01\n    path: D01_archive.csv\n    mapping: m/dms/wide.yaml\n"
                  "    trust: 90\n    required: true\n    mode: delta\n    encoding: gbk\n"
                  "  - id: HQ\n    path: ../m/none.csv\n    mapping: wide\n    mode: full\n");
    const struct source *source = &project->sources[0];
    cr_assert_eq(source->trust, 90);
    cr_assert(source->required && source->delta);
    cr_assert_str_eq(source->encoding, "gbk");
    cr_assert_str_eq(source->mapping->path, config_path("m/dms/wide.yaml"));
    cr_assert_not(project->sources[1].delta);
}

Test(project, a_missing_file_is_the_matter_of_its_source)
{
    const struct project *project = load_well("  - {path: D07_archive.csv, mapping: wide}\n"
                                              "  - {path: 'E*_archive.csv', mapping: wide}\n");
    cr_assert_eq(project->source_count, 1, "a pattern without files is a warning");
    const struct source *source = &project->sources[0];
    cr_assert_str_eq(source->id, "D07");
    cr_assert_eq(source->missing.exit_code, EXIT_SOURCE_MISSING);
    cr_assert_str_eq(source->missing.source, "D07");
    cr_assert_str_eq(source->missing.file, config_path("feeds/D07_archive.csv"));
    cr_assert_str_eq(source->missing.message, "the file is not there");
}

Test(project, ids_come_from_names_or_from_a_pattern)
{
    static const struct {
        const char *file;
        const char *entry;
        const char *id;
    } cases[] = {
        {"a/A1-export.csv", "{path: 'a/*.csv', mapping: wide}", "A1"},
        {"a/店一.csv", "{path: 'a/*.csv', mapping: wide}", "店一"},
        {"a/dealer_77_x.csv", "{path: 'a/*.csv', mapping: wide, id_pattern: '_(\\d+)_'}", "77"},
        {"a/2026-B7.csv", "{path: 'a/*.csv', mapping: wide, id_pattern: '^(\\d+)-(?<id>\\w+)'}",
         "B7"},
        {"a/x_9.csv", "{path: 'a/x_9.csv', mapping: wide, id_pattern: '_(\\d+)'}", "9"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *file = arena_format(config_arena(), "feeds/%s", cases[i].file);
        config_write(file, "");
        const struct project *project =
            load_well(arena_format(config_arena(), "  - %s\n", cases[i].entry));
        cr_assert_eq(project->source_count, 1, "%s", cases[i].entry);
        cr_expect_str_eq(project->sources[0].id, cases[i].id);
        cr_expect_str_eq(project->sources[0].name, cases[i].file);
        cr_assert_eq(unlink(config_path(file)), 0);
    }
}

Test(project, a_name_without_an_id_is_passed_over)
{
    config_write("feeds/a/_x.csv", "");
    config_write("feeds/a/B1_x.csv", "");
    cr_assert_eq(load_well("  - {path: 'a/*.csv', mapping: wide}\n")->source_count, 1);
    cr_assert_eq(
        load_well("  - {path: 'a/*.csv', mapping: wide, id_pattern: 'C(.)'}\n")->source_count, 0);
}

Test(project, the_declared_encoding_tells_dialects_apart)
{
    config_write("feeds/D05_export.xml", "<?xml version=\"1.0\" encoding='Big5-HKSCS'?><A/>");
    config_write("feeds/D06_export.xml", "<A/>");
    config_write("feeds/D07_export.xml",
                 "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<A n='encoding=\"x\"'/>");
    config_write("feeds/D08_export.xml", "\xFF\xFE<");
    config_write("feeds/D09_export.xml", "<?xml version=\"1.0\" encoding=\"gbk\"?><A/>");
    config_write("m/dms/tw.yaml", "kind: xml\ntables: [{name: t, record: /A, entities: {customer: "
                                  "{key: '@id', fields: {name: N}}}}]\n");
    const struct project *project = load_well(
        "  - {path: '*_export.xml', mapping: xml, when: {encoding: UTF8}}\n"
        "  - {path: '*_export.xml', mapping: tw, when: {encoding: [Big5-HKSCS, utf-16]}}\n");
    static const struct {
        const char *id;
        const char *mapping;
    } expected[] = {{"D03", "xml"}, {"D05", "tw"}, {"D06", "xml"}, {"D07", "xml"}, {"D08", "tw"}};
    cr_assert_eq(project->source_count, 5, "D09 is taken by none");
    for (size_t i = 0; i < 5; i++) {
        cr_assert_str_eq(project->sources[i].id, expected[i].id);
        cr_assert_str_eq(project->sources[i].mapping->name, expected[i].mapping);
    }
}

Test(project, two_sources_with_one_id_are_named_both)
{
    struct error error;
    config_write("feeds/D01.sqlite", "");
    cr_assert_null(load("  - {path: 'D*_archive.csv', mapping: wide}\n"
                        "  - {path: 'D*.sqlite', mapping: base}\n",
                        &error));
    config_expect(&error, 5, 5,
                  "two sources have the id D01: D01_archive.csv (line 4) and D01.sqlite (line 5)",
                  "id_pattern");
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
}

Test(project, mistakes_are_errors_at_their_place)
{
    static const struct {
        const char *sources;
        unsigned line;
        unsigned column;
        const char *message;
        const char *hint;
    } cases[] = {
        {"  - {path: a.csv}\n", 4, 5, "the key \"mapping\" is missing", NULL},
        {"  - {path: a.csv, mapping: wied}\n", 4, 28, "there is no mapping \"wied\"",
         "did you mean wide?"},
        {"  - {path: a.csv, mapping: ./none.yaml}\n", 0, 0, "could not open", NULL},
        {"  - {paht: a.csv, mapping: wide}\n", 4, 6, "unknown key \"paht\"", "did you mean path?"},
        {"  - {mapping: wide}\n", 4, 5, "the key \"path\" is missing", NULL},
        {"  - {mapping: base}\n", 4, 5, "a source without \"path\" needs an \"id\"", NULL},
        {"  - {path: a.csv, mapping: wide, trust: 101}\n", 4, 41, "a number from 0 to 100", NULL},
        {"  - {path: a.csv, mapping: wide, mode: fully}\n", 4, 40, "\"fully\" is not known here",
         "did you mean full?"},
        {"  - {path: a.csv, mapping: wide, required: 1}\n", 4, 44, "true or false", NULL},
        {"  - {path: a.csv, mapping: wide, encoding: gbkk}\n", 4, 44,
         "the encoding \"gbkk\" is not known", NULL},
        {"  - {path: 'D*.csv', id: D, mapping: wide}\n", 4, 26,
         "a path with * gives several sources", NULL},
        {"  - {path: 'D*.csv', mapping: wide, id_pattern: 'D('}\n", 4, 0, NULL, NULL},
        {"  - {path: a.csv, id: a/b, mapping: wide}\n", 4, 23, "\"a/b\" cannot be the id", NULL},
        {"  - {path: a.csv, id: .a, mapping: wide}\n", 4, 23, "cannot be the id", NULL},
        {"  - {path: a.csv, mapping: wide, when: {encoding: gbk}}\n", 4, 40,
         "\"when\" goes with mappings of the kind xml", NULL},
        {"  - {path: a.xml, mapping: xml, when: {encodings: gbk}}\n", 4, 40,
         "unknown key \"encodings\"", NULL},
        {"  - {path: a.csv, mapping: wide, user: x}\n", 4, 40,
         "\"user\" goes with mappings of the kind odbc", NULL},
        {"  - {path: a.db, mapping: base, encoding: gbk}\n", 4, 43,
         "\"encoding\" does not go with mappings of the kind odbc", NULL},
        {"  - {id: a, mapping: base}\n", 4, 5, "the connection has {path}", NULL},
        {"  - {path: a.csv, mapping: [wide]}\n", 4, 28, "a single value is expected", NULL},
        {"  - a.csv\n", 4, 5, "a mapping (key: value) is expected", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        cr_assert_null(load(cases[i].sources, &error), "%zu: %s", i, cases[i].sources);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION, "%s", config_described(&error));
        config_expect(&error, cases[i].line, cases[i].column, cases[i].message, cases[i].hint);
    }
}

Test(project, an_id_that_is_too_long_is_refused)
{
    struct error error;
    char id[80];
    memset(id, 'a', sizeof(id));
    id[64] = '\0';
    cr_assert_null(load(
        arena_format(config_arena(), "  - {path: a.csv, id: %s, mapping: wide}\n", id), &error));
    config_expect(&error, 4, 0, "cannot be the id", "63 bytes");
    id[63] = '\0';
    cr_assert(load(arena_format(config_arena(), "  - {path: a.csv, id: %s, mapping: wide}\n", id),
                   &error));
}

/* ---- all errors ---- */

struct heard {
    size_t well;
    size_t wrong;
    char paths[4096];
};

static void hear(void *context, const char *path, const struct error *error)
{
    struct heard *heard = context;
    heard->well += !error;
    heard->wrong += error != NULL;
    size_t length = strlen(heard->paths);
    snprintf(heard->paths + length, sizeof(heard->paths) - length, "%s%s ", error ? "!" : "",
             file_name(path));
}

Test(project, a_check_hears_of_all_documents_and_errors)
{
    struct heard heard = {0, 0, ""};
    struct document_listener listener = {hear, &heard};
    struct error error;
    config_write("m/dms/wide.yaml", "kind: csv\n");
    const char *path =
        config_write("cust360.yaml", HEAD "  - {path: a.csv, mapping: wide}\n"
                                          "  - {path: b.csv, mapping: wide}\n"
                                          "  - {path: c.xml, mapping: xml, trust: x}\n"
                                          "  - {path: d.csv, mapping: wied}\n"
                                          "  - {path: e.xml, mapping: xml}\n");
    cr_assert_null(project_check(config_arena(), path, NULL, &listener, &error));
    cr_assert_str_eq(heard.paths, "gender.yaml model.yaml !wide.yaml !cust360.yaml !cust360.yaml "
                                  "xml.yaml ");
    cr_assert_str_eq(file_name(error.file), "wide.yaml", "the first error");
    cr_assert_eq(heard.wrong, 3);
}

Test(project, a_check_goes_on_past_wrong_code_sets)
{
    struct heard heard = {0, 0, ""};
    struct document_listener listener = {hear, &heard};
    struct error error;
    config_write("m/codes/a.yaml", "codes: []\n");
    config_write("m/codes/b.yaml", "cods: {}\n");
    const char *path = config_write("cust360.yaml", HEAD "  []\n");
    cr_assert_null(project_check(config_arena(), path, NULL, &listener, &error));
    cr_assert_str_eq(heard.paths, "!a.yaml !b.yaml gender.yaml model.yaml ");
    cr_assert_str_eq(file_name(error.file), "a.yaml");
}

Test(project, a_project_that_cannot_be_read_is_one_error)
{
    struct heard heard = {0, 0, ""};
    struct document_listener listener = {hear, &heard};
    struct error error;
    cr_assert_null(
        project_check(config_arena(), config_path("none.yaml"), NULL, &listener, &error));
    cr_assert_eq(heard.wrong, 1);
    cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_assert_null(project_load(config_arena(), config_write("x.yaml", "names: a\nsources: []\n"),
                                NULL, &error));
    config_expect(&error, 1, 1, "unknown key \"names\"", "did you mean name?");
}

Test(project, the_sample_group_can_be_loaded)
{
    struct error error;
    const struct project *project =
        project_load(config_arena(), "samples/group/cust360.yaml", NULL, &error);
    cr_assert(project, "%s", config_described(&error));
    static const struct {
        const char *id;
        const char *mapping;
    } expected[] = {{"D01", "wide"}, {"D02", "split"}, {"D03", "xml"}, {"D05", "tw"},
                    {"D06", "wide"}, {"D07", "split"}, {"D08", "xml"}, {"leads_adf", "leads_adf"}};
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
        const struct source *found = NULL;
        for (size_t j = 0; j < project->source_count; j++)
            if (strcmp(project->sources[j].id, expected[i].id) == 0)
                found = &project->sources[j];
        cr_assert(found, "%s", expected[i].id);
        cr_expect_str_eq(found->mapping->name, expected[i].mapping, "%s", expected[i].id);
        cr_expect_eq(found->missing.exit_code, 0, "%s", expected[i].id);
    }
}
