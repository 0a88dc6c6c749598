#include "publish/shape.h"
#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "publish/comment.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* ---- kinds ---- */

static const struct {
    const char *part; /* of the declared type, in any case; the first that fits counts */
    enum column_kind kind;
} KINDS[] = {
    {"INT", COLUMN_INTEGER}, {"CHAR", COLUMN_TEXT},   {"CLOB", COLUMN_TEXT},
    {"TEXT", COLUMN_TEXT},   {"REAL", COLUMN_NUMBER}, {"FLOA", COLUMN_NUMBER},
    {"DOUB", COLUMN_NUMBER}, {"NUM", COLUMN_NUMBER},  {"DEC", COLUMN_NUMBER},
    {"DATE", COLUMN_DATE},
};

static void read_type(struct shape_column *column, const char *declared)
{
    enum { DECIMAL = 10 };
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        if (!strcasestr(declared, KINDS[i].part))
            continue;
        column->kind = KINDS[i].kind;
        const char *digits = strchr(declared, '(');
        if (column->kind == COLUMN_TEXT && digits)
            column->length = (unsigned)strtoul(digits + 1, NULL, DECIMAL);
        return;
    }
    column->kind = COLUMN_TEXT;
}

/* ---- reading the view ---- */

static struct statement *ask(struct database *view, const char *sql, const char *name,
                             struct error *error)
{
    struct statement *statement = statement_prepare(view, sql, error);
    if (statement)
        statement_bind_text(statement, 1, slice_of(name));
    return statement;
}

static bool read_columns(struct arena *arena, struct database *view, struct shape *shape,
                         struct error *error)
{
    struct statement *rows =
        ask(view,
            "SELECT name, type, \"notnull\", count(*) OVER () FROM pragma_table_xinfo(?1)"
            " WHERE hidden <> 1 ORDER BY cid",
            shape->name, error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        enum { NAME, TYPE, NOT_NULL, COUNT };
        if (!shape->columns)
            shape->columns = arena_allocate_array(arena, (size_t)statement_integer(rows, COUNT),
                                                  sizeof(*shape->columns));
        struct shape_column *column = &shape->columns[shape->column_count++];
        column->name = arena_text(arena, statement_text(rows, NAME));
        column->required = statement_integer(rows, NOT_NULL) != 0;
        read_type(column, arena_text(arena, statement_text(rows, TYPE)));
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

bool shape_fits(struct arena *arena, const struct shape *shape, struct database *database,
                bool *fits, struct error *error)
{
    struct shape other = {.name = shape->name};
    if (!read_columns(arena, database, &other, error))
        return false;
    *fits = other.column_count == shape->column_count;
    for (size_t i = 0; i < other.column_count && *fits; i++)
        *fits = strcmp(other.columns[i].name, shape->columns[i].name) == 0 &&
                other.columns[i].kind == shape->columns[i].kind;
    return true;
}

static size_t find_column(const struct shape *shape, struct slice name)
{
    for (size_t i = 0; i < shape->column_count; i++)
        if (slice_equal(slice_of(shape->columns[i].name), name))
            return i;
    return SIZE_MAX;
}

/* Takes the columns that the statement names as the key, if they can be one. */
static bool take_key(struct statement *names, struct shape *shape, bool is_primary,
                     struct error *error)
{
    size_t count = 0;
    bool fits = true;
    enum outcome outcome;
    while ((outcome = statement_step(names, error)) == ACCEPTED) {
        size_t column = find_column(shape, statement_text(names, 0));
        fits = fits && column != SIZE_MAX && count < shape->column_count;
        if (fits)
            shape->key[count++] = column;
    }
    /* A single INTEGER PRIMARY KEY is the row's number, which is never NULL. */
    bool is_number =
        is_primary && count == 1 && fits && shape->columns[shape->key[0]].kind == COLUMN_INTEGER;
    for (size_t i = 0; i < count && fits; i++)
        fits = is_number || shape->columns[shape->key[i]].required;
    shape->key_count = fits ? count : 0;
    return outcome == ENDED;
}

static bool take_index(struct database *view, struct shape *shape, const char *index,
                       struct error *error)
{
    struct statement *names =
        ask(view, "SELECT name FROM pragma_index_info(?1) ORDER BY seqno", index, error);
    bool taken = names && take_key(names, shape, false, error);
    statement_destroy(names);
    return taken;
}

static bool take_primary(struct database *view, struct shape *shape, struct error *error)
{
    struct statement *names =
        ask(view, "SELECT name FROM pragma_table_info(?1) WHERE pk > 0 ORDER BY pk", shape->name,
            error);
    bool taken = names && take_key(names, shape, true, error);
    statement_destroy(names);
    return taken;
}

static bool take_unique(struct arena *arena, struct database *view, struct shape *shape,
                        struct error *error)
{
    struct statement *rows =
        ask(view,
            "SELECT name FROM pragma_index_list(?1) WHERE \"unique\" AND NOT partial"
            " ORDER BY name",
            shape->name, error);
    enum outcome outcome = rows ? ENDED : FAILED;
    while (rows && shape->key_count == 0 && (outcome = statement_step(rows, error)) == ACCEPTED)
        if (!take_index(view, shape, arena_text(arena, statement_text(rows, 0)), error))
            outcome = FAILED;
    statement_destroy(rows);
    return outcome != FAILED;
}

static bool is_row_number(const struct shape *shape)
{
    return shape->key_count == 1 && shape->columns[shape->key[0]].kind == COLUMN_INTEGER;
}

/* A primary key that is but the row's number gives way to a key that others know. */
static bool read_key(struct arena *arena, struct database *view, struct shape *shape,
                     struct error *error)
{
    shape->key = arena_allocate_array(arena, shape->column_count, sizeof(*shape->key));
    if (!take_primary(view, shape, error))
        return false;
    size_t number = is_row_number(shape) ? shape->key[0] : SIZE_MAX;
    if (shape->key_count && number == SIZE_MAX)
        return true;
    shape->key_count = 0;
    if (!take_unique(arena, view, shape, error))
        return false;
    if (shape->key_count == 0 && number != SIZE_MAX) {
        shape->key[0] = number;
        shape->key_count = 1;
    }
    return true;
}

static bool read_shape(struct arena *arena, struct database *view, struct shape *shape,
                       const char *sql, struct error *error)
{
    if (!read_columns(arena, view, shape, error) || !read_key(arena, view, shape, error))
        return false;
    for (size_t i = 0; i < shape->key_count; i++)
        shape->columns[shape->key[i]].is_key = true;
    for (size_t i = 0; i < shape->column_count; i++)
        shape->columns[i].comment = comment_find(arena, sql, shape->columns[i].name);
    return comment_from_dictionary(arena, view, shape, error);
}

bool shape_list(struct arena *arena, struct database *view, struct shape **shapes, size_t *count,
                struct error *error)
{
    static const char names[] =
        "SELECT s.name, s.sql, count(*) OVER () FROM sqlite_master s"
        " JOIN pragma_table_list l ON l.name = s.name AND l.schema = 'main'"
        " WHERE l.type = 'table' AND s.type = 'table' AND s.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " ORDER BY s.name";
    struct statement *rows = statement_prepare(view, names, error);
    enum outcome outcome = FAILED;
    *shapes = NULL;
    *count = 0;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        if (!*shapes)
            *shapes =
                arena_allocate_array(arena, (size_t)statement_integer(rows, 2), sizeof(**shapes));
        struct shape *shape = &(*shapes)[*count];
        shape->name = arena_text(arena, statement_text(rows, 0));
        if (!read_shape(arena, view, shape, arena_text(arena, statement_text(rows, 1)), error)) {
            outcome = FAILED;
            break;
        }
        ++*count;
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* ---- its rows ---- */

static void append_name(struct buffer *text, const char *name)
{
    buffer_append_byte(text, '"');
    for (; *name; name++) {
        if (*name == '"')
            buffer_append_byte(text, '"');
        buffer_append_byte(text, *name);
    }
    buffer_append_byte(text, '"');
}

static bool has_column(struct database *database, const char *table, const char *column,
                       bool *found, struct error *error)
{
    struct statement *rows =
        ask(database, "SELECT 1 FROM pragma_table_xinfo(?1) WHERE name = ?2", table, error);
    if (!rows)
        return false;
    statement_bind_text(rows, 2, slice_of(column));
    enum outcome outcome = statement_step(rows, error);
    *found = outcome == ACCEPTED;
    statement_destroy(rows);
    return outcome != FAILED;
}

const char *shape_select(struct arena *arena, const struct shape *shape, struct database *database,
                         struct error *error)
{
    struct buffer text = BUFFER_EMPTY;
    const char *select = NULL;
    buffer_append_text(&text, "SELECT ");
    for (size_t i = 0; i < shape->column_count; i++) {
        bool found = false;
        if (!has_column(database, shape->name, shape->columns[i].name, &found, error))
            goto out;
        buffer_append_text(&text, i > 0 ? ", " : "");
        if (found)
            append_name(&text, shape->columns[i].name);
        else
            buffer_append_text(&text, "NULL");
    }
    buffer_append_text(&text, " FROM main.");
    append_name(&text, shape->name);
    select = arena_text(arena, buffer_slice(&text));
out:
    buffer_release(&text);
    return select;
}

enum { DIGITS = 15, NUMBER_BYTES = 64 };

/* Databases write one and the same number in several ways: 1, 1.0, 1e0. */
static struct slice plain_number(struct slice value, char *text)
{
    char *end = NULL;
    if (value.length == 0 || value.length >= NUMBER_BYTES)
        return value;
    memcpy(text, value.data, value.length);
    text[value.length] = '\0';
    double number = strtod(text, &end);
    if (*end)
        return value;
    int length = snprintf(text, NUMBER_BYTES, "%.*g", DIGITS, number == 0 ? 0.0 : number);
    return slice_make(text, (size_t)length);
}

/* Room for all values of a row with their lengths, numbers in their plain form too. */
static char *reserve_row(const struct shape *shape, const struct slice *values,
                         struct buffer *scratch)
{
    size_t bytes = 0;
    for (size_t i = 0; i < shape->column_count; i++)
        bytes += sizeof(uint32_t) + values[i].length + NUMBER_BYTES;
    buffer_clear(scratch);
    return buffer_reserve(scratch, bytes);
}

uint64_t shape_hash(const struct shape *shape, const struct slice *values, struct buffer *scratch)
{
    char *begin = reserve_row(shape, values, scratch);
    char *to = begin;
    for (size_t i = 0; i < shape->column_count; i++) {
        char number[NUMBER_BYTES];
        struct slice value = values[i];
        if (shape->columns[i].kind == COLUMN_NUMBER && value.data)
            value = plain_number(value, number);
        uint32_t length = value.data ? (uint32_t)value.length : UINT32_MAX;
        memcpy(to, &length, sizeof(length));
        to += sizeof(length);
        if (value.length)
            memcpy(to, value.data, value.length);
        to += value.length;
    }
    return hash_bytes(slice_make(begin, (size_t)(to - begin)), 0) >> 1;
}

void shape_sum_add(struct shape_sum *sum, uint64_t row_hash)
{
    sum->rows++;
    sum->low += row_hash & UINT32_MAX;
    sum->high += row_hash >> ROW_HASH_HALF_BITS;
}

bool shape_sum_equal(const struct shape_sum *a, const struct shape_sum *b)
{
    return a->rows == b->rows && a->low == b->low && a->high == b->high;
}
