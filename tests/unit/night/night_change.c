#include "cust360/base/date.h"
#include "cust360/base/memory.h"
#include "night.h"

#include <stdio.h>
#include <string.h>

/* What may happen to dealers' exports between two nights. */

enum { FIRST_ROWS = 32 };

/* SplitMix64: the same sequence on every machine. */
uint64_t night_draw(struct nights *nights, uint64_t below)
{
    uint64_t mixed = nights->random += UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (mixed ^ (mixed >> 31)) % below;
}

static void add_from_pool(struct nights *nights, struct night_file *file)
{
    const char *line = file->pool.items[1 + night_draw(nights, file->pool.count - 1)];
    lines_add(&file->now, line, strlen(line));
}

void night_first(struct nights *nights)
{
    for (size_t f = 0; f < NIGHT_FILES; f++) {
        struct night_file *file = &nights->files[f];
        lines_free(&file->now);
        lines_free(&file->good);
        file->ever_good = false;
        if (file->kind != FEED_FULL)
            continue;
        lines_add(&file->now, file->pool.items[0], strlen(file->pool.items[0]));
        /* Rows that stand together belong together: cars to their owners, owners to each other. */
        size_t rows = file->pool.count - 1;
        size_t begin = night_draw(nights, rows > 3 * FIRST_ROWS ? 2 * FIRST_ROWS : rows);
        for (size_t i = 0; i < FIRST_ROWS && begin + i < rows; i++)
            lines_add(&file->now, file->pool.items[1 + begin + i],
                      strlen(file->pool.items[1 + begin + i]));
        if (file->now.count == 1)
            add_from_pool(nights, file);
    }
    nights->clock_minutes = 0;
    night_delta(nights);
    night_table(nights);
}

static size_t draw_row(struct nights *nights, const struct night_file *file)
{
    return night_row(nights, &file->now);
}

static void drop_row(struct nights *nights, struct night_file *file)
{
    size_t row = draw_row(nights, file);
    if (file->now.count < 4)
        return;
    lines_drop(&file->now, row);
}

static void swap_rows(struct nights *nights, struct night_file *file)
{
    size_t a = draw_row(nights, file);
    size_t b = draw_row(nights, file);
    char *item = file->now.items[a];
    file->now.items[a] = file->now.items[b];
    file->now.items[b] = item;
}

/* The row with another value in a field; rows with quotes are left alone. */
static void set_field(struct night_file *file, size_t row, size_t field, struct slice value,
                      bool beside)
{
    struct buffer text = BUFFER_EMPTY;
    char *line = file->now.items[row];
    if (night_set(line, field, value, &text)) {
        lines_add(&file->now, text.data, text.length);
        if (!beside) { /* the new text in the old place */
            file->now.items[row] = file->now.items[--file->now.count];
            memory_free(line);
        }
    }
    buffer_release(&text);
}

/* Takes a field over from another row, which may make one customer of two, or two of one. */
static void copy_field(struct nights *nights, size_t to, size_t from, const size_t *fields,
                       size_t field_count)
{
    struct slice values[NIGHT_FIELDS_MAX + 1];
    char copy[400];
    struct night_file *target = &nights->files[to];
    struct night_file *giver = &nights->files[from];
    const char *line = giver->now.items[draw_row(nights, giver)];
    size_t field = fields[night_draw(nights, field_count)];
    if (strchr(line, '"') || night_split(line, values) <= field ||
        values[field].length >= sizeof(copy))
        return;
    memcpy(copy, values[field].data, values[field].length);
    struct slice value = slice_make(copy, values[field].length);
    set_field(target, draw_row(nights, target), field, value, night_draw(nights, 8) == 0);
}

static void change_customers(struct nights *nights)
{
    static const size_t fields[] = {1, 4, 4, 5, 5, 6, 8, 9};
    static const char *const shared[] = {"13912345678", "18612340000"};
    size_t to = night_draw(nights, 2) ? CUSTOMERS_D02 : CUSTOMERS_D07;
    size_t from = night_draw(nights, 2) ? CUSTOMERS_D02 : CUSTOMERS_D07;
    struct night_file *file = &nights->files[to];
    if (night_draw(nights, 4)) {
        copy_field(nights, to, from, fields, sizeof(fields) / sizeof(fields[0]));
        return;
    }
    size_t row = draw_row(nights, file);
    set_field(file, row, 4, slice_of(shared[night_draw(nights, 2)]), false);
}

static void change_cars(struct nights *nights)
{
    static const size_t fields[] = {0, 1, 2};
    size_t to = night_draw(nights, 2) ? VEHICLES_D02 : VEHICLES_D07;
    size_t from = night_draw(nights, 2) ? VEHICLES_D02 : VEHICLES_D07;
    copy_field(nights, to, from, fields, 3);
}

static void break_row(struct nights *nights, struct night_file *file)
{
    size_t row = draw_row(nights, file);
    char *line = file->now.items[row];
    char text[600];
    snprintf(text, sizeof(text), "%.500s,,,,", line);
    memory_free(line);
    file->now.items[row] = memory_copy_text(text);
}

static void key_of(const struct night_lines *lines, size_t row, char *key, size_t bytes)
{
    snprintf(key, bytes, "%.*s", (int)strcspn(lines->items[row], ","), lines->items[row]);
}

static void decide(struct nights *nights)
{
    static const char *const kinds[] = {"same", "same", "different", "value"};
    const struct night_file *delta = &nights->files[DELTA_X01];
    if (nights->decision_count == NIGHT_DECISIONS_MAX)
        return;
    struct night_decision *decision = &nights->decisions[nights->decision_count++];
    const struct night_file *a = &nights->files[CUSTOMERS_D02];
    const struct night_file *b = &nights->files[CUSTOMERS_D07];
    *decision = (struct night_decision){
        .kind = kinds[night_draw(nights, 4)], .source_a = "D02", .source_b = "D07"};
    uint64_t with = night_draw(nights, 5);
    if (with < 2) {
        b = a;
        decision->source_b = "D02";
    } else if (with == 2 && delta->now.count > 1) {
        b = delta;
        decision->source_b = "X01";
    }
    key_of(&a->now, draw_row(nights, a), decision->key_a, sizeof(decision->key_a));
    key_of(&b->now, draw_row(nights, b), decision->key_b, sizeof(decision->key_b));
    snprintf(decision->value, sizeof(decision->value), "value %u",
             (unsigned)night_draw(nights, 100));
}

static void undo(struct nights *nights)
{
    if (nights->decisions_written)
        nights->decisions[night_draw(nights, nights->decisions_written)].undone = true;
}

/* A repair on a day around the run's: what lies ahead today does not tomorrow. */
static void change_repair_day(struct nights *nights)
{
    enum { IN_DATE = 3, DAYS = 7, BEFORE = 3 };
    char iso[DATE_TEXT_BYTES];
    char text[16];
    struct night_file *file = &nights->files[night_draw(nights, 2) ? REPAIRS_D02 : REPAIRS_D07];
    date_format(nights->as_of_days + (int32_t)night_draw(nights, DAYS) - BEFORE, iso);
    snprintf(text, sizeof(text), "%.2s/%.2s/%.4s", iso + 8, iso + 5, iso);
    set_field(file, draw_row(nights, file), IN_DATE, slice_of(text), night_draw(nights, 3) == 0);
}

/* The row of a customer comes so that it is rejected. */
static void reject_row(struct nights *nights)
{
    static const size_t files[] = {CUSTOMERS_D02, CUSTOMERS_D07, MEMBERS};
    struct night_file *file = &nights->files[files[night_draw(nights, 3)]];
    set_field(file, draw_row(nights, file), file->marked, SLICE(NIGHT_FATAL), false);
}

/* Most of what a source had is not there any more: gates are to notice. */
static void shrink(struct nights *nights)
{
    size_t source = night_draw(nights, NIGHT_SOURCES);
    for (size_t i = 0; i < NIGHT_FILES; i++) {
        struct night_file *file = &nights->files[i];
        for (size_t row = file->now.count; row-- > 4;)
            if (file->source == source && file->kind == FEED_FULL && night_draw(nights, 3))
                lines_drop(&file->now, row);
    }
}

static void change_once(struct nights *nights)
{
    struct night_file *file = &nights->files[night_draw(nights, DELTA_X01)];
    switch (night_draw(nights, 16)) {
    case 0:
        add_from_pool(nights, file);
        break;
    case 1:
        drop_row(nights, file);
        break;
    case 2:
        swap_rows(nights, file);
        break;
    case 3:
        break_row(nights, file);
        break;
    case 4:
    case 5:
        change_cars(nights);
        break;
    case 6:
        decide(nights);
        break;
    case 7:
        undo(nights);
        break;
    case 8:
    case 9:
        change_repair_day(nights);
        break;
    case 10:
        reject_row(nights);
        break;
    default:
        change_customers(nights);
    }
}

void night_change(struct nights *nights)
{
    static const uint64_t amounts[] = {0, 1, 3, 10, 30};
    uint64_t changes = amounts[night_draw(nights, 5)];
    for (uint64_t i = 0; i < changes; i++)
        change_once(nights);
    if (night_draw(nights, 8) == 0)
        shrink(nights);
    night_delta(nights);
    night_table(nights);
    for (size_t i = 0; i < NIGHT_SOURCES; i++)
        nights->late[i] = night_draw(nights, 12) == 0;
    nights->accepted = night_draw(nights, 2) == 0;
    nights->as_of_days += (int32_t)night_draw(nights, 3);
}
