#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/seal.h"
#include "cust360/base/text.h"
#include "internal.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

/* Files hold values as they came: +86 138-0013-8000, in whichever encoding. Letters and digits of
 * ASCII are all that is compared, of file and value alike; what is between them, also the zero
 * bytes of UTF-16, is passed over. That may find too much, never too little. */

enum { LEAST_CHARACTERS = 6, FILE_MOST_BYTES = 1 << 30, PIECE_BYTES = 4 << 20 };

struct sweeping {
    const struct subject *subject;
    struct subject_sweep *sweep;
    struct buffer needles; /* bare values, each with a NUL */
    size_t longest;        /* of them */
    char bare[256];        /* what a byte is compared as; 0: passed over */
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

static bool stands_alone(struct slice text, size_t from, size_t to)
{
    return (from == 0 || strchr("\t\n,;\"", text.data[from - 1])) &&
           (to == text.length || strchr("\t,;\"\r\n", text.data[to]));
}

/* Whether a cell of the text is a number that the person has at a source. */
static bool has_key(const struct sweeping *work, struct slice text)
{
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        size_t length = strlen(value->value);
        if (value->kind != PERSON_KEY || length == 0)
            continue;
        for (struct slice rest = text; rest.length >= length;) {
            const char *found = memmem(rest.data, rest.length, value->value, length);
            if (!found)
                break;
            size_t at = (size_t)(found - text.data);
            if (stands_alone(text, at, at + length))
                return true;
            rest = slice_cut(text, at + 1, text.length);
        }
    }
    return false;
}

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path);
    return length >= strlen(end) && strcmp(path + length - strlen(end), end) == 0;
}

/* The program's own tables; rejects are rows as they came, in whichever encoding. */
static bool has_lines(const char *path)
{
    return ends_with(path, ".tsv") || (ends_with(path, ".csv") && !strstr(path, ".rejects."));
}

static bool cut_lines(const struct sweeping *work, const char *path, bool sealed,
                      struct slice content, struct error *error)
{
    struct buffer rest = BUFFER_EMPTY;
    bool is_cut = false;
    if (!has_key(work, content) && !has_needle(work, content))
        return true;
    while (content.length) {
        const char *end = memchr(content.data, '\n', content.length);
        size_t length = end ? (size_t)(end - content.data) + 1 : content.length;
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

static bool sweep_content(const struct sweeping *work, const char *path, bool sealed,
                          struct slice content, struct error *error)
{
    work->sweep->files++;
    if (has_lines(path))
        return cut_lines(work, path, sealed, content, error);
    if (has_needle(work, content)) {
        work->sweep->removed++;
        file_remove(path);
    }
    return true;
}

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
    if (S_ISREG(status.st_mode))
        return database_is_file(path) || sweep_file(work, path, error);
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
    bool done = sweep_path(&work, path, error);
    buffer_release(&work.needles);
    return done;
}
