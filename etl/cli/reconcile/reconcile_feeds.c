#include "cli/reconcile.h"
#include "cust360/base/csv.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/odbc.h"
#include "cust360/base/text.h"
#include "cust360/extract.h"
#include "cust360/store_retention.h"

#define REJECTS "rejects/" /* where the state says a row of retry-rejects came from */

/* ---- a source's raw rows ---- */

/* The same source, as it stands in another folder. */
static struct source *moved(struct reconciling *work, const struct source *source,
                            const char *folder)
{
    struct source *copy = arena_allocate(work->arena, sizeof(*copy));
    *copy = *source;
    copy->path = file_join(work->arena, folder, source->name ? source->name : source->path);
    return copy;
}

struct raw_side {
    struct reconciling *work;
    struct comparison **tables; /* one a table of the mapping */
    enum side side;
    uint64_t *rows;      /* the same */
    uint64_t encoding;   /* rows that hold bytes which are no characters */
    const char *example; /* where the first of them is */
    struct buffer key;
    struct buffer place;
};

static const struct mapping_entity *main_entity(const struct mapping_table *table)
{
    for (size_t i = 0; i < table->entity_count; i++)
        if (table->entities[i].main)
            return &table->entities[i];
    return &table->entities[0];
}

static void read_key(const struct mapping_table *table, const struct row *row, struct buffer *key)
{
    const struct mapping_entity *entity = main_entity(table);
    buffer_clear(key);
    buffer_append_text(key, "");
    for (size_t i = 0; i < entity->key_count; i++) {
        buffer_append_text(key, i ? "|" : "");
        buffer_append(key, row->values[entity->key[i]]);
    }
}

static bool take_row(struct raw_side *raw, const struct source *source, const struct row *row,
                     struct error *error)
{
    raw->rows[row->table]++;
    buffer_clear(&raw->place);
    buffer_format(&raw->place, "%s:%llu", row->place.file, (unsigned long long)row->place.line);
    if (row->reject_code) {
        bool damaged = strcmp(row->reject_code, "encoding") == 0;
        if (damaged && raw->encoding++ == 0)
            raw->example = arena_text(raw->work->arena, buffer_slice(&raw->place));
        return true;
    }
    read_key(&source->mapping->tables[row->table], row, &raw->key);
    struct comparison_row taken = {buffer_slice(&raw->key), buffer_slice(&raw->place), row->values};
    return comparison_add(raw->tables[row->table], raw->side, &taken, error);
}

/* False with *why filled: the source cannot be read. */
static bool read_side(struct raw_side *raw, const struct source *source, struct error *why,
                      struct error *error)
{
    struct row row;
    enum outcome outcome = FAILED;
    bool taken = true;
    struct row_reader *reader = row_reader_open(source, why);
    while (reader && taken &&
           ((outcome = row_reader_next(reader, &row, why)) == ACCEPTED || outcome == REJECTED))
        taken = take_row(raw, source, &row, error);
    row_reader_close(reader);
    return taken;
}

static struct comparison_column *list_columns(struct reconciling *work,
                                              const struct mapping_table *table)
{
    struct comparison_column *columns =
        arena_allocate_array(work->arena, table->column_count + 1, sizeof(*columns));
    for (size_t i = 0; i < table->column_count; i++)
        columns[i] = (struct comparison_column){
            .name = table->columns[i].expression, .affinity = "TEXT", .is_other = true};
    const struct mapping_entity *entity = main_entity(table);
    for (size_t i = 0; i < entity->field_count; i++)
        for (size_t j = 0; j < entity->fields[i].column_count; j++)
            columns[entity->fields[i].columns[j]].is_other = false;
    for (size_t i = 0; i < entity->key_count; i++)
        columns[entity->key[i]].is_key = true;
    return columns;
}

/* ---- feed against control ---- */

struct feed_legs {
    struct reconciling *work;
    const struct source *source;
    struct comparison_options *options;
    struct comparison **tables;
    size_t count;
};

static bool open_tables(struct feed_legs *legs, struct error *error)
{
    struct reconciling *work = legs->work;
    const struct mapping *mapping = legs->source->mapping;
    legs->options = arena_allocate_array(work->arena, mapping->table_count, sizeof(*legs->options));
    legs->tables =
        arena_allocate_array(work->arena, mapping->table_count, sizeof(struct comparison *));
    for (; legs->count < mapping->table_count; legs->count++) {
        const struct mapping_table *table = &mapping->tables[legs->count];
        struct comparison_options *options = &legs->options[legs->count];
        *options = reconcile_options(work, list_columns(work, table), table->column_count);
        options->scratch = arena_format(work->arena, "%s.%zu", options->scratch, legs->count);
        options->single = !work->control;
        options->suspect = true;
        legs->tables[legs->count] = comparison_open(options, error);
        if (!legs->tables[legs->count])
            return false;
    }
    return true;
}

static void note_encoding(struct reconciling *work, struct reconcile_leg *leg,
                          const struct raw_side *control, const struct raw_side *feed)
{
    uint64_t before = control ? control->encoding : 0;
    if (feed->encoding <= before)
        return;
    size_t count = leg->result.discrepancy_count;
    struct discrepancy *all = arena_allocate_array(work->arena, count + 1, sizeof(*all));
    if (count)
        memcpy(all, leg->result.discrepancies, count * sizeof(*all));
    all[count] = (struct discrepancy){.kind = control ? ENCODING : SUSPECT_ENCODING,
                                      .count = feed->encoding - before,
                                      .examples = {{"", feed->example, "", ""}},
                                      .example_count = 1};
    leg->result.discrepancies = all;
    leg->result.discrepancy_count = count + 1;
}

static void note_trouble(struct reconciling *work, struct reconcile_leg *leg,
                         const struct error *why)
{
    if (!why->exit_code)
        return;
    leg->trouble =
        arena_format(work->arena, "%s%s%s", why->file, why->file[0] ? ": " : "", why->message);
    leg->trouble_is_encoding =
        strstr(why->message, "encoding") || strstr(why->message, "characters");
}

static struct reconcile_file *find_file(struct reconciling *work, const char *source,
                                        const char *name)
{
    for (size_t i = 0; i < work->file_count; i++)
        if (strcmp(work->files[i].source, source) == 0 && strcmp(work->files[i].name, name) == 0)
            return &work->files[i];
    work->files =
        memory_grow(work->files, &work->file_capacity, work->file_count + 1, sizeof(*work->files));
    struct reconcile_file *file = &work->files[work->file_count++];
    *file = (struct reconcile_file){.source = source, .name = name};
    return file;
}

static const char *table_file_name(struct reconciling *work, const struct source *source,
                                   size_t table)
{
    const char *file = source->mapping->tables[table].file;
    const char *name = source->name && source->name[0] ? source->name : source->id;
    if (source->mapping->kind == SOURCE_ODBC)
        return source->mapping->tables[table].name;
    if (!file)
        return name;
    struct buffer text = BUFFER_EMPTY;
    const char *folder = file_folder(work->arena, name);
    for (const char *at = file; *at; at++) {
        if (strncmp(at, "{source}", strlen("{source}")) == 0) {
            buffer_append_text(&text, source->id);
            at += strlen("{source}") - 1;
        } else {
            buffer_append_byte(&text, *at);
        }
    }
    const char *filled = file_join(work->arena, folder, text.data);
    buffer_release(&text);
    return strncmp(filled, "./", 2) == 0 ? filled + 2 : filled;
}

static bool finish_table(struct feed_legs *legs, size_t table, const struct error *why,
                         struct error *error)
{
    struct reconciling *work = legs->work;
    struct reconcile_leg *leg = reconcile_leg_add(work, work->control ? "control" : "feed");
    leg->source = work->control ? "control copy" : "feed";
    leg->target = work->control ? "feed" : "";
    leg->subject = legs->source->id;
    leg->table = legs->source->mapping->tables[table].name;
    note_trouble(work, leg, why);
    struct comparison *comparison = legs->tables[table];
    legs->tables[table] = NULL;
    return reconcile_finish(work, comparison, leg, error);
}

static bool read_both(struct feed_legs *legs, struct raw_side *control, struct raw_side *feed,
                      struct error *why, struct error *error)
{
    struct reconciling *work = legs->work;
    if (!work->control)
        return read_side(feed, legs->source, why, error);
    struct error control_why = {0};
    if (!read_side(control, moved(work, legs->source, work->control), &control_why, error) ||
        !read_side(feed, legs->source, why, error))
        return false;
    if (control_why.exit_code && !why->exit_code)
        *why = control_why;
    return true;
}

static bool compare_feed(struct reconciling *work, const struct source *source, struct error *error)
{
    size_t tables = source->mapping->table_count;
    struct feed_legs legs = {.work = work, .source = source};
    struct error why = {0};
    struct raw_side control = {.work = work, .side = SIDE_SOURCE};
    struct raw_side feed = {.work = work, .side = work->control ? SIDE_TARGET : SIDE_SOURCE};
    control.rows = arena_allocate_array(work->arena, tables, sizeof(*control.rows));
    feed.rows = arena_allocate_array(work->arena, tables, sizeof(*feed.rows));
    bool done = open_tables(&legs, error);
    control.tables = feed.tables = legs.tables;
    done = done && read_both(&legs, &control, &feed, &why, error);
    size_t first = work->leg_count;
    for (size_t i = 0; i < tables && done; i++) {
        struct reconcile_file *file = find_file(work, source->id, table_file_name(work, source, i));
        file->read += feed.rows[i];
        file->control += control.rows[i];
        file->has_control = work->control != NULL;
        done = finish_table(&legs, i, &why, error);
    }
    if (done && tables)
        note_encoding(work, &work->legs[first], work->control ? &control : NULL, &feed);
    for (size_t i = 0; i < legs.count; i++)
        comparison_close(legs.tables[i]);
    buffer_release(&control.key);
    buffer_release(&control.place);
    buffer_release(&feed.key);
    buffer_release(&feed.place);
    return done;
}

/* ---- counts ---- */

/* The last run's files of each source, and the rejected rows that were taken in since. */
static bool read_told(struct reconciling *work, struct error *error)
{
    struct statement *rows = statement_prepare(
        store_database(work->store),
        "SELECT s.name, r.file, r.rows_read, r.rows_accepted, r.rows_rejected, r.rows_discarded,"
        " r.rows_suppressed, r.run_id FROM run_source r JOIN source s ON s.source_id = r.source_id"
        " JOIN (SELECT source_id, max(run_id) AS run_id FROM run_source WHERE file NOT LIKE"
        " '" REJECTS "%' GROUP BY 1) l ON l.source_id = r.source_id"
        " WHERE CASE WHEN r.file LIKE '" REJECTS "%' THEN r.run_id > l.run_id"
        " ELSE r.run_id = l.run_id END ORDER BY s.name, r.rowid",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        enum { SOURCE, FILE_NAME, READ, TAKEN, REFUSED, DISCARDED, SUPPRESSED, RUN };
        uint64_t expired = 0;
        struct reconcile_file *file =
            find_file(work, arena_text(work->arena, statement_text(rows, SOURCE)),
                      arena_text(work->arena, statement_text(rows, FILE_NAME)));
        if (!store_retention_rows(work->store, statement_integer(rows, RUN), file->source,
                                  file->name, &expired, error)) {
            outcome = FAILED;
            break;
        }
        file->told += (uint64_t)statement_integer(rows, READ);
        file->accepted += (uint64_t)statement_integer(rows, TAKEN) - expired;
        file->expired += expired;
        file->rejected += (uint64_t)statement_integer(rows, REFUSED);
        file->discarded += (uint64_t)statement_integer(rows, DISCARDED);
        file->suppressed += (uint64_t)statement_integer(rows, SUPPRESSED);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool count_query(const struct source *source, const struct mapping_table *table,
                        struct raw_count *count, struct error *error)
{
    struct odbc_connection *connection = odbc_connect(source->connection, error);
    if (!connection)
        return false;
    struct arena *arena = arena_create();
    struct slice value = {NULL, 0};
    int64_t rows = 0;
    const char *query = arena_format(arena, "SELECT count(*) FROM (%s) AS counted", table->query);
    bool counted = odbc_value(connection, query, arena, &value, error);
    if (counted && text_to_integer(value, &rows) && rows > 0)
        count->records = (uint64_t)rows;
    arena_destroy(arena);
    odbc_disconnect(connection);
    return counted;
}

/* The lines of a file but for its header, its trailer and what is skipped, once for all its tables.
 * Lines of types that are passed over could only be told by reading them as a run does. */
static bool count_typed_lines(const struct mapping *mapping, size_t table, const char *path,
                              struct raw_count *count, struct error *error)
{
    const struct line_dialect *lines = &mapping->lines;
    const char *file = mapping->tables[table].file;
    for (size_t i = 0; i < table; i++) {
        const char *other = mapping->tables[i].file;
        if (file && other ? strcmp(file, other) == 0 : !file && !other)
            return true;
    }
    uint64_t apart = lines->skip + (lines->header != NULL) + (lines->trailer != NULL);
    if (!raw_count_lines(path, lines->delimiter ? '"' : '\0', count, error))
        return false;
    count->records -= count->records < apart ? count->records : apart;
    return true;
}

/* Adds the records of a table to those of its file. */
static bool count_table(struct reconciling *work, const struct source *source, size_t table,
                        struct reconcile_file *file, struct error *error)
{
    const struct mapping *mapping = source->mapping;
    const struct mapping_table *mapped = &mapping->tables[table];
    struct raw_count count = {0};
    const char *path = source->path;
    if (mapped->file)
        path =
            file_join(work->arena, file_folder(work->arena, source->path), file_name(file->name));
    bool counted = false;
    if (mapping->kind == SOURCE_ODBC)
        counted = (mapped->watermark != NULL) || count_query(source, mapped, &count, error);
    else if (mapping->kind == SOURCE_XML)
        counted = raw_count_elements(path, mapped->record, &count, error);
    else if (mapping->kind == SOURCE_LINES)
        counted = count_typed_lines(mapping, table, path, &count, error);
    else
        counted = raw_count_lines(path, mapping->csv.quote, &count, error);
    if (!counted)
        return false;
    if (mapping->kind == SOURCE_CSV && mapping->csv.header && count.records)
        count.records--;
    file->raw.records += count.records;
    if (count.bytes || mapping->kind != SOURCE_LINES) {
        file->raw.bytes = count.bytes;
        file->raw.hash = count.hash;
    }
    file->counted = !mapped->watermark && mapping->lines.ignored_count == 0;
    return true;
}

/* The hash that the file had when a run read it; 0: nobody knows. */
static uint64_t hash_then(struct reconciling *work, const struct source *source, const char *name)
{
    struct error ignored;
    uint64_t hash = 0;
    struct statement *find = statement_prepare(
        store_database(work->store),
        "SELECT f.path, f.hash FROM source_file f JOIN source s ON s.source_id = f.source_id"
        " WHERE s.name = ?1",
        &ignored);
    if (find)
        statement_bind_text(find, 1, slice_of(source->id));
    while (find && statement_step(find, &ignored) == ACCEPTED) {
        const char *path = arena_text(work->arena, statement_text(find, 0));
        if (strcmp(file_name(path), file_name(name)) == 0)
            hash = (uint64_t)statement_integer(find, 1);
    }
    statement_destroy(find);
    return hash;
}

static void fault(struct reconcile_file *file, const char *name, const char *text)
{
    if (file->fault)
        return;
    file->fault_name = name;
    file->fault = text;
}

/* What does not fit to each other is told with the numbers. */
static void judge_file(struct reconciling *work, const struct source *source,
                       struct reconcile_file *file)
{
    uint64_t sum =
        file->accepted + file->rejected + file->discarded + file->suppressed + file->expired;
    bool retried = slice_starts_with(slice_of(file->name), SLICE(REJECTS));
    uint64_t then = hash_then(work, source, file->name);
    bool same_bytes = then == 0 || file->raw.hash == 0 || then == file->raw.hash;
    unsigned long long told = file->told;
    unsigned long long raw = file->raw.records;
    unsigned long long read = file->read;
    if (sum != file->told)
        fault(file, "unbalanced",
              arena_format(work->arena, "the run has read %llu rows and accounts for %llu", told,
                           (unsigned long long)sum));
    if (retried) {
        file->note = "rows rejected before, taken in by retry-rejects";
        return;
    }
    if (!same_bytes)
        fault(file, "feed_changed",
              "the file is not the one that the run has read: its bytes have another hash");
    if (same_bytes && read != told)
        fault(file, "rows_missing",
              arena_format(work->arena, "the run notes %llu rows, reading it again gives %llu",
                           told, read));
    if (file->has_control && file->control != file->read)
        fault(file, file->control > file->read ? "rows_missing" : "rows_extra",
              arena_format(work->arena, "the source has sent %llu rows, the file has %llu",
                           (unsigned long long)file->control, read));
    if (!file->counted || raw == read)
        return;
    if (file->rejected)
        file->note = arena_format(work->arena,
                                  "%llu records by the count of bytes, %llu by the reader: rows "
                                  "with a broken quote count differently",
                                  raw, read);
    else
        fault(file, "rows_missing",
              arena_format(work->arena, "%llu records by the count of bytes, %llu by the reader",
                           raw, read));
}

/* ---- totals that the source has told: file,rows ---- */

static bool read_totals(struct reconciling *work, struct error *error)
{
    struct csv_table table;
    size_t file_column = 0;
    size_t rows_column = 0;
    if (!work->totals)
        return true;
    if (!csv_table_read(work->arena, work->totals, ',', &table, error) ||
        !csv_table_require(&table, "file", &file_column, error) ||
        !csv_table_require(&table, "rows", &rows_column, error))
        return false;
    for (size_t i = 0; i < table.row_count; i++) {
        struct slice name = csv_table_cell(&table, i, file_column);
        int64_t rows = 0;
        if (!text_to_integer(csv_table_cell(&table, i, rows_column), &rows) || rows < 0) {
            error_set(error, EXIT_CONFIGURATION, "a number of rows is expected");
            return error_place(error, work->totals, i + 2, 0);
        }
        for (size_t j = 0; j < work->file_count; j++)
            if (slice_equal(slice_of(work->files[j].name), name)) {
                work->files[j].control = (uint64_t)rows;
                work->files[j].has_control = true;
            }
    }
    return true;
}

bool reconcile_feeds(struct reconciling *work, struct error *error)
{
    const struct project *project = work->project;
    if (!read_told(work, error))
        return false;
    for (size_t i = 0; i < project->source_count; i++)
        if (!project->sources[i].missing.exit_code &&
            !compare_feed(work, &project->sources[i], error))
            return false;
    if (!read_totals(work, error))
        return false;
    for (size_t i = 0; i < project->source_count; i++) {
        const struct source *source = &project->sources[i];
        struct error ignored;
        if (source->missing.exit_code)
            continue;
        for (size_t j = 0; j < source->mapping->table_count; j++) {
            struct reconcile_file *file =
                find_file(work, source->id, table_file_name(work, source, j));
            if (!count_table(work, source, j, file, &ignored))
                file->note = arena_text(work->arena, slice_of(ignored.message));
        }
        for (size_t j = 0; j < work->file_count; j++)
            if (strcmp(work->files[j].source, source->id) == 0)
                judge_file(work, source, &work->files[j]);
    }
    return true;
}
