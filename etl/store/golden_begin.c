#include "cust360/base/memory.h"
#include "golden_store.h"

#include <stdio.h>

/* Golden tables follow survivorship.yaml, which a group changes as it likes. When the columns
 * change the table is made anew around its ids; when only the rules or a source's trust change
 * all records are merged again, and what comes out equal is not written. */

void golden_store_destroy(struct golden_store *golden)
{
    if (!golden)
        return;
    statement_destroy(golden->insert);
    statement_destroy(golden->update);
    statement_destroy(golden->drop_choices);
    statement_destroy(golden->add_choice);
    memory_free(golden->closed);
    arena_destroy(golden->arena);
    memory_free(golden);
}

/* ---- the tables ---- */

/* Only what a golden record is known by is carried over: its values are written anew. */
static bool make_table(struct store *store, const struct golden_store *golden, bool exists,
                       struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "CREATE TABLE golden_new(golden_number INTEGER PRIMARY KEY,"
                             " golden_id TEXT");
    for (size_t i = 0; i < golden->column_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, golden->columns[i].name);
        buffer_append_text(&sql, " TEXT");
    }
    buffer_append_text(&sql, ", source_count INTEGER, record_count INTEGER, first_run INTEGER,"
                             " changed_run INTEGER, hash INTEGER);");
    if (exists)
        buffer_append_text(&sql, "INSERT INTO golden_new(golden_number, golden_id, record_count,"
                                 " first_run, hash) SELECT golden_number, golden_id,"
                                 " record_count, first_run, 0 FROM golden;"
                                 "DROP VIEW IF EXISTS golden_value;"
                                 "DROP TABLE golden;");
    buffer_append_text(&sql, "ALTER TABLE golden_new RENAME TO golden;"
                             "DELETE FROM golden_choice; DELETE FROM golden_column;");
    for (size_t i = 0; i < golden->column_count; i++)
        buffer_format(&sql, "INSERT INTO golden_column VALUES(%zu, '%s', %zu);", i + 1,
                      golden->columns[i].name, golden->columns[i].choice);
    bool done = database_run(store->database, sql.data, error);
    buffer_release(&sql);
    return done;
}

/* Who gave a value, for every value. A customer with a single record needs no rows for that in
 * golden_choice: seven of ten are such, and the answer stands in the crosswalk. */
static void append_provenance(struct buffer *sql, const struct golden_column *column,
                              const struct model_entity *entity)
{
    struct buffer name = BUFFER_EMPTY;
    append_identifier(&name, column->name);
    buffer_format(sql,
                  "SELECT c.golden_number, '%s' AS attribute, c.record_id, c.rule"
                  " FROM golden g JOIN golden_choice c ON c.golden_number = g.golden_number"
                  " AND c.choice = %zu WHERE g.%s IS NOT NULL"
                  " UNION ALL SELECT g.golden_number, '%s', x.record_id, 'only'"
                  " FROM golden g JOIN crosswalk x ON x.golden_number = g.golden_number JOIN ",
                  column->name, column->choice, name.data, column->name);
    append_table(sql, entity);
    buffer_format(sql,
                  " r ON r.record_id = x.record_id AND r.closed_run IS NULL"
                  " WHERE g.record_count = 1 AND g.%s IS NOT NULL AND NOT EXISTS"
                  " (SELECT 1 FROM golden_choice c WHERE c.golden_number = g.golden_number"
                  " AND c.choice = %zu)",
                  name.data, column->choice);
    buffer_release(&name);
}

static bool make_view(struct store *store, const struct golden_store *golden, struct error *error)
{
    const struct model_entity *entity = &store->model->entities[store->roster.entity];
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "CREATE VIEW golden_value AS ");
    for (size_t i = 0; i < golden->column_count; i++) {
        if (i > 0)
            buffer_append_text(&sql, " UNION ALL ");
        append_provenance(&sql, &golden->columns[i], entity);
    }
    bool done = database_run(store->database, sql.data, error);
    buffer_release(&sql);
    return done;
}

/* What was written last time is kept in meta, so that a run can tell that it has to do more than
 * what its feeds have changed. */
static bool set_meta(struct store *store, const char *name, struct slice value, struct error *error)
{
    struct statement *put = statement_prepare(
        store->database, "INSERT OR REPLACE INTO meta(name, value) VALUES(?,?)", error);
    if (!put)
        return false;
    statement_bind_text(put, 1, slice_of(name));
    statement_bind_text(put, 2, value);
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

/* Sets a text of meta; *differs: it was another, or none. */
static bool exchange_meta(struct store *store, const char *name, struct slice value, bool *differs,
                          struct error *error)
{
    struct statement *find =
        statement_prepare(store->database, "SELECT value FROM meta WHERE name=?", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(name));
    enum outcome outcome = statement_step(find, error);
    *differs = outcome != ACCEPTED || !slice_equal(statement_text(find, 0), value);
    statement_destroy(find);
    return outcome != FAILED && (!*differs || set_meta(store, name, value, error));
}

static bool fit_tables(struct store *store, struct golden_store *golden, struct error *error)
{
    int64_t exists = 0;
    struct buffer columns = BUFFER_EMPTY;
    for (size_t i = 0; i < golden->column_count; i++)
        buffer_format(&columns, "%s:%zu ", golden->columns[i].name, golden->columns[i].choice);
    bool done = exchange_meta(store, "golden_columns", buffer_slice(&columns),
                              &golden->columns_differ, error);
    buffer_release(&columns);
    if (!done || !golden->columns_differ)
        return done;
    return database_integer(store->database,
                            "SELECT 1 FROM sqlite_master WHERE type='table' AND name='golden'", 0,
                            &exists, error) &&
           make_table(store, golden, exists != 0, error) && make_view(store, golden, error);
}

/* ---- what is known ---- */

/* The hash stands for the whole row: comparing it costs eight bytes a customer in memory, reading
 * the row back would cost a second pass over the table. */
static bool load_living(struct store *store, struct golden_store *golden, struct error *error)
{
    struct statement *rows = statement_prepare(
        store->database, "SELECT golden_number, record_count, hash FROM golden", error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        uint32_t number = (uint32_t)statement_integer(rows, 0);
        golden->ids.becomes[number] = number;
        golden->ids.record_count[number] = (uint32_t)statement_integer(rows, 1);
        golden->hash[number] = (uint64_t)statement_integer(rows, 2);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* The number of an id in a column, which must be one that was issued. */
static bool read_id(const struct golden_store *golden, struct statement *row, int column,
                    uint32_t *number)
{
    return golden_id_parse(statement_text(row, column), number) && *number <= golden->ids.issued;
}

static bool load_aliases(struct store *store, struct golden_store *golden, struct error *error)
{
    struct statement *rows = statement_prepare(
        store->database, "SELECT golden_id, becomes, merged_into FROM golden_alias", error);
    if (!rows)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        uint32_t number = 0;
        uint32_t becomes = 0;
        uint32_t merged_into = 0;
        if (!read_id(golden, rows, 0, &number) || !read_id(golden, rows, 1, &becomes) ||
            !read_id(golden, rows, 2, &merged_into)) {
            error_set(error, EXIT_STATE, "golden_alias in %s/" STATE_FILE " has an id of nobody",
                      store->folder);
            outcome = FAILED;
            break;
        }
        golden->ids.becomes[number] = becomes;
        golden->ids.merged_into[number] = merged_into;
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

bool golden_issued(struct store *store, uint32_t *issued, struct error *error)
{
    int64_t number = 0;
    bool done = database_integer(
        store->database, "SELECT CAST(value AS INTEGER) FROM meta WHERE name='golden_issued'", 0,
        &number, error);
    *issued = (uint32_t)number;
    return done;
}

void golden_make_ids(struct golden_store *golden, uint32_t issued)
{
    size_t count = (size_t)issued + 1;
    golden->ids.issued = issued;
    golden->ids.becomes = arena_allocate_array(golden->arena, count, sizeof(*golden->ids.becomes));
    golden->ids.merged_into =
        arena_allocate_array(golden->arena, count, sizeof(*golden->ids.merged_into));
    golden->ids.record_count =
        arena_allocate_array(golden->arena, count, sizeof(*golden->ids.record_count));
    golden->hash = arena_allocate_array(golden->arena, count, sizeof(*golden->hash));
}

static bool load_ids(struct store *store, struct golden_store *golden, struct error *error)
{
    uint32_t issued = 0;
    if (!golden_issued(store, &issued, error))
        return false;
    golden_make_ids(golden, issued);
    return load_living(store, golden, error) && load_aliases(store, golden, error);
}

/* Member + 1 by record id; 0: not a member. */
static uint32_t *members_by_record(const struct roster *roster, int64_t *highest)
{
    *highest = 0;
    for (uint32_t i = 0; i < roster->count; i++)
        if (roster->record_ids[i] > *highest)
            *highest = roster->record_ids[i];
    uint32_t *members = memory_allocate_array((size_t)*highest + 1, sizeof(*members));
    for (uint32_t i = 0; i < roster->count; i++)
        members[roster->record_ids[i]] = i + 1;
    return members;
}

/* A record that is gone is no member, but its line in the crosswalk has to follow its id. */
void golden_add_closed(struct golden_store *golden, int64_t record_id, uint32_t number)
{
    golden->closed = memory_grow(golden->closed, &golden->closed_capacity, golden->closed_count + 1,
                                 sizeof(*golden->closed));
    golden->closed[golden->closed_count++] = (struct closed_member){record_id, number};
}

static bool load_crosswalk(struct store *store, struct golden_store *golden, struct error *error)
{
    struct statement *rows = statement_prepare(
        store->database, "SELECT record_id, golden_number, home_number FROM crosswalk", error);
    if (!rows)
        return false;
    int64_t highest = 0;
    uint32_t *members = members_by_record(&store->roster, &highest);
    enum outcome outcome;
    while ((outcome = statement_step(rows, error)) == ACCEPTED) {
        int64_t record_id = statement_integer(rows, 0);
        uint32_t number = (uint32_t)statement_integer(rows, 1);
        if (record_id > highest || members[record_id] == 0) {
            golden_add_closed(golden, record_id, number);
            continue;
        }
        golden->former[members[record_id] - 1] = number;
        golden->home[members[record_id] - 1] = (uint32_t)statement_integer(rows, 2);
    }
    memory_free(members);
    statement_destroy(rows);
    return outcome == ENDED;
}

/* A source that is new since the last run changes nobody's order but by its own records. */
static bool exchange_trust(struct store *store, bool *differs, struct error *error)
{
    int64_t changed = 0;
    bool done =
        database_integer(store->database, "SELECT count(*) FROM source WHERE merged_trust<>trust",
                         0, &changed, error) &&
        database_run(store->database,
                     "UPDATE source SET merged_trust=trust WHERE merged_trust IS NOT"
                     " trust",
                     error);
    *differs = changed > 0;
    return done;
}

static struct golden_store *golden_store_create(const struct golden_column *columns, size_t count,
                                                uint32_t members)
{
    struct golden_store *golden = memory_allocate_array(1, sizeof(*golden));
    golden->arena = arena_create();
    golden->columns = columns;
    golden->column_count = count;
    for (size_t i = 0; i < count; i++)
        if (columns[i].choice >= golden->choice_count)
            golden->choice_count = columns[i].choice + 1;
    golden->former = arena_allocate_array(golden->arena, members, sizeof(*golden->former));
    golden->home = arena_allocate_array(golden->arena, members, sizeof(*golden->home));
    golden->changed = arena_allocate_array(golden->arena, members, sizeof(*golden->changed));
    return golden;
}

static bool exchange_basis(struct store *store, uint64_t hash, bool *differs, struct error *error)
{
    char text[24];
    bool trust_differs = false;
    snprintf(text, sizeof(text), "%016llx", (unsigned long long)hash);
    if (!exchange_meta(store, "golden_basis", slice_of(text), differs, error) ||
        !exchange_trust(store, &trust_differs, error))
        return false;
    *differs = *differs || trust_differs || store->golden->columns_differ;
    return true;
}

bool store_golden_begin(struct store *store, const struct golden_basis *basis,
                        const uint32_t *cluster, struct store_golden_state *state,
                        struct error *error)
{
    const struct roster *roster = &store->roster;
    golden_store_destroy(store->golden);
    struct golden_store *golden =
        golden_store_create(basis->columns, basis->column_count, roster->count);
    store->golden = golden;
    *state = (struct store_golden_state){0};
    if (roster->chosen) {
        if (!golden_load_chosen(store, error))
            return false;
    } else if (!fit_tables(store, golden, error) || !load_ids(store, golden, error) ||
               !load_crosswalk(store, golden, error) ||
               !exchange_basis(store, basis->hash, &state->all_touched, error)) {
        return false;
    }
    if (roster->count)
        memcpy(golden->changed, roster->changed, roster->count * sizeof(*golden->changed));
    decisions_mark_values(store->decisions, golden->changed);
    state->members = (struct golden_members){
        .count = roster->count,
        .cluster = cluster,
        .former = golden->former,
        .home = golden->home,
        .age = roster->record_ids,
        .changed = golden->changed,
    };
    state->ids = golden->ids;
    return true;
}
