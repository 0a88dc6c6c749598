#include "stewards.h"
#include "cust360/base/csv.h"
#include "cust360/base/text.h"

enum { NAME_CHARACTERS_MOST = 64, LINE_OF_FIRST_ROW = 2 };

static bool read_steward(struct arena *arena, struct slice name, struct slice role,
                         struct web_steward *steward, struct error *error)
{
    *steward = (struct web_steward){.name = arena_text(arena, name),
                                    .may_change = slice_equal(role, SLICE("steward"))};
    if (name.length == 0 || text_length(name) > NAME_CHARACTERS_MOST)
        return error_set(error, EXIT_CONFIGURATION, "a steward's name has 1 to %d characters",
                         NAME_CHARACTERS_MOST);
    if (!steward->may_change && !slice_equal(role, SLICE("viewer")))
        return error_set(error, EXIT_CONFIGURATION, "the role is steward or viewer, not %.*s",
                         SLICE_ARGUMENTS(role));
    return true;
}

static bool is_known(const struct web_steward *stewards, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(stewards[i].name, name) == 0)
            return true;
    return false;
}

bool stewards_read(struct arena *arena, const char *path, struct web_steward **stewards,
                   size_t *count, struct error *error)
{
    struct csv_table table;
    size_t name = 0;
    size_t role = 0;
    if (!csv_table_read(arena, path, ',', &table, error))
        return false;
    if (!csv_table_require(&table, "name", &name, error) ||
        !csv_table_require(&table, "role", &role, error)) {
        error->exit_code = EXIT_CONFIGURATION;
        return false;
    }
    if (table.row_count == 0) {
        error_set(error, EXIT_CONFIGURATION, "nobody is named");
        return error_place(error, path, 0, 0);
    }
    *count = 0;
    *stewards = arena_allocate_array(arena, table.row_count, sizeof(**stewards));
    for (size_t i = 0; i < table.row_count; i++) {
        struct web_steward *steward = &(*stewards)[i];
        bool fits = read_steward(arena, csv_table_cell(&table, i, name),
                                 csv_table_cell(&table, i, role), steward, error);
        if (fits && is_known(*stewards, i, steward->name))
            fits = error_set(error, EXIT_CONFIGURATION, "%s is named twice", steward->name);
        if (!fits)
            return error_place(error, path, i + LINE_OF_FIRST_ROW, 0);
        (*count)++;
    }
    return true;
}
