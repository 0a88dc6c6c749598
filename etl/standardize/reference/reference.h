/* reference.h: the reference tables (mappings/reference/), loaded once and then read-only.
 *
 * One member a group of tables; each group has its own header, which says what is in it and how it
 * is asked. A group's loader, NAME_load, fills its member and is a row of the table in reference.c.
 * What a loader makes lives in `arena`, its maps are made by reference_map; nothing is freed one by
 * one. Shared by threads. */
#ifndef CUST360_STANDARDIZE_REFERENCE_H
#define CUST360_STANDARDIZE_REFERENCE_H

#include "cust360/base/arena.h"
#include "cust360/base/csv.h"
#include "cust360/base/error.h"
#include "cust360/base/map.h"
#include "cust360/base/pattern.h"

struct number_tables;    /* reference_numbers.h: phones, identity numbers, cars */
struct character_tables; /* characters.h: forms, readings and simplified forms of characters */
struct name_tables;      /* reference_names.h: surnames, titles, what stands for no name */
struct company_tables;   /* reference_companies.h: words of companies' names */
struct place_tables;     /* reference_places.h: divisions and the words of addresses */
struct code_tables;      /* reference_codes.h: lists of codes of standards */

enum { REFERENCE_MAPS = 32, REFERENCE_COLUMNS = 16, REFERENCE_PATTERNS = 32 };

struct reference {
    struct number_tables *numbers;
    struct character_tables *characters;
    struct name_tables *names;
    struct company_tables *companies;
    struct place_tables *places;
    struct code_tables *codes;
    /* for loaders only: */
    struct arena *arena;
    const char *folder;
    struct map *maps[REFERENCE_MAPS];
    size_t map_count;
    struct pattern *patterns[REFERENCE_PATTERNS];
    size_t pattern_count;
};

/* Loads all tables of a folder. NULL: error with file and line (exit code 78). */
struct reference *reference_load(const char *folder, struct error *error);
void reference_destroy(struct reference *reference);

/* ---- for loaders ---- */

typedef bool reference_loader(struct reference *reference, struct error *error);

/* One file with the columns that are wanted of it. */
struct reference_table {
    struct csv_table csv;
    size_t columns[REFERENCE_COLUMNS];
};

/* Reads the file NAME of the folder into `arena` (a loader's own, or the reference's) and finds the
 * columns by their headings (ending with NULL). False: error with the file. */
bool reference_read(const struct reference *reference, struct arena *arena, const char *name,
                    const char *const *headings, struct reference_table *table,
                    struct error *error);

/* The cell of a row in the wanted column `column` (an index into `headings`). */
static inline struct slice reference_cell(const struct reference_table *table, size_t row,
                                          size_t column)
{
    return csv_table_cell(&table->csv, row, table->columns[column]);
}

/* A map that is destroyed with the reference. */
struct map *reference_map(struct reference *reference);

/* The pattern in a row's cell (which must match the whole of a text), destroyed with the reference.
 * NULL: error with the row's place. */
const struct pattern *reference_pattern(struct reference *reference,
                                        const struct reference_table *table, size_t row,
                                        size_t column, struct error *error);

/* Fills *error with the message and the place of a row; returns false. */
bool reference_error(const struct reference_table *table, size_t row, struct error *error,
                     const char *message);

#endif
