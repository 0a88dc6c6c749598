#include "publish/dialect.h"

#include <criterion/criterion.h>

/* What is made of names and texts, and that no row of the table lacks what the others rely on. */

Test(publish_dialect, each_says_all_that_is_asked_of_it)
{
    for (int i = TARGET_POSTGRESQL; i <= TARGET_SQLSERVER; i++) {
        const struct dialect *dialect = dialect_of((enum target_dialect)i);
        cr_assert_not_null(dialect->name, "dialect %d", i);
        cr_expect(dialect->session && dialect->begin && dialect->commit && dialect->rollback &&
                      dialect->savepoint && dialect->rollback_to && dialect->text_varying &&
                      dialect->canary_name && dialect->canary_make && dialect->table_end &&
                      dialect->halves,
                  "%s", dialect->name);
        for (size_t j = 0; j < COLUMN_KINDS; j++)
            cr_expect(dialect->types[j] && *dialect->types[j], "%s: kind %zu", dialect->name, j);
        cr_expect_gt(dialect->batch_rows, 0, "%s", dialect->name);
        cr_expect_eq(!dialect->lock, !dialect->unlock, "%s: what is locked is unlocked",
                     dialect->name);
        cr_expect_eq(!dialect->read_begin, !dialect->read_end, "%s", dialect->name);
        cr_expect_eq(!dialect->schema_exists, !dialect->schema_make, "%s", dialect->name);
    }
}

Test(publish_dialect, a_name_cannot_end_its_quotes)
{
    struct buffer sql = BUFFER_EMPTY;
    const struct target plain = {.name = "a", .prefix = ""};
    const struct target other = {.name = "b", .prefix = "c_", .schema = "my\"own"};
    dialect_name(&sql, "or\"der");
    buffer_append_byte(&sql, ' ');
    dialect_table(&sql, &plain, "customer");
    buffer_append_byte(&sql, ' ');
    dialect_table(&sql, &other, "customer");
    cr_expect_str_eq(sql.data, "\"or\"\"der\" \"customer\" \"my\"\"own\".\"c_customer\"");
    buffer_release(&sql);
}

Test(publish_dialect, a_text_cannot_end_its_quotes_and_none_is_null)
{
    struct buffer sql = BUFFER_EMPTY;
    dialect_text(&sql, SLICE("O'Neill \\"));
    buffer_append_byte(&sql, ' ');
    dialect_text(&sql, SLICE(""));
    buffer_append_byte(&sql, ' ');
    dialect_text(&sql, (struct slice){NULL, 0});
    cr_expect_str_eq(sql.data, "'O''Neill \\' '' NULL");
    buffer_release(&sql);
}
