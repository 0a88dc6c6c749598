#include "standardize/reference/reference.h"
#include "standardize/reference/reference_codes.h"
#include "standardize/reference/reference_companies.h"
#include "standardize/reference/reference_names.h"
#include "standardize/reference/reference_numbers.h"
#include "standardize/reference/reference_places.h"
#include "standardize/text/characters.h"

#include "cust360/base/file.h"
#include "cust360/base/memory.h"

#include <assert.h>

/* In this order: a group may use those before it. */
static reference_loader *const loaders[] = {
    numbers_load, characters_load, names_load, places_load, companies_load, codes_load,
};

struct reference *reference_load(const char *folder, struct error *error)
{
    struct reference *reference = memory_allocate_array(1, sizeof(*reference));
    reference->arena = arena_create();
    reference->folder = arena_text(reference->arena, slice_of(folder));
    for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
        if (!loaders[i](reference, error)) {
            reference_destroy(reference);
            return NULL;
        }
    }
    return reference;
}

void reference_destroy(struct reference *reference)
{
    if (!reference)
        return;
    for (size_t i = 0; i < reference->map_count; i++)
        map_destroy(reference->maps[i]);
    for (size_t i = 0; i < reference->pattern_count; i++)
        pattern_destroy(reference->patterns[i]);
    arena_destroy(reference->arena);
    memory_free(reference);
}

bool reference_read(const struct reference *reference, struct arena *arena, const char *name,
                    const char *const *headings, struct reference_table *table, struct error *error)
{
    const char *path = file_join(arena, reference->folder, name);
    if (!csv_table_read(arena, path, ',', &table->csv, error)) {
        error->exit_code = EXIT_CONFIGURATION;
        return false;
    }
    for (size_t i = 0; headings[i]; i++) {
        assert(i < REFERENCE_COLUMNS);
        if (!csv_table_require(&table->csv, headings[i], &table->columns[i], error)) {
            error->exit_code = EXIT_CONFIGURATION;
            return false;
        }
    }
    return true;
}

struct map *reference_map(struct reference *reference)
{
    assert(reference->map_count < REFERENCE_MAPS);
    struct map *map = map_create();
    reference->maps[reference->map_count++] = map;
    return map;
}

const struct pattern *reference_pattern(struct reference *reference,
                                        const struct reference_table *table, size_t row,
                                        size_t column, struct error *error)
{
    assert(reference->pattern_count < REFERENCE_PATTERNS);
    struct error found = {0};
    struct pattern *pattern = pattern_compile(reference_cell(table, row, column), true, &found);
    if (!pattern) {
        reference_error(table, row, error, found.message);
        return NULL;
    }
    reference->patterns[reference->pattern_count++] = pattern;
    return pattern;
}

bool reference_error(const struct reference_table *table, size_t row, struct error *error,
                     const char *message)
{
    enum { FIRST_ROW_LINE = 2 }; /* below the heading */
    error_set(error, EXIT_CONFIGURATION, "%s", message);
    return error_place(error, table->csv.path, row + FIRST_ROW_LINE, 0);
}
