#include "publish/comment.h"

#include <criterion/criterion.h>

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
