#include "cust360/base/audit.h"
#include "cust360/base/buffer.h"
#include "cust360/base/file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The log that shows when somebody has changed it: each way of changing it, at each place. */

enum { ENTRIES = 6, MANY_BYTES = 1 << 20 };

static char folder[256];
static struct arena *arena;

static void open_folder(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/cust360-audit-XXXXXX", base ? base : "/tmp");
    cr_assert(mkdtemp(folder));
    arena = arena_create();
}

static void close_folder(void)
{
    struct error error;
    cr_assert(file_remove_folder(folder, &error), "%s", error.message);
    arena_destroy(arena);
}

TestSuite(audit, .init = open_folder, .fini = close_folder);

static void append(const char *event, const char *text)
{
    struct error error = {0};
    const struct audit_detail details[] = {{"number", text}, {"left out", NULL}};
    const struct audit_entry entry = {"lin", event, details, 2};
    cr_assert(audit_append(folder, &entry, &error), "%s", error.message);
}

static void append_some(void)
{
    for (int i = 1; i <= ENTRIES; i++)
        append("decision", arena_format(arena, "%d", i));
}

static struct slice content(void)
{
    struct slice read;
    struct error error;
    cr_assert(file_read(arena, audit_path(arena, folder), MANY_BYTES, &read, &error));
    return read;
}

static void write_content(struct slice text)
{
    struct error error;
    cr_assert(file_write(audit_path(arena, folder), text, &error), "%s", error.message);
}

static bool is_whole(struct audit_head *head, struct error *error)
{
    *error = (struct error){0};
    return audit_verify(folder, NULL, 0, head, error);
}

/* The line of that number, 1-based, with its end. */
static struct slice line_of(struct slice text, int number)
{
    const char *begin = text.data;
    for (int i = 1; i < number; i++)
        begin = strchr(begin, '\n') + 1;
    return slice_make(begin, (size_t)(strchr(begin, '\n') + 1 - begin));
}

Test(audit, a_log_that_is_not_there_is_whole_and_empty)
{
    struct audit_head head;
    struct error error;
    cr_assert(is_whole(&head, &error));
    cr_assert_eq(head.entries, 0);
    cr_assert(audit_head(folder, &head, &error));
    cr_assert_eq(head.entries, 0);
    cr_assert_eq(strspn(head.hash, "0"), 64);
}

Test(audit, what_is_appended_is_chained_private_and_one_line_each)
{
    struct audit_head all;
    struct audit_head last;
    struct error error;
    struct stat status;
    append_some();
    append("odd", "quotes \" and \\ and\nlines and 张三");
    cr_assert(is_whole(&all, &error), "%s", error.message);
    cr_assert(audit_head(folder, &last, &error), "%s", error.message);
    cr_assert_eq(all.entries, ENTRIES + 1);
    cr_assert_eq(last.entries, ENTRIES + 1);
    cr_assert_str_eq(all.hash, last.hash);
    cr_assert_eq(stat(audit_path(arena, folder), &status), 0);
    cr_assert_eq(status.st_mode & 0777, 0600);
    size_t lines = 0;
    for (size_t i = 0; i < content().length; i++)
        lines += content().data[i] == '\n';
    cr_assert_eq(lines, ENTRIES + 1);
    cr_assert_null(strstr(content().data, "left out"));
}

Test(audit, every_byte_that_is_changed_is_found_in_its_line)
{
    append_some();
    struct slice whole = content();
    char *copy = arena_text(arena, whole);
    uint64_t line = 1;
    for (size_t i = 0; i < whole.length; i++) {
        struct audit_head head;
        struct error error;
        copy[i] = copy[i] == 'x' ? 'y' : 'x';
        write_content(slice_make(copy, whole.length));
        cr_assert_not(is_whole(&head, &error), "byte %zu", i);
        cr_assert_eq(error.line, line, "byte %zu: line %d, not %d", i, (int)error.line, (int)line);
        copy[i] = whole.data[i];
        line += whole.data[i] == '\n';
    }
}

Test(audit, a_line_taken_out_is_found_where_it_is_missing)
{
    append_some();
    struct slice whole = content();
    for (int i = 1; i < ENTRIES; i++) {
        struct audit_head head;
        struct error error;
        struct buffer text = BUFFER_EMPTY;
        for (int j = 1; j <= ENTRIES; j++)
            if (j != i)
                buffer_append(&text, line_of(whole, j));
        write_content(buffer_slice(&text));
        buffer_release(&text);
        cr_assert_not(is_whole(&head, &error));
        cr_assert_eq(error.line, (uint64_t)i);
        cr_assert(strstr(error.message, "missing, moved"), "%s", error.message);
    }
}

Test(audit, lines_that_changed_places_are_found)
{
    append_some();
    struct slice whole = content();
    struct audit_head head;
    struct error error;
    static const int order[] = {1, 2, 4, 3, 5, 6};
    struct buffer text = BUFFER_EMPTY;
    for (int j = 0; j < ENTRIES; j++)
        buffer_append(&text, line_of(whole, order[j]));
    write_content(buffer_slice(&text));
    buffer_release(&text);
    cr_assert_not(is_whole(&head, &error));
    cr_assert(strstr(error.message, "the audit log is not as it was written: "), "%s",
              error.message);
    cr_assert_eq(error.line, 3);
}

Test(audit, a_line_forged_with_a_hash_of_its_own_does_not_fit_the_next)
{
    struct audit_head head;
    struct error error;
    char hash[DIGEST_TEXT_BYTES];
    append_some();
    struct slice whole = content();
    struct buffer text = BUFFER_EMPTY;
    struct slice line = line_of(whole, 2);
    char *forged = arena_text(arena, line);
    *strchr(strstr(forged, "lin"), 'i') = 'u';
    char *end = strstr(forged, "\",\"hash\":\"");
    digest_text(slice_make(forged, (size_t)(end - forged)), hash);
    memcpy(end + strlen("\",\"hash\":\""), hash, sizeof(hash) - 1);
    buffer_append(&text, line_of(whole, 1));
    buffer_append_text(&text, forged);
    for (int j = 3; j <= ENTRIES; j++)
        buffer_append(&text, line_of(whole, j));
    write_content(buffer_slice(&text));
    buffer_release(&text);
    cr_assert_not(is_whole(&head, &error));
    cr_assert_eq(error.line, 3);
    cr_assert(strstr(error.message, "replaced"), "%s", error.message);
}

Test(audit, a_tail_cut_off_is_missed_by_a_head_that_was_noted)
{
    struct audit_head noted;
    struct audit_head head;
    struct error error;
    append_some();
    cr_assert(audit_head(folder, &noted, &error));
    struct slice whole = content();
    write_content(slice_cut(whole, 0, (size_t)(line_of(whole, 4).data - whole.data)));
    cr_assert(is_whole(&head, &error), "%s", error.message);
    cr_assert_not(audit_verify(folder, &noted, 1, &head, &error));
    cr_assert(strstr(error.message, "cut off: it ends with entry 3, entry 6"), "%s", error.message);
    for (int i = 0; i < 3; i++)
        append("decision", "other");
    cr_assert(is_whole(&head, &error), "%s", error.message);
    cr_assert_not(audit_verify(folder, &noted, 1, &head, &error));
    cr_assert(strstr(error.message, "entry 6 is not the one"), "%s", error.message);
}

Test(audit, half_a_line_that_a_crash_left_is_overwritten)
{
    struct audit_head head;
    struct error error;
    append_some();
    struct slice whole = content();
    write_content(slice_cut(whole, 0, whole.length - 10));
    cr_assert_not(is_whole(&head, &error));
    append("decision", "again");
    cr_assert(is_whole(&head, &error), "%s", error.message);
    cr_assert_eq(head.entries, ENTRIES);
}

Test(audit, what_somebody_else_wrote_is_not_built_upon)
{
    struct error error = {0};
    const struct audit_entry entry = {"lin", "decision", NULL, 0};
    write_content(SLICE("something else\n"));
    cr_assert_not(audit_append(folder, &entry, &error));
    cr_assert(strstr(error.message, "none of its own"), "%s", error.message);
    struct buffer bytes = BUFFER_EMPTY;
    for (int i = 0; i < 200000; i++)
        buffer_append_byte(&bytes, 'x');
    write_content(buffer_slice(&bytes));
    buffer_release(&bytes);
    cr_assert_not(audit_append(folder, &entry, &error));
    cr_assert(strstr(error.message, "has no lines"), "%s", error.message);
}

Test(audit, a_folder_that_is_not_there_is_an_error)
{
    struct error error = {0};
    const struct audit_entry entry = {NULL, "decision", NULL, 0};
    cr_assert_not(audit_append("/nowhere/at/all", &entry, &error));
    cr_assert(strstr(error.message, "could not open the audit log"), "%s", error.message);
}

Test(audit, heads_are_written_and_read)
{
    struct audit_head head;
    struct audit_head again;
    char text[AUDIT_HEAD_BYTES];
    struct error error;
    append_some();
    cr_assert(audit_head(folder, &head, &error));
    audit_head_format(&head, text);
    cr_assert(audit_head_parse(slice_of(text), &again));
    cr_assert_eq(again.entries, head.entries);
    cr_assert_str_eq(again.hash, head.hash);
    static const char *const others[] = {"", "7", "7:12", "x:0123", "7 "};
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        cr_assert_not(audit_head_parse(slice_of(others[i]), &again), "%s", others[i]);
}
