#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/store_steward.h"
#include "gate_notes.h"
#include "suppressed.h"

void append_identifier(struct buffer *sql, const char *name)
{
    buffer_append_byte(sql, '"');
    for (; *name; name++) {
        if (*name == '"')
            buffer_append_byte(sql, '"');
        buffer_append_byte(sql, *name);
    }
    buffer_append_byte(sql, '"');
}

void append_table(struct buffer *sql, const struct model_entity *entity)
{
    struct buffer name = BUFFER_EMPTY;
    buffer_format(&name, "record_%s", entity->name);
    append_identifier(sql, name.data);
    buffer_release(&name);
}

bool store_prepare(struct store *store, struct statement **statement, const char *sql,
                   struct error *error)
{
    if (!*statement)
        *statement = statement_prepare(store->database, sql, error);
    return *statement != NULL;
}

/* For statements that run once a source or a run; what runs once a row is kept prepared. */
bool store_run_with(struct store *store, const char *sql, int64_t number, struct error *error)
{
    struct statement *statement = statement_prepare(store->database, sql, error);
    if (!statement)
        return false;
    statement_bind_integer(statement, 1, number);
    bool done = statement_run(statement, error);
    statement_destroy(statement);
    return done;
}

struct database *store_database(struct store *store)
{
    return store->database;
}

/* A run that was killed leaves a journal; only a connection that may write can play it back. While
 * a run is alive its journal must be left alone, which the lock tells. */
static void recover_for_reading(const char *folder, const char *path)
{
    struct buffer journal = BUFFER_EMPTY;
    struct error ignored;
    buffer_format(&journal, "%s-journal", path);
    if (file_exists(journal.data)) {
        int lock = lock_take(folder, 0, &ignored);
        struct database *database =
            lock >= 0 ? database_open(path, DATABASE_WRITE, &ignored) : NULL;
        if (database)
            database_run(database, "SELECT count(*) FROM sqlite_master", &ignored);
        database_close(database);
        lock_release(lock);
    }
    buffer_release(&journal);
}

static bool must_exist(const char *folder, const char *path, struct error *error)
{
    if (file_exists(path))
        return true;
    error_set(error, EXIT_STATE, "there is no state in %s", folder);
    return error_hint(error, "the first `cust360 run` makes it; or name its folder with --state");
}

static bool open_for_reading(struct store *store, const char *path, struct error *error)
{
    if (!must_exist(store->folder, path, error))
        return false;
    recover_for_reading(store->folder, path);
    store->database = database_open(path, DATABASE_READ, error);
    return store->database != NULL;
}

/* The lock comes before the database: whoever waits must not see a state that is half made. */
static bool open_for_writing(struct store *store, const char *path, unsigned wait_seconds,
                             struct error *error)
{
    if (!file_make_folder(store->folder, error))
        return false;
    store->lock = lock_take(store->folder, wait_seconds, error);
    if (store->lock < 0)
        return false;
    store->database = database_open(path, DATABASE_CREATE, error);
    return store->database != NULL;
}

static struct store *create_store(const char *folder, const struct model *model)
{
    struct store *store = memory_allocate_array(1, sizeof(*store));
    store->folder = memory_copy_text(folder);
    store->model = model;
    store->lock = -1;
    store->tables = memory_allocate_array(model->entity_count, sizeof(*store->tables));
    for (size_t i = 0; i < model->entity_count; i++)
        store->tables[i].entity = &model->entities[i];
    return store;
}

struct store *store_open_shared(const char *folder, const struct model *model, struct error *error)
{
    struct store *store = create_store(folder, model);
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/" STATE_FILE, folder);
    if (must_exist(folder, path.data, error)) {
        recover_for_reading(folder, path.data);
        store->database = database_open(path.data, DATABASE_WRITE, error);
    }
    buffer_release(&path);
    if (store->database && schema_open(store, error))
        return store;
    store_close(store);
    return NULL;
}

struct store *store_open(const char *folder, const struct model *model, enum store_mode mode,
                         unsigned wait_seconds, struct error *error)
{
    struct store *store = create_store(folder, model);
    store->writing = mode == STORE_WRITE;
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/" STATE_FILE, folder);
    bool open = store->writing ? open_for_writing(store, path.data, wait_seconds, error)
                               : open_for_reading(store, path.data, error);
    buffer_release(&path);
    if (!open || !schema_open(store, error)) {
        store_close(store);
        return NULL;
    }
    return store;
}

struct store *store_open_existing(const char *folder, const struct model *model,
                                  unsigned wait_seconds, struct error *error)
{
    struct buffer path = BUFFER_EMPTY;
    buffer_format(&path, "%s/" STATE_FILE, folder);
    bool exists = must_exist(folder, path.data, error);
    buffer_release(&path);
    return exists ? store_open(folder, model, STORE_WRITE, wait_seconds, error) : NULL;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    for (size_t i = 0; i < store->model->entity_count; i++)
        record_table_release(&store->tables[i]);
    statement_destroy(store->add_finding);
    statement_destroy(store->add_shared);
    statement_destroy(store->add_notice);
    statement_destroy(store->add_change);
    source_reading_release(&store->reading);
    roster_release(&store->roster);
    decisions_destroy(store->decisions);
    golden_store_destroy(store->golden);
    gate_notes_destroy(store->gates);
    suppressed_destroy(store->suppressed);
    database_close(store->database);
    lock_release(store->lock);
    memory_free(store->tables);
    memory_free(store->folder);
    memory_free(store);
}
