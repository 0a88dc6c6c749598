#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/store_reading.h"
#include "internal.h"

/* A source whose files are as they were is not read. What a reading leaves of the run's own (counts
 * of rows, notices, quality) is copied from its last good reading, so that a report and a trend
 * have no gap where nothing was wrong. */

static struct statement *prepare_for_source(struct store *store, const char *sql, const char *name,
                                            struct error *error)
{
    struct statement *statement = statement_prepare(store->database, sql, error);
    if (statement)
        statement_bind_text(statement, 1, slice_of(name));
    return statement;
}

static bool load_files(struct store *store, const char *source, struct arena *arena,
                       struct store_reading *reading, struct error *error)
{
    struct store_stamp *stamps = NULL;
    size_t capacity = 0;
    struct statement *rows = prepare_for_source(
        store,
        "SELECT f.path, f.size_bytes, f.modified_ns, f.inode, f.hash, f.seen_ns FROM source_file f"
        " JOIN source s ON s.source_id = f.source_id WHERE s.name=? ORDER BY f.path",
        source, error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        stamps = memory_grow(stamps, &capacity, reading->file_count + 1, sizeof(*stamps));
        stamps[reading->file_count++] =
            (struct store_stamp){.path = arena_text(arena, statement_text(rows, 0)),
                                 .size_bytes = (uint64_t)statement_integer(rows, 1),
                                 .modified_ns = statement_integer(rows, 2),
                                 .inode = (uint64_t)statement_integer(rows, 3),
                                 .hash = (uint64_t)statement_integer(rows, 4),
                                 .seen_ns = statement_integer(rows, 5)};
    }
    statement_destroy(rows);
    reading->files = arena_allocate_array(arena, reading->file_count + 1, sizeof(*stamps));
    if (reading->file_count)
        memcpy(reading->files, stamps, reading->file_count * sizeof(*stamps));
    memory_free(stamps);
    return outcome == ENDED;
}

bool store_reading_load(struct store *store, const char *source, struct arena *arena,
                        struct store_reading *reading, bool *known, struct error *error)
{
    *reading = (struct store_reading){0};
    struct statement *row = prepare_for_source(
        store,
        "SELECT r.settings_hash, r.as_of, r.token FROM source_reading r"
        " JOIN source s ON s.source_id = r.source_id WHERE s.name=? AND s.last_good_run NOTNULL",
        source, error);
    if (!row)
        return false;
    enum outcome outcome = statement_step(row, error);
    *known = outcome == ACCEPTED;
    if (*known) {
        reading->settings_hash = (uint64_t)statement_integer(row, 0);
        struct slice as_of = statement_text(row, 1);
        if (as_of.length < sizeof(reading->as_of))
            memcpy(reading->as_of, as_of.data, as_of.length);
        reading->token = (uint64_t)statement_integer(row, 2);
    }
    statement_destroy(row);
    return outcome != FAILED && (!*known || load_files(store, source, arena, reading, error));
}

static bool save_file(struct store *store, const struct store_stamp *stamp, struct error *error)
{
    struct statement *put =
        statement_prepare(store->database,
                          "INSERT INTO source_file(source_id, path, size_bytes, modified_ns, inode,"
                          " hash, seen_ns) VALUES(?,?,?,?,?,?,?)",
                          error);
    if (!put)
        return false;
    statement_bind_integer(put, 1, store->reading.source_id);
    statement_bind_text(put, 2, slice_of(stamp->path));
    statement_bind_integer(put, 3, (int64_t)stamp->size_bytes);
    statement_bind_integer(put, 4, stamp->modified_ns);
    statement_bind_integer(put, 5, (int64_t)stamp->inode);
    statement_bind_integer(put, 6, (int64_t)stamp->hash);
    statement_bind_integer(put, 7, stamp->seen_ns);
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

bool store_reading_save(struct store *store, const struct store_reading *reading,
                        struct error *error)
{
    struct statement *put =
        statement_prepare(store->database,
                          "INSERT OR REPLACE INTO source_reading(source_id, settings_hash, as_of,"
                          " token) VALUES(?,?,?,?)",
                          error);
    if (!put)
        return false;
    statement_bind_integer(put, 1, store->reading.source_id);
    statement_bind_integer(put, 2, (int64_t)reading->settings_hash);
    statement_bind_text(put, 3, slice_of(reading->as_of));
    statement_bind_integer(put, 4, (int64_t)reading->token);
    bool done = statement_run(put, error) &&
                store_run_with(store, "DELETE FROM source_file WHERE source_id=?1",
                               store->reading.source_id, error);
    statement_destroy(put);
    for (size_t i = 0; done && i < reading->file_count; i++)
        done = save_file(store, &reading->files[i], error);
    return done;
}

bool store_watermark_read(struct store *store, const char *source, const char *table,
                          struct arena *arena, const char **watermark, struct error *error)
{
    *watermark = "";
    struct statement *find = prepare_for_source(
        store,
        "SELECT w.watermark FROM source_watermark w JOIN source s ON s.source_id=w.source_id"
        " WHERE s.name=?1 AND w.table_name=?2",
        source, error);
    if (!find)
        return false;
    statement_bind_text(find, 2, slice_of(table));
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *watermark = arena_text(arena, statement_text(find, 0));
    statement_destroy(find);
    return outcome != FAILED;
}

bool store_watermark_write(struct store *store, const char *table, const char *watermark,
                           struct error *error)
{
    struct statement *put =
        prepare_for_source(store,
                           "INSERT OR REPLACE INTO source_watermark(source_id, table_name,"
                           " watermark) VALUES(?2,?1,?3)",
                           table, error);
    if (!put)
        return false;
    statement_bind_integer(put, 2, store->reading.source_id);
    statement_bind_text(put, 3, slice_of(watermark));
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

bool store_reading_forget(struct store *store, struct error *error)
{
    return store_run_with(store, "DELETE FROM source_reading WHERE source_id=?1",
                          store->reading.source_id, error);
}

/* ---- a source that is as it was ---- */

/* What is copied of the last good run, with this run's number: ?1 the run, ?2 the source. */
static const char *const copies[] = {
    "INSERT INTO run_source(run_id, source_id, file, rows_read, rows_accepted, rows_rejected,"
    " rows_discarded, rows_suppressed, findings) SELECT ?1, source_id, file, rows_read,"
    " rows_accepted, rows_rejected, rows_discarded, rows_suppressed, findings FROM run_source"
    " WHERE source_id=?2 AND run_id=(SELECT last_good_run FROM source WHERE source_id=?2)"
    " ORDER BY rowid",
    "INSERT INTO run_notice(run_id, source_id, code, text) SELECT ?1, source_id, code, text"
    " FROM run_notice WHERE source_id=?2 AND code<>'column_new'"
    " AND run_id=(SELECT last_good_run FROM source WHERE source_id=?2) ORDER BY rowid",
    "INSERT OR REPLACE INTO data_quality_run SELECT ?1, source_id, entity, field, rows, filled,"
    " repaired, warned, refused, shared FROM data_quality_run WHERE source_id=?2"
    " AND run_id=(SELECT last_good_run FROM source WHERE source_id=?2)",
};

static bool copy_last_good(struct store *store, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < sizeof(copies) / sizeof(copies[0]); i++) {
        struct statement *copy = statement_prepare(store->database, copies[i], error);
        if (!copy)
            return false;
        statement_bind_integer(copy, 1, store->run_id);
        statement_bind_integer(copy, 2, store->reading.source_id);
        done = statement_run(copy, error);
        statement_destroy(copy);
    }
    return done;
}

static void add_kept_file(struct reading *reading, const struct statement *row)
{
    reading->files = memory_grow(reading->files, &reading->files_capacity, reading->file_count + 1,
                                 sizeof(*reading->files));
    reading->files[reading->file_count++] =
        (struct store_file){.name = arena_text(reading->arena, statement_text(row, 0)),
                            .read = (uint64_t)statement_integer(row, 1),
                            .accepted = (uint64_t)statement_integer(row, 2),
                            .rejected = (uint64_t)statement_integer(row, 3),
                            .discarded = (uint64_t)statement_integer(row, 4),
                            .suppressed = (uint64_t)statement_integer(row, 5),
                            .findings = (uint64_t)statement_integer(row, 6)};
}

static struct statement *prepare_of_run(struct store *store, const char *sql, struct error *error)
{
    struct statement *rows = statement_prepare(store->database, sql, error);
    if (rows) {
        statement_bind_integer(rows, 1, store->run_id);
        statement_bind_integer(rows, 2, store->reading.source_id);
    }
    return rows;
}

static bool recall_files(struct store *store, struct error *error)
{
    struct statement *rows = prepare_of_run(
        store,
        "SELECT file, rows_read, rows_accepted, rows_rejected, rows_discarded, rows_suppressed,"
        " findings FROM run_source WHERE run_id=?1 AND source_id=?2 ORDER BY rowid",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED)
        add_kept_file(&store->reading, rows);
    statement_destroy(rows);
    return outcome == ENDED;
}

bool store_source_keep(struct store *store, const struct source *source, struct error *error)
{
    return source_describe(store, source, error) && copy_last_good(store, error) &&
           recall_files(store, error) && source_set_good(store, error);
}

bool store_source_findings(struct store *store, struct arena *arena,
                           struct store_finding_count **counts, size_t *count, struct error *error)
{
    enum { CODES_MAX = 400 };
    struct statement *rows =
        statement_prepare(store->database,
                          "SELECT code, severity, count(*) FROM finding WHERE source_id=?1"
                          " AND code<>'shared_widely' GROUP BY code, severity ORDER BY min(rowid)",
                          error);
    if (!rows)
        return false;
    statement_bind_integer(rows, 1, store->reading.source_id);
    *counts = arena_allocate_array(arena, CODES_MAX, sizeof(**counts));
    *count = 0;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED && *count < CODES_MAX)
        (*counts)[(*count)++] = (struct store_finding_count){
            arena_text(arena, statement_text(rows, 0)), arena_text(arena, statement_text(rows, 1)),
            (uint64_t)statement_integer(rows, 2)};
    statement_destroy(rows);
    return outcome != FAILED;
}

bool store_source_notices(struct store *store, struct arena *arena, const char ***texts,
                          size_t *count, struct error *error)
{
    enum { NOTICES_MAX = 1000 };
    struct statement *rows = prepare_of_run(
        store, "SELECT text FROM run_notice WHERE run_id=?1 AND source_id=?2 ORDER BY rowid",
        error);
    if (!rows)
        return false;
    *texts = arena_allocate_array(arena, NOTICES_MAX, sizeof(**texts));
    *count = 0;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED && *count < NOTICES_MAX)
        (*texts)[(*count)++] = arena_text(arena, statement_text(rows, 0));
    statement_destroy(rows);
    return outcome != FAILED;
}

/* ---- notes ---- */

bool store_note_read(struct store *store, const char *name, struct arena *arena, const char **text,
                     struct error *error)
{
    *text = "";
    struct statement *find =
        prepare_for_source(store, "SELECT value FROM meta WHERE name='note ' || ?", name, error);
    if (!find)
        return false;
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *text = arena_text(arena, statement_text(find, 0));
    statement_destroy(find);
    return outcome != FAILED;
}

bool store_note_write(struct store *store, const char *name, const char *text, struct error *error)
{
    struct statement *put = prepare_for_source(
        store,
        "INSERT INTO meta(name, value) VALUES('note ' || ?1, ?2) ON CONFLICT(name)"
        " DO UPDATE SET value=excluded.value WHERE value<>excluded.value",
        name, error);
    if (!put)
        return false;
    statement_bind_text(put, 2, slice_of(text));
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

bool store_decisions_hash(struct store *store, uint64_t *hash, struct error *error)
{
    enum { COLUMNS = 9 };
    struct statement *rows = statement_prepare(
        store->database,
        "SELECT decision_id, kind, source_a, key_a, source_b, key_b, attribute, value,"
        " undone OR NOT confirmed OR (until IS NOT NULL AND until < ?1) FROM decision"
        " WHERE kind IN ('same', 'different', 'value') ORDER BY decision_id",
        error);
    if (!rows)
        return false;
    statement_bind_text(rows, 1, slice_of(store->as_of));
    enum outcome outcome;
    *hash = 0;
    while ((outcome = statement_step(rows, error)) == ACCEPTED)
        for (int i = 0; i < COLUMNS; i++)
            *hash = hash_combine(*hash, hash_bytes(statement_text(rows, i), (uint64_t)i));
    statement_destroy(rows);
    return outcome == ENDED;
}
