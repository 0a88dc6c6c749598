#include "match/intake/table.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"
#include "match/intake/columns.h"

enum {
    /* Values behind the last row, which may be read together with it (test.c). */
    ROOM_BEHIND = 16,
    RANGE_RECORDS = 1 << 14
};

struct table_work {
    struct table *table;
    const struct match_input *input;
    struct marks *marks; /* by attribute */
    size_t *wave;        /* by attribute: 0: a field; else one more than those that it needs */
    size_t current_wave;
};

/* ---- what each thread does ---- */

static void lay_out(void *context, size_t attribute, unsigned thread)
{
    struct table_work *work = context;
    (void)thread;
    column_lay_out(work->table, work->marks, attribute, &input_fields(work->input)[attribute]);
}

static void limit_field(void *context, size_t attribute, unsigned thread)
{
    struct table_work *work = context;
    (void)thread;
    column_limit(work->table, work->marks, attribute);
}

static void derive(void *context, size_t number, unsigned thread)
{
    struct table_work *work = context;
    size_t attribute = work->table->rules->field_count + number;
    (void)thread;
    if (work->wave[attribute] != work->current_wave)
        return;
    column_derive(work->table, work->marks, attribute);
    column_limit(work->table, work->marks, attribute);
}

/* Two values stand in the row itself; of more only the columns know. */
static void fill_twins(const struct table *table, size_t record, uint32_t *row)
{
    for (size_t i = 0; i < table->many_count; i++) {
        const struct column *column = &table->columns[table->many[i]];
        uint32_t *twins = row + column->twins;
        uint32_t first = column->starts[record];
        bool are_two = column->starts[record + 1] - first == 2;
        twins[0] = are_two ? column->items[first] : VALUE_MANY;
        twins[1] = are_two ? column->items[first + 1] : VALUE_MANY;
    }
}

static void fill_rows(void *context, size_t range, unsigned thread)
{
    const struct table_work *work = context;
    const struct table *table = work->table;
    size_t first = range * RANGE_RECORDS;
    size_t end = first + RANGE_RECORDS;
    end = end < table->record_count ? end : table->record_count;
    (void)thread;
    for (size_t record = first; record < end; record++) {
        uint32_t *row = table->rows + record * table->stride;
        for (size_t i = 0; i < table->width; i++)
            row[i] = work->marks[i].values[record];
        fill_twins(table, record, row);
    }
}

static void sign_values(void *context, size_t attribute, unsigned thread)
{
    const struct table_work *work = context;
    struct column *column = &work->table->columns[attribute];
    (void)thread;
    if (!work->table->rules->attributes[attribute].is_signed)
        return;
    uint32_t count = map_count(column->dictionary);
    column->signatures = memory_resize_array(NULL, (size_t)count + 1, sizeof(uint64_t));
    for (uint32_t value = 0; value < count; value++)
        column->signatures[value] = characters_signature(map_key(column->dictionary, value));
}

/* ---- all of it ---- */

/* Whether no limit looks at an attribute that has a limit itself: then their order is free. */
static bool limits_are_apart(const struct match_rules *rules)
{
    for (size_t i = 0; i < rules->field_count; i++) {
        const struct attribute *attribute = &rules->attributes[i];
        if (attribute->shared_limit && rules->attributes[attribute->shared_by].shared_limit)
            return false;
    }
    return true;
}

/* Returns the last wave. */
static size_t plan_waves(const struct match_rules *rules, size_t *wave)
{
    size_t last = 0;
    for (size_t i = rules->field_count; i < rules->attribute_count; i++) {
        const struct attribute *attribute = &rules->attributes[i];
        size_t after =
            attribute->shared_limit && attribute->shared_by < i ? wave[attribute->shared_by] : 0;
        for (size_t j = 0; j < attribute->from_count; j++)
            after = wave[attribute->from[j]] > after ? wave[attribute->from[j]] : after;
        wave[i] = after + 1;
        last = wave[i] > last ? wave[i] : last;
    }
    return last;
}

static void make_columns(struct table_work *work, unsigned threads)
{
    const struct match_rules *rules = work->table->rules;
    work->wave = memory_allocate_array(rules->attribute_count + 1, sizeof(*work->wave));
    size_t last = plan_waves(rules, work->wave);
    /* Fields whole before limits: a limit looks at another field. */
    pool_run(threads, rules->field_count, lay_out, work);
    pool_run(limits_are_apart(rules) ? threads : 1, rules->field_count, limit_field, work);
    for (work->current_wave = 1; work->current_wave <= last; work->current_wave++)
        pool_run(threads, rules->attribute_count - rules->field_count, derive, work);
    memory_free(work->wave);
}

static void make_rows(struct table_work *work, unsigned threads)
{
    struct table *table = work->table;
    size_t values = (size_t)table->record_count * table->stride;
    table->rows = memory_resize_array(NULL, values + ROOM_BEHIND, sizeof(*table->rows));
    for (size_t i = 0; i < ROOM_BEHIND; i++)
        table->rows[values + i] = VALUE_NONE;
    pool_run(threads, (table->record_count + (size_t)RANGE_RECORDS - 1) / RANGE_RECORDS, fill_rows,
             work);
}

static struct table *make_table(const struct match_rules *rules, const struct match_input *input,
                                const struct value_limits *limits, unsigned threads)
{
    struct table *table = memory_allocate_array(1, sizeof(*table));
    struct table_work work = {.table = table, .input = input};
    table->rules = rules;
    table->limits = limits;
    table->record_count = match_input_count(input);
    table->width = rules->attribute_count;
    table->columns = memory_allocate_array(table->width, sizeof(*table->columns));
    table->many = memory_allocate_array(table->width, sizeof(*table->many));
    for (size_t i = 0; i < table->width; i++) {
        if (!rules->attributes[i].many)
            continue;
        table->columns[i].twins = table->width + 2 * table->many_count;
        table->many[table->many_count++] = i;
    }
    table->stride = table->width + 2 * table->many_count;
    work.marks = memory_allocate_array(table->width, sizeof(*work.marks));
    make_columns(&work, threads);
    make_rows(&work, threads);
    pool_run(threads, table->width, sign_values, &work);
    for (size_t i = 0; i < table->width; i++) {
        table->values_shared_widely += work.marks[i].shared_widely;
        memory_free(work.marks[i].owned);
    }
    memory_free(work.marks);
    return table;
}

struct table *table_create(const struct match_rules *rules, const struct match_input *input,
                           unsigned threads)
{
    return make_table(rules, input, NULL, threads);
}

struct table *table_create_part(const struct match_rules *rules, const struct match_input *input,
                                const struct value_limits *limits)
{
    return make_table(rules, input, limits, 1);
}

void table_destroy(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->width; i++) {
        map_destroy(table->columns[i].owned);
        memory_free(table->columns[i].starts);
        memory_free(table->columns[i].items);
        memory_free(table->columns[i].signatures);
        memory_free(table->columns[i].spread);
    }
    memory_free(table->columns);
    memory_free(table->many);
    memory_free(table->rows);
    memory_free(table);
}

/* The first value that two records have in common, or VALUE_NONE. */
static uint32_t common_value(const struct table *table, size_t attribute, uint32_t a, uint32_t b)
{
    const uint32_t *x = NULL;
    const uint32_t *y = NULL;
    size_t x_count = table_values(table, a, attribute, &x);
    size_t y_count = table_values(table, b, attribute, &y);
    for (size_t i = 0, j = 0; i < x_count && j < y_count;) {
        if (x[i] == y[j])
            return x[i];
        if (x[i] < y[j])
            i++;
        else
            j++;
    }
    return VALUE_NONE;
}

bool table_shares(const struct table *table, size_t attribute, uint32_t a, uint32_t b)
{
    return common_value(table, attribute, a, b) != VALUE_NONE;
}

struct slice table_common_text(const struct table *table, size_t attribute, uint32_t a, uint32_t b)
{
    uint32_t value = common_value(table, attribute, a, b);
    return value == VALUE_NONE ? SLICE("") : table_text(table, attribute, value);
}
