/* A connection string as somebody types it: no secret of it reaches a mapping. */
#include "cust360/config_connection.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct arena *arena;

static void open_arena(void)
{
    arena = arena_create();
}

static void close_arena(void)
{
    arena_destroy(arena);
}

TestSuite(config_connection, .init = open_arena, .fini = close_arena);

static struct connection_argument read_argument(const char *text)
{
    struct connection_argument argument = {NULL, NULL, NULL};
    struct error error = {0};
    cr_assert(connection_read_argument(text, "shop-1", arena, &argument, &error), "%s",
              error.message);
    return argument;
}

Test(config_connection, secrets_become_references)
{
    struct connection_argument argument = read_argument(
        "Driver={PostgreSQL; Unicode};Server=db1;Port=5432;Database=dms;Uid=anna;Pwd=geheim");
    cr_expect_str_eq(argument.connection, "Driver={PostgreSQL; Unicode};Server=db1;Port=5432;"
                                          "Database=dms;Uid=anna;Pwd=geheim;");
    cr_expect_str_eq(argument.in_mapping,
                     "Driver={PostgreSQL; Unicode};Server={server};Port={port};"
                     "Database={database};Uid={user};Pwd={password};");
    cr_expect_str_eq(argument.in_source,
                     "server: 'db1'\nport: '5432'\ndatabase: 'dms'\nuser: {env: SHOP_1_USER}\n"
                     "password: {file: secrets/shop-1}\n");
}

Test(config_connection, references_are_fetched_and_kept)
{
    setenv("CONNECTION_TEST", "from outside", 1);
    struct connection_argument argument =
        read_argument("DSN=dms;UID={env: CONNECTION_TEST};PWD={command: 'echo hidden'}");
    cr_expect_str_eq(argument.connection, "DSN=dms;UID=from outside;PWD=hidden;");
    cr_expect_str_eq(argument.in_mapping, "DSN=dms;UID={user};PWD={password};");
    cr_expect_str_eq(argument.in_source,
                     "user: {env: CONNECTION_TEST}\npassword: {command: 'echo hidden'}\n");
}

Test(config_connection, fetched_secrets_stand_in_braces_where_they_need_them)
{
    setenv("CONNECTION_TEST", "Pa;ss{w}ord", 1);
    struct connection_argument argument = read_argument("DSN=dms;PWD={env: CONNECTION_TEST}");
    cr_expect_str_eq(argument.connection, "DSN=dms;PWD={Pa;ss{w}}ord};");
}

Test(config_connection, other_keys_of_secrets_are_found_by_their_names)
{
    static const char *const typed[] = {"DSN=a;sslPassword=xyzzy", "DSN=a;AccessToken=xyzzy",
                                        "DSN=a;PASSWD=xyzzy", "DSN=a; pwd = {xyzzy;;} ;"};
    for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++) {
        struct connection_argument argument = read_argument(typed[i]);
        cr_expect_null(strstr(argument.in_mapping, "xyzzy"), "%s", argument.in_mapping);
        cr_expect_null(strstr(argument.in_source, "xyzzy"), "%s", argument.in_source);
        cr_expect_not_null(strstr(argument.connection, "xyzzy"));
    }
}

Test(config_connection, a_reference_without_a_value_says_so)
{
    struct connection_argument argument = {NULL, NULL, NULL};
    struct error error = {0};
    unsetenv("CONNECTION_NOTHING");
    cr_expect_not(connection_read_argument("DSN=a;PWD={env: CONNECTION_NOTHING}", "a", arena,
                                           &argument, &error));
    cr_expect_eq(error.exit_code, EXIT_CREDENTIALS);
    cr_expect_not(
        connection_read_argument("DSN=a;PWD={env: A, file: B}", "a", arena, &argument, &error));
    cr_expect_eq(error.exit_code, EXIT_CONFIGURATION);
}
