#include "change.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "remembered.h"
#include "suppressed.h"

/* What a record of a row is, against what the store has and what this reading has put before:
 *
 *                    not seen yet                      seen in this reading
 *   not known        new: insert                       -
 *   equal content    nothing (closed: reopen)          repeated: nothing
 *   other content    changed: update                   different: update, finding duplicate_key
 */

/* Columns before the model's fields, by the position at which they are bound. */
enum {
    AT_SOURCE = 1, /* insert: the source; update: the record's id */
    AT_KEY,
    AT_HASH,
    AT_FIRST_RUN,
    AT_CHANGED_RUN,
    AT_FILE,
    AT_LINE,
    AT_FIELDS
};

void record_table_release(struct record_table *table)
{
    statement_destroy(table->insert);
    statement_destroy(table->update);
    statement_destroy(table->reopen);
    statement_destroy(table->close);
    statement_destroy(table->find);
    quality_release(table);
    known_end(&table->known);
}

/* The statements' texts depend on the model only; composing them costs more than running them. */
static bool prepare_insert(struct store *store, struct record_table *table, struct error *error)
{
    if (table->insert)
        return true;
    const struct model_entity *entity = table->entity;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "INSERT INTO ");
    append_table(&sql, entity);
    buffer_append_text(&sql, "(source_id, source_key, hash, first_run, changed_run, file, line");
    for (size_t i = 0; i < entity->field_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, entity->fields[i].name);
    }
    buffer_append_text(&sql, ", refused, flagged, repaired, delivered) VALUES(?1");
    for (size_t i = 2; i < AT_FIELDS + entity->field_count + 4; i++)
        buffer_format(&sql, ",?%zu", i);
    buffer_append_text(&sql, ")");
    bool done = store_prepare(store, &table->insert, sql.data, error);
    buffer_release(&sql);
    return done;
}

static bool prepare_update(struct store *store, struct record_table *table, struct error *error)
{
    if (table->update)
        return true;
    const struct model_entity *entity = table->entity;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "UPDATE ");
    append_table(&sql, entity);
    buffer_format(&sql, " SET closed_run=NULL, hash=?%d, changed_run=?%d, file=?%d, line=?%d",
                  AT_HASH, AT_CHANGED_RUN, AT_FILE, AT_LINE);
    for (size_t i = 0; i < entity->field_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, entity->fields[i].name);
        buffer_format(&sql, "=?%zu", AT_FIELDS + i);
    }
    size_t behind = AT_FIELDS + entity->field_count;
    buffer_format(&sql,
                  ", refused=?%zu, flagged=?%zu, repaired=?%zu, delivered=?%zu WHERE record_id=?1",
                  behind, behind + 1, behind + 2, behind + 3);
    bool done = store_prepare(store, &table->update, sql.data, error);
    buffer_release(&sql);
    return done;
}

static bool prepare_reopen(struct store *store, struct record_table *table, struct error *error)
{
    if (table->reopen)
        return true;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "UPDATE ");
    append_table(&sql, table->entity);
    buffer_append_text(&sql, " SET closed_run=NULL, changed_run=?2 WHERE record_id=?1");
    bool done = store_prepare(store, &table->reopen, sql.data, error);
    buffer_release(&sql);
    return done;
}

struct put { /* one record of one row */
    struct store *store;
    struct record_table *table;
    const struct record *record;
    const struct place *place;
    struct slice flagged;
    struct buffer *delivered; /* its JSON, written when the record is */
    int64_t repaired;
    uint64_t hash; /* of the content and what is flagged and repaired in it */
};

/* All values are bound as text: the column's type makes numbers of them. */
static void bind_slice(struct statement *statement, size_t position, struct slice slice)
{
    if (slice.length)
        statement_bind_text(statement, (int)position, slice);
    else
        statement_bind_null(statement, (int)position);
}

static void bind_content(const struct put *put, struct statement *statement)
{
    size_t count = put->table->entity->field_count;
    statement_bind_integer(statement, AT_HASH, (int64_t)put->hash);
    statement_bind_integer(statement, AT_CHANGED_RUN, put->store->run_id);
    statement_bind_text(statement, AT_FILE, slice_of(put->place->file));
    statement_bind_integer(statement, AT_LINE, (int64_t)put->place->line);
    bool mentions = false;
    for (size_t i = 0; i < count; i++) {
        bool mention = suppressed_mention(put->store, put->table, i, put->record->values[i]);
        mentions = mentions || mention;
        bind_slice(statement, AT_FIELDS + i, mention ? SLICE("") : put->record->values[i]);
    }
    bind_slice(statement, AT_FIELDS + count, put->record->refused);
    bind_slice(statement, AT_FIELDS + count + 1, put->flagged);
    if (put->repaired)
        statement_bind_integer(statement, (int)(AT_FIELDS + count + 2), put->repaired);
    else
        statement_bind_null(statement, (int)(AT_FIELDS + count + 2));
    buffer_clear(put->delivered);
    if (!mentions && put->record->delivered.length > 0)
        record_delivered_json(put->record, put->table->entity, put->delivered);
    bind_slice(statement, AT_FIELDS + count + 3, buffer_slice(put->delivered));
}

static bool insert_record(const struct put *put, struct known_record *known, struct error *error)
{
    if (!prepare_insert(put->store, put->table, error))
        return false;
    struct statement *insert = put->table->insert;
    statement_bind_integer(insert, AT_SOURCE, put->store->reading.source_id);
    statement_bind_text(insert, AT_KEY, put->record->key);
    statement_bind_integer(insert, AT_FIRST_RUN, put->store->run_id);
    bind_content(put, insert);
    if (!statement_run(insert, error))
        return false;
    known->record_id = database_last_id(put->store->database);
    put->store->reading.counts.records_new++;
    return change_record(put->store, put->table, known->record_id, "new", error);
}

static bool update_record(const struct put *put, const struct known_record *known,
                          struct error *error)
{
    if (!prepare_update(put->store, put->table, error))
        return false;
    statement_bind_integer(put->table->update, AT_SOURCE, known->record_id);
    bind_content(put, put->table->update);
    remembered_mark(put->store, put->table, known, ROW_RECORD_CHANGED);
    return statement_run(put->table->update, error) &&
           change_record(put->store, put->table, known->record_id, "changed", error);
}

static bool reopen_record(const struct put *put, const struct known_record *known,
                          struct error *error)
{
    if (!prepare_reopen(put->store, put->table, error))
        return false;
    statement_bind_integer(put->table->reopen, 1, known->record_id);
    statement_bind_integer(put->table->reopen, 2, put->store->run_id);
    return statement_run(put->table->reopen, error) &&
           change_record(put->store, put->table, known->record_id, "reopened", error);
}

static bool report_duplicate(const struct put *put, struct error *error)
{
    struct finding finding = {
        .entity = put->record->entity,
        .field = FIELD_NONE,
        .code = "duplicate_key",
        .rule = "",
        .message = "The same number stands here again with other content, and the last one counts: "
                   "leave one of them.",
        .severity = SEVERITY_WARNING,
        .key = put->record->key,
    };
    put->store->reading.counts.findings++;
    return finding_add(put->store, &finding, put->place, error);
}

/* Of rows that contradict each other the last counts: where it says what stood there before this
 * reading nothing has changed, however often the file is read. The record is merged and shown anew
 * all the same, for the row may stand on another line than last time. */
static void count_last(const struct put *put, struct known_record *known)
{
    struct store_counts *counts = &put->store->reading.counts;
    bool changed = put->hash != known->stored_hash;
    if (!known->was_there || known->was_closed || known->changed == changed)
        return;
    known->changed = changed;
    *(changed ? &counts->records_unchanged : &counts->records_changed) -= 1;
    *(changed ? &counts->records_changed : &counts->records_unchanged) += 1;
}

/* Not an error of the source as such: wide exports repeat the customer in each car's row. Only
 * content that contradicts itself is told. */
static bool put_again(const struct put *put, struct known_record *known, bool *repeated,
                      struct error *error)
{
    struct store_counts *counts = &put->store->reading.counts;
    *repeated = known->hash == put->hash;
    if (*repeated) {
        counts->records_repeated++;
        return true;
    }
    counts->records_different++;
    known->hash = put->hash;
    count_last(put, known);
    tell_contested(put->store, put->table, known->record_id);
    quality_count(put->table, put->record);
    return quality_count_stored(put->store, put->table, known->record_id, -1, error) &&
           update_record(put, known, error) && report_duplicate(put, error);
}

/* Where rows are remembered the counts of quality begin with those of last time, in which a living
 * record is as it was. */
static bool count_first(const struct put *put, const struct known_record *known, bool is_new,
                        bool is_same, struct error *error)
{
    bool counted = put->store->reading.rows && !is_new && !known->was_closed;
    if (counted && is_same)
        return true;
    quality_count(put->table, put->record);
    return !counted || quality_count_stored(put->store, put->table, known->record_id, -1, error);
}

static bool put_first(const struct put *put, struct known_record *known, bool is_new,
                      struct error *error)
{
    struct store_counts *counts = &put->store->reading.counts;
    bool equal = known->hash == put->hash;
    bool was_closed = known->closed;
    known->was_closed = was_closed;
    known->seen = true;
    known->closed = false;
    known->hash = put->hash;
    remembered_mark(put->store, put->table, known, ROW_RECORD_SEEN);
    if (!count_first(put, known, is_new, equal && !was_closed, error))
        return false;
    if (is_new)
        return insert_record(put, known, error);
    counts->records_reopened += was_closed;
    known->changed = !equal;
    if (!equal) {
        counts->records_changed++;
        return update_record(put, known, error);
    }
    counts->records_unchanged++;
    return was_closed ? reopen_record(put, known, error) : true;
}

/* The row says that the record is gone: it is closed as if a full feed had it no more, until a row
 * speaks of it otherwise. */
static bool put_deleted(const struct put *put, struct known_record *known, struct error *error)
{
    struct store *store = put->store;
    if (known->record_id == 0 || known->closed)
        return true;
    remembered_mark(store, put->table, known, ROW_RECORD_CHANGED);
    remembered_mark(store, put->table, known, ROW_RECORD_DELETED);
    /* Where rows are remembered source_close counts it out. */
    if (known->seen && !store->reading.rows &&
        !quality_count_stored(store, put->table, known->record_id, -1, error))
        return false;
    known->closed = true;
    known->seen = false;
    return source_close(store, put->table, known->record_id, error);
}

static bool put_record(const struct put *put, bool *repeated, struct error *error)
{
    bool is_new;
    struct known_record *known =
        record_look_up(put->store, put->table, put->record->key, &is_new, error);
    *repeated = false;
    if (known && put->record->deleted)
        return put_deleted(put, known, error);
    is_new = known && known->record_id == 0;
    if (!known || !(known->seen ? put_again(put, known, repeated, error)
                                : put_first(put, known, is_new, error)))
        return false;
    tell_record(put->store, put->table, known->record_id);
    return true;
}

/* The fields of a record that the rules let through with a warning, for survivorship. */
static void collect_flagged(const struct store *store, const struct row_result *row,
                            const struct record *record, struct buffer *flagged)
{
    buffer_clear(flagged);
    for (size_t i = 0; i < row->finding_count; i++) {
        const struct finding *finding = &row->findings[i];
        if (finding->severity != SEVERITY_WARNING || finding->entity != record->entity ||
            finding->field == FIELD_NONE || !slice_equal(finding->key, record->key))
            continue;
        buffer_format(flagged, "%s,",
                      store->model->entities[record->entity].fields[finding->field].name);
    }
}

static bool put_records(struct store *store, const struct row_result *row,
                        const struct place *place, bool *suppressed, struct error *error)
{
    struct buffer flagged = BUFFER_EMPTY;
    struct buffer delivered = BUFFER_EMPTY;
    bool done = true;
    *suppressed = row->record_count > 0;
    for (size_t i = 0; done && i < row->record_count; i++) {
        struct put put = {.store = store,
                          .table = &store->tables[row->records[i].entity],
                          .record = &row->records[i],
                          .place = place,
                          .delivered = &delivered,
                          .hash = row->records[i].hash};
        collect_flagged(store, row, put.record, &flagged);
        put.flagged = buffer_slice(&flagged);
        put.repaired = quality_repaired(put.record, put.table->entity->field_count);
        if (flagged.length)
            put.hash = hash_combine(put.hash, hash_bytes(put.flagged, 0));
        if (put.repaired)
            put.hash = hash_combine(put.hash, (uint64_t)put.repaired);
        if (put.record->delivered.length)
            put.hash = hash_combine(put.hash, hash_bytes(put.record->delivered, 0));
        bool repeated = false;
        done = put_record(&put, &repeated, error);
        *suppressed = *suppressed && repeated;
    }
    buffer_release(&flagged);
    buffer_release(&delivered);
    return done;
}

static bool keep_record(struct store *store, size_t entity, struct slice key, struct error *error)
{
    struct record_table *table = &store->tables[entity];
    struct known_record *known = NULL;
    if (!record_find(store, table, key, &known, error))
        return false;
    if (!known)
        return true;
    known->kept = true;
    remembered_mark(store, table, known, ROW_RECORD_KEPT);
    return true;
}

/* A record that is rejected today is not gone: it stays as it was. So do those that are well but
 * came in a row that was rejected for another's sake. */
static bool keep_alive(struct store *store, const struct row_result *row, struct error *error)
{
    for (size_t i = 0; i < row->finding_count; i++) {
        const struct finding *finding = &row->findings[i];
        bool is_record = finding->entity != FIELD_NONE && !slice_is_empty(finding->key);
        bool stays = row->outcome == REJECTED || finding->severity == SEVERITY_FATAL;
        if (is_record && stays && !keep_record(store, finding->entity, finding->key, error))
            return false;
    }
    for (size_t i = 0; i < row->held_count; i++)
        if (!keep_record(store, row->records[i].entity, row->records[i].key, error))
            return false;
    return true;
}

/* Files of a source are few and come one after the other: the last is nearly always it. */
static struct store_file *current_file(struct reading *reading, const char *name)
{
    struct slice wanted = slice_of(name);
    for (size_t i = reading->file_count; i-- > 0;)
        if (slice_equal(wanted, slice_of(reading->files[i].name)))
            return &reading->files[i];
    reading->files = memory_grow(reading->files, &reading->files_capacity, reading->file_count + 1,
                                 sizeof(*reading->files));
    struct store_file *file = &reading->files[reading->file_count++];
    *file = (struct store_file){.name = arena_text(reading->arena, wanted)};
    return file;
}

static void count_row(const struct row_result *row, bool suppressed, struct store_counts *counts,
                      struct store_file *file)
{
    bool rejected = row->outcome == REJECTED && !suppressed;
    bool discarded = !rejected && row->discarded;
    bool accepted = !rejected && !discarded && !suppressed;
    counts->read++;
    counts->rejected += rejected;
    counts->discarded += discarded;
    counts->suppressed += suppressed;
    counts->accepted += accepted;
    file->read++;
    file->rejected += rejected;
    file->discarded += discarded;
    file->suppressed += suppressed;
    file->accepted += accepted;
}

static bool put_row(struct store *store, const struct row_result *row, const struct place *place,
                    bool *repeated, struct error *error)
{
    bool put = true;
    if (row->known)
        remembered_put(store, row->row_hash, repeated);
    else if (!row->discarded)
        put = keep_alive(store, row, error) &&
              (row->outcome == REJECTED || put_records(store, row, place, repeated, error));
    tell_row(store, row);
    return put;
}

/* The balance is kept here, where the rows arrive, and checked at the end against what the reader
 * counted, so that a row lost in between is noticed. */
bool store_put(struct store *store, const struct row_result *row, const struct place *place,
               bool *suppressed, struct error *error)
{
    struct reading *reading = &store->reading;
    struct store_file *file = current_file(reading, place->file);
    uint64_t findings_before = reading->counts.findings;
    bool is_erased = suppressed_row(store, row);
    bool repeated = is_erased && !row->discarded;
    reading->counts.erased += is_erased;
    if (!is_erased && !put_row(store, row, place, &repeated, error))
        return false;
    /* What a row said before it says again here: one finding is enough. */
    if (!repeated)
        for (size_t i = 0; i < row->finding_count; i++) {
            reading->counts.findings++;
            if (!finding_add(store, &row->findings[i], place, error))
                return false;
        }
    count_row(row, repeated, &reading->counts, file);
    file->findings += reading->counts.findings - findings_before;
    if (suppressed)
        *suppressed = repeated;
    return true;
}
