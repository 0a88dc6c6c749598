#include "cust360/base/database.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/base/seal.h"
#include "cust360/base/text.h"
#include "internal.h"

#include <ctype.h>
#include <dirent.h>
#include <sys/stat.h>

/* Files hold values as they came: +86 138-0013-8000, in whichever encoding. Letters and digits of
 * ASCII are all that is compared, of file and value alike; what is between them, also the zero
 * bytes of UTF-16, is passed over. That may find too much, never too little. */

enum { LEAST_CHARACTERS = 6, FILE_MOST_BYTES = 1 << 30 };

struct sweeping {
    const struct subject *subject;
    struct subject_sweep *sweep;
    struct buffer needles; /* bare values, each with a NUL */
};

static void append_bare(struct slice text, struct buffer *bare)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        if (byte < 0x80 && isalnum(byte))
            buffer_append_byte(bare, (char)tolower(byte));
    }
}

static void list_needles(struct sweeping *work)
{
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        struct buffer bare = BUFFER_EMPTY;
        append_bare(slice_of(value->value), &bare);
        if (value->kind != PERSON_KEY && value->kind != PERSON_NAME &&
            bare.length >= LEAST_CHARACTERS) {
            buffer_append(&work->needles, buffer_slice(&bare));
            buffer_append_byte(&work->needles, '\0');
        }
        buffer_release(&bare);
    }
}

static bool has_needle(const struct sweeping *work, struct slice content)
{
    struct buffer bare = BUFFER_EMPTY;
    bool found = false;
    append_bare(content, &bare);
    for (size_t at = 0; !found && at < work->needles.length;) {
        const char *needle = work->needles.data + at;
        size_t length = strlen(needle);
        found = bare.length && memmem(bare.data, bare.length, needle, length);
        at += length + 1;
    }
    buffer_release(&bare);
    return found;
}

/* Whether a cell of the line is a number that the person has at a source. */
static bool has_key(const struct sweeping *work, struct slice line)
{
    for (size_t i = 0; i < work->subject->value_count; i++) {
        const struct subject_value *value = &work->subject->values[i];
        size_t length = strlen(value->value);
        if (value->kind != PERSON_KEY || length == 0)
            continue;
        for (size_t at = 0; at + length <= line.length; at++) {
            bool begins = at == 0 || strchr("\t,;\"", line.data[at - 1]);
            bool ends = at + length == line.length || strchr("\t,;\"\r\n", line.data[at + length]);
            if (begins && ends && memcmp(line.data + at, value->value, length) == 0)
                return true;
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

static bool sweep_path(const struct sweeping *work, const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return true;
    if (S_ISREG(status.st_mode))
        return database_is_file(path) || sweep_file(work, path, error);
    if (!S_ISDIR(status.st_mode))
        return true;
    DIR *folder = opendir(path);
    if (!folder)
        return error_set(error, EXIT_FAILED, "could not read the folder %s", path);
    bool done = true;
    for (struct dirent *entry; done && (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            done = sweep_path(work, file_join(work->subject->arena, path, entry->d_name), error);
    closedir(folder);
    return done;
}

bool subject_sweep(const struct subject *subject, const char *path, struct subject_sweep *sweep,
                   struct error *error)
{
    struct sweeping work = {.subject = subject, .sweep = sweep};
    list_needles(&work);
    bool done = sweep_path(&work, path, error);
    buffer_release(&work.needles);
    return done;
}
