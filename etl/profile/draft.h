/* draft.h: between the files that draft a mapping. */
#ifndef CUST360_PROFILE_DRAFT_INTERNAL_H
#define CUST360_PROFILE_DRAFT_INTERNAL_H

#include "cust360/base/csv.h"
#include "cust360/profile_draft.h"

enum {
    DRAFT_COLUMNS_MOST = 8,
    DRAFT_FIELDS_MOST = 48,
    DRAFT_ENTITIES_MOST = 12,
    DRAFT_CODES_MOST = 40
};

struct draft_code {
    struct slice from;
    const char *to;
};

struct draft_field {
    const char *name;
    size_t columns[DRAFT_COLUMNS_MOST];
    size_t column_count;
    const char *join;
    const char *constant;
    const char *format;
    const char *polarity;
    bool required;
    struct draft_code codes[DRAFT_CODES_MOST];
    size_t code_count;
    double sure;
    const char *why;
};

struct draft_entity {
    const char *name;
    size_t key[DRAFT_COLUMNS_MOST];
    size_t key_count;
    const char *key_suffix;
    double key_sure;
    const char *key_why;
    size_t when; /* column, or SIZE_MAX */
    bool main;
    struct draft_field fields[DRAFT_FIELDS_MOST];
    size_t field_count;
};

struct draft_table {
    const struct profile_table *table;
    struct draft_entity entities[DRAFT_ENTITIES_MOST];
    size_t entity_count;
    bool *used; /* by column */
};

struct drafting {
    const struct profile *profile;
    const struct draft_settings *settings;
    struct arena *arena;
    struct csv_table fields; /* entities.csv */
    struct csv_table codes;  /* codes.csv */
};

/* The surest column of a meaning that is worth a line; SIZE_MAX: there is none. */
size_t draft_find(const struct profile_table *table, const char *meaning);

/* draft_entities.c: which entities a table holds, with their keys. */
void draft_choose_entities(const struct drafting *drafting, struct draft_table *draft);

/* draft_fields.c: the fields of an entity. */
void draft_fill_fields(const struct drafting *drafting, struct draft_table *draft,
                       struct draft_entity *entity);

/* draft_codes.c: what a code column's values stand for; lowers `sure` where nobody knows. */
void draft_fill_codes(const struct drafting *drafting, const struct profile_table *table,
                      const char *set, struct draft_field *field);

/* draft_lines.c: how the lines of a file are to be read, and a table's place among them. */
void draft_append_lines(const struct drafting *drafting, const struct draft_table *tables,
                        size_t count, struct buffer *yaml);
void draft_append_line_table(const struct drafting *drafting, const struct profile_table *table,
                             struct buffer *yaml);

/* draft_yaml.c */
void draft_append_scalar(struct buffer *yaml, struct slice text);
const char *draft_table_name(const struct drafting *drafting, const struct profile_table *table);
void draft_write_yaml(const struct drafting *drafting, const struct draft_table *tables,
                      size_t count, struct buffer *yaml, struct draft_counts *counts);

#endif
