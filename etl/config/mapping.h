/* mapping.h: what the files that bind a mapping share.
 *
 *   mapping.c         the document, its dialect and its tables
 *   mapping_entity.c  what a table's rows give: keys, conditions
 *   mapping_field.c   how a field gets its text: columns, constants, codes, polarity
 *   mapping_column.c  columns, and the syntax of their expressions
 *   mapping_lines.c   files of lines: places, types, header and trailer */
#ifndef CUST360_CONFIG_MAPPING_H
#define CUST360_CONFIG_MAPPING_H

#include "config/bind.h"

struct mapping_binder {
    struct arena *arena;
    const struct model *model;
    struct mapping *mapping;
    struct mapping_table *table; /* the one being bound */
    struct error *error;
};

/* The index of the column that a scalar names; the first naming adds it. */
bool bind_column(struct mapping_binder *binder, const struct node *node, bool required,
                 size_t *column);

/* One or several columns: a scalar or a list of scalars. */
bool bind_columns(struct mapping_binder *binder, const struct node *node, bool required,
                  size_t **columns, size_t *count);

/* The record path of an XML table: /Name/Name. */
bool bind_record_path(struct mapping_binder *binder, const struct node *node);

/* One ASCII character, or its name (tab, comma …); missing: it stays as it is. */
bool bind_delimiter(const struct node *node, char *byte, struct error *error);

/* kind: lines: the mapping's `lines`, what a table says of its lines, and whether all tables go
 * together. */
bool bind_line_dialect(struct mapping_binder *binder, const struct node *node);
bool bind_line_table(struct mapping_binder *binder, const struct node *node);
bool check_line_tables(struct mapping_binder *binder, const struct node *tables);

/* Where the column that a scalar names stands: name, 4-11, ../name, /name. */
bool bind_line_place(struct mapping_binder *binder, const struct node *node,
                     struct line_place *place);

bool bind_mapping_field(struct mapping_binder *binder, const struct node *key,
                        const struct node *node, const struct model_entity *entity,
                        struct mapping_field *field);

/* The table's `entities`. */
bool bind_table_entities(struct mapping_binder *binder, const struct node *node);

#endif
