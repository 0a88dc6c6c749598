#include "corrections.h"

#include <stdio.h>
#include <stdlib.h>

static int compare_numbers(uint64_t a, uint64_t b)
{
    return a == b ? 0 : a < b ? -1 : 1;
}

static int compare_keys(const struct correction *a, const struct correction *b)
{
    int order = compare_numbers(a->field_number >> 16, b->field_number >> 16);
    return order ? order : slice_compare(a->key, b->key);
}

/* Field by field of each record, in the order in which things were found. */
static int compare_fields(const void *left, const void *right)
{
    const struct correction *a = left;
    const struct correction *b = right;
    int order = compare_keys(a, b);
    if (order == 0)
        order = compare_numbers(a->field_number, b->field_number);
    return order ? order : compare_numbers(a->arrival, b->arrival);
}

/* Rows in the order of the files. */
static int compare_rows(const void *left, const void *right)
{
    const struct correction *a = left;
    const struct correction *b = right;
    int order = compare_numbers(a->file_number, b->file_number);
    if (order == 0)
        order = compare_numbers(a->line, b->line);
    return order ? order : compare_numbers(a->arrival, b->arrival);
}

static int compare_faults(const void *left, const void *right)
{
    const struct correction *a = left;
    const struct correction *b = right;
    int order = compare_numbers(a->worst, b->worst);
    if (order == 0)
        order = compare_numbers(b->faults, a->faults);
    if (order == 0)
        order = compare_numbers(a->file_number, b->file_number);
    if (order == 0)
        order = compare_numbers(a->line, b->line);
    if (order == 0)
        order = compare_numbers(a->class, b->class);
    return order ? order : compare_numbers(a->arrival, b->arrival);
}

static bool same_row(const struct correction *a, const struct correction *b)
{
    return a->file_number == b->file_number && a->line == b->line;
}

/* Wide exports repeat a customer in each car's row: what is wrong with the same value is said
 * once. What is said of the record as such is several things. */
static bool same_field(const struct correction *a, const struct correction *b)
{
    return a->field_number == b->field_number && a->field_number != SIZE_MAX &&
           slice_equal(a->key, b->key) &&
           (same_row(a, b) || (a->key.length > 0 && slice_equal(a->given, b->given)));
}

static struct slice join(struct arena *arena, struct slice a, const char *between, struct slice b)
{
    return slice_of(
        arena_format(arena, "%.*s%s%.*s", SLICE_ARGUMENTS(a), between, SLICE_ARGUMENTS(b)));
}

/* Whether a text, or a list of codes parted by blanks, has the other already. */
static bool says(struct slice text, struct slice other)
{
    return slice_find(text, other) >= 0;
}

/* Adds what `other` says to the item; the graver one gives the severity. */
static void join_items(struct correction *item, const struct correction *other, struct arena *arena)
{
    if (!says(item->message, other->message))
        item->message = join(arena, item->message, " ", other->message);
    if (!says(item->code, other->code))
        item->code = join(arena, item->code, " ", other->code);
    if (other->class < item->class) {
        item->class = other->class;
        item->severity = other->severity;
    }
    if (item->given.length == 0)
        item->given = other->given;
    if (item->proposal.length == 0)
        item->proposal = other->proposal;
}

static size_t join_fields(struct correction *items, size_t count, struct arena *arena)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && same_field(&items[kept - 1], &items[i]))
            join_items(&items[kept - 1], &items[i], arena);
        else
            items[kept++] = items[i];
    }
    return kept;
}

static void rate_row(struct correction *items, size_t count)
{
    enum correction_class worst = CORRECTION_WARNING;
    for (size_t i = 0; i < count; i++)
        worst = items[i].class < worst ? items[i].class : worst;
    for (size_t i = 0; i < count; i++) {
        items[i].worst = worst;
        items[i].faults = count;
    }
}

size_t corrections_order(struct correction *items, size_t count, struct arena *arena)
{
    qsort(items, count, sizeof(*items), compare_fields);
    count = join_fields(items, count, arena);
    qsort(items, count, sizeof(*items), compare_rows);
    for (size_t i = 0, end = 0; i < count; i = end) {
        while (end < count && same_row(&items[i], &items[end]))
            end++;
        rate_row(items + i, end - i);
    }
    qsort(items, count, sizeof(*items), compare_faults);
    return count;
}

/* ---- as CSV ---- */

/* What a spreadsheet would run: = + - @ at the beginning, also in full width, and the tab and line
 * ends behind which it looks for them. */
static bool looks_like_formula(struct slice text)
{
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D",
                                       "\xEF\xBC\xA0"};
    if (text.length == 0)
        return false;
    if (strchr("=+-@\t\r\n", text.data[0]) && text.data[0])
        return true;
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
        if (slice_starts_with(text, slice_of(wide[i])))
            return true;
    return false;
}

static void append_cell(struct buffer *line, struct slice text, char end)
{
    bool formula = looks_like_formula(text);
    bool quoted = formula;
    for (size_t i = 0; i < text.length && !quoted; i++)
        quoted = strchr("\",\r\n", text.data[i]) != NULL;
    if (quoted)
        buffer_append_byte(line, '"');
    if (formula)
        buffer_append_byte(line, '\'');
    if (!quoted)
        buffer_append(line, text);
    for (size_t i = 0; quoted && i < text.length; i++) {
        if (text.data[i] == '"')
            buffer_append_byte(line, '"');
        buffer_append_byte(line, text.data[i]);
    }
    if (quoted)
        buffer_append_byte(line, '"');
    buffer_append_byte(line, end);
}

void corrections_format(const struct correction *items, size_t count, struct buffer *text)
{
    buffer_append_text(text, "\xEF\xBB\xBFsource_key,file,line,entity,field,value,problem,"
                             "proposed,severity,code\r\n");
    for (size_t i = 0; i < count; i++) {
        const struct correction *item = &items[i];
        char line[24];
        snprintf(line, sizeof(line), "%llu", (unsigned long long)item->line);
        append_cell(text, item->key, ',');
        append_cell(text, item->file, ',');
        append_cell(text, item->line ? slice_of(line) : SLICE(""), ',');
        append_cell(text, item->entity, ',');
        append_cell(text, item->field, ',');
        append_cell(text, item->given, ',');
        append_cell(text, item->message, ',');
        append_cell(text, item->proposal, ',');
        append_cell(text, item->severity, ',');
        append_cell(text, item->code, '\r');
        buffer_append_byte(text, '\n');
    }
}
