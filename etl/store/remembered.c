#include "remembered.h"
#include "cust360/base/memory.h"

/* While rows are remembered, the keys of a source are not loaded: the few rows that differ look up
 * their records one by one. */

static size_t entity_of(const struct store *store, const struct record_table *table)
{
    return (size_t)(table - store->tables);
}

static bool prepare_find(struct store *store, struct record_table *table, struct error *error)
{
    if (table->find)
        return true;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT record_id, hash, closed_run FROM ");
    append_table(&sql, table->entity);
    buffer_append_text(&sql, " WHERE source_id=?1 AND source_key=?2");
    bool done = store_prepare(store, &table->find, sql.data, error);
    buffer_release(&sql);
    return done;
}

/* *found.record_id is 0 when there is no such record. */
static bool read_record(struct store *store, struct record_table *table, struct slice key,
                        struct known_record *found, struct error *error)
{
    const struct store_rows *rows = store->reading.rows;
    *found = (struct known_record){0};
    if (!prepare_find(store, table, error))
        return false;
    statement_bind_integer(table->find, 1, store->reading.source_id);
    statement_bind_text(table->find, 2, key);
    enum outcome outcome = statement_step(table->find, error);
    if (outcome == ACCEPTED) {
        *found = (struct known_record){.record_id = statement_integer(table->find, 0),
                                       .hash = (uint64_t)statement_integer(table->find, 1),
                                       .closed = !statement_is_null(table->find, 2),
                                       .was_there = true};
        found->stored_hash = found->hash;
        uint32_t at = rows_find_record(rows, entity_of(store, table), found->record_id);
        found->seen = at != ROW_NONE && rows->flags[at] & ROW_RECORD_SEEN;
    }
    statement_reset(table->find);
    return outcome != FAILED;
}

struct known_record *record_look_up(struct store *store, struct record_table *table,
                                    struct slice key, bool *is_new, struct error *error)
{
    struct known_record *known = known_find(&table->known, key, is_new);
    if (!store->reading.rows)
        return known;
    if (*is_new) {
        if (!read_record(store, table, key, known, error))
            return NULL;
        *is_new = known->record_id == 0;
    } else if (!known->seen) {
        /* A remembered row may have said it since it was looked up. */
        const struct store_rows *rows = store->reading.rows;
        uint32_t at = rows_find_record(rows, entity_of(store, table), known->record_id);
        known->seen = at != ROW_NONE && rows->flags[at] & ROW_RECORD_SEEN;
    }
    return known;
}

bool record_find(struct store *store, struct record_table *table, struct slice key,
                 struct known_record **known, struct error *error)
{
    uint32_t number = map_number(table->known.keys, key);
    struct known_record found;
    bool is_new;
    *known = number == MAP_NONE ? NULL : &table->known.records[number];
    if (*known || !store->reading.rows)
        return true;
    if (!read_record(store, table, key, &found, error))
        return false;
    if (found.record_id) {
        *known = known_find(&table->known, key, &is_new);
        **known = found;
    }
    return true;
}

void remembered_put(struct store *store, uint64_t row_hash, bool *repeated)
{
    struct store_rows *rows = store->reading.rows;
    uint32_t slot = rows_find(rows->slots, rows->slot_count, row_hash);
    const uint32_t *links = NULL;
    size_t count = rows_links(rows, &rows->slots[slot], &links);
    rows->used[slot] = true;
    *repeated = true;
    for (size_t i = 0; i < count; i++) {
        unsigned char *flags = &rows->flags[links[i]];
        bool again = *flags & ROW_RECORD_SEEN;
        store->reading.counts.records_unchanged += !again;
        store->reading.counts.records_repeated += again;
        *repeated = *repeated && again;
        store->reading.rows_contested |= (*flags & ROW_RECORD_CHANGED) != 0;
        *flags |= ROW_RECORD_SEEN | ROW_RECORD_KNOWN;
    }
}

void remembered_mark(struct store *store, const struct record_table *table,
                     const struct known_record *known, enum row_record_flag flag)
{
    struct store_rows *rows = store->reading.rows;
    if (!rows)
        return;
    uint32_t at = rows_find_record(rows, entity_of(store, table), known->record_id);
    if (at == ROW_NONE)
        return;
    if (flag == ROW_RECORD_CHANGED && rows->flags[at] & ROW_RECORD_KNOWN)
        store->reading.rows_contested = true;
    /* The last word counts: gone, or there. */
    if (flag == ROW_RECORD_DELETED)
        rows->flags[at] &= (unsigned char)~ROW_RECORD_SEEN;
    if (flag == ROW_RECORD_SEEN)
        rows->flags[at] &= (unsigned char)~ROW_RECORD_DELETED;
    rows->flags[at] |= (unsigned char)flag;
}

bool remembered_close(struct store *store,
                      bool (*close)(struct store *store, struct record_table *table,
                                    int64_t record_id, struct error *error),
                      struct error *error)
{
    const struct store_rows *rows = store->reading.rows;
    for (uint32_t i = 0; i < rows->record_count; i++)
        if (!rows->flags[i] && !close(store, &store->tables[rows->records[i].entity],
                                      rows->records[i].record_id, error))
            return false;
    return true;
}

bool store_rows_contested(const struct store *store)
{
    return store->reading.rows_contested;
}

/* ---- what is to be remembered ---- */

void tell_record(struct store *store, const struct record_table *table, int64_t record_id)
{
    struct told_rows *told = &store->reading.told;
    told->records = memory_grow(told->records, &told->record_capacity, told->record_count + 1,
                                sizeof(*told->records));
    told->records[told->record_count++] =
        (struct row_record){(uint32_t)entity_of(store, table), (uint32_t)record_id};
}

void tell_contested(struct store *store, const struct record_table *table, int64_t record_id)
{
    struct told_rows *told = &store->reading.told;
    told->contested = memory_grow(told->contested, &told->contested_capacity,
                                  told->contested_count + 1, sizeof(*told->contested));
    told->contested[told->contested_count++] =
        (struct row_record){(uint32_t)entity_of(store, table), (uint32_t)record_id};
}

static bool deletes(const struct row_result *row)
{
    bool deleted = false;
    for (size_t i = 0; i < row->record_count; i++)
        deleted = deleted || row->records[i].deleted;
    return deleted;
}

void tell_row(struct store *store, const struct row_result *row)
{
    struct told_rows *told = &store->reading.told;
    if (deletes(row) || !row->row_hash || row->finding_count || row->discarded ||
        row->outcome == REJECTED || !row->record_count || store->reading.source->delta) {
        told->record_count = told->told_count;
        return;
    }
    told->rows = memory_grow(told->rows, &told->capacity, told->count + 1, sizeof(*told->rows));
    told->rows[told->count++] =
        (struct told_row){row->row_hash, told->told_count, told->record_count - told->told_count};
    told->told_count = told->record_count;
}
