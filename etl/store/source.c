#include "change.h"
#include "cust360/base/memory.h"
#include "remembered.h"

/* A source's reading is a savepoint within the run. What describes the source itself is written
 * outside of it, so that a reading that is taken back still says why. */

static const char *const kind_names[] = {
    [SOURCE_CSV] = "csv",
    [SOURCE_XML] = "xml",
    [SOURCE_ODBC] = "odbc",
    [SOURCE_LINES] = "lines",
};

void source_reading_release(struct reading *reading)
{
    memory_free(reading->files);
    told_rows_release(&reading->told);
    arena_destroy(reading->arena);
    *reading = (struct reading){0};
}

/* Sets reading.source_id; makes the source known, or brings its description up to date. */
static bool describe_source(struct store *store, const struct source *source, struct error *error)
{
    struct statement *put =
        statement_prepare(store->database,
                          "INSERT INTO source(name, kind, mapping, trust) VALUES(?,?,?,?)"
                          " ON CONFLICT(name) DO UPDATE SET kind=excluded.kind,"
                          " mapping=excluded.mapping, trust=excluded.trust"
                          " WHERE kind<>excluded.kind OR mapping<>excluded.mapping"
                          " OR trust<>excluded.trust",
                          error);
    struct statement *find =
        put ? statement_prepare(store->database, "SELECT source_id FROM source WHERE name=?", error)
            : NULL;
    bool done = find != NULL;
    if (done) {
        statement_bind_text(put, 1, slice_of(source->id));
        statement_bind_text(put, 2, slice_of(kind_names[source->mapping->kind]));
        statement_bind_text(put, 3, slice_of(source->mapping->name));
        statement_bind_integer(put, 4, source->trust);
        statement_bind_text(find, 1, slice_of(source->id));
        done = statement_run(put, error) && statement_step(find, error) == ACCEPTED;
        if (done)
            store->reading.source_id = statement_integer(find, 0);
    }
    statement_destroy(find);
    statement_destroy(put);
    return done;
}

static bool set_status(struct store *store, const char *status, const char *message,
                       struct error *error)
{
    struct statement *update = statement_prepare(
        store->database, "UPDATE source SET status=?2, message=?3 WHERE source_id=?1", error);
    if (!update)
        return false;
    statement_bind_integer(update, 1, store->reading.source_id);
    statement_bind_text(update, 2, slice_of(status));
    statement_bind_text(update, 3, slice_of(message));
    bool done = statement_run(update, error);
    statement_destroy(update);
    return done;
}

static bool load_known(struct store *store, struct record_table *table, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT record_id, source_key, hash, closed_run FROM ");
    append_table(&sql, table->entity);
    buffer_append_text(&sql, " WHERE source_id=?");
    struct statement *statement = statement_prepare(store->database, sql.data, error);
    buffer_release(&sql);
    if (!statement)
        return false;
    statement_bind_integer(statement, 1, store->reading.source_id);
    enum outcome outcome;
    while ((outcome = statement_step(statement, error)) == ACCEPTED) {
        bool is_new;
        table->removals.before += statement_is_null(statement, 3);
        uint64_t hash = (uint64_t)statement_integer(statement, 2);
        *known_find(&table->known, statement_text(statement, 1), &is_new) =
            (struct known_record){.record_id = statement_integer(statement, 0),
                                  .hash = hash,
                                  .stored_hash = hash,
                                  .was_there = true,
                                  .closed = !statement_is_null(statement, 3)};
    }
    statement_destroy(statement);
    return outcome == ENDED;
}

/* A source that never went through has no records; while tables are filled for the first time they
 * have no index, and looking for such a source would read all of them. */
static bool load_all_known(struct store *store, struct error *error)
{
    int64_t good = 0;
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql,
                  "SELECT last_good_run FROM source WHERE source_id=%lld AND last_good_run"
                  " IS NOT NULL",
                  (long long)store->reading.source_id);
    bool done = database_integer(store->database, sql.data, 0, &good, error);
    buffer_release(&sql);
    for (size_t i = 0; i < store->model->entity_count; i++)
        known_begin(&store->tables[i].known);
    for (size_t i = 0; done && good && i < store->model->entity_count; i++)
        done = load_known(store, &store->tables[i], error);
    return done;
}

static void begin_reading(struct store *store, const struct source *source)
{
    source_reading_release(&store->reading);
    store->reading.source = source;
    store->reading.arena = arena_create();
}

bool source_describe(struct store *store, const struct source *source, struct error *error)
{
    begin_reading(store, source);
    return describe_source(store, source, error);
}

/* Within the savepoint: all that a reading begins with. */
static bool begin_rows(struct store *store, struct error *error)
{
    const struct source *source = store->reading.source;
    store->reading.open = true;
    quality_begin(store);
    const struct store_rows *rows = store->reading.rows;
    for (size_t i = 0; i < store->model->entity_count; i++)
        store->tables[i].removals = (struct store_removals){0};
    for (uint32_t i = 0; rows && i < rows->record_count; i++)
        store->tables[rows->records[i].entity].removals.before++;
    if (store->reading.rows ? !quality_recall(store, error) : !load_all_known(store, error))
        return false;
    return source->delta || findings_forget(store, false, error);
}

bool store_source_begin_from(struct store *store, const struct source *source,
                             struct store_rows *rows, struct error *error)
{
    if (!source_describe(store, source, error) ||
        !database_run(store->database, "SAVEPOINT source", error))
        return false;
    store->reading.rows = source->delta ? NULL : rows;
    for (size_t i = 0; rows && i < store->model->entity_count; i++)
        known_begin(&store->tables[i].known);
    return begin_rows(store, error);
}

bool store_source_begin(struct store *store, const struct source *source, struct error *error)
{
    return store_source_begin_from(store, source, NULL, error);
}

bool store_source_restart(struct store *store, struct error *error)
{
    const struct source *source = store->reading.source;
    if (!database_run(store->database, "ROLLBACK TO source", error))
        return false;
    int64_t source_id = store->reading.source_id;
    begin_reading(store, source);
    store->reading.source_id = source_id;
    return begin_rows(store, error);
}

bool store_source_absent(struct store *store, const struct source *source, const char *status,
                         const struct error *why, struct error *error)
{
    return source_describe(store, source, error) && set_status(store, status, why->message, error);
}

/* What a source's keys take in memory is given back before the next source is read. */
static void end_reading(struct store *store)
{
    store->reading.open = false;
    for (size_t i = 0; i < store->model->entity_count; i++)
        known_end(&store->tables[i].known);
}

static bool take_back(struct store *store, const char *status, const struct error *why,
                      struct error *error)
{
    end_reading(store);
    return database_run(store->database, "ROLLBACK TO source; RELEASE source", error) &&
           set_status(store, status, why->message, error);
}

bool store_source_fail(struct store *store, const struct error *why, struct error *error)
{
    return take_back(store, "failed", why, error);
}

bool store_source_freeze(struct store *store, const struct error *why, struct error *error)
{
    return take_back(store, "frozen", why, error);
}

bool source_close(struct store *store, struct record_table *table, int64_t record_id,
                  struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "UPDATE ");
    append_table(&sql, table->entity);
    buffer_append_text(&sql, " SET closed_run=?2 WHERE record_id=?1");
    bool done = store_prepare(store, &table->close, sql.data, error);
    buffer_release(&sql);
    if (!done)
        return false;
    statement_bind_integer(table->close, 1, record_id);
    statement_bind_integer(table->close, 2, store->run_id);
    store->reading.counts.records_closed++;
    table->removals.closed++;
    /* Where rows are remembered it has been counted among the living. */
    return (!store->reading.rows || quality_count_stored(store, table, record_id, -1, error)) &&
           statement_run(table->close, error) &&
           change_record(store, table, record_id, "closed", error);
}

/* Absence is not deletion: a record that a full feed does not have any more is kept and dated. */
static bool close_missing(struct store *store, struct record_table *table, struct error *error)
{
    bool done = true;
    for (uint32_t i = 0; done && i < map_count(table->known.keys); i++) {
        const struct known_record *known = &table->known.records[i];
        if (!known->seen && !known->kept && !known->closed)
            done = source_close(store, table, known->record_id, error);
    }
    return done;
}

static bool close_all_missing(struct store *store, struct error *error)
{
    if (store->reading.source->delta)
        return true;
    if (store->reading.rows)
        return remembered_close(store, source_close, error);
    for (size_t i = 0; i < store->model->entity_count; i++)
        if (!close_missing(store, &store->tables[i], error))
            return false;
    return true;
}

/* Every row that the reader gave must have arrived here and come to exactly one end. */
static bool rows_balance(const struct store *store, uint64_t rows_read, struct error *error)
{
    const struct store_counts *counts = &store->reading.counts;
    uint64_t told = counts->accepted + counts->rejected + counts->discarded + counts->suppressed;
    if (told == rows_read && counts->read == rows_read)
        return true;
    error_set(error, EXIT_FAILED,
              "rows do not balance: %llu read, but %llu accepted, %llu rejected, %llu discarded, "
              "%llu suppressed",
              (unsigned long long)rows_read, (unsigned long long)counts->accepted,
              (unsigned long long)counts->rejected, (unsigned long long)counts->discarded,
              (unsigned long long)counts->suppressed);
    return error_source(error, store->reading.source->id);
}

static bool add_file(struct statement *insert, const struct store_file *file, struct error *error)
{
    statement_bind_text(insert, 3, slice_of(file->name));
    statement_bind_integer(insert, 4, (int64_t)file->read);
    statement_bind_integer(insert, 5, (int64_t)file->accepted);
    statement_bind_integer(insert, 6, (int64_t)file->rejected);
    statement_bind_integer(insert, 7, (int64_t)file->discarded);
    statement_bind_integer(insert, 8, (int64_t)file->suppressed);
    statement_bind_integer(insert, 9, (int64_t)file->findings);
    return statement_run(insert, error);
}

static bool add_files(struct store *store, struct error *error)
{
    struct statement *insert =
        statement_prepare(store->database,
                          "INSERT INTO run_source(run_id, source_id, file, rows_read,"
                          " rows_accepted, rows_rejected, rows_discarded, rows_suppressed,"
                          " findings) VALUES(?,?,?,?,?,?,?,?,?)",
                          error);
    bool done = insert != NULL;
    if (done) {
        statement_bind_integer(insert, 1, store->run_id);
        statement_bind_integer(insert, 2, store->reading.source_id);
    }
    for (size_t i = 0; done && i < store->reading.file_count; i++)
        done = add_file(insert, &store->reading.files[i], error);
    statement_destroy(insert);
    return done;
}

bool source_set_good(struct store *store, struct error *error)
{
    struct statement *update =
        statement_prepare(store->database,
                          "UPDATE source SET status='ok', message=NULL, last_good_run=?2,"
                          " last_good_as_of=?3 WHERE source_id=?1",
                          error);
    if (!update)
        return false;
    statement_bind_integer(update, 1, store->reading.source_id);
    statement_bind_integer(update, 2, store->run_id);
    statement_bind_text(update, 3, slice_of(store->as_of));
    bool done = statement_run(update, error);
    statement_destroy(update);
    return done;
}

/* What a full feed does not have any more counts as gone here, and is so only after the end. */
bool store_source_count(struct store *store, uint64_t rows_read, struct store_counts *counts,
                        struct error *error)
{
    bool delta = store->reading.source->delta;
    if (!rows_balance(store, rows_read, error))
        return false;
    if (!close_all_missing(store, error))
        return false;
    if (delta && !findings_forget(store, true, error))
        return false;
    if (!quality_end(store, error) || !add_files(store, error))
        return false;
    store->reading.counted = true;
    *counts = store->reading.counts;
    return true;
}

struct store_removals store_source_removals(const struct store *store, size_t entity)
{
    return store->tables[entity].removals;
}

bool store_source_end(struct store *store, uint64_t rows_read, struct store_counts *counts,
                      struct error *error)
{
    if (!store->reading.counted && !store_source_count(store, rows_read, counts, error))
        return false;
    if (!source_set_good(store, error) || !database_run(store->database, "RELEASE source", error))
        return false;
    end_reading(store);
    *counts = store->reading.counts;
    return true;
}

const struct store_file *store_source_files(const struct store *store, size_t *count)
{
    *count = store->reading.file_count;
    return store->reading.files;
}
