/* Tables of cars that were sold: an order and a date before the sale are the sale's, though the
 * workshop has such words, too. */
#include "cust360/base/text.h"
#include "profile/evidence.h"

enum { ROWS_TELL = 10 };

static bool is_workshop(const struct profile_table *table)
{
    static const char *const signs[] = {"service.job", "service.amount", "service.parts",
                                        "service.labour"};
    for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
        if (evidence_column(table, signs[i]) != SIZE_MAX)
            return true;
    return false;
}

/* Whether rows tell that the one date does not lie behind the other. */
static bool is_before(const struct profile_table *table, size_t first, size_t second)
{
    size_t both;
    size_t behind = evidence_days_behind(table, first, second, INT32_MIN, -1, &both);
    return both >= ROWS_TELL && behind * 20 <= both;
}

static void rename_all(const struct judging *judging, struct profile_table *table, const char *from,
                       const char *to)
{
    const struct meaning *meaning = words_meaning(judging->words, to);
    for (size_t i = 0; i < table->column_count && meaning; i++) {
        struct profile_column *column = &table->columns[i];
        if (strcmp(column->meaning, from) != 0)
            continue;
        column->meaning = meaning->name;
        column->why =
            arena_format(judging->arena, "%s; of a car that was sold in this row", column->why);
    }
}

void judge_sales(const struct judging *judging, struct profile_table *table, size_t vin)
{
    const struct profile_column *cars = &table->columns[vin];
    size_t sold = evidence_column(table, "car.purchase");
    size_t date = evidence_column(table, "service.date");
    bool once = cars->distinct * 20 >= cars->filled * 19;
    if (sold == SIZE_MAX || !once || is_workshop(table) ||
        (date != SIZE_MAX && !is_before(table, date, sold)))
        return;
    rename_all(judging, table, "service.order", "sale.number");
    rename_all(judging, table, "service.date", "car.stock");
}
