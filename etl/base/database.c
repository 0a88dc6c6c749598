#include "cust360/base/database.h"
#include "cust360/base/buffer.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "database_file.h"
#include "database_gap.h"
#include "sealed_file.h"

#include <sqlite3.h>
#include <stdio.h>

struct database {
    sqlite3 *handle;
    char *path;
};

struct statement {
    sqlite3_stmt *handle;
    sqlite3 *database;
};

/* Large enough for the indexes' sorts and joins, small beside the run's own memory. */
static const char common_settings[] = "PRAGMA temp_store=MEMORY;PRAGMA foreign_keys=OFF;"
                                      "PRAGMA cache_size=-65536;PRAGMA busy_timeout=5000;";

/* Who reads while a run writes may have to wait for its end. */
static int exit_code_of(sqlite3 *handle)
{
    return sqlite3_errcode(handle) == SQLITE_BUSY ? EXIT_LOCKED : EXIT_FAILED;
}

static bool is_damaged(sqlite3 *handle)
{
    return sqlite3_errcode(handle) == SQLITE_CORRUPT || sqlite3_errcode(handle) == SQLITE_NOTADB;
}

/* SQL that somebody has written is at fault, unless the machine is: memory, disk. */
static int exit_code_of_file(sqlite3 *handle)
{
    int code = sqlite3_errcode(handle) & 0xff;
    bool machine = code == SQLITE_NOMEM || code == SQLITE_IOERR || code == SQLITE_FULL ||
                   code == SQLITE_INTERRUPT || is_damaged(handle);
    return machine ? EXIT_FAILED : EXIT_CONFIGURATION;
}

static bool database_failure(sqlite3 *handle, const char *path, const char *what,
                             struct error *error)
{
    error_set(error, exit_code_of(handle), "could not %s %s: %s", what, path,
              sqlite3_errmsg(handle));
    return is_damaged(handle) && database_hint_damage(error);
}

/* ---- layers of files ----
 *
 * SQLite's file layer of the system, with what is read and written opened and sealed on its way, or
 * (without a key) rid of what pages hold of deleted rows. Our struct stands behind the system's in
 * each file, and begins with the methods that the file names: so all but reading and writing is
 * done as ever. Methods of the first version know neither mapped files nor a write-ahead log. */

struct layer {
    sqlite3_vfs vfs;
    sqlite3_vfs *system;
    const struct seal_key *key; /* NULL: nothing is sealed */
    char name[LAYER_NAME_BYTES];
};

struct layer_file {
    sqlite3_io_methods methods;
    const sqlite3_io_methods *system;
    struct sealed_file sealed;
    bool is_new; /* all its pages have been written here */
};

static struct layer_file *layer_file_of(sqlite3_file *file)
{
    union {
        const sqlite3_io_methods *methods;
        struct layer_file *file;
    } pointer = {.methods = file->pMethods};
    return pointer.file;
}

static int below_read(void *file, void *bytes, int count, int64_t offset)
{
    return layer_file_of(file)->system->xRead(file, bytes, count, offset);
}

static int below_write(void *file, const void *bytes, int count, int64_t offset)
{
    return layer_file_of(file)->system->xWrite(file, bytes, count, offset);
}

static int layer_read(sqlite3_file *file, void *bytes, int count, sqlite3_int64 offset)
{
    int code = sealed_file_read(&layer_file_of(file)->sealed, file, bytes, count, offset);
    return code == SEALED_DAMAGED ? SQLITE_CORRUPT : code;
}

static int layer_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    int code = sealed_file_write(&layer_file_of(file)->sealed, file, bytes, count, offset);
    return code == SEALED_DAMAGED ? SQLITE_IOERR_WRITE : code;
}

static int clean_write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    unsigned char page[PAGE_MOST_BYTES];
    const struct layer_file *own = layer_file_of(file);
    if (count <= PAGE_MOST_BYTES && offset % count == 0) {
        memcpy(page, bytes, (size_t)count);
        database_clear_page(page, offset == 0, (size_t)count);
        if (offset == 0 && own->is_new)
            database_mark_clean(page);
        bytes = page;
    }
    return own->system->xWrite(file, bytes, count, offset);
}

static void seal_file(struct layer_file *own, const struct seal_key *key, int flags)
{
    static const struct sealed_below below = {below_read, below_write};
    own->methods.iVersion = 1;
    own->methods.xRead = layer_read;
    own->methods.xWrite = layer_write;
    sealed_file_begin(&own->sealed, key,
                      flags & SQLITE_OPEN_MAIN_DB        ? SEALED_DATABASE
                      : flags & SQLITE_OPEN_MAIN_JOURNAL ? SEALED_JOURNAL
                                                         : SEALED_TEMPORARY,
                      &below);
}

static bool is_empty(sqlite3_file *file)
{
    sqlite3_int64 bytes = 0;
    return file->pMethods->xFileSize(file, &bytes) == SQLITE_OK && bytes == 0;
}

static int layer_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                      int *given_flags)
{
    const struct layer *layer = vfs->pAppData;
    int code = layer->system->xOpen(layer->system, name, file, flags, given_flags);
    bool is_plain = !layer->key && !(flags & SQLITE_OPEN_MAIN_DB);
    if (code != SQLITE_OK || !file->pMethods || flags & SQLITE_OPEN_SUPER_JOURNAL || is_plain)
        return code;
    void *behind = (char *)file + vfs->szOsFile - sizeof(struct layer_file);
    struct layer_file *own = behind;
    own->methods = *file->pMethods;
    own->system = file->pMethods;
    own->is_new = is_empty(file);
    if (layer->key)
        seal_file(own, layer->key, flags);
    else
        own->methods.xWrite = clean_write;
    file->pMethods = &own->methods;
    return SQLITE_OK;
}

bool database_layer_there(const char *name)
{
    return sqlite3_vfs_find(name) != NULL;
}

const char *database_plain_layer(void)
{
    return sqlite3_vfs_find(NULL)->zName;
}

/* Stays as long as the process, in SQLite's list. */
void database_layer_add(const struct seal_key *key, const char *name)
{
    enum { ALIGNMENT_BYTES = 16 };
    struct layer *layer = memory_allocate_array(1, sizeof(*layer));
    layer->system = sqlite3_vfs_find(NULL);
    layer->key = key ? seal_key_keep(key) : NULL;
    snprintf(layer->name, sizeof(layer->name), "%s", name);
    layer->vfs = *layer->system;
    layer->vfs.szOsFile =
        (layer->system->szOsFile + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES +
        (int)sizeof(struct layer_file);
    layer->vfs.zName = layer->name;
    layer->vfs.xOpen = layer_open;
    layer->vfs.pAppData = layer;
    sqlite3_vfs_register(&layer->vfs, 0);
}

/* For what sealing adds to each page of a file that is new, or copied. */
static void leave_room(sqlite3 *handle)
{
    int lost_bytes = SEAL_PAGE_LOST_BYTES;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &lost_bytes);
}

struct database *database_open(const char *path, enum database_mode mode, struct error *error)
{
    static const int flags[] = {
        [DATABASE_READ] = SQLITE_OPEN_READONLY,
        [DATABASE_WRITE] = SQLITE_OPEN_READWRITE,
        [DATABASE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
        [DATABASE_REWORK] = SQLITE_OPEN_READWRITE,
        [DATABASE_SCRATCH] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
    };
    char layer[LAYER_NAME_BYTES];
    if (!database_layer(path, mode, layer, error))
        return NULL;
    if (mode == DATABASE_SCRATCH)
        database_remove_file(path);
    if (!database_file_or_new(path, error))
        return NULL;
    /* SQLite's count of its memory costs a lock at each allocation. Refused, and without effect,
     * once a database has been opened. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct database *database = memory_allocate_array(1, sizeof(*database));
    database->path = memory_copy_text(path);
    /* URI names are needed so that a statement may attach another file read-only. */
    int code =
        sqlite3_open_v2(path, &database->handle,
                        flags[mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI, *layer ? layer : NULL);
    if (code != SQLITE_OK) {
        database_failure(database->handle, path, "open", error);
        goto failed;
    }
    database_make_private(path, mode);
    if (mode != DATABASE_SCRATCH && (database_layer_seals(layer) || database_is_sealing()))
        leave_room(database->handle);
    if (!database_run(database, common_settings, error) ||
        !database_run(database, database_settings(mode), error))
        goto failed;
    return database;
failed:
    database_close(database);
    return NULL;
}

void database_close(struct database *database)
{
    if (!database)
        return;
    sqlite3_close(database->handle);
    memory_free(database->path);
    memory_free(database);
}

bool database_finish(struct database *database, struct error *error)
{
    bool closed = sqlite3_close(database->handle) == SQLITE_OK ||
                  database_failure(database->handle, database->path, "close", error);
    if (closed)
        database->handle = NULL;
    database_close(database);
    return closed;
}

bool database_run(struct database *database, const char *sql, struct error *error)
{
    return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           database_failure(database->handle, database->path, "change", error);
}

/* Runs the first statement of *rest, and moves *rest behind it. Returns SQLite's code; *offset is
 * where in the text it stumbled, or -1. */
static int run_first(sqlite3 *handle, const char **rest, int *offset)
{
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(handle, *rest, -1, &statement, rest);
    *offset = code == SQLITE_OK ? -1 : sqlite3_error_offset(handle);
    while (code == SQLITE_OK && statement && (code = sqlite3_step(statement)) == SQLITE_ROW)
        code = SQLITE_OK;
    sqlite3_finalize(statement);
    return code == SQLITE_DONE ? SQLITE_OK : code;
}

bool database_run_file(struct database *database, const char *path, struct slice sql,
                       struct error *error)
{
    const char *rest = sql.data;
    while (rest && *rest) {
        const char *start = sql_statement_start(rest);
        int offset;
        double began = sql_cpu_seconds();
        int code = run_first(database->handle, &rest, &offset);
        uint64_t line =
            sql_line_at(sql, (size_t)(start - sql.data) + (offset > 0 ? (size_t)offset : 0));
        if (code != SQLITE_OK) {
            error_set(error, exit_code_of_file(database->handle), "SQL: %s",
                      sqlite3_errmsg(database->handle));
            return error_place(error, path, line, 0);
        }
        log_debug("%s:%d: %.3f s of CPU", path, (int)line, sql_cpu_seconds() - began);
    }
    return true;
}

static int is_stopped(void *stop)
{
    return atomic_load((atomic_bool *)stop);
}

void database_stop_when(struct database *database, atomic_bool *stop)
{
    enum { STEPS_BETWEEN = 10000 /* of SQLite's machine: well under a millisecond */ };
    sqlite3_progress_handler(database->handle, stop ? STEPS_BETWEEN : 0, is_stopped, stop);
}

struct function_call {
    sqlite3_context *context;
    sqlite3_value **values;
};

static void call_function(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct database_function *function = sqlite3_user_data(context);
    struct function_call call = {context, values};
    (void)count;
    function->run(&call);
}

bool database_add_function(struct database *database, const struct database_function *function,
                           struct error *error)
{
    /* SQLite hands the pointer back as it came; nobody writes through it. */
    union {
        const struct database_function *function;
        void *pointer;
    } data = {.function = function};
    int code = sqlite3_create_function_v2(database->handle, function->name, function->arguments,
                                          SQLITE_UTF8 | SQLITE_DETERMINISTIC, data.pointer,
                                          call_function, NULL, NULL, NULL);
    return code == SQLITE_OK ||
           database_failure(database->handle, database->path, "add a function to", error);
}

static void take_in(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct database_fold *fold = sqlite3_user_data(context);
    int64_t *folded = sqlite3_aggregate_context(context, sizeof(*folded));
    (void)count;
    if (folded && sqlite3_value_type(values[0]) != SQLITE_NULL)
        *folded = fold->take(*folded, sqlite3_value_int64(values[0]));
}

static void give_folded(sqlite3_context *context)
{
    const int64_t *folded = sqlite3_aggregate_context(context, 0);
    sqlite3_result_int64(context, folded ? *folded : 0);
}

bool database_add_fold(struct database *database, const struct database_fold *fold,
                       struct error *error)
{
    union {
        const struct database_fold *fold;
        void *pointer;
    } data = {.fold = fold};
    int code = sqlite3_create_function_v2(database->handle, fold->name, 1,
                                          SQLITE_UTF8 | SQLITE_DETERMINISTIC, data.pointer, NULL,
                                          take_in, give_folded, NULL);
    return code == SQLITE_OK ||
           database_failure(database->handle, database->path, "add a function to", error);
}

struct slice function_text(const struct function_call *call, int argument)
{
    sqlite3_value *value = call->values[argument];
    const char *text = (const char *)sqlite3_value_text(value);
    return slice_make(text, text ? (size_t)sqlite3_value_bytes(value) : 0);
}

int64_t function_integer(const struct function_call *call, int argument)
{
    return sqlite3_value_int64(call->values[argument]);
}

bool function_is_null(const struct function_call *call, int argument)
{
    return sqlite3_value_type(call->values[argument]) == SQLITE_NULL;
}

void function_give_text(struct function_call *call, struct slice text)
{
    sqlite3_result_text(call->context, text.data, (int)text.length, SQLITE_TRANSIENT);
}

void function_give_integer(struct function_call *call, int64_t number)
{
    sqlite3_result_int64(call->context, number);
}

const char *database_path(const struct database *database)
{
    return database->path;
}

int64_t database_changes(const struct database *database)
{
    return sqlite3_changes64(database->handle);
}

int64_t database_last_id(const struct database *database)
{
    return sqlite3_last_insert_rowid(database->handle);
}

struct statement *statement_prepare(struct database *database, const char *sql, struct error *error)
{
    sqlite3_stmt *handle = NULL;
    if (sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL) !=
        SQLITE_OK) {
        database_failure(database->handle, database->path, "query", error);
        return NULL;
    }
    struct statement *statement = memory_allocate(sizeof(*statement));
    *statement = (struct statement){handle, database->handle};
    return statement;
}

void statement_destroy(struct statement *statement)
{
    if (!statement)
        return;
    sqlite3_finalize(statement->handle);
    memory_free(statement);
}

void statement_bind_text(struct statement *statement, int position, struct slice text)
{
    sqlite3_bind_text64(statement->handle, position, text.data, text.length, SQLITE_STATIC,
                        SQLITE_UTF8); /* no data: as NULL */
}

void statement_bind_integer(struct statement *statement, int position, int64_t number)
{
    sqlite3_bind_int64(statement->handle, position, number);
}

void statement_bind_number(struct statement *statement, int position, double number)
{
    sqlite3_bind_double(statement->handle, position, number);
}

void statement_bind_null(struct statement *statement, int position)
{
    sqlite3_bind_null(statement->handle, position);
}

enum outcome statement_step(struct statement *statement, struct error *error)
{
    int code = sqlite3_step(statement->handle);
    if (code == SQLITE_ROW)
        return ACCEPTED;
    if (code == SQLITE_DONE)
        return ENDED;
    database_failure(statement->database, sqlite3_db_filename(statement->database, "main"), "use",
                     error);
    return FAILED;
}

bool statement_run(struct statement *statement, struct error *error)
{
    enum outcome outcome = statement_step(statement, error);
    sqlite3_reset(statement->handle);
    return outcome != FAILED;
}

void statement_reset(struct statement *statement)
{
    sqlite3_reset(statement->handle);
}

int statement_columns(const struct statement *statement)
{
    return sqlite3_column_count(statement->handle);
}

const char *statement_column_name(const struct statement *statement, int column)
{
    return sqlite3_column_name(statement->handle, column);
}

struct slice statement_text(const struct statement *statement, int column)
{
    const char *text = (const char *)sqlite3_column_text(statement->handle, column);
    return slice_make(text, (size_t)sqlite3_column_bytes(statement->handle, column));
}

int64_t statement_integer(const struct statement *statement, int column)
{
    return sqlite3_column_int64(statement->handle, column);
}

double statement_number(const struct statement *statement, int column)
{
    return sqlite3_column_double(statement->handle, column);
}

bool statement_is_null(const struct statement *statement, int column)
{
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}
