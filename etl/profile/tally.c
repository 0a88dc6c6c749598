#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/profile_tally.h"
#include "profile/frequent.h"
#include "profile/shape.h"
#include "profile/sketch.h"

#include <stdlib.h>

enum {
    TOPS_MOST = 512, /* counted side by side */
    SHAPES_MOST = 64,
    SHAPES_SHOWN = 12,
    SAMPLE_VALUE_BYTES = 200,
    SKETCH_KEPT = 1024 /* hashes that a profile keeps for finding joins */
};

/* A value of the sample: those with the smallest hashes, so that rows need not be asked twice and
 * every distinct value has the same chance. */
struct sampled {
    uint64_t hash;
    char *text;
    size_t length;
};

struct tally {
    uint64_t values;
    uint64_t filled;
    uint64_t shortest;
    uint64_t longest;
    uint64_t characters;
    uint64_t dates_either;
    uint64_t dates_day_first;
    uint64_t dates_month_first;
    struct sketch sketch;
    struct frequent tops;
    struct frequent shapes;
    struct sampled *sample; /* unordered */
    size_t sample_count;
    uint64_t sample_limit;
};

struct tally *tally_create(size_t distinct_most)
{
    struct tally *tally = memory_allocate_array(1, sizeof(*tally));
    tally->shortest = UINT64_MAX;
    tally->sample_limit = UINT64_MAX;
    sketch_begin(&tally->sketch, distinct_most);
    frequent_begin(&tally->tops, TOPS_MOST);
    frequent_begin(&tally->shapes, SHAPES_MOST);
    return tally;
}

void tally_destroy(struct tally *tally)
{
    if (!tally)
        return;
    for (size_t i = 0; i < tally->sample_count; i++)
        memory_free(tally->sample[i].text);
    memory_free(tally->sample);
    sketch_release(&tally->sketch);
    frequent_release(&tally->tops);
    frequent_release(&tally->shapes);
    memory_free(tally);
}

static int compare_sampled(const void *a, const void *b)
{
    uint64_t left = ((const struct sampled *)a)->hash;
    uint64_t right = ((const struct sampled *)b)->hash;
    return left < right ? -1 : left > right;
}

static void cut_sample(struct tally *tally)
{
    qsort(tally->sample, tally->sample_count, sizeof(*tally->sample), compare_sampled);
    for (size_t i = PROFILE_SAMPLE_MOST; i < tally->sample_count; i++)
        memory_free(tally->sample[i].text);
    if (tally->sample_count > PROFILE_SAMPLE_MOST) {
        tally->sample_count = PROFILE_SAMPLE_MOST;
        tally->sample_limit = tally->sample[PROFILE_SAMPLE_MOST - 1].hash;
    }
}

static void sample_value(struct tally *tally, uint64_t hash, struct slice value)
{
    for (size_t i = 0; i < tally->sample_count; i++)
        if (tally->sample[i].hash == hash)
            return;
    if (!tally->sample)
        tally->sample =
            memory_allocate_array((size_t)2 * PROFILE_SAMPLE_MOST, sizeof(*tally->sample));
    size_t length = value.length < SAMPLE_VALUE_BYTES ? value.length : SAMPLE_VALUE_BYTES;
    while (length < value.length && ((unsigned char)value.data[length] & 0xC0) == 0x80)
        length--;
    char *text = memory_allocate(length + 1);
    memcpy(text, value.data, length);
    tally->sample[tally->sample_count++] = (struct sampled){hash, text, length};
    if (tally->sample_count == (size_t)2 * PROFILE_SAMPLE_MOST)
        cut_sample(tally);
}

/* ---- dates of two numbers and a year, as 5/8/2013 or 2013 behind them ---- */

static size_t read_number(struct slice text, size_t *position, unsigned *number)
{
    size_t digits = 0;
    *number = 0;
    while (*position < text.length && text.data[*position] >= '0' && text.data[*position] <= '9' &&
           digits < 4) {
        *number = *number * 10 + (unsigned)(text.data[(*position)++] - '0');
        digits++;
    }
    return digits;
}

static bool read_separator(struct slice text, size_t *position)
{
    if (*position >= text.length || !strchr("/-.", text.data[*position]))
        return false;
    ++*position;
    return true;
}

/* The two numbers before a year; false: it does not begin like such a date. */
static bool read_date(struct slice value, unsigned *first, unsigned *second)
{
    enum { SHORTEST_DATE = 6 };
    size_t position = 0;
    unsigned year;
    if (value.length < SHORTEST_DATE || value.data[0] < '0' || value.data[0] > '9')
        return false;
    size_t digits = read_number(value, &position, first);
    if (digits < 1 || digits > 2 || !read_separator(value, &position))
        return false;
    digits = read_number(value, &position, second);
    return digits >= 1 && digits <= 2 && read_separator(value, &position) &&
           read_number(value, &position, &year) >= 2 && *first > 0 && *second > 0;
}

static void look_for_date(struct tally *tally, struct slice value)
{
    enum { MONTHS = 12, DAYS = 31 };
    unsigned first;
    unsigned second;
    if (!read_date(value, &first, &second) || first > DAYS || second > DAYS)
        return;
    if (first <= MONTHS && second <= MONTHS)
        tally->dates_either += first != second;
    else if (second <= MONTHS)
        tally->dates_day_first++;
    else if (first <= MONTHS)
        tally->dates_month_first++;
}

void tally_add_empty(struct tally *tally, uint64_t rows)
{
    tally->values += rows;
}

void tally_add(struct tally *tally, struct slice value)
{
    struct shape shape;
    tally->values++;
    value = slice_trim(value);
    if (value.length == 0)
        return;
    tally->filled++;
    uint64_t hash = hash_bytes(value, 0);
    sketch_add(&tally->sketch, hash);
    frequent_add(&tally->tops, hash, value, 1);
    if (hash <= tally->sample_limit)
        sample_value(tally, hash, value);
    shape_of(value, &shape);
    struct slice pattern = slice_make(shape.text, shape.length);
    frequent_add(&tally->shapes, hash_bytes(pattern, 0), pattern, 1);
    tally->characters += shape.characters;
    if (shape.characters < tally->shortest)
        tally->shortest = shape.characters;
    if (shape.characters > tally->longest)
        tally->longest = shape.characters;
    look_for_date(tally, value);
}

uint64_t tally_filled(const struct tally *tally)
{
    return tally->filled;
}

void tally_join(struct tally *tally, const struct tally *other)
{
    tally->values += other->values;
    tally->filled += other->filled;
    tally->characters += other->characters;
    tally->dates_either += other->dates_either;
    tally->dates_day_first += other->dates_day_first;
    tally->dates_month_first += other->dates_month_first;
    if (other->shortest < tally->shortest)
        tally->shortest = other->shortest;
    if (other->longest > tally->longest)
        tally->longest = other->longest;
    sketch_join(&tally->sketch, &other->sketch);
    frequent_join(&tally->tops, &other->tops);
    frequent_join(&tally->shapes, &other->shapes);
    for (size_t i = 0; i < other->sample_count; i++)
        if (other->sample[i].hash <= tally->sample_limit)
            sample_value(tally, other->sample[i].hash,
                         slice_make(other->sample[i].text, other->sample[i].length));
}

/* ---- the result ---- */

static struct profile_value *list_values(const struct frequent *frequent, size_t most,
                                         struct arena *arena, size_t *count)
{
    struct frequent sorted;
    frequent_begin(&sorted, frequent->most);
    frequent_join(&sorted, frequent);
    frequent_sort(&sorted);
    *count = sorted.used < most ? sorted.used : most;
    struct profile_value *values = arena_allocate_array(arena, *count, sizeof(*values));
    for (size_t i = 0; i < *count; i++) {
        const struct frequent_entry *entry = &sorted.entries[i];
        values[i].text = arena_copy(arena, slice_make(entry->text, entry->length));
        values[i].count = entry->count;
    }
    frequent_release(&sorted);
    return values;
}

/* Of a column with more values than are counted, those counted speak for the others. */
static void finish_sketch(const struct tally *tally, struct arena *arena,
                          struct profile_column *column)
{
    size_t count;
    struct sketch_entry *entries = sketch_sorted(&tally->sketch, &count);
    column->distinct = sketch_distinct(&tally->sketch);
    column->distinct_exact = !tally->sketch.overflowed && tally->sketch.used <= tally->sketch.most;
    if (column->distinct > tally->filled)
        column->distinct = tally->filled;
    column->unique = tally->filled > 0;
    for (size_t i = 0; i < count && column->unique; i++)
        column->unique = entries[i].count == 1;
    if (column->unique)
        column->distinct = tally->filled;
    column->sketch_count = count < SKETCH_KEPT ? count : SKETCH_KEPT;
    column->sketch = arena_allocate_array(arena, column->sketch_count, sizeof(uint64_t));
    for (size_t i = 0; i < column->sketch_count; i++)
        column->sketch[i] = entries[i].hash;
    memory_free(entries);
}

static void finish_sample(const struct tally *tally, struct arena *arena,
                          struct profile_column *column)
{
    struct sampled *sorted = memory_allocate_array(tally->sample_count + 1, sizeof(*sorted));
    if (tally->sample_count) {
        memcpy(sorted, tally->sample, tally->sample_count * sizeof(*sorted));
        qsort(sorted, tally->sample_count, sizeof(*sorted), compare_sampled);
    }
    column->sample_count =
        tally->sample_count < PROFILE_SAMPLE_MOST ? tally->sample_count : PROFILE_SAMPLE_MOST;
    column->sample = arena_allocate_array(arena, column->sample_count, sizeof(struct slice));
    for (size_t i = 0; i < column->sample_count; i++)
        column->sample[i] = arena_copy(arena, slice_make(sorted[i].text, sorted[i].length));
    memory_free(sorted);
}

void tally_finish(const struct tally *tally, struct arena *arena, struct profile_column *column)
{
    column->values = tally->values;
    column->filled = tally->filled;
    column->shortest = tally->filled ? tally->shortest : 0;
    column->longest = tally->longest;
    column->mean_length = tally->filled ? (double)tally->characters / (double)tally->filled : 0;
    column->dates_either = tally->dates_either;
    column->dates_day_first = tally->dates_day_first;
    column->dates_month_first = tally->dates_month_first;
    column->top = list_values(&tally->tops, PROFILE_TOP_MOST, arena, &column->top_count);
    column->shapes = list_values(&tally->shapes, SHAPES_SHOWN, arena, &column->shape_count);
    finish_sketch(tally, arena, column);
    finish_sample(tally, arena, column);
    column->meaning = "";
    column->kind = "text";
    column->why = "";
}
