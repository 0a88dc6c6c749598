#include "cust360/base/hash.h"
#include "golden_store.h"

/* ---- reading what has to be merged ---- */

struct store_read {
    struct store *store;
    struct arena *arena;
    struct slice *values;
    size_t field_count;
    struct statement *rows;
    bool one_by_one;    /* few are touched: each is looked up; else a pass over all */
    uint32_t next;      /* member */
    size_t next_source; /* of a pass */
    bool in_source;
};

/* A look-up costs about as much as passing over this many records. */
enum { LOOKUP_COST_ROWS = 8, AT_FLAGGED = 0, AT_FIELDS = 1 };

/* On most nights few customers have changed; on the first one, or after a change of rules, all. */
static bool few_touched(const struct store *store)
{
    const struct golden_assignment *assignment = store->golden->assignment;
    uint64_t touched = 0;
    if (store->roster.chosen)
        return true;
    for (uint32_t i = 0; i < assignment->count; i++)
        touched += assignment->touched[i];
    return touched * LOOKUP_COST_ROWS < assignment->count;
}

struct store_read *store_read_open(struct store *store, const size_t *fields, size_t count,
                                   struct error *error)
{
    const struct model_entity *entity = &store->model->entities[store->roster.entity];
    struct arena *arena = arena_create();
    struct store_read *read = arena_allocate(arena, sizeof(*read));
    struct buffer sql = BUFFER_EMPTY;
    read->arena = arena;
    read->store = store;
    read->field_count = count;
    read->values = arena_allocate_array(arena, count, sizeof(*read->values));
    read->one_by_one = few_touched(store);
    buffer_append_text(&sql, "SELECT flagged");
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, entity->fields[fields[i]].name);
    }
    buffer_append_text(&sql, " FROM ");
    append_table(&sql, entity);
    buffer_append_text(&sql, read->one_by_one ? " WHERE record_id=?"
                                              : " WHERE source_id=? AND closed_run IS NULL"
                                                " ORDER BY source_key");
    read->rows = statement_prepare(store->database, sql.data, error);
    buffer_release(&sql);
    if (read->rows)
        return read;
    arena_destroy(arena);
    return NULL;
}

void store_read_close(struct store_read *read)
{
    if (!read)
        return;
    statement_destroy(read->rows);
    arena_destroy(read->arena);
}

static void fill_record(struct store_read *read, struct store_record *record)
{
    const struct roster *roster = &read->store->roster;
    uint32_t source = roster->member_source[read->next];
    for (size_t i = 0; i < read->field_count; i++)
        read->values[i] = statement_text(read->rows, AT_FIELDS + (int)i);
    *record = (struct store_record){
        .member = read->next,
        .source = source,
        .trust = roster->sources[source].trust,
        .values = read->values,
        .flagged = statement_text(read->rows, AT_FLAGGED),
    };
    read->next++;
}

static enum outcome look_up(struct store_read *read, struct store_record *record,
                            struct error *error)
{
    const struct golden_assignment *assignment = read->store->golden->assignment;
    while (read->next < assignment->count && !assignment->touched[read->next])
        read->next++;
    if (read->next == assignment->count)
        return ENDED;
    statement_reset(read->rows);
    statement_bind_integer(read->rows, 1, read->store->roster.record_ids[read->next]);
    enum outcome outcome = statement_step(read->rows, error);
    if (outcome == ACCEPTED)
        fill_record(read, record);
    return outcome;
}

/* Goes over the same rows in the same order as the scan did, which numbered them: nothing has been
 * written to the records in between. */
static enum outcome pass_on(struct store_read *read, struct store_record *record,
                            struct error *error)
{
    const struct roster *roster = &read->store->roster;
    for (;;) {
        if (!read->in_source) {
            if (read->next_source == roster->source_count)
                return ENDED;
            statement_reset(read->rows);
            statement_bind_integer(read->rows, 1, roster->sources[read->next_source++].source_id);
            read->in_source = true;
        }
        enum outcome outcome = statement_step(read->rows, error);
        if (outcome == FAILED)
            return FAILED;
        if (outcome == ENDED) {
            read->in_source = false;
        } else if (read->store->golden->assignment->touched[read->next]) {
            fill_record(read, record);
            return ACCEPTED;
        } else {
            read->next++;
        }
    }
}

enum outcome store_read_next(struct store_read *read, struct store_record *record,
                             struct error *error)
{
    return read->one_by_one ? look_up(read, record, error) : pass_on(read, record, error);
}

/* ---- writing what was merged ---- */

/* Positions at which a golden record is bound. */
enum { AT_NUMBER = 1, AT_ID, AT_SOURCES, AT_RECORDS, AT_RUN, AT_HASH, AT_VALUES };

static bool prepare_insert(struct store *store, struct error *error)
{
    struct golden_store *golden = store->golden;
    if (golden->insert)
        return true;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "INSERT INTO golden(golden_number, golden_id, source_count,"
                             " record_count, changed_run, hash");
    for (size_t i = 0; i < golden->column_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, golden->columns[i].name);
    }
    buffer_append_text(&sql, ", first_run) VALUES(?1");
    for (size_t i = 2; i < AT_VALUES + golden->column_count; i++)
        buffer_format(&sql, ",?%zu", i);
    buffer_format(&sql, ",?%d)", AT_RUN);
    bool done = store_prepare(store, &golden->insert, sql.data, error);
    buffer_release(&sql);
    return done;
}

static bool prepare_update(struct store *store, struct error *error)
{
    struct golden_store *golden = store->golden;
    if (golden->update)
        return true;
    struct buffer sql = BUFFER_EMPTY;
    buffer_format(&sql,
                  "UPDATE golden SET golden_id=?%d, source_count=?%d, record_count=?%d,"
                  " changed_run=?%d, hash=?%d",
                  AT_ID, AT_SOURCES, AT_RECORDS, AT_RUN, AT_HASH);
    for (size_t i = 0; i < golden->column_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, golden->columns[i].name);
        buffer_format(&sql, "=?%zu", AT_VALUES + i);
    }
    buffer_append_text(&sql, " WHERE golden_number=?1");
    bool done = store_prepare(store, &golden->update, sql.data, error);
    buffer_release(&sql);
    return done;
}

static int64_t record_of(const struct store *store, const struct golden_choice *choice)
{
    return choice->member == UINT32_MAX ? 0 : store->roster.record_ids[choice->member];
}

/* Of all that is written of a golden record, provenance too: another record that says the same is
 * a difference. Record ids and not member numbers, which shift when a record is added. */
static uint64_t hash_golden(const struct store *store, const struct golden_record *golden)
{
    uint64_t hash = hash_combine(golden->record_count, golden->source_count);
    for (size_t i = 0; i < store->golden->column_count; i++)
        hash = hash_combine(hash, hash_bytes(golden->values[i], golden->values[i].data != NULL));
    for (size_t i = 0; i < store->golden->choice_count; i++) {
        const struct golden_choice *choice = &golden->choices[i];
        if (!choice->rule)
            continue;
        hash = hash_combine(hash, (uint64_t)record_of(store, choice));
        hash = hash_combine(hash, hash_bytes(slice_of(choice->rule), i));
    }
    return hash ? hash : 1; /* 0 stands for none */
}

static bool write_golden(struct store *store, const struct golden_record *golden, uint64_t hash,
                         struct error *error)
{
    bool exists = golden->number <= store->golden->ids.issued &&
                  store->golden->ids.becomes[golden->number] == golden->number;
    if (exists ? !prepare_update(store, error) : !prepare_insert(store, error))
        return false;
    struct statement *write = exists ? store->golden->update : store->golden->insert;
    char id[GOLDEN_ID_BYTES];
    uint32_t number = golden_number(&store->golden->ids, golden->number);
    golden_id_format(number, id);
    statement_bind_integer(write, AT_NUMBER, number);
    statement_bind_text(write, AT_ID, slice_of(id));
    statement_bind_integer(write, AT_SOURCES, golden->source_count);
    statement_bind_integer(write, AT_RECORDS, golden->record_count);
    statement_bind_integer(write, AT_RUN, store->run_id);
    statement_bind_integer(write, AT_HASH, (int64_t)hash);
    for (size_t i = 0; i < store->golden->column_count; i++)
        statement_bind_text(write, AT_VALUES + (int)i, golden->values[i]);
    store->golden->counts.changed += exists;
    store->golden->counts.unchanged -= exists;
    return statement_run(write, error);
}

/* Choices are written as a whole: which of them differ is not worth a look-up each. */
static bool drop_choices(struct store *store, uint32_t number, struct error *error)
{
    if (!store_prepare(store, &store->golden->drop_choices,
                       "DELETE FROM golden_choice WHERE golden_number=?", error))
        return false;
    statement_bind_integer(store->golden->drop_choices, 1,
                           golden_number(&store->golden->ids, number));
    return statement_run(store->golden->drop_choices, error);
}

static bool add_choice(struct store *store, const struct golden_record *golden, size_t index,
                       struct error *error)
{
    const struct golden_choice *choice = &golden->choices[index];
    if (!store_prepare(store, &store->golden->add_choice,
                       "INSERT INTO golden_choice(golden_number, choice, record_id, rule)"
                       " VALUES(?,?,?,?)",
                       error))
        return false;
    struct statement *add = store->golden->add_choice;
    statement_bind_integer(add, 1, golden_number(&store->golden->ids, golden->number));
    statement_bind_integer(add, 2, (int64_t)index);
    if (choice->member == UINT32_MAX)
        statement_bind_null(add, 3);
    else
        statement_bind_integer(add, 3, record_of(store, choice));
    statement_bind_text(add, 4, slice_of(choice->rule));
    return statement_run(add, error);
}

bool store_golden_put(struct store *store, const struct golden_record *golden, struct error *error)
{
    const struct golden_store *known = store->golden;
    uint64_t hash = hash_golden(store, golden);
    bool existed = golden->number <= known->ids.issued;
    if (existed && known->hash[golden->number] == hash)
        return true;
    if (!write_golden(store, golden, hash, error) ||
        (existed && !drop_choices(store, golden->number, error)))
        return false;
    for (size_t i = 0; i < known->choice_count; i++) {
        const struct golden_choice *choice = &golden->choices[i];
        /* A single record needs no rows: see the view golden_value. */
        bool told = choice->rule && (golden->record_count > 1 || choice->member == UINT32_MAX);
        if (told && !add_choice(store, golden, i, error))
            return false;
    }
    return true;
}
