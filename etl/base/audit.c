#include "cust360/base/audit.h"
#include "cust360/base/date.h"
#include "cust360/base/file.h"
#include "cust360/base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A line is checked as the text that it is and not as JSON: what was hashed is what stands there.
 * Its ends are fixed: it begins with its number and ends with two hashes. */

enum {
    HASH_DIGITS = DIGEST_TEXT_BYTES - 1,
    LINE_MOST_BYTES = 64 << 10,
};

static const char begin_format[] = "{\"entry\":%" PRIu64 ",";
static const char former_key[] = ",\"former\":\"";
static const char hash_key[] = "\",\"hash\":\"";
static const char line_end[] = "\"}";

/* `,"former":"` and a hash; `","hash":"`, a hash and the end. */
enum {
    HASH_PART_BYTES = sizeof(hash_key) - 1 + HASH_DIGITS + sizeof(line_end) - 1,
    TAIL_BYTES = sizeof(former_key) - 1 + HASH_DIGITS + HASH_PART_BYTES,
};

const char *audit_path(struct arena *arena, const char *folder)
{
    return file_join(arena, folder, "audit.log");
}

static void head_of_nothing(struct audit_head *head)
{
    *head = (struct audit_head){0};
    memset(head->hash, '0', HASH_DIGITS);
}

/* ---- one line ---- */

enum line_fault { LINE_WHOLE, LINE_SHAPE, LINE_NUMBER, LINE_FORMER, LINE_HASH };

static struct slice line_hash(struct slice line)
{
    return slice_cut(line, line.length - HASH_DIGITS - (sizeof(line_end) - 1),
                     line.length - (sizeof(line_end) - 1));
}

static bool begins_with(struct slice text, const char *begin)
{
    return text.length >= strlen(begin) && memcmp(text.data, begin, strlen(begin)) == 0;
}

static bool has_shape(struct slice line)
{
    if (line.length < TAIL_BYTES + sizeof("{\"entry\":1,"))
        return false;
    struct slice tail = slice_cut(line, line.length - TAIL_BYTES, line.length);
    struct slice rest = slice_cut(line, line.length - HASH_PART_BYTES, line.length);
    struct slice end = slice_cut(line, line.length - (sizeof(line_end) - 1), line.length);
    return begins_with(tail, former_key) && begins_with(rest, hash_key) &&
           begins_with(end, line_end);
}

/* What a line is, that should follow `before`. */
static enum line_fault check_line(struct slice line, const struct audit_head *before)
{
    char begin[48];
    char hash[DIGEST_TEXT_BYTES];
    if (!has_shape(line))
        return LINE_SHAPE;
    digest_text(slice_cut(line, 0, line.length - HASH_PART_BYTES), hash);
    if (!slice_equal(line_hash(line), slice_of(hash)))
        return LINE_HASH;
    snprintf(begin, sizeof(begin), begin_format, before->entries + 1);
    if (!begins_with(line, begin))
        return LINE_NUMBER;
    size_t former = line.length - TAIL_BYTES + sizeof(former_key) - 1;
    if (!slice_equal(slice_cut(line, former, former + HASH_DIGITS), slice_of(before->hash)))
        return LINE_FORMER;
    return LINE_WHOLE;
}

static void take_line(struct slice line, struct audit_head *head)
{
    head->entries++;
    memcpy(head->hash, line_hash(line).data, HASH_DIGITS);
}

/* ---- the end of the log ---- */

static bool trouble(const char *what, const char *path, struct error *error)
{
    return error_set_system(error, EXIT_FAILED, errno, "could not %s the audit log %s", what, path);
}

/* The last whole line; *end_bytes: where it ends, and what is behind it was never finished. */
static bool last_line(int log, const char *path, struct buffer *line, off_t *end_bytes,
                      struct error *error)
{
    off_t size = lseek(log, 0, SEEK_END);
    off_t begin = size > LINE_MOST_BYTES * 2 ? size - LINE_MOST_BYTES * 2 : 0;
    size_t length = (size_t)(size - begin);
    *end_bytes = 0;
    buffer_clear(line);
    if (size < 0)
        return trouble("read", path, error);
    if (length == 0)
        return true;
    char *bytes = buffer_reserve(line, length);
    ssize_t got = pread(log, bytes, length, begin);
    if (got != (ssize_t)length)
        return trouble("read", path, error);
    while (length > 0 && bytes[length - 1] != '\n')
        length--;
    *end_bytes = begin + (off_t)length;
    if (length == 0)
        return begin == 0 || error_set(error, EXIT_FAILED, "the audit log %s has no lines", path);
    size_t start = --length;
    while (start > 0 && bytes[start - 1] != '\n')
        start--;
    memmove(bytes, bytes + start, length - start);
    line->length = length - start;
    return true;
}

static bool read_head(int log, const char *path, struct audit_head *head, off_t *end_bytes,
                      struct error *error)
{
    struct buffer line = BUFFER_EMPTY;
    bool done = last_line(log, path, &line, end_bytes, error);
    head_of_nothing(head);
    struct slice last = buffer_slice(&line);
    if (done && last.length) {
        uint64_t entry = 0;
        char number[24];
        size_t skip = sizeof("{\"entry\":") - 1;
        done = has_shape(last) ||
               error_set(error, EXIT_FAILED, "the last line of the audit log %s is none of its own",
                         path);
        if (done) {
            snprintf(number, sizeof(number), "%.20s", last.data + skip);
            entry = strtoull(number, NULL, 10);
            head->entries = entry ? entry - 1 : 0;
            take_line(last, head);
        } else {
            error_hint(error, "somebody has written into it; cust360 audit verify tells more");
        }
    }
    buffer_release(&line);
    return done;
}

bool audit_head(const char *folder, struct audit_head *head, struct error *error)
{
    struct arena *arena = arena_create();
    const char *path = audit_path(arena, folder);
    off_t end_bytes = 0;
    int log = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool done = true;
    head_of_nothing(head);
    if (log >= 0)
        done = read_head(log, path, head, &end_bytes, error);
    else if (errno != ENOENT)
        done = trouble("open", path, error);
    if (log >= 0)
        close(log);
    arena_destroy(arena);
    return done;
}

void audit_head_format(const struct audit_head *head, char text[AUDIT_HEAD_BYTES])
{
    snprintf(text, AUDIT_HEAD_BYTES, "%" PRIu64 ":%s", head->entries, head->hash);
}

bool audit_head_parse(struct slice text, struct audit_head *head)
{
    char copy[AUDIT_HEAD_BYTES];
    char *end = NULL;
    head_of_nothing(head);
    if (text.length >= sizeof(copy) || text.length <= HASH_DIGITS + 1)
        return false;
    memcpy(copy, text.data, text.length);
    copy[text.length] = '\0';
    head->entries = strtoull(copy, &end, 10);
    if (end == copy || *end != ':' || strlen(end + 1) != HASH_DIGITS ||
        strspn(end + 1, "0123456789abcdef") != HASH_DIGITS)
        return false;
    memcpy(head->hash, end + 1, HASH_DIGITS);
    return true;
}

/* ---- appending ---- */

static const char *user_name(struct arena *arena)
{
    struct passwd entry;
    struct passwd *found = NULL;
    enum { ENTRY_BYTES = 4096 };
    char *memory = arena_allocate_bytes(arena, ENTRY_BYTES);
    if (getpwuid_r(geteuid(), &entry, memory, ENTRY_BYTES, &found) == 0 && found)
        return found->pw_name;
    return arena_format(arena, "user %lu", (unsigned long)geteuid());
}

static void write_line(struct arena *arena, const struct audit_entry *entry,
                       const struct audit_head *head, struct buffer *line)
{
    char now[DATE_TIME_TEXT_BYTES];
    char hash[DIGEST_TEXT_BYTES];
    struct json_writer json = JSON_WRITER_COMPACT(line);
    date_clock_text(now);
    buffer_format(line, begin_format, head->entries + 1);
    json.first = true;
    json.depth = 1;
    json_text(&json, "at", slice_of(now));
    json_text(&json, "who", slice_of(entry->who ? entry->who : user_name(arena)));
    json_text(&json, "event", slice_of(entry->event));
    json_object_begin(&json, "details");
    for (size_t i = 0; i < entry->detail_count; i++)
        if (entry->details[i].text)
            json_text(&json, entry->details[i].name, slice_of(entry->details[i].text));
    json_object_end(&json);
    buffer_format(line, "%s%s", former_key, head->hash);
    digest_text(buffer_slice(line), hash);
    buffer_format(line, "%s%s%s\n", hash_key, hash, line_end);
}

static bool write_at(int log, struct slice line, off_t offset)
{
    size_t written = 0;
    while (written < line.length) {
        ssize_t part =
            pwrite(log, line.data + written, line.length - written, offset + (off_t)written);
        if (part < 0 && errno != EINTR)
            return false;
        written += part > 0 ? (size_t)part : 0;
    }
    return true;
}

static bool append_locked(int log, const char *path, const struct audit_entry *entry,
                          struct arena *arena, struct error *error)
{
    struct audit_head head;
    struct buffer line = BUFFER_EMPTY;
    off_t end_bytes = 0;
    if (!read_head(log, path, &head, &end_bytes, error))
        return false;
    write_line(arena, entry, &head, &line);
    bool done = (ftruncate(log, end_bytes) == 0 && write_at(log, buffer_slice(&line), end_bytes) &&
                 fsync(log) == 0) ||
                trouble("write", path, error);
    buffer_release(&line);
    return done;
}

bool audit_append(const char *folder, const struct audit_entry *entry, struct error *error)
{
    struct arena *arena = arena_create();
    const char *path = audit_path(arena, folder);
    int log = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool done = log >= 0;
    if (!done)
        trouble("open", path, error);
    while (done && flock(log, LOCK_EX) != 0)
        done = errno == EINTR || trouble("lock", path, error);
    done = done && append_locked(log, path, entry, arena, error);
    if (log >= 0)
        close(log);
    arena_destroy(arena);
    return done;
}

/* ---- verifying ---- */

static bool tell_fault(enum line_fault fault, const char *path, uint64_t line, struct error *error)
{
    static const char *const sentences[] = {
        [LINE_WHOLE] = "",
        [LINE_SHAPE] = "this line is none that the program writes",
        [LINE_NUMBER] = ("this entry does not follow the one before: lines are missing, moved "
                         "or put in"),
        [LINE_FORMER] = "the entry before is not the one that this one follows: it was replaced",
        [LINE_HASH] = "this entry was changed after it had been written",
    };
    error_set(error, EXIT_FAILED, "the audit log is not as it was written: %s", sentences[fault]);
    error_place(error, path, line, 0);
    return error_hint(error, "what stands before this line is whole; compare with a backup");
}

static bool check_noted(const struct audit_head *head, const struct audit_head *noted, size_t count,
                        const char *path, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (noted[i].entries != head->entries || strcmp(noted[i].hash, head->hash) == 0)
            continue;
        error_set(error, EXIT_FAILED,
                  "the audit log is not as it was written: entry %" PRIu64
                  " is not the one that was noted elsewhere",
                  head->entries);
        return error_place(error, path, head->entries, 0);
    }
    return true;
}

static bool check_length(const struct audit_head *head, const struct audit_head *noted,
                         size_t count, const char *path, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (noted[i].entries <= head->entries)
            continue;
        error_set(error, EXIT_FAILED,
                  "the audit log was cut off: it ends with entry %" PRIu64 ", entry %" PRIu64
                  " was noted elsewhere",
                  head->entries, noted[i].entries);
        return error_place(error, path, head->entries + 1, 0);
    }
    return true;
}

static bool verify_content(struct slice content, const char *path, const struct audit_head *noted,
                           size_t count, struct audit_head *head, struct error *error)
{
    while (content.length) {
        const char *end = memchr(content.data, '\n', content.length);
        size_t length = end ? (size_t)(end - content.data) : content.length;
        struct slice line = slice_cut(content, 0, length);
        enum line_fault fault = end ? check_line(line, head) : LINE_SHAPE;
        if (fault != LINE_WHOLE)
            return tell_fault(fault, path, head->entries + 1, error);
        take_line(line, head);
        if (!check_noted(head, noted, count, path, error))
            return false;
        content = slice_cut(content, length + 1, content.length);
    }
    return check_length(head, noted, count, path, error);
}

bool audit_verify(const char *folder, const struct audit_head *noted, size_t noted_count,
                  struct audit_head *head, struct error *error)
{
    struct arena *arena = arena_create();
    const char *path = audit_path(arena, folder);
    struct slice content = {NULL, 0};
    head_of_nothing(head);
    bool there = file_map(path, &content);
    bool whole = verify_content(content, path, noted, noted_count, head, error);
    if (there)
        file_unmap(content);
    arena_destroy(arena);
    return whole;
}
