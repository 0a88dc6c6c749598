#include "publish/ledger.h"
#include "cust360/base/date.h"
#include "publish/structure.h"

#include <stdio.h>
#include <stdlib.h>

enum { DECIMAL = 10, HEXADECIMAL = 16, HALF_DIGITS = 16 };

/* Its columns as a table of the view would have them. */
static struct shape_column columns[] = {
    {"publication", COLUMN_INTEGER, 0, true, true, "number of the publication"},
    {"table_name", COLUMN_TEXT, 64, true, true, NULL},
    {"token", COLUMN_TEXT, 16, true, false, "of the publication"},
    {"run_id", COLUMN_INTEGER, 0, true, false, "the run whose view it is"},
    {"row_count", COLUMN_INTEGER, 0, true, false, "rows that the table then had"},
    {"rows_hash", COLUMN_TEXT, 32, true, false, "sums of both halves of their row_hash"},
    {"upserted", COLUMN_INTEGER, 0, true, false, "rows added or changed"},
    {"deleted", COLUMN_INTEGER, 0, true, false, NULL},
    {"published_at", COLUMN_TEXT, 20, true, false, "UTC"},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]), KEY_COLUMNS = 2 };

static struct sent_table *ledger_table(const struct session *session)
{
    static size_t key[KEY_COLUMNS] = {0, 1};
    struct shape *shape = arena_allocate(session->arena, sizeof(*shape));
    *shape = (struct shape){LEDGER_NAME, columns,     COLUMNS,
                            key,         KEY_COLUMNS, "what cust360 has sent to this database"};
    struct sent_table *table = sent_table_of(session, shape);
    table->column_count = COLUMNS; /* without a hash of its own */
    return table;
}

bool ledger_make(struct session *session, size_t *made, struct error *error)
{
    return structure_make(session, ledger_table(session), made, error);
}

static uint64_t read_number(struct slice text, int base)
{
    return text.data ? strtoull(text.data, NULL, base) : 0;
}

static struct shape_sum read_sum(struct slice rows, struct slice hash)
{
    struct shape_sum sum = {read_number(rows, DECIMAL), 0, 0};
    char half[HALF_DIGITS + 1] = "";
    if (hash.length == sizeof(half) - 1 + HALF_DIGITS) {
        memcpy(half, hash.data, HALF_DIGITS);
        sum.high = strtoull(half, NULL, HEXADECIMAL);
        memcpy(half, hash.data + HALF_DIGITS, HALF_DIGITS);
        sum.low = strtoull(half, NULL, HEXADECIMAL);
    }
    return sum;
}

static void take_entry(const struct session *session, struct ledger *ledger, size_t capacity,
                       const struct slice *values)
{
    enum { PUBLICATION, TOKEN, RUN, TABLE, ROWS, HASH };
    ledger->publication = read_number(values[PUBLICATION], DECIMAL);
    ledger->run_id = (int64_t)read_number(values[RUN], DECIMAL);
    snprintf(ledger->token, sizeof(ledger->token), "%.*s", SLICE_ARGUMENTS(values[TOKEN]));
    if (ledger->table_count < capacity)
        ledger->tables[ledger->table_count++] = (struct ledger_table){
            arena_text(session->arena, values[TABLE]), read_sum(values[ROWS], values[HASH])};
}

bool ledger_read(struct session *session, struct ledger *ledger, struct error *error)
{
    const struct sent_table *table = ledger_table(session);
    struct slice text;
    *ledger = (struct ledger){0};
    if (!structure_check(session, table, error))
        return false;
    const char *last = arena_format(
        session->arena, "FROM %s WHERE \"publication\" = (SELECT max(\"publication\") FROM %s)",
        table->name, table->name);
    const char *count = arena_format(session->arena, "SELECT count(*) %s", last);
    const char *query =
        arena_format(session->arena,
                     "SELECT \"publication\", \"token\", \"run_id\", \"table_name\", \"row_count\","
                     " \"rows_hash\" %s",
                     last);
    if (!odbc_value(session->connection, count, session->arena, &text, error))
        return session_fail(session, LEDGER_NAME, error);
    size_t capacity = (size_t)read_number(text, DECIMAL);
    ledger->tables = arena_allocate_array(session->arena, capacity, sizeof(*ledger->tables));
    struct odbc_cursor *cursor = odbc_query(session->connection, query, error);
    const struct slice *values = NULL;
    enum outcome outcome = FAILED;
    while (cursor && (outcome = odbc_next(cursor, &values, error)) == ACCEPTED)
        take_entry(session, ledger, capacity, values);
    odbc_close(cursor);
    return outcome == ENDED || session_fail(session, LEDGER_NAME, error);
}

const struct ledger_table *ledger_find(const struct ledger *ledger, const char *table)
{
    for (size_t i = 0; i < ledger->table_count; i++)
        if (strcmp(ledger->tables[i].name, table) == 0)
            return &ledger->tables[i];
    return NULL;
}

bool ledger_add(struct session *session, const struct ledger_entry *entry, struct error *error)
{
    const struct sent_table *table = ledger_table(session);
    char now[DATE_TIME_TEXT_BYTES];
    struct buffer sql = BUFFER_EMPTY;
    date_clock_text(now);
    buffer_format(&sql, "INSERT INTO %s (", table->name);
    for (size_t i = 0; i < COLUMNS; i++) {
        buffer_append_text(&sql, i > 0 ? ", " : "");
        dialect_name(&sql, columns[i].name);
    }
    buffer_format(&sql, ") VALUES (%llu, ", (unsigned long long)entry->publication->publication);
    dialect_text(&sql, slice_of(entry->table.name));
    buffer_format(
        &sql, ", '%s', %lld, %llu, '%016llx%016llx', %llu, %llu, '%s')", entry->publication->token,
        (long long)entry->publication->run_id, (unsigned long long)entry->table.sum.rows,
        (unsigned long long)entry->table.sum.high, (unsigned long long)entry->table.sum.low,
        (unsigned long long)entry->upserted, (unsigned long long)entry->deleted, now);
    bool added = session_run(session, sql.data, error) || session_fail(session, LEDGER_NAME, error);
    buffer_release(&sql);
    return added;
}
