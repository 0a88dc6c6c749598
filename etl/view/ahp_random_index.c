#include "cust360/base/csv.h"
#include "cust360/base/text.h"
#include "view/ahp.h"

static bool read_row(const struct csv_table *table, size_t row, const size_t columns[2],
                     struct ahp_random_index *index)
{
    int64_t count = 0;
    double value = 0;
    if (!text_to_integer(csv_table_cell(table, row, columns[0]), &count) || count < 1 ||
        count > AHP_CRITERIA_MOST ||
        !text_to_number(csv_table_cell(table, row, columns[1]), &value))
        return false;
    index->of_count[count] = value;
    return true;
}

bool ahp_random_index_read(const char *path, struct ahp_random_index *index, struct error *error)
{
    struct csv_table table;
    size_t columns[2];
    struct arena *arena = arena_create();
    *index = (struct ahp_random_index){{0}};
    bool read = csv_table_read(arena, path, ',', &table, error) &&
                csv_table_require(&table, "n", &columns[0], error) &&
                csv_table_require(&table, "saaty_1980", &columns[1], error);
    for (size_t row = 0; read && row < table.row_count; row++) {
        if (read_row(&table, row, columns, index))
            continue;
        error_set(error, EXIT_CONFIGURATION, "could not read a number of criteria and its index");
        read = error_place(error, path, row + 2, 0);
    }
    arena_destroy(arena);
    return read;
}
