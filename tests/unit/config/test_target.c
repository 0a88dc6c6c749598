#include "cust360/base/file.h"
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <sys/stat.h>

static void open_group(void)
{
    config_open();
    config_write("m/codes/a.yaml", "codes: {M: Male}\n");
    config_write("m/model.yaml", "entities: {customer: {fields: {name: {kind: name}}}}\n");
}

TestSuite(target, .init = open_group, .fini = config_close, .timeout = 60);

static const struct project *load(const char *publish, struct error *error)
{
    static const struct project_overrides no_sources = {.no_sources = true};
    const char *path = config_write(
        "cust360.yaml",
        arena_format(config_arena(), "mappings: m\nsources: []\npublish:\n%s", publish));
    return project_load(config_arena(), path, &no_sources, error);
}

#define CRM "  - name: crm\n    dialect: postgresql\n"

Test(target, is_read_with_all_it_says)
{
    struct error error;
    const struct project *project =
        load(CRM "    connection: Driver={x}\n    schema: c360\n    prefix: view_\n"
                 "    tables: [customer, vehicle]\n"
                 "  - {name: dwh, dialect: mariadb, connection: Driver=y, tables: all}\n"
                 "  - {name: file, dialect: sqlite, connection: Driver=y}\n",
             &error);
    cr_assert(project, "%s", config_described(&error));
    cr_assert_eq(project->target_count, 3u);
    const struct target *crm = &project->targets[0];
    cr_assert_str_eq(crm->name, "crm");
    cr_assert_eq(crm->dialect, TARGET_POSTGRESQL);
    cr_assert_str_eq(crm->schema, "c360");
    cr_assert_str_eq(crm->prefix, "view_");
    cr_assert_eq(crm->table_count, 2u);
    cr_assert_str_eq(crm->tables[1], "vehicle");
    cr_assert_eq(project->targets[1].dialect, TARGET_MARIADB);
    cr_assert_eq(project->targets[1].table_count, 0u);
    cr_assert_null(project->targets[1].schema);
    cr_assert_str_eq(project->targets[1].prefix, "");
    cr_assert_eq(project->targets[2].dialect, TARGET_SQLITE);
}

Test(target, gets_its_secret_only_when_its_connection_is_asked_for)
{
    struct error error = {0};
    const char *text = NULL;
    const struct project *project =
        load(CRM "    connection: 'Driver={PG};Server={server};Database={path};Pwd={password}'\n"
                 "    server: db.example\n    path: files/view.db\n"
                 "    password: {file: secrets/crm}\n",
             &error);
    cr_assert(project, "%s", config_described(&error));
    cr_assert_not(target_connection(project, &project->targets[0], config_arena(), &text, &error));
    cr_assert_eq(error.exit_code, EXIT_CREDENTIALS);
    cr_assert_eq(chmod(config_write("secrets/crm", "tiger; x\n"), 0600), 0);
    cr_assert(target_connection(project, &project->targets[0], config_arena(), &text, &error), "%s",
              config_described(&error));
    const char *expected = arena_format(
        config_arena(), "Driver={PG};Server=db.example;Database=%s;Pwd={tiger; x}",
        file_join(config_arena(), file_folder(config_arena(), project->path), "files/view.db"));
    cr_assert_str_eq(text, expected);
}

Test(target, whose_entry_is_gone_meanwhile_has_no_connection)
{
    struct error error = {0};
    const char *text = NULL;
    const struct project *project = load(CRM "    connection: Driver={PG}\n", &error);
    cr_assert(project, "%s", config_described(&error));
    config_write("cust360.yaml", "mappings: m\nsources: []\n");
    cr_expect_not(target_connection(project, &project->targets[0], config_arena(), &text, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
    cr_expect(strstr(error.message, "cust360.yaml has changed while it was read"), "%s",
              error.message);
}

Test(target, mistakes_have_their_place)
{
    static const struct {
        const char *publish;
        uint64_t line;
        const char *message;
    } cases[] = {
        {CRM, 4, "the key \"connection\" is missing"},
        {CRM "    connection: x\n    tabels: all\n", 7, "unknown key \"tabels\""},
        {"  - {name: a, dialect: postgres, connection: x}\n", 4, NULL},
        {"  - {name: A b, dialect: sqlite, connection: x}\n", 4, NULL},
        {"  - {name: a, dialect: sqlite, connection: x}\n"
         "  - {name: a, dialect: sqlite, connection: x}\n",
         5, "there are two targets with the name a"},
        {CRM "    connection: x\n    schema: 'a\"b'\n", 7,
         "letters, digits and underscores are expected here"},
        {CRM "    connection: x\n    prefix: 1x\n", 7,
         "letters, digits and underscores are expected here"},
        {CRM "    connection: x\n    password: tiger\n", 7, "a secret does not stand in this file"},
        {CRM "    connection: x;Pwd=tiger\n", 6, NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error = {0};
        cr_assert_null(load(cases[i].publish, &error), "case %zu", i);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION, "case %zu", i);
        cr_assert_eq(error.line, cases[i].line, "case %zu: %s", i, config_described(&error));
        if (cases[i].message)
            cr_assert_str_eq(error.message, cases[i].message, "case %zu", i);
        cr_assert_null(strstr(config_described(&error), "tiger;"), "case %zu", i);
    }
}
