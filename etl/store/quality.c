/* How good the living records of a source are, field by field.
 *
 *   records put ──────────────────────────────┐
 *   records that a reading leaves as they were ┴─► counts ──► data_quality_run
 *
 * Counting while records are put costs a few additions a record; to count them afterwards would
 * mean to read all of them again. */
#include "cust360/base/memory.h"
#include "internal.h"

#include <stdio.h>

enum {
    REPAIRED_FIELDS_MAX = 63, /* bits of a number that SQL can hold */
    RUNS_KEPT = 100           /* of the trend */
};

/* What quality_count_stored reads behind the fields. */
enum { RECALL_REFUSED, RECALL_FLAGGED, RECALL_REPAIRED };

void quality_begin(struct store *store)
{
    for (size_t i = 0; i < store->model->entity_count; i++) {
        struct record_table *table = &store->tables[i];
        size_t count = table->entity->field_count;
        if (!table->quality)
            table->quality = memory_allocate_array(count, sizeof(*table->quality));
        memset(table->quality, 0, count * sizeof(*table->quality));
        table->quality_rows = 0;
    }
}

/* The counts of a field, or NULL: the model has it no more. */
static struct field_quality *find_field(struct store *store, struct slice entity, struct slice name,
                                        struct record_table **table)
{
    for (size_t i = 0; i < store->model->entity_count; i++) {
        const struct model_entity *of = &store->model->entities[i];
        if (!slice_equal(slice_of(of->name), entity))
            continue;
        *table = &store->tables[i];
        for (size_t j = 0; j < of->field_count; j++)
            if (slice_equal(slice_of(of->fields[j].name), name))
                return &store->tables[i].quality[j];
    }
    return NULL;
}

bool quality_recall(struct store *store, struct error *error)
{
    struct statement *rows = statement_prepare(
        store->database,
        "SELECT entity, field, rows, filled, repaired, warned, refused FROM data_quality_run"
        " WHERE source_id=?1 AND run_id=(SELECT last_good_run FROM source WHERE source_id=?1)",
        error);
    if (!rows)
        return false;
    enum outcome outcome;
    statement_bind_integer(rows, 1, store->reading.source_id);
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        struct record_table *table = NULL;
        struct field_quality *field =
            find_field(store, statement_text(rows, 0), statement_text(rows, 1), &table);
        if (!field)
            continue;
        table->quality_rows = statement_integer(rows, 2);
        *field = (struct field_quality){statement_integer(rows, 3), statement_integer(rows, 4),
                                        statement_integer(rows, 5), statement_integer(rows, 6)};
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

void quality_release(struct record_table *table)
{
    statement_destroy(table->recall);
    memory_free(table->quality);
}

void quality_count(struct record_table *table, const struct record *record)
{
    table->quality_rows++;
    for (size_t i = 0; i < table->entity->field_count; i++) {
        struct field_quality *field = &table->quality[i];
        unsigned mark = record->marks ? record->marks[i] : 0;
        bool filled = record->values[i].length > 0;
        field->filled += filled;
        field->repaired += filled && mark & FIELD_REPAIRED;
        field->warned += filled && mark & FIELD_WARNED;
        field->refused += (mark & FIELD_REFUSED) != 0;
    }
}

int64_t quality_repaired(const struct record *record, size_t field_count)
{
    uint64_t bits = 0;
    for (size_t i = 0; record->marks && i < field_count && i < REPAIRED_FIELDS_MAX; i++)
        bits |= (uint64_t)((record->marks[i] & FIELD_REPAIRED) != 0) << i;
    return (int64_t)bits;
}

static bool prepare_recall(struct store *store, struct record_table *table, struct error *error)
{
    if (table->recall)
        return true;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT ");
    for (size_t i = 0; i < table->entity->field_count; i++) {
        append_identifier(&sql, table->entity->fields[i].name);
        buffer_append_text(&sql, ", ");
    }
    buffer_append_text(&sql, "refused, flagged, repaired FROM ");
    append_table(&sql, table->entity);
    buffer_append_text(&sql, " WHERE record_id=?1");
    bool done = store_prepare(store, &table->recall, sql.data, error);
    buffer_release(&sql);
    return done;
}

/* Whether a list of names (`mobile,address,`) or a JSON object has the name; `quote` and `end` are
 * what stands around it there. */
static bool has_name(struct slice list, const char *quote, const char *name, const char *end)
{
    char wanted[256];
    int length = snprintf(wanted, sizeof(wanted), "%s%s%s", quote, name, end);
    if (length <= 0 || (size_t)length >= sizeof(wanted))
        return false;
    struct slice needle = slice_make(wanted, (size_t)length);
    for (ptrdiff_t at = slice_find(list, needle); at >= 0; at = slice_find(list, needle)) {
        if (at == 0 || list.data[at - 1] == ',' || list.data[at - 1] == '{')
            return true;
        list = slice_cut(list, (size_t)at + 1, list.length);
    }
    return false;
}

static void count_stored_field(struct record_table *table, size_t index, int sign)
{
    const struct statement *row = table->recall;
    struct field_quality *field = &table->quality[index];
    int behind = (int)table->entity->field_count;
    const char *name = table->entity->fields[index].name;
    bool filled = !statement_is_null(row, (int)index);
    uint64_t repaired = (uint64_t)statement_integer(row, behind + RECALL_REPAIRED);
    if (filled) {
        field->filled += sign;
        if (index < REPAIRED_FIELDS_MAX && repaired >> index & 1)
            field->repaired += sign;
        if (has_name(statement_text(row, behind + RECALL_FLAGGED), "", name, ","))
            field->warned += sign;
    }
    if (has_name(statement_text(row, behind + RECALL_REFUSED), "\"", name, "\":"))
        field->refused += sign;
}

bool quality_count_stored(struct store *store, struct record_table *table, int64_t record_id,
                          int sign, struct error *error)
{
    if (!prepare_recall(store, table, error))
        return false;
    statement_bind_integer(table->recall, 1, record_id);
    enum outcome outcome = statement_step(table->recall, error);
    if (outcome == ACCEPTED) {
        table->quality_rows += sign;
        for (size_t i = 0; i < table->entity->field_count; i++)
            count_stored_field(table, i, sign);
    }
    statement_reset(table->recall);
    return outcome != FAILED;
}

/* Of a delta, what it does not speak of; of a full feed, what was rejected today and stays. */
static bool count_unseen(struct store *store, struct record_table *table, struct error *error)
{
    bool done = true;
    if (store->reading.rows)
        return true; /* counted from the beginning */
    for (uint32_t i = 0; done && i < map_count(table->known.keys); i++) {
        const struct known_record *known = &table->known.records[i];
        bool stays = known->kept || store->reading.source->delta;
        /* A key without a record is of one that was said to be gone and never came. */
        if (known->record_id && !known->seen && !known->closed && stays)
            done = quality_count_stored(store, table, known->record_id, 1, error);
    }
    return done;
}

static bool insert_counts(struct store *store, const struct record_table *table,
                          struct statement *insert, struct error *error)
{
    bool done = true;
    for (size_t i = 0; done && table->quality_rows > 0 && i < table->entity->field_count; i++) {
        const struct field_quality *field = &table->quality[i];
        /* A part of another field is as good as that. */
        if (table->entity->fields[i].from != FIELD_NONE)
            continue;
        statement_bind_integer(insert, 1, store->run_id);
        statement_bind_integer(insert, 2, store->reading.source_id);
        statement_bind_text(insert, 3, slice_of(table->entity->name));
        statement_bind_text(insert, 4, slice_of(table->entity->fields[i].name));
        statement_bind_integer(insert, 5, table->quality_rows);
        statement_bind_integer(insert, 6, field->filled);
        statement_bind_integer(insert, 7, field->repaired);
        statement_bind_integer(insert, 8, field->warned);
        statement_bind_integer(insert, 9, field->refused);
        done = statement_run(insert, error);
    }
    return done;
}

/* The trend has an end, or a state of many dealers would be half made of it. */
static bool forget_old(struct store *store, struct error *error)
{
    return store_run_with(store, "DELETE FROM data_quality_run WHERE run_id<?1",
                          store->run_id - RUNS_KEPT, error);
}

bool quality_end(struct store *store, struct error *error)
{
    struct statement *insert = statement_prepare(
        store->database,
        "INSERT OR REPLACE INTO data_quality_run(run_id, source_id, entity, field, rows, filled,"
        " repaired, warned, refused, shared) VALUES(?,?,?,?,?,?,?,?,?,0)",
        error);
    bool done = insert && forget_old(store, error);
    for (size_t i = 0; done && i < store->model->entity_count; i++)
        done = count_unseen(store, &store->tables[i], error) &&
               insert_counts(store, &store->tables[i], insert, error);
    statement_destroy(insert);
    return done;
}
