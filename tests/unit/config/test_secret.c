#include "cust360/base/file.h"
#include "support.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

static void open_group(void)
{
    config_open();
    config_write("m/codes/a.yaml", "codes: {M: Male}\n");
    config_write("m/model.yaml", "entities: {customer: {fields: {name: {kind: name}}}}\n");
    config_write("m/dms/server.yaml",
                 "kind: odbc\n"
                 "connection: 'Driver={PostgreSQL Unicode};Server={server};Uid={user};"
                 "Pwd={password};'\n"
                 "tables: [{name: t, query: select 1, entities: {customer: {key: c, fields: "
                 "{name: n}}}}]\n");
    config_write("feeds/x", "");
}

TestSuite(secret, .init = open_group, .fini = config_close, .timeout = 60);

static struct project *load(const char *source, struct error *error)
{
    const char *path = config_write(
        "cust360.yaml",
        arena_format(config_arena(), "mappings: m\nsources:\n  - id: D40\n    mapping: server\n%s",
                     source));
    return project_load(config_arena(), path, NULL, error);
}

static const char *connection(const char *source)
{
    struct error error;
    const struct project *project = load(source, &error);
    cr_assert(project, "%s", config_described(&error));
    return project->sources[0].connection;
}

#define SERVER "    server: db.example\n    user: etl\n"

Test(secret, is_had_from_a_file_the_environment_or_a_command)
{
    static const char *const expected =
        "Driver={PostgreSQL Unicode};Server=db.example;Uid=etl;Pwd=tiger;";
    cr_assert_eq(chmod(config_write("secrets/d40", "tiger\r\nsecond line\n"), 0600), 0);
    cr_assert_str_eq(connection(SERVER "    password: {file: secrets/d40}\n"), expected);
    cr_assert_eq(setenv("CUST360_TEST_SECRET", "tiger", 1), 0);
    cr_assert_str_eq(connection(SERVER "    password: {env: CUST360_TEST_SECRET}\n"), expected);
    cr_assert_str_eq(connection(SERVER "    password: {command: 'echo tiger; echo more'}\n"),
                     expected);
    cr_assert_eq(setenv("CUST360_TEST_USER", "etl", 1), 0);
    cr_assert_str_eq(connection("    server: db.example\n    user: {env: CUST360_TEST_USER}\n"
                                "    password: {command: cat secrets/none || printf tiger}\n"),
                     expected);
}

Test(secret, values_that_odbc_would_cut_stand_in_braces)
{
    static const struct {
        const char *value;
        const char *part;
    } cases[] = {{"a;b", "Pwd={a;b};"}, {"a}b{", "Pwd={a}}b{};"}, {" a", "Pwd={ a};"},
                 {"a ", "Pwd={a };"},   {"a b@!", "Pwd=a b@!;"},  {"密码", "Pwd=密码;"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert_eq(setenv("CUST360_TEST_SECRET", cases[i].value, 1), 0);
        const char *text = connection(SERVER "    password: {env: CUST360_TEST_SECRET}\n");
        cr_expect(strstr(text, cases[i].part), "%s: %s", cases[i].part, text);
    }
}

Test(secret, a_source_can_have_a_connection_of_its_own)
{
    cr_assert_str_eq(connection("    connection: 'DSN=dealer;Port={port};Database={database};'\n"
                                "    port: 5432\n    database: dms\n"),
                     "DSN=dealer;Port=5432;Database=dms;");
}

Test(secret, that_cannot_be_had_is_exit_code_12)
{
    static const struct {
        const char *password;
        const char *reason;
    } cases[] = {
        {"{file: secrets/none}", "could not open"},
        {"{file: secrets/empty}", "what was found is empty"},
        {"{file: secrets/bytes}", "what was found is not text"},
        {"{env: CUST360_TEST_NONE}", "the environment has no CUST360_TEST_NONE"},
        {"{env: CUST360_TEST_EMPTY}", "what was found is empty"},
        {"{command: exit 3}", "the command failed"},
        {"{command: kill -9 $$}", "the command failed"},
        {"{command: 'true'}", "what was found is empty"},
        {"{command: yes}", "the command prints more than a secret"},
        {"{command: /no/such/program 2>/dev/null}", "the command failed"},
    };
    config_write("secrets/empty", "\n");
    config_write("secrets/bytes", "\xb2\xe2\n");
    cr_assert_eq(setenv("CUST360_TEST_EMPTY", "", 1), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        cr_assert_null(
            load(arena_format(config_arena(), SERVER "    password: %s\n", cases[i].password),
                 &error),
            "%s", cases[i].password);
        cr_assert_eq(error.exit_code, EXIT_CREDENTIALS, "%s", config_described(&error));
        config_expect(&error, 7, 0, cases[i].reason, NULL);
        cr_assert(strstr(error.message, "could not get the secret"), "%s", error.message);
    }
}

Test(secret, a_command_has_no_terminal_and_no_input)
{
    struct error error;
    time_t before = time(NULL);
    cr_assert_null(load(SERVER "    password: {command: read line && echo $line}\n", &error));
    cr_assert_eq(error.exit_code, EXIT_CREDENTIALS);
    cr_assert_leq(time(NULL) - before, 10, "it does not wait");
}

Test(secret, in_the_document_is_refused_and_not_shown)
{
    static const struct {
        const char *source;
        const char *message;
    } cases[] = {
        {SERVER "    password: tiger\n", "a secret does not stand in this file"},
        {"    connection: 'DSN=a;PWD=tiger'\n", "a secret does not stand in this file"},
        {"    connection: 'DSN=a;Password=tiger;Uid=b'\n", "a secret does not stand in this file"},
        {SERVER "    password: {file: a, env: tiger}\n", "one place to get the secret from"},
        {SERVER "    password: {}\n", "one place to get the secret from"},
        {SERVER "    password: {env: ''}\n", "one place to get the secret from"},
        {SERVER "    password: {text: tiger}\n", "unknown key \"text\""},
        {SERVER "    password: [tiger]\n", "a mapping (key: value) is expected here"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct error error;
        cr_assert_null(load(cases[i].source, &error), "%s", cases[i].source);
        cr_assert_eq(error.exit_code, EXIT_CONFIGURATION);
        config_expect(&error, 0, 0, cases[i].message, NULL);
        cr_assert_not(strstr(config_described(&error), "tiger"), "%s", config_described(&error));
    }
}

Test(secret, what_the_connection_names_must_be_given)
{
    struct error error;
    cr_assert_null(load("    server: a\n    password: {command: echo a}\n", &error));
    config_expect(&error, 3, 5, "the connection has {user} and there is no \"user\"", NULL);
    config_write("m/dms/server.yaml", "kind: odbc\ntables: [{name: t, query: select 1, entities: "
                                      "{customer: {key: c, fields: {name: n}}}}]\n");
    cr_assert_null(load("", &error));
    config_expect(&error, 3, 5, "neither the source nor its mapping has a \"connection\"", NULL);
}

Test(secret, is_fetched_once_for_all_files_of_a_pattern)
{
    struct error error;
    config_write("feeds/a.db", "");
    config_write("feeds/b.db", "");
    const char *path =
        config_write("cust360.yaml",
                     arena_format(config_arena(),
                                  "mappings: m\nsources:\n  - path: '*.db'\n    mapping: server\n"
                                  "    connection: 'Database={path};Pwd={password}'\n"
                                  "    password: {command: \"echo x >> %s; wc -l < %s\"}\n",
                                  config_path("count"), config_path("count")));
    const struct project *project = project_load(config_arena(), path, NULL, &error);
    cr_assert(project, "%s", config_described(&error));
    cr_assert_eq(project->source_count, 2);
    for (size_t i = 0; i < 2; i++)
        cr_assert(strstr(project->sources[i].connection, ";Pwd=1"), "%s",
                  project->sources[i].connection);
}
