/* table.h: the records to match, as numbers.
 *
 * Each attribute has a dictionary; a record is a row of value numbers, one an attribute, side by
 * side so that comparing two records touches few cache lines. An attribute with several values has
 * its numbers in `items`, from starts[record] up to starts[record + 1], ascending; its place in
 * the row has the number when there is but one, else VALUE_MANY. Read-only once made; any number of
 * threads. */
#ifndef CUST360_MATCH_TABLE_H
#define CUST360_MATCH_TABLE_H

#include "cust360/base/map.h"
#include "match/rules/rules.h"

#define VALUE_NONE UINT32_MAX
#define VALUE_MANY (UINT32_MAX - 1) /* stands in a row for several values */

struct column {
    const struct map *dictionary;
    struct map *owned; /* the same, when it belongs to the table */
    uint32_t *starts;  /* attributes with several values; else NULL */
    uint32_t *items;
    size_t twins;         /* of these: where in a row two values stand, which most have at most */
    uint64_t *signatures; /* by value, of attributes whose texts are compared; else NULL */
    uint64_t *spread;     /* by value: what stands for it in keys that other tables must find again;
                             NULL: its number does */
};

/* What is known of values that belong to nobody when a table has not all records. */
struct value_limits {
    bool (*is_dropped)(const void *context, size_t attribute, struct slice value);
    const void *context;
};

struct table {
    const struct match_rules *rules;
    uint32_t record_count;
    size_t width;  /* attributes */
    size_t stride; /* numbers from row to row: the attributes', and twins behind them */
    uint32_t *rows;
    struct column *columns;
    size_t *many; /* the attributes with several values */
    size_t many_count;
    uint64_t values_shared_widely;
    const struct value_limits *limits; /* NULL: the table's own records tell */
};

/* Lays out what was put into the input, derives attributes, and drops values that belong to nobody.
 * The input must outlive the table. */
struct table *table_create(const struct match_rules *rules, const struct match_input *input,
                           unsigned threads);
/* The same for some of the records: what belongs to nobody is told. */
struct table *table_create_part(const struct match_rules *rules, const struct match_input *input,
                                const struct value_limits *limits);
void table_destroy(struct table *table);

static inline const uint32_t *table_row(const struct table *table, uint32_t record)
{
    return table->rows + (size_t)record * table->stride;
}

/* Asks for a row that is to be looked at soon: rows stand anywhere in memory. */
static inline void table_ask_for_row(const struct table *table, uint32_t record)
{
    enum { CACHE_LINE_BYTES = 64 };
    const char *row = (const char *)table_row(table, record);
    for (size_t at = 0; at < table->stride * sizeof(uint32_t); at += CACHE_LINE_BYTES)
        __builtin_prefetch(row + at);
}

/* The values of an attribute: for one with a single value that one. Returns how many. */
static inline size_t table_values(const struct table *table, uint32_t record, size_t attribute,
                                  const uint32_t **values)
{
    const struct column *column = &table->columns[attribute];
    const uint32_t *value = &table_row(table, record)[attribute];
    *values = value;
    if (*value == VALUE_NONE)
        return 0;
    if (*value != VALUE_MANY)
        return 1;
    *values = &table_row(table, record)[column->twins];
    if (**values != VALUE_MANY)
        return 2;
    *values = column->items + column->starts[record];
    return column->starts[record + 1] - column->starts[record];
}

/* Whether two records know an attribute and have a value of it in common. */
bool table_shares(const struct table *table, size_t attribute, uint32_t a, uint32_t b);

/* The text of the first value that they have in common; empty: none. */
struct slice table_common_text(const struct table *table, size_t attribute, uint32_t a, uint32_t b);

static inline struct slice table_text(const struct table *table, size_t attribute, uint32_t value)
{
    return map_key(table->columns[attribute].dictionary, value);
}

/* ---- between input.c and table.c ---- */

/* What was put in for a field: one number a record, or pairs of (record, number). */
struct input_field {
    struct map *dictionary;
    uint32_t *values;
    size_t values_capacity;
    size_t value_count; /* records up to the last that has one */
    struct hash_pair *pairs;
    size_t pairs_capacity;
    size_t pair_count;
};

const struct input_field *input_fields(const struct match_input *input);

/* An input of fields that are already filled, which it takes over: one a field of the rules, of
 * so many records in the order of (source, key). */
struct match_input *match_input_adopt(const struct match_rules *rules, struct input_field *fields,
                                      uint32_t record_count);

/* What several steps with one input share. */
struct prepared {
    struct table *table;
    struct met_pairs *met;
};

/* Lays the input out and finds the pairs that meet; the input keeps both for those who come later,
 * until a record is added. One thread at a time. */
const struct prepared *input_prepare(const struct match_input *input, unsigned threads);

/* The same if it has been prepared, else NULL. */
const struct prepared *input_prepared(const struct match_input *input);

/* Whether all records came in the order of (source, key). */
bool input_is_ordered(const struct match_input *input);

#endif
