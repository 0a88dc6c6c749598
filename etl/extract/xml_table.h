/* xml_table.h: a mapping's table for XML: its compiled columns, and what is missing or new. */
#ifndef CUST360_EXTRACT_XML_TABLE_H
#define CUST360_EXTRACT_XML_TABLE_H

#include "extract/reader.h"
#include "extract/xml_path.h"

struct xml_table {
    const struct mapping_table *mapped;
    struct xml_path *paths; /* one a column */
    struct slice *values;   /* the same, of the row at hand */
    uint64_t *found;        /* rows that had the column */
    uint64_t row_count;
    struct xml_name *noticed; /* new names, each told once */
    size_t noticed_count;
};

/* One for each of the mapping's tables. NULL: a path is not understood, with its place. */
struct xml_table *xml_tables_compile(struct arena *arena, const struct mapping *mapping,
                                     struct error *error);

/* A record has this attribute or child: when no column begins with it a notice says so, once;
 * past the first hundred of a table one notice stands for all. */
void xml_table_notice(struct row_reader *reader, struct xml_table *table, const char *file,
                      enum xml_axis axis, struct slice name);

/* After the last record: what no record had is missing, as a column would be. False: it is
 * required. A handful of records proves nothing. */
bool xml_table_check(struct row_reader *reader, const struct xml_table *table, const char *file,
                     struct error *error);

#endif
