#include "profile/draft.h"
#include "cust360/base/file.h"

/* What the line above says of others stands in its own table; which customer, car or visit it is of
 * is what this line needs of it. */
static bool is_for_above(const struct profile_table *table, const struct profile_column *column)
{
    static const char *const wanted[] = {"customer.key", "car.vin", "service.order", NULL};
    bool has_above = table->type || table->parent != SIZE_MAX;
    if (!has_above || strncmp(column->name, "..", strlen("..")) != 0)
        return false;
    for (size_t i = 0; wanted[i]; i++)
        if (strcmp(column->meaning, wanted[i]) == 0)
            return false;
    return true;
}

size_t draft_find(const struct profile_table *table, const char *meaning)
{
    const double worth_a_line = 0.5;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].meaning, meaning) == 0 &&
            table->columns[i].sure >= worth_a_line && !is_for_above(table, &table->columns[i]) &&
            (best == SIZE_MAX || table->columns[i].sure > table->columns[best].sure))
            best = i;
    return best;
}

static bool read_tables(struct drafting *drafting, struct error *error)
{
    struct arena *arena = drafting->arena;
    const char *folder = drafting->settings->folder;
    return csv_table_read(arena, file_join(arena, folder, "entities.csv"), ',', &drafting->fields,
                          error) &&
           csv_table_read(arena, file_join(arena, folder, "codes.csv"), ',', &drafting->codes,
                          error);
}

bool draft_write(const struct profile *profile, const struct draft_settings *settings,
                 struct arena *arena, struct buffer *yaml, struct draft_counts *counts,
                 struct error *error)
{
    struct drafting drafting = {.profile = profile, .settings = settings, .arena = arena};
    memset(counts, 0, sizeof(*counts));
    if (!read_tables(&drafting, error))
        return false;
    struct draft_table *tables = arena_allocate_array(arena, profile->table_count, sizeof(*tables));
    for (size_t i = 0; i < profile->table_count; i++) {
        const struct profile_table *table = &profile->tables[i];
        tables[i].table = table;
        tables[i].used = arena_allocate_array(arena, table->column_count, sizeof(bool));
        draft_choose_entities(&drafting, &tables[i]);
        for (size_t e = 0; e < tables[i].entity_count; e++)
            draft_fill_fields(&drafting, &tables[i], &tables[i].entities[e]);
    }
    draft_write_yaml(&drafting, tables, profile->table_count, yaml, counts);
    return true;
}
