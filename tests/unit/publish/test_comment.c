#include "cust360/base/database.h"
#include "publish/comment.h"

#include <criterion/criterion.h>
#include <string.h>

static const char sql[] = "CREATE TABLE customer (   -- who buys\n"
                          "  golden_id TEXT NOT NULL, -- for life\n"
                          "  name TEXT,               -- as it is written,\n"
                          "                           -- with its title\n"
                          "  name_key TEXT, -- for searches\n"
                          "  plain TEXT,\n"
                          "  \"order\" TEXT, -- a word of SQL\n"
                          "  `back` TEXT, -- MySQL's way\n"
                          "  [square] TEXT, -- SQL Server's\n"
                          "  empty TEXT, --\n"
                          "  PRIMARY KEY (golden_id) -- not a column\n"
                          ")";

static struct arena *arena;

static void begin(void)
{
    arena = arena_create();
}

static void end(void)
{
    arena_destroy(arena);
}

TestSuite(publish_comment, .init = begin, .fini = end);

Test(publish_comment, what_stands_behind_a_column)
{
    static const char *const cases[][2] = {
        {"golden_id", "for life"},    {"name", "as it is written, with its title"},
        {"name_key", "for searches"}, {"order", "a word of SQL"},
        {"back", "MySQL's way"},      {"square", "SQL Server's"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *comment = comment_find(arena, sql, cases[i][0]);
        cr_expect(comment && strcmp(comment, cases[i][1]) == 0, "%s: %s", cases[i][0],
                  comment ? comment : "none");
    }
}

Test(publish_comment, where_there_is_none_there_is_none)
{
    static const char *const columns[] = {"plain", "empty", "missing", "nam", "customer", "who"};
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        cr_expect_null(comment_find(arena, sql, columns[i]), "%s", columns[i]);
    cr_expect_null(comment_find(arena, "CREATE TABLE x AS SELECT 1 AS golden_id", "golden_id"));
    cr_expect_null(comment_find(arena, "", "golden_id"));
}

/* ---- the dictionary ---- */

/* A view of one table, with the dictionary that the SQL makes, and what its shape says then. */
static struct shape *shape_of_view(const char *dictionary)
{
    struct error error;
    struct shape *shapes = NULL;
    size_t count = 0;
    struct database *view = database_open(":memory:", DATABASE_WRITE, &error);
    cr_assert(view, "%s", error.message);
    cr_assert(
        database_run(view, "CREATE TABLE car (\nvin TEXT, -- behind it\nplate TEXT\n)", &error));
    cr_assert(database_run(view, dictionary, &error), "%s", error.message);
    cr_assert(shape_list(arena, view, &shapes, &count, &error), "%s", error.message);
    database_close(view);
    cr_assert_geq(count, 1);
    return &shapes[0];
}

Test(publish_comment, the_dictionary_of_the_view_has_the_word)
{
    const struct shape *shape = shape_of_view(
        "CREATE TABLE dictionary (table_name TEXT, column_name TEXT, meaning TEXT);"
        "INSERT INTO dictionary VALUES ('car', '', 'What is driven.'), ('car', 'plate', 'number'),"
        " ('car', 'vin', ''), ('other', 'vin', 'of another table')");
    cr_assert_str_eq(shape->comment, "What is driven.");
    cr_assert_str_eq(shape->columns[0].comment, "behind it");
    cr_assert_str_eq(shape->columns[1].comment, "number");
}

/* 998 bytes and a character of three: it would be cut in two. */
Test(publish_comment, a_long_meaning_is_cut_between_characters)
{
    const struct shape *shape =
        shape_of_view("CREATE TABLE dictionary (table_name TEXT, column_name TEXT, meaning TEXT);"
                      "INSERT INTO dictionary VALUES ('car', '', printf('%.998c', 'a') || '车车')");
    cr_assert_eq(strlen(shape->comment), 998);
}

Test(publish_comment, a_table_of_that_name_may_be_something_else)
{
    const struct shape *shape = shape_of_view("CREATE TABLE dictionary (word TEXT)");
    cr_assert_null(shape->comment);
    cr_assert_str_eq(shape->columns[0].comment, "behind it");
}
