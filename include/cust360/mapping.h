/* mapping.h: how the exports of one DMS dialect become the model's records (mappings/dms/).
 *
 * A source consists of tables: for CSV a file each, for XML a record path each (all in one pass
 * over one file), for ODBC a query each. A table has columns (what is read from the source) and one
 * or more entities made from each of its rows. */
#ifndef CUST360_MAPPING_H
#define CUST360_MAPPING_H

#include "cust360/base/arena.h"
#include "cust360/base/error.h"
#include "cust360/config_lines.h"

struct model;

enum source_kind { SOURCE_CSV, SOURCE_XML, SOURCE_ODBC, SOURCE_LINES };

/* What a row gives: a CSV heading, an XML path from the record element (`Name`, `@id`,
 * `Phones/Phone[@kind='mobile']`, `../../@id`), a result column's name, or where in a line it
 * stands (`4-11`, `name`, `../name`). */
struct mapping_column {
    const char *expression;
    bool required; /* missing: the source fails; else it warns and the column is empty */
    uint64_t line; /* where it is first named in the mapping file */
    uint64_t column;
    struct line_place place; /* lines */
};

/* One source code and the standard code it means. */
struct mapping_code {
    struct slice from;
    struct slice to; /* empty: no value */
};

struct mapping_field {
    size_t field;               /* index into the entity's fields */
    size_t *columns;            /* indexes into the table's columns; several are joined */
    size_t column_count;        /* 0: the constant */
    const char *join;           /* between the joined texts; default one space */
    const char *constant;       /* NULL when there are columns */
    const char *format;         /* a hint to the kind: "d/m/y", "comma"; NULL: none */
    struct mapping_code *codes; /* a code that is neither listed nor standard is a finding */
    size_t code_count;
};

/* Which rows make a record: those where the column is not empty (`when: column`), or is one of the
 * values (`when: {column: …, in: […]}`). */
struct mapping_condition {
    size_t column; /* FIELD_NONE: every row */
    struct slice *values;
    size_t value_count; /* 0: not empty */
};

struct mapping_entity {
    size_t entity; /* index into the model's entities */
    size_t *key;   /* the columns of the source key, joined with "|" */
    size_t key_count;
    const char *key_suffix; /* joined on behind them, when one row gives several records of the
                               entity; NULL: none */
    struct mapping_field *fields;
    size_t field_count;
    struct mapping_condition when;
    struct mapping_condition deleted; /* rows that say the record is gone; no column: none */
    bool main; /* the entity that a row stands for: when it is rejected the row is */
};

struct mapping_table {
    const char *name;   /* "customers": for reports and reject files */
    const char *file;   /* CSV, XML: file name with {source} for the id; NULL: the source's path */
    const char *record; /* XML: path of the record element from the top: /DealerExport/Customer */
    const char **types; /* lines: the types of its lines; none: all lines */
    size_t type_count;
    size_t parent;           /* lines: the table of the line above it; SIZE_MAX: none */
    size_t line_length;      /* lines: how long they are; 0: whatever */
    struct line_names names; /* lines: of its places */
    const char *query;       /* ODBC; of a delta it may have {since} in it, see `watermark` */
    const char *watermark;  /* ODBC: the result's column that grows with every change; NULL: none */
    int64_t look_back_days; /* so much before the highest watermark a delta begins */
    struct mapping_column *columns;
    size_t column_count;
    const char **ignored; /* columns that are known and not wanted: no notice is made of them */
    size_t ignored_count;
    struct mapping_entity *entities;
    size_t entity_count;
};

struct csv_dialect {
    char delimiter; /* one byte after decoding */
    char quote;
    bool header;             /* false: columns are named 1, 2, 3 … */
    size_t record_bytes_max; /* bounds, so that a runaway quote costs one record and not the file */
    size_t record_lines_max;
    size_t skip; /* records at the top that are passed over: titles */
};

/* Known defects of exports that the mapping has mended (`repair:`); each is counted in a notice. */
enum repair {
    REPAIR_PROLOG = 1,            /* xml: <?XML …?>, a document type … before the top element */
    REPAIR_AMPERSAND = 2,         /* xml: & that begins no entity */
    REPAIR_TRAILING_TEXT = 4,     /* xml: text behind the top element */
    REPAIR_ENCODING = 8,          /* xml: bytes that are not of the declared encoding */
    REPAIR_ATTRIBUTE_QUOTES = 16, /* xml: sequence=1 */
    REPAIR_APOSTROPHE = 32,       /* csv, records: '00123, as spreadsheets keep digits */
    REPAIR_FORMULA = 64,          /* csv, records: ="00123" */
    REPAIR_LEADING_TEXT = 128,    /* xml: text before the document */
    REPAIR_END_TAGS = 256         /* xml: end tags around the records that are missing at its end */
};

struct mapping {
    const char *path;
    const char *name; /* of the dialect */
    enum source_kind kind;
    const char *encoding; /* "auto", "utf-8", "gb18030", "big5-hkscs" … */
    struct csv_dialect csv;
    struct line_dialect lines;
    unsigned repairs;       /* bits of enum repair */
    const char *connection; /* ODBC: the connection string, {path} stands for the source's path */
    struct mapping_table *tables;
    size_t table_count;
};

/* Loads mappings/dms/NAME.yaml and checks it against the model. NULL: exit code 78, with place. */
struct mapping *mapping_load(struct arena *arena, const char *path, const struct model *model,
                             struct error *error);

#endif
