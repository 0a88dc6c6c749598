/* reader.h: what the readers of all kinds share. */
#ifndef CUST360_EXTRACT_READER_H
#define CUST360_EXTRACT_READER_H

#include "cust360/extract.h"

/* The kinds. NULL: error, without the source's id (row_reader_open adds it). */
struct row_reader *csv_reader_open(const struct source *source, struct error *error);
struct row_reader *xml_reader_open(const struct source *source, struct error *error);
struct row_reader *odbc_reader_open(const struct source *source, struct error *error);
struct row_reader *lines_reader_open(const struct source *source, struct error *error);

/* First and last thing in the life of a reader, which begins with `reader`. */
void row_reader_begin(struct row_reader *reader, const struct row_reader_operations *operations,
                      const struct source *source);
void row_reader_end(struct row_reader *reader);

/* Ends a `next` that cannot go on: says which source it is. */
enum outcome row_reader_fail(const struct row_reader *reader, struct error *error);

void notice_add(struct row_reader *reader, const char *code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A table's file: where it is, and its name within the feeds folder. */
struct table_file {
    const char *path;
    const char *name;
};
struct table_file table_file(struct row_reader *reader, const struct mapping_table *table);

/* The source's encoding, as declared. */
const char *source_encoding(const struct source *source);

/* Whether the mapping says that a column is of no interest. */
bool table_ignores(const struct mapping_table *table, struct slice name);

/* Which of the source's columns each of the mapping's is. Numbers are from 0; FIELD_NONE: none. */
struct binding {
    size_t *sources; /* one a column of the mapping's table */
    size_t *extras;  /* the source's columns that the mapping does not name */
    size_t extra_count;
};

struct heading {
    const char *file; /* for messages */
    uint64_t line;    /* 0: none */
    const struct slice *names;
    size_t count;
    bool ignore_case;
};

/* Binds by name, trimmed. False: a required column is missing, or a column stands twice. What else
 * differs becomes a notice. */
bool binding_by_name(struct row_reader *reader, const struct mapping_table *table,
                     const struct heading *heading, struct binding *binding, struct error *error);

/* Binds by number: columns are named 1, 2, 3 … */
bool binding_by_number(struct row_reader *reader, const struct mapping_table *table,
                       const struct heading *heading, struct binding *binding, struct error *error);

#endif
