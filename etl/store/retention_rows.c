#include "retention.h"

/* The rows of a night whose records are past their term, for the balance of the files: they were
 * accepted when they were read, and what they told is gone. A row is one that gave such a record:
 *
 *   temp.past ──► temp.past_row (file, line, entity) ──► temp.past_file ──► run_expired
 *
 * A record that stays as it was keeps the place of the row that told of it last. Where exports have
 * a new name each night that file is not among tonight's, and the row is counted to the largest of
 * them; which rows of a delta stand for records that have not changed nobody knows: they stay among
 * the accepted ones. So the balance holds in any case. */

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS run_expired(run_id INTEGER, source_id INTEGER, file TEXT,"
    " rows INTEGER, PRIMARY KEY(run_id, source_id, file)) WITHOUT ROWID;"
    "DROP TABLE IF EXISTS temp.past_row; DROP TABLE IF EXISTS temp.past_file;"
    "DROP TABLE IF EXISTS temp.told_file; DROP TABLE IF EXISTS temp.delta_source;"
    "CREATE TEMP TABLE past_row(source_id INTEGER, file TEXT, line INTEGER, records INTEGER);"
    "CREATE TEMP TABLE past_file(source_id INTEGER, file TEXT, rows INTEGER);"
    "CREATE TEMP TABLE told_file(source_id INTEGER, file TEXT, accepted INTEGER,"
    " PRIMARY KEY(source_id, file)) WITHOUT ROWID;"
    "CREATE TEMP TABLE delta_source(source_id INTEGER PRIMARY KEY);";

/* ?1 is the run. The rows of an XML document that stands in one line are told by its records. */
static const char *const steps[] = {
    "INSERT INTO temp.told_file SELECT source_id, file, sum(rows_accepted) FROM run_source WHERE"
    " run_id = ?1 GROUP BY source_id, file",
    "INSERT INTO temp.past_file SELECT source_id, file, sum(rows) FROM (SELECT p.source_id, p.file,"
    " CASE s.kind WHEN 'xml' THEN max(p.records) ELSE 1 END AS rows FROM temp.past_row p"
    " JOIN source s USING (source_id) GROUP BY p.source_id, p.file, p.line) WHERE ?1"
    " GROUP BY source_id, file",
    "UPDATE temp.past_file SET file = (SELECT t.file FROM temp.told_file t WHERE t.source_id ="
    " past_file.source_id ORDER BY t.accepted DESC, t.file LIMIT 1) WHERE ?1 AND (source_id, file)"
    " NOT IN (SELECT source_id, file FROM temp.told_file)",
    "INSERT INTO run_expired SELECT ?1, source_id, file, min(accepted, sum(rows)) FROM"
    " temp.past_file JOIN temp.told_file USING (source_id, file) WHERE accepted > 0"
    " GROUP BY source_id, file",
};

static bool list_deltas(const struct retaining *work, struct error *error)
{
    struct statement *put = statement_prepare(
        work->store->database,
        "INSERT OR IGNORE INTO temp.delta_source SELECT source_id FROM source WHERE name = ?1",
        error);
    bool done = put != NULL;
    for (size_t i = 0; done && i < work->source_count; i++) {
        if (!work->sources[i].delta)
            continue;
        statement_bind_text(put, 1, slice_of(work->sources[i].id));
        done = statement_run(put, error);
    }
    statement_destroy(put);
    return done;
}

static bool list_rows(const struct retaining *work, struct buffer *sql, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < work->store->model->entity_count; i++) {
        const char *name = retention_entity(work, i)->name;
        buffer_format(
            sql,
            "INSERT INTO temp.past_row SELECT r.source_id, r.file, r.line, count(*) FROM"
            " temp.past p JOIN \"record_%s\" r USING (record_id) WHERE p.entity = '%s' AND"
            " (p.fate = '" RETENTION_FRESH "' OR (p.fate = '" RETENTION_LIVING
            "' AND (r.changed_run = %lld OR r.source_id NOT IN (SELECT source_id FROM"
            " temp.delta_source)))) GROUP BY r.source_id, r.file, r.line",
            name, name, (long long)work->store->run_id);
        done = retention_run(work, sql, NULL, error);
    }
    return done;
}

bool retention_count_rows(const struct retaining *work, struct buffer *sql, struct error *error)
{
    struct store *store = work->store;
    int64_t past = 0;
    if (!database_integer(store->database,
                          "SELECT count(*) FROM temp.past WHERE fate IN ('" RETENTION_FRESH
                          "', '" RETENTION_LIVING "')",
                          0, &past, error))
        return false;
    if (past == 0)
        return true;
    bool done = database_run(store->database, tables, error) && list_deltas(work, error) &&
                list_rows(work, sql, error);
    for (size_t i = 0; done && i < sizeof(steps) / sizeof(steps[0]); i++)
        done = store_run_with(store, steps[i], store->run_id, error);
    return done;
}

bool store_retention_rows(struct store *store, int64_t run_id, const char *source, const char *file,
                          uint64_t *rows, struct error *error)
{
    int64_t there = 0;
    *rows = 0;
    if (!database_integer(store->database,
                          "SELECT count(*) FROM sqlite_master WHERE name = 'run_expired'", 0,
                          &there, error))
        return false;
    if (there == 0)
        return true;
    struct statement *find =
        statement_prepare(store->database,
                          "SELECT rows FROM run_expired WHERE run_id = ?1 AND source_id = (SELECT"
                          " source_id FROM source WHERE name = ?2) AND file = ?3",
                          error);
    if (!find)
        return false;
    statement_bind_integer(find, 1, run_id);
    statement_bind_text(find, 2, slice_of(source));
    statement_bind_text(find, 3, slice_of(file));
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED)
        *rows = (uint64_t)statement_integer(find, 0);
    statement_destroy(find);
    return outcome != FAILED;
}
