#include "cust360/base/date.h"
#include "cust360/base/memory.h"
#include "night.h"

#include <stdio.h>

/* Sources that tell only what has changed: one in files, one as a table with a watermark. */

enum { ROWS_FIRST = 20, ROWS_MOST = 8, DAY_MINUTES = 24 * 60 };

static const char *const numbers[] = {"13912345678", "18612340000", "13700001111"};

static void add_with(struct night_lines *lines, const char *line, size_t field, const char *value)
{
    struct buffer text = BUFFER_EMPTY;
    if (night_set(line, field, slice_of(value), &text))
        lines_add(lines, text.data, text.length);
    buffer_release(&text);
}

/* A row that a former delta gave, or one that was never given. */
static const char *draw_known(struct nights *nights, const struct night_file *file)
{
    size_t row = night_row(nights, &file->good);
    return row ? file->good.items[row] : file->pool.items[night_row(nights, &file->pool)];
}

static void say_once(struct nights *nights, struct night_file *file)
{
    const char *line = draw_known(nights, file);
    const char *fresh = file->pool.items[night_row(nights, &file->pool)];
    struct slice fields[NIGHT_FIELDS_MAX + 1];
    size_t state = night_split(file->pool.items[0], fields) - 1;
    char broken[1000];
    switch (night_draw(nights, 8)) {
    case 0:
    case 1:
        add_with(&file->now, line, state, "D");
        break;
    case 2:
        add_with(&file->now, line, file->marked, NIGHT_FATAL);
        break;
    case 3:
        add_with(&file->now, line, file->marked, numbers[night_draw(nights, 3)]);
        break;
    case 4: /* gone and there again, in one file */
        add_with(&file->now, line, state, "D");
        add_with(&file->now, line, state, "");
        break;
    case 5:
        snprintf(broken, sizeof(broken), "%s,,,,", line);
        lines_add(&file->now, broken, strlen(broken));
        break;
    default:
        add_with(&file->now, fresh, state, "");
    }
}

void night_delta(struct nights *nights)
{
    struct night_file *file = &nights->files[DELTA_X01];
    bool first = file->now.count == 0;
    uint64_t rows = first ? ROWS_FIRST : night_draw(nights, ROWS_MOST);
    lines_free(&file->now);
    lines_add(&file->now, file->pool.items[0], strlen(file->pool.items[0]));
    size_t begin = night_row(nights, &file->pool);
    for (uint64_t i = 0; first && i < rows && begin + i < file->pool.count; i++)
        lines_add(&file->now, file->pool.items[begin + i], strlen(file->pool.items[begin + i]));
    for (uint64_t i = 0; !first && i < rows; i++)
        say_once(nights, file);
}

/* ---- the table ---- */

/* A row as it stands from now on. What is committed late bears a time of up to a day before. */
static void stamp(struct nights *nights, const char *line, struct buffer *text)
{
    uint64_t late = night_draw(nights, DAY_MINUTES);
    uint64_t minutes = nights->clock_minutes > late ? nights->clock_minutes - late : 0;
    char day[DATE_TEXT_BYTES];
    char time[DATE_TEXT_BYTES + 12];
    date_format(nights->configured.as_of_days - 30 + (int32_t)(minutes / DAY_MINUTES), day);
    snprintf(time, sizeof(time), "%s %02u:%02u:00", day, (unsigned)(minutes / 60 % 24),
             (unsigned)(minutes % 60));
    night_set(line, TABLE_CHANGED, slice_of(time), text);
}

static void put_row(struct nights *nights, struct night_lines *lines, size_t row, const char *line)
{
    struct buffer text = BUFFER_EMPTY;
    stamp(nights, line, &text);
    lines_add(lines, text.data, text.length);
    buffer_release(&text);
    if (row) { /* in the old place */
        memory_free(lines->items[row]);
        lines->items[row] = lines->items[--lines->count];
    }
}

/* The row of a number that is not there yet. */
static void insert_row(struct nights *nights, struct night_file *file)
{
    const char *line = file->pool.items[night_row(nights, &file->pool)];
    for (size_t i = 1; i < file->now.count; i++)
        if (slice_equal(night_key(file->now.items[i]), night_key(line)))
            return;
    put_row(nights, &file->now, 0, line);
}

static void change_row(struct nights *nights, struct night_file *file)
{
    struct buffer text = BUFFER_EMPTY;
    size_t row = night_row(nights, &file->now);
    size_t field = night_draw(nights, 3) ? TABLE_MOBILE : TABLE_STATE;
    const char *value = numbers[night_draw(nights, 3)];
    if (field == TABLE_STATE)
        value = night_draw(nights, 2) ? "D" : "";
    else if (night_draw(nights, 4) == 0)
        value = NIGHT_FATAL;
    if (row && night_set(file->now.items[row], field, slice_of(value), &text))
        put_row(nights, &file->now, row, text.data);
    buffer_release(&text);
}

void night_table(struct nights *nights)
{
    struct night_file *file = &nights->files[TABLE_W01];
    bool first = file->now.count == 0;
    uint64_t changes = first ? ROWS_FIRST : night_draw(nights, ROWS_MOST);
    if (first)
        lines_add(&file->now, file->pool.items[0], strlen(file->pool.items[0]));
    nights->clock_minutes += night_draw(nights, 3 * DAY_MINUTES);
    for (uint64_t i = 0; i < changes; i++) {
        if (first || night_draw(nights, 3) == 0)
            insert_row(nights, file);
        else
            change_row(nights, file);
    }
}
