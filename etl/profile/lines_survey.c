#include "cust360/base/csv.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/profile_lines.h"

#include <stdio.h>

enum { LINE_BYTES_MOST = 64 * 1024 };

struct lines_survey {
    const struct lines_look *look;
    struct buffer line; /* what has arrived of the line at hand */
    struct buffer last; /* the last line that is not blank */
    uint64_t lines;
    uint64_t of_type[LINES_TYPES_MOST];
};

struct lines_survey *lines_survey_create(const struct lines_look *look)
{
    struct lines_survey *survey = memory_allocate_array(1, sizeof(*survey));
    survey->look = look;
    buffer_reserve(&survey->line, 0);
    buffer_reserve(&survey->last, 0);
    return survey;
}

/* The field or the bytes of a line; a type and a count are ASCII. */
static struct slice cut_line(const struct lines_look *look, struct slice line, size_t first,
                             size_t last)
{
    if (!look->delimiter)
        return slice_cut(line, first - 1, last);
    for (size_t field = 1;; field++) {
        const char *found = memchr(line.data, look->delimiter, line.length);
        size_t length = found ? (size_t)(found - line.data) : line.length;
        if (field == first)
            return slice_trim(slice_make(line.data, length));
        if (!found)
            return slice_make(NULL, 0);
        line = slice_cut(line, length + 1, line.length);
    }
}

static struct slice type_of(const struct lines_look *look, struct slice line)
{
    return look->type_first ? cut_line(look, line, look->type_first, look->type_last)
                            : slice_make(NULL, 0);
}

static void end_line(struct lines_survey *survey)
{
    const struct lines_look *look = survey->look;
    struct slice line = buffer_slice(&survey->line);
    while (line.length && strchr("\r\n\x1A", line.data[line.length - 1]))
        line.length--;
    if (slice_trim(line).length) {
        struct slice type = type_of(look, line);
        survey->lines++;
        for (size_t i = 0; i < look->type_count; i++)
            survey->of_type[i] +=
                !look->types[i].type || slice_equal(type, slice_of(look->types[i].type));
        buffer_clear(&survey->last);
        buffer_append(&survey->last, line);
    }
    buffer_clear(&survey->line);
}

void lines_survey_feed(struct lines_survey *survey, struct slice text)
{
    while (text.length) {
        const char *found = memchr(text.data, '\n', text.length);
        size_t length = found ? (size_t)(found + 1 - text.data) : text.length;
        if (survey->line.length < LINE_BYTES_MOST)
            buffer_append(&survey->line, slice_cut(text, 0, length));
        if (found)
            end_line(survey);
        text = slice_cut(text, length, text.length);
    }
}

/* ---- the trailer ---- */

/* What a number may be the number of; NULL: nothing that is known. */
static const char *count_of(const struct lines_look *look, uint64_t lines, int64_t number)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < look->type_count; i++)
        rows += look->types[i].lines;
    for (size_t i = 0; i < look->type_count; i++)
        if (number > 0 && look->types[i].lines == (uint64_t)number && look->types[i].type)
            return look->types[i].type;
    if (number > 0 && (uint64_t)number == rows)
        return "rows";
    return number > 0 && (uint64_t)number == lines ? "lines" : NULL;
}

static bool add_count(const struct lines_survey *survey, struct lines_look *look, struct slice line,
                      size_t first, size_t last)
{
    int64_t number = 0;
    if (look->count_count == LINES_COUNTS_MOST ||
        !text_to_integer(cut_line(look, line, first, last), &number))
        return false;
    const char *of = count_of(look, survey->lines, number);
    if (!of)
        return false;
    for (size_t i = 0; i < look->count_count; i++)
        if (strcmp(look->counts[i].of, of) == 0)
            return true; /* the same said again */
    look->counts[look->count_count++] = (struct lines_count){of, first, last};
    return true;
}

/* A run of digits is one number, or several that are equally wide. */
static void read_run(const struct lines_survey *survey, struct lines_look *look, struct slice line,
                     size_t begin, size_t end)
{
    for (size_t parts = 1; parts <= LINES_COUNTS_MOST; parts++) {
        size_t before = look->count_count;
        size_t width = (end - begin) / parts;
        size_t found = 0;
        if (width == 0 || (end - begin) % parts)
            continue;
        for (size_t i = 0; i < parts; i++)
            found += add_count(survey, look, line, begin + i * width + 1, begin + (i + 1) * width);
        if (found == parts)
            return;
        look->count_count = before;
    }
}

static void read_counts(const struct lines_survey *survey, struct lines_look *look,
                        struct slice line)
{
    if (look->delimiter) {
        for (size_t field = 2; cut_line(look, line, field, field).data; field++)
            (void)add_count(survey, look, line, field, field);
        return;
    }
    for (size_t i = look->type_last; i < line.length;) {
        size_t begin = i;
        while (i < line.length && text_is_digit_byte(line.data[i]))
            i++;
        if (i > begin)
            read_run(survey, look, line, begin, i);
        i += i == begin;
    }
}

static bool is_last(const struct lines_look *look, const struct lines_type *type, struct slice last)
{
    return type->lines == 1 && slice_equal(type_of(look, last), slice_of(type->type));
}

/* A type that only the last line is of. */
static void find_trailer(const struct lines_survey *survey, struct arena *arena,
                         struct lines_look *look)
{
    struct slice last = buffer_slice(&survey->last);
    bool known = false;
    for (size_t i = 0; i < look->type_count; i++)
        known = known || slice_equal(type_of(look, last), slice_of(look->types[i].type));
    bool alone = !known && survey->lines > 1;
    size_t kept = 0;
    for (size_t i = 0; i < look->type_count; i++) {
        alone = alone || is_last(look, &look->types[i], last);
        if (is_last(look, &look->types[i], last))
            continue;
        look->types[kept++] = look->types[i];
    }
    look->type_count = kept;
    if (!alone)
        return;
    look->trailer = arena_text(arena, type_of(look, last));
    read_counts(survey, look, last);
}

void lines_survey_finish(struct lines_survey *survey, struct arena *arena, struct lines_look *look)
{
    end_line(survey);
    for (size_t i = 0; i < look->type_count; i++)
        look->types[i].lines = survey->of_type[i];
    if (look->names && look->type_count)
        look->types[0].lines -= look->types[0].lines > 0;
    if (look->type_first)
        find_trailer(survey, arena, look);
    buffer_release(&survey->line);
    buffer_release(&survey->last);
    memory_free(survey);
}
