#include "database_file.h"
#include "cust360/base/buffer.h"
#include "cust360/base/database.h"
#include "cust360/base/file.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

/* What of databases is about their files and their text; it needs no SQLite. */

void database_remove_file(const char *path)
{
    static const char *const companions[] = {"", "-journal", "-wal", "-shm"};
    struct buffer name = BUFFER_EMPTY;
    for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]); i++) {
        buffer_clear(&name);
        buffer_format(&name, "%s%s", path, companions[i]);
        file_remove(name.data);
    }
    buffer_release(&name);
}

/* SQLite opens whatever is there, and waits for ever for somebody to write to a pipe. */
bool database_file_or_new(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return true;
    return error_set(error, EXIT_FAILED, "could not open %s: not a regular file", path);
}

bool database_hint_damage(struct error *error)
{
    return error_hint(error, "the file is damaged: put a sound copy of it in its place; a view is "
                             "also made anew by `cust360 run --rebuild`");
}

const char *database_settings(enum database_mode mode)
{
    switch (mode) {
    case DATABASE_READ:
        break;
    case DATABASE_WRITE:
    case DATABASE_CREATE:
        /* What is deleted may be a person's: nothing of it stays. */
        return "PRAGMA journal_mode=DELETE;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;";
    case DATABASE_REWORK:
    case DATABASE_SCRATCH:
        /* What is written once, whole, and read in long runs is quicker in large pages. */
        return "PRAGMA page_size=16384;PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;"
               "PRAGMA locking_mode=EXCLUSIVE;";
    }
    return "";
}

void database_make_private(const char *path, enum database_mode mode)
{
    if (mode == DATABASE_CREATE || mode == DATABASE_SCRATCH)
        chmod(path, 0600);
}

double sql_cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

uint64_t sql_line_at(struct slice text, size_t offset)
{
    uint64_t line = 1;
    for (size_t i = 0; i < offset && i < text.length; i++)
        line += text.data[i] == '\n';
    return line;
}

const char *sql_statement_start(const char *text)
{
    while (*text == '\n' || *text == ' ' || *text == '\r' || *text == '\t')
        text++;
    return text;
}

/* ---- sealed databases ---- */

static const char sealing_layers[] = "sealed-"; /* how their names begin */
static const char new_layer[] = "sealed-new";   /* of the key that seals */

static void name_layer(const char *key_name, char layer[LAYER_NAME_BYTES])
{
    snprintf(layer, LAYER_NAME_BYTES, "%s%s", sealing_layers, key_name);
}

void database_use_keys(const struct seal_ring *ring)
{
    char layer[LAYER_NAME_BYTES];
    for (size_t i = 0; i < ring->count; i++) {
        name_layer(seal_key_name(ring->keys[i]), layer);
        if (!database_layer_there(layer))
            database_layer_add(ring->keys[i], layer);
    }
    if (ring->count && !database_is_sealing())
        database_layer_add(ring->keys[0], new_layer);
}

bool database_is_sealing(void)
{
    return database_layer_there(new_layer);
}

bool database_layer_seals(const char *layer)
{
    return slice_starts_with(slice_of(layer), slice_of(sealing_layers));
}

/* What is there is opened as it is; only what is new is sealed because there is a key. */
static bool check_plain(const char *path, enum database_mode mode, bool *is_new,
                        struct error *error)
{
    struct file_stamp stamp;
    *is_new = !file_stamp(path, &stamp) || stamp.size_bytes == 0;
    if (mode != DATABASE_CREATE || *is_new || !database_is_sealing())
        return true;
    error_set(error, EXIT_STATE, "%s is not sealed, though cust360.yaml names a key", path);
    return error_hint(error, "`cust360 seal` seals what is there");
}

/* Two threads may add it at once: then it is there twice, and does no harm. */
static void use_clean_layer(char layer[LAYER_NAME_BYTES])
{
    static const char clean_layer[] = "clean";
    if (!database_layer_there(clean_layer))
        database_layer_add(NULL, clean_layer);
    snprintf(layer, LAYER_NAME_BYTES, "%s", clean_layer);
}

bool database_layer(const char *path, enum database_mode mode, char layer[LAYER_NAME_BYTES],
                    struct error *error)
{
    char key_name[SEAL_NAME_BYTES];
    bool is_new = false;
    *layer = '\0';
    if (mode != DATABASE_READ)
        use_clean_layer(layer);
    if (mode == DATABASE_SCRATCH)
        return true;
    if (seal_mark_of_file(path, key_name) != SEAL_DATABASE) {
        if (!check_plain(path, mode, &is_new, error))
            return false;
        if (mode == DATABASE_CREATE && is_new && database_is_sealing())
            snprintf(layer, LAYER_NAME_BYTES, "%s", new_layer);
        return true;
    }
    name_layer(key_name, layer);
    if (database_layer_there(layer))
        return true;
    error_set(error, EXIT_CREDENTIALS,
              "could not open %s: it is sealed with the key %s, which is not given", path,
              key_name);
    return error_hint(error,
                      "name it in cust360.yaml: `encryption: {key: {file: …}}`; one that was used "
                      "before under `former`");
}

/* A file name as SQLite's URI: what has a meaning there is written as %XX. */
static void append_uri(struct buffer *uri, const char *path, const char *layer)
{
    buffer_append_text(uri, "file:");
    for (const char *byte = path; *byte; byte++) {
        if (strchr("%?#", *byte))
            buffer_format(uri, "%%%02X", (unsigned)(unsigned char)*byte);
        else
            buffer_append_byte(uri, *byte);
    }
    buffer_format(uri, "?vfs=%s", *layer ? layer : database_plain_layer());
}

bool database_attach(struct database *database, const char *path, const char *schema,
                     struct error *error)
{
    char layer[LAYER_NAME_BYTES];
    if (!database_layer(path, DATABASE_READ, layer, error))
        return false;
    struct statement *statement = statement_prepare(database, "ATTACH ?1 AS ?2", error);
    if (!statement)
        return false;
    struct buffer uri = BUFFER_EMPTY;
    append_uri(&uri, path, layer);
    buffer_append_text(&uri, "&mode=ro");
    statement_bind_text(statement, 1, buffer_slice(&uri));
    statement_bind_text(statement, 2, slice_of(schema));
    bool attached = statement_run(statement, error);
    statement_destroy(statement);
    buffer_release(&uri);
    return attached;
}

/* Into an empty file that is private already. */
static bool copy_into(struct database *database, const char *path, const char *layer,
                      struct error *error)
{
    struct statement *copy = statement_prepare(database, "VACUUM INTO ?1", error);
    if (!copy)
        return false;
    struct buffer uri = BUFFER_EMPTY;
    append_uri(&uri, path, layer);
    statement_bind_text(copy, 1, buffer_slice(&uri));
    bool done = statement_run(copy, error);
    statement_destroy(copy);
    buffer_release(&uri);
    return done;
}

bool database_is_file(const char *path)
{
    char name[SEAL_NAME_BYTES];
    struct slice content;
    if (seal_mark_of_file(path, name) == SEAL_DATABASE)
        return true;
    if (!file_map(path, &content))
        return false;
    bool is = content.length >= 16 && memcmp(content.data, "SQLite format 3", 16) == 0;
    file_unmap(content);
    return is;
}

bool database_copy(const char *from, const char *to, const struct seal_ring *ring,
                   struct error *error)
{
    char layer[LAYER_NAME_BYTES];
    struct buffer fresh = BUFFER_EMPTY;
    use_clean_layer(layer);
    if (ring->count)
        name_layer(seal_key_name(ring->keys[0]), layer);
    buffer_format(&fresh, "%s.new", to);
    database_remove_file(fresh.data);
    struct database *database = database_open(from, DATABASE_WRITE, error);
    bool done = database && file_write(fresh.data, SLICE(""), error) &&
                copy_into(database, fresh.data, layer, error);
    database_close(database);
    done = done && file_publish(fresh.data, to, error);
    if (!done)
        database_remove_file(fresh.data);
    buffer_release(&fresh);
    return done;
}

bool database_integer(struct database *database, const char *sql, int64_t fallback, int64_t *value,
                      struct error *error)
{
    struct statement *statement = statement_prepare(database, sql, error);
    if (!statement)
        return false;
    enum outcome outcome = statement_step(statement, error);
    if (outcome != FAILED)
        *value = outcome == ACCEPTED ? statement_integer(statement, 0) : fallback;
    statement_destroy(statement);
    return outcome != FAILED;
}
