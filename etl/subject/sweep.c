#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/seal.h"
#include "cust360/base/text.h"
#include "internal.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <iconv.h>
#include <sys/stat.h>

/* Files hold values as they came: +86 138-0013-8000, in whichever encoding. Letters and digits of
 * ASCII are all that is compared, of file and value alike; what is between them, also the zero
 * bytes of UTF-16, is passed over. Names are looked for in each encoding that a file may have,
 * where rows have not become records or are shown (rejects, rehearsals): all else that is the
 * person's has a number or a value beside the name. That may find too much, never too little. */

enum { LEAST_CHARACTERS = 6, FILE_MOST_BYTES = 1 << 30, PIECE_BYTES = 4 << 20 };

struct feed {
    struct slice source;
    struct slice name; /* of a file */
};

struct sweeping {
    const struct subject *subject;
    struct subject_sweep *sweep;
    struct buffer needles; /* bare values, each with a NUL */
    size_t longest;        /* of them */
    struct slice *names;   /* in each encoding */
    size_t name_count;
    size_t name_capacity;
    struct feed *feeds; /* of the person's sources */
    size_t feed_count;
    size_t feed_capacity;
    char bare[256]; /* what a byte is compared as; 0: passed over */
};

static void prepare_bare(struct sweeping *work)
{
    for (int byte = 0; byte < 0x80; byte++)
        work->bare[byte] = isalnum(byte) ? (char)tolower(byte) : '\0';
}

static void append_bare(const struct sweeping *work, struct slice text, struct buffer *bare)
{
    buffer_reserve(bare, text.length);
    size_t length = bare->length;
    for (size_t i = 0; i < text.length; i++) {
        char byte = work->bare[(unsigned char)text.data[i]];
        bare->data[length] = byte;
        length += byte != '\0';
    }
    bare->length = length;
}

static void list_needles(struct sweeping *work)
{
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        struct buffer bare = BUFFER_EMPTY;
        append_bare(work, slice_of(value->value), &bare);
        if (value->kind != PERSON_KEY && value->kind != PERSON_NAME &&
            bare.length >= LEAST_CHARACTERS) {
            buffer_append(&work->needles, buffer_slice(&bare));
            buffer_append_byte(&work->needles, '\0');
            work->longest = bare.length > work->longest ? bare.length : work->longest;
        }
        buffer_release(&bare);
    }
}

static void put_name(struct sweeping *work, const char *name, const char *encoding)
{
    char encoded[512];
    char *from = (char *)(uintptr_t)name; /* iconv only reads it */
    char *to = encoded;
    size_t from_left = strlen(name);
    size_t to_left = sizeof(encoded);
    iconv_t conversion = iconv_open(encoding, "UTF-8");
    if (conversion == (iconv_t)-1 && errno == ENOMEM)
        memory_exhausted();
    if (conversion == (iconv_t)-1)
        return;
    if (iconv(conversion, &from, &from_left, &to, &to_left) == 0) {
        work->names = memory_grow(work->names, &work->name_capacity, work->name_count + 1,
                                  sizeof(*work->names));
        work->names[work->name_count++] =
            arena_copy(work->subject->arena, slice_make(encoded, (size_t)(to - encoded)));
    }
    iconv_close(conversion);
}

/* One character, or three letters of a pinyin, stand anywhere. */
static void list_names(struct sweeping *work)
{
    static const char *const encodings[] = {"UTF-8", "GB18030", "BIG5-HKSCS", "UTF-16LE",
                                            "UTF-16BE"};
    enum { LEAST_NAME_BYTES = 4 };
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        if (value->kind != PERSON_NAME || strlen(value->value) < LEAST_NAME_BYTES)
            continue;
        for (size_t j = 0; j < sizeof(encodings) / sizeof(encodings[0]); j++)
            put_name(work, value->value, encodings[j]);
    }
}

static bool list_feeds(struct sweeping *work, struct error *error)
{
    struct arena *arena = work->subject->arena;
    struct statement *files = statement_prepare(
        work->subject->state,
        "SELECT DISTINCT s.name, r.file FROM run_source r JOIN source s USING (source_id)"
        " WHERE r.file IS NOT NULL AND r.source_id IN (SELECT source_id FROM temp.person)",
        error);
    enum outcome outcome = FAILED;
    while (files && (outcome = statement_step(files, error)) == ACCEPTED) {
        work->feeds = memory_grow(work->feeds, &work->feed_capacity, work->feed_count + 1,
                                  sizeof(*work->feeds));
        work->feeds[work->feed_count++] =
            (struct feed){arena_copy(arena, statement_text(files, 0)),
                          slice_of(file_name(arena_text(arena, statement_text(files, 1))))};
    }
    statement_destroy(files);
    return outcome != FAILED;
}

static bool has_name(const struct sweeping *work, struct slice content)
{
    for (size_t i = 0; i < work->name_count; i++)
        if (slice_find(content, work->names[i]) >= 0)
            return true;
    return false;
}

static bool has_bare_needle(const struct sweeping *work, const struct buffer *bare)
{
    for (size_t at = 0; at < work->needles.length;) {
        const char *needle = work->needles.data + at;
        size_t length = strlen(needle);
        if (bare->length && memmem(bare->data, bare->length, needle, length))
            return true;
        at += length + 1;
    }
    return false;
}

static bool has_needle(const struct sweeping *work, struct slice content)
{
    struct buffer bare = BUFFER_EMPTY;
    bool found = false;
    for (size_t from = 0; !found && work->longest && from < content.length; from += PIECE_BYTES) {
        append_bare(work, slice_cut(content, from, from + PIECE_BYTES), &bare);
        found = has_bare_needle(work, &bare);
        /* A value may go on in the next piece. */
        size_t kept = bare.length < work->longest ? bare.length : work->longest;
        memmove(bare.data, bare.data + bare.length - kept, kept);
        bare.length = kept;
    }
    buffer_release(&bare);
    return found;
}

enum boundary { OF_CELL, OF_WORD, ANYWHERE };

static bool bounds(char byte, enum boundary boundary)
{
    return boundary == ANYWHERE || (boundary == OF_WORD ? !isalnum((unsigned char)byte)
                                                        : !!strchr("\t\r\n,;\"'|^~<>", byte));
}

static bool stands_alone(struct slice text, size_t from, size_t to, enum boundary boundary)
{
    return (from == 0 || bounds(text.data[from - 1], boundary)) &&
           (to == text.length || bounds(text.data[to], boundary));
}

static bool has_key_between(struct slice text, struct slice key, enum boundary boundary)
{
    for (size_t from = 0; from + key.length <= text.length;) {
        ptrdiff_t found = slice_find(slice_cut(text, from, text.length), key);
        if (found < 0)
            return false;
        size_t at = from + (size_t)found;
        if (stands_alone(text, at, at + key.length, boundary))
            return true;
        from = at + 1;
    }
    return false;
}

/* Whether a cell of the text is a number that the person has at a source. */
static bool has_key(const struct sweeping *work, struct slice text)
{
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        if (value->kind == PERSON_KEY && *value->value &&
            has_key_between(text, slice_of(value->value), OF_CELL))
            return true;
    }
    return false;
}

/* Whether a file may hold what the source calls the person. */
static bool is_of_source(const struct sweeping *work, const char *path, const char *source)
{
    struct slice name = slice_of(file_name(path));
    if (slice_starts_with(name, slice_of(source)) || strstr(path, "/rehearsals/"))
        return true;
    for (size_t i = 0; i < work->feed_count; i++)
        if (slice_equal(work->feeds[i].name, name) &&
            slice_equal(work->feeds[i].source, slice_of(source)))
            return true;
    return false;
}

/* The same in a text of any form and encoding; a short number has to be a word of its own. */
static bool has_key_somewhere(const struct sweeping *work, const char *path, struct slice content)
{
    struct buffer narrow = BUFFER_EMPTY;
    bool found = false;
    if (memchr(content.data, '\0', content.length)) { /* UTF-16 */
        buffer_reserve(&narrow, content.length);
        for (size_t i = 0; i < content.length; i++)
            if (content.data[i])
                narrow.data[narrow.length++] = content.data[i];
        content = buffer_slice(&narrow);
    }
    for (size_t i = 0; !found && i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        struct slice key = slice_of(value->value);
        found = value->kind == PERSON_KEY && key.length > 0 &&
                is_of_source(work, path, value->source) &&
                has_key_between(content, key, key.length < LEAST_CHARACTERS ? OF_WORD : ANYWHERE);
    }
    buffer_release(&narrow);
    return found;
}

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path);
    return length >= strlen(end) && strcmp(path + length - strlen(end), end) == 0;
}

/* Tables; rejects are rows as they came, that may be broken. In UTF-16 a byte is no character. */
static bool has_lines(const char *path, struct slice content)
{
    return (ends_with(path, ".tsv") || (ends_with(path, ".csv") && !strstr(path, ".rejects."))) &&
           !memchr(content.data, '\0', content.length);
}

/* A row, with the lines that its quotes hold together; one line when they do not close. */
static size_t row_length(struct slice content)
{
    enum { LINES_MOST = 64 };
    size_t first = 0;
    size_t at = 0;
    bool is_open = false;
    for (int line = 0; line < LINES_MOST && at < content.length; at++) {
        is_open ^= content.data[at] == '"';
        if (content.data[at] != '\n')
            continue;
        if (!is_open)
            return at + 1;
        first = first ? first : at + 1;
        line++;
    }
    return is_open && first ? first : at;
}

static bool cut_lines(const struct sweeping *work, const char *path, bool sealed,
                      struct slice content, struct error *error)
{
    struct buffer rest = BUFFER_EMPTY;
    bool is_cut = false;
    if (!has_key(work, content) && !has_needle(work, content))
        return true;
    while (content.length) {
        size_t length = row_length(content);
        struct slice line = slice_cut(content, 0, length);
        bool meant = has_key(work, line) || has_needle(work, line);
        is_cut = is_cut || meant;
        if (!meant)
            buffer_append(&rest, line);
        content = slice_cut(content, length, content.length);
    }
    bool done =
        !is_cut || (sealed ? seal_replace_file(work->sweep->seals, path, buffer_slice(&rest), error)
                           : file_replace(path, buffer_slice(&rest), error));
    work->sweep->cut += is_cut;
    buffer_release(&rest);
    return done;
}

static void sweep_away(const struct sweeping *work, const char *path)
{
    work->sweep->removed++;
    file_remove(path);
}

static bool is_database(struct slice content)
{
    return slice_starts_with(content, SLICE("SQLite format 3"));
}

static bool sweep_content(const struct sweeping *work, const char *path, bool sealed,
                          struct slice content, struct error *error)
{
    bool has_rows_of_any = strstr(path, ".rejects.") || strstr(path, "/rehearsals/");
    work->sweep->files++;
    if (has_lines(path, content))
        return cut_lines(work, path, sealed, content, error);
    /* Numbers are no text in a database, and a sealed one cannot be asked. */
    if (has_needle(work, content) || has_key_somewhere(work, path, content) ||
        is_database(content) || (has_rows_of_any && has_name(work, content)))
        sweep_away(work, path);
    return true;
}

/* ---- copies of databases ---- */

static bool has_row_of_person(const struct sweeping *work, struct database *copy, const char *table,
                              bool *found, struct error *error)
{
    struct buffer row = BUFFER_EMPTY;
    struct statement *rows = statement_prepare(
        copy, arena_format(work->subject->arena, "SELECT * FROM \"%s\"", table), error);
    enum outcome outcome = FAILED;
    while (rows && !*found && (outcome = statement_step(rows, error)) == ACCEPTED) {
        buffer_clear(&row);
        for (int i = 0; i < statement_columns(rows); i++) {
            buffer_append(&row, statement_text(rows, i));
            buffer_append_byte(&row, '\t');
        }
        *found = has_key(work, buffer_slice(&row)) || has_needle(work, buffer_slice(&row));
    }
    statement_destroy(rows);
    buffer_release(&row);
    return outcome != FAILED;
}

static bool has_table_of_person(const struct sweeping *work, struct database *copy, bool *found,
                                struct error *error)
{
    struct statement *tables = statement_prepare(
        copy, "SELECT replace(name, '\"', '\"\"') FROM sqlite_master WHERE type = 'table'", error);
    enum outcome outcome = FAILED;
    bool done = true;
    while (tables && done && !*found && (outcome = statement_step(tables, error)) == ACCEPTED)
        done = has_row_of_person(
            work, copy, arena_text(work->subject->arena, statement_text(tables, 0)), found, error);
    statement_destroy(tables);
    return done && outcome != FAILED;
}

/* A copy of a source that is a database; what cannot be looked into goes as well. */
static void sweep_database(const struct sweeping *work, const char *path)
{
    struct error ignored;
    bool found = false;
    struct database *copy = database_open(path, DATABASE_READ, &ignored);
    bool read = copy && has_table_of_person(work, copy, &found, &ignored);
    database_close(copy);
    work->sweep->files++;
    if (!read || found)
        sweep_away(work, path);
}

/* ---- files and folders ---- */

static bool sweep_sealed(const struct sweeping *work, const char *path, struct error *error)
{
    struct arena *arena = arena_create();
    struct slice content;
    bool done = seal_read_file(work->sweep->seals, arena, path, FILE_MOST_BYTES, &content, error) &&
                sweep_content(work, path, true, content, error);
    arena_destroy(arena);
    return done;
}

static bool sweep_file(const struct sweeping *work, const char *path, struct error *error)
{
    struct slice content;
    char name[SEAL_NAME_BYTES];
    if (seal_mark_of_file(path, name) == SEAL_FILE)
        return sweep_sealed(work, path, error);
    if (!file_map(path, &content))
        return true;
    bool done = sweep_content(work, path, false, content, error);
    file_unmap(content);
    return done;
}

static bool sweep_path(const struct sweeping *work, const char *path, struct error *error);

static bool sweep_folder(const struct sweeping *work, const char *path, struct error *error)
{
    DIR *folder = opendir(path);
    bool done = true;
    errno = folder ? 0 : errno;
    for (struct dirent *entry; folder && done && (entry = readdir(folder)); errno = 0)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done = sweep_path(work, file_join(work->subject->arena, path, entry->d_name), error);
    if (done && errno != 0)
        done = error_set_system(error, EXIT_FAILED, errno, "could not read the folder %s", path);
    if (folder)
        closedir(folder);
    return done;
}

static bool sweep_path(const struct sweeping *work, const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return true;
    if (S_ISREG(status.st_mode) && database_is_file(path)) {
        sweep_database(work, path);
        return true;
    }
    if (S_ISREG(status.st_mode))
        return sweep_file(work, path, error);
    if (!S_ISDIR(status.st_mode))
        return true;
    return sweep_folder(work, path, error);
}

bool subject_sweep(const struct subject *subject, const char *path, struct subject_sweep *sweep,
                   struct error *error)
{
    struct sweeping work = {.subject = subject, .sweep = sweep};
    prepare_bare(&work);
    list_needles(&work);
    list_names(&work);
    bool done = list_feeds(&work, error) && sweep_path(&work, path, error);
    buffer_release(&work.needles);
    memory_free(work.names);
    memory_free(work.feeds);
    return done;
}
