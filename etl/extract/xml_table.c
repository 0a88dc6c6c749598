#include "extract/xml_table.h"

/* So many records without a required element say that it is gone. Of a document whose elements have
 * ever new names a few are enough to see what it is. */
enum { ROWS_FOR_ABSENCE = 20, NAMES_TOLD_MOST = 100 };

struct xml_name {
    const char *name;
    struct xml_name *next;
};

static bool compile_table(struct arena *arena, const struct mapping *mapping,
                          struct xml_table *table, struct error *error)
{
    size_t count = table->mapped->column_count;
    table->paths = arena_allocate_array(arena, count, sizeof(*table->paths));
    table->values = arena_allocate_array(arena, count, sizeof(*table->values));
    table->found = arena_allocate_array(arena, count, sizeof(*table->found));
    for (size_t i = 0; i < count; i++) {
        const struct mapping_column *column = &table->mapped->columns[i];
        size_t offset;
        if (!xml_path_compile(arena, column->expression, &table->paths[i], &offset, error))
            return error_place(error, mapping->path, column->line, column->column + offset);
    }
    return true;
}

struct xml_table *xml_tables_compile(struct arena *arena, const struct mapping *mapping,
                                     struct error *error)
{
    struct xml_table *tables = arena_allocate_array(arena, mapping->table_count, sizeof(*tables));
    for (size_t i = 0; i < mapping->table_count; i++) {
        tables[i].mapped = &mapping->tables[i];
        if (!compile_table(arena, mapping, &tables[i], error))
            return NULL;
    }
    return tables;
}

static bool is_mapped(const struct xml_table *table, enum xml_axis axis, struct slice name)
{
    for (size_t i = 0; i < table->mapped->column_count; i++) {
        const struct xml_step *first = &table->paths[i].steps[0];
        if (first->axis == axis && slice_equal(first->name, name))
            return true;
    }
    return false;
}

void xml_table_notice(struct row_reader *reader, struct xml_table *table, const char *file,
                      enum xml_axis axis, struct slice name)
{
    if (table->noticed_count > NAMES_TOLD_MOST || is_mapped(table, axis, name))
        return;
    const char *sign = axis == XML_ATTRIBUTE ? "@" : "";
    const char *shown = arena_format(reader->arena, "%s%.*s", sign, SLICE_ARGUMENTS(name));
    if (table_ignores(table->mapped, slice_of(shown)))
        return;
    for (const struct xml_name *seen = table->noticed; seen; seen = seen->next)
        if (strcmp(seen->name, shown) == 0)
            return;
    if (table->noticed_count++ == NAMES_TOLD_MOST) {
        notice_add(reader, "column_new",
                   "%s: %s has over %d names that the mapping does not name; no more are told",
                   file, table->mapped->record, NAMES_TOLD_MOST);
        return;
    }
    struct xml_name *noticed = arena_allocate(reader->arena, sizeof(*noticed));
    *noticed = (struct xml_name){shown, table->noticed};
    table->noticed = noticed;
    notice_add(reader, "column_new", "%s: the mapping does not name %s of %s; it is not used", file,
               shown, table->mapped->record);
}

bool xml_table_check(struct row_reader *reader, const struct xml_table *table, const char *file,
                     struct error *error)
{
    const struct mapping *mapping = reader->source->mapping;
    const char *record = table->mapped->record;
    if (table->row_count < ROWS_FOR_ABSENCE)
        return true;
    for (size_t i = 0; i < table->mapped->column_count; i++) {
        const struct mapping_column *column = &table->mapped->columns[i];
        if (table->found[i])
            continue;
        if (column->required) {
            error_set(error, EXIT_FAILED, "no record of %s has \"%s\"", record, column->expression);
            error_place(error, file, 0, 0);
            return error_hint(error, "%s:%llu needs it; was it renamed in the export?",
                              mapping->path, (unsigned long long)column->line);
        }
        /* Optional elements are often left out; beside new ones it looks like a renaming. */
        if (table->noticed)
            notice_add(reader, "column_missing", "%s: no record of %s has \"%s\"; it stays empty",
                       file, record, column->expression);
    }
    return true;
}
