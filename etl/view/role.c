#include "cust360/base/database.h"
#include "cust360/base/digest.h"
#include "cust360/base/file.h"
#include "cust360/view_role.h"

#include <sys/random.h>

enum { KEY_BYTES = 32, SQL_FILE_BYTES_MAX = 1 << 20, PSEUDONYM_CHARACTERS = 20 };

/* pseudonym(key, value): 80 bits are enough for 10 million values to have no two alike. */
static void give_pseudonym(struct function_call *call)
{
    char text[DIGEST_TEXT_BYTES];
    if (function_is_null(call, 0) || function_is_null(call, 1))
        return;
    digest_keyed(function_text(call, 0), function_text(call, 1), text);
    function_give_text(call, slice_make(text, PSEUDONYM_CHARACTERS));
}

/* The same from night to night; with a lost key come other pseudonyms, and nothing else. */
static bool read_key(struct arena *arena, const char *path, struct slice *key, struct error *error)
{
    char fresh[KEY_BYTES];
    if (file_exists(path))
        return file_read(arena, path, KEY_BYTES, key, error) &&
               (key->length == KEY_BYTES ||
                error_set(error, EXIT_CREDENTIALS, "the key of pseudonyms, %s, is cut off", path));
    if (getrandom(fresh, KEY_BYTES, 0) != KEY_BYTES)
        return error_set(error, EXIT_FAILED, "could not make a key: no random numbers");
    *key = arena_copy(arena, slice_make(fresh, KEY_BYTES));
    return file_replace(path, *key, error);
}

static bool give_key(struct database *database, struct slice key, struct error *error)
{
    static const struct database_function pseudonym = {"pseudonym", 2, give_pseudonym};
    char hexadecimal[DIGEST_TEXT_BYTES];
    digest_text(key, hexadecimal);
    if (!database_add_function(database, &pseudonym, error) ||
        !database_run(database, "CREATE TEMP TABLE role_key (key TEXT NOT NULL)", error))
        return false;
    struct statement *put =
        statement_prepare(database, "INSERT INTO temp.role_key VALUES(?1)", error);
    if (!put)
        return false;
    statement_bind_text(put, 1, slice_of(hexadecimal));
    bool done = statement_run(put, error);
    statement_destroy(put);
    return done;
}

static bool fill(struct arena *arena, const struct role_options *options, const char *sql_path,
                 const char *fresh, struct error *error)
{
    struct slice sql;
    struct slice key = {0};
    if (!file_read(arena, sql_path, SQL_FILE_BYTES_MAX, &sql, error) ||
        !read_key(arena, options->key_path, &key, error))
        return false;
    struct database *database = database_open(fresh, DATABASE_SCRATCH, error);
    bool done = database && database_attach(database, options->view_path, "whole", error) &&
                give_key(database, key, error) && database_run(database, "BEGIN", error) &&
                database_run_file(database, sql_path, sql, error) &&
                database_run(database, "COMMIT; DETACH whole", error);
    if (!done) {
        database_close(database);
        return false;
    }
    return database_finish(database, error);
}

bool role_build(struct arena *arena, const struct role_options *options, struct error *error)
{
    const char *sql_path = arena_format(arena, "%s/roles/%s.sql", options->folder, options->role);
    const char *fresh = arena_format(arena, "%s.new", options->path);
    if (!file_exists(sql_path)) {
        error_set(error, EXIT_CONFIGURATION, "there is no role %s", options->role);
        return error_hint(error, "its SQL would be %s", sql_path);
    }
    if (fill(arena, options, sql_path, fresh, error))
        return file_publish(fresh, options->path, error);
    file_remove(fresh);
    return false;
}
