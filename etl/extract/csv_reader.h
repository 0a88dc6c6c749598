/* csv_reader.h: what csv.c and csv_part.c share. */
#ifndef CUST360_EXTRACT_CSV_READER_H
#define CUST360_EXTRACT_CSV_READER_H

#include "cust360/base/csv.h"
#include "extract/cell_repair.h"
#include "extract/decode.h"
#include "extract/reader.h"

#include <pthread.h>

/* What the parts of a table need to know of it. */
struct csv_cut {
    struct decoder *decoder; /* counts what the parts decode */
    const char *path;
    const char *file;
    struct binding binding;
    size_t field_count;
    uint64_t begin; /* of its rows, in the file */
    uint64_t lines; /* before them */
    size_t first_part;
    size_t part_count;
    /* The last long line in which parts would begin, so that each need not look for its end. */
    pthread_mutex_t lock;
    uint64_t long_begin;
    uint64_t long_end;
};

struct csv_reader {
    struct row_reader base;
    size_t table;
    /* Of the current table; NULL between two. */
    struct decoder *decoder;
    struct csv_stream *stream;
    const char *path;
    const char *file;
    struct binding binding;
    size_t field_count;
    struct slice *values;
    struct slice *extra;
    struct cell_repair repair;
    bool ended;             /* all text is in the stream */
    bool pending;           /* the first row was read to count its columns */
    struct csv_row current; /* as the stream gave it */
    /* A source that is read in parts: */
    struct csv_cut *cuts; /* one a table; NULL: it is not cut */
    size_t part_bytes;
    /* One of the parts: */
    bool in_part;
    const struct csv_reader *whole;
    size_t part_end; /* the first part behind what it reads */
};

extern const struct row_reader_operations CSV_READER;
extern const struct row_part_operations CSV_PARTS;

struct csv_options csv_options_of(const struct source *source);

/* The next table's file, up to its first row. */
bool csv_open_table(struct csv_reader *reader, struct error *error);
void csv_close_table(struct csv_reader *reader);

/* Arrays for the values of a row. */
void csv_make_room(struct csv_reader *reader);

/* A part's text ended within a record: lets it read the next part as well. */
bool csv_part_go_on(struct csv_reader *reader, struct error *error);

void csv_parts_release(struct csv_reader *reader);

#endif
