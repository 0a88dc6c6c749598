#include "match/table.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/derive.h"

/* Values behind the last row, which may be read together with it (test.c). */
enum { ROOM_BEHIND = 4 };

/* What a row has for an attribute with several values. */
static void set_mark(struct table *table, size_t attribute, uint32_t record)
{
    const struct column *column = &table->columns[attribute];
    uint32_t first = column->starts[record];
    uint32_t count = column->starts[record + 1] - first;
    table->rows[(size_t)record * table->width + attribute] = count == 0   ? VALUE_NONE
                                                             : count == 1 ? column->items[first]
                                                                          : VALUE_MANY;
}

/* The places of an attribute with several values: from pairs of (record, number) in any order, each
 * number once a record. */
static void lay_out_pairs(struct table *table, size_t attribute, struct hash_pair *pairs,
                          size_t count)
{
    struct column *column = &table->columns[attribute];
    struct hash_pair *scratch = memory_allocate_array(count + 1, sizeof(*scratch));
    hash_pairs_sort(pairs, count, scratch);
    memory_free(scratch);
    column->starts = memory_allocate_array((size_t)table->record_count + 1, sizeof(uint32_t));
    column->items = memory_allocate_array(count + 1, sizeof(uint32_t));
    uint32_t used = 0;
    size_t i = 0;
    column->starts[0] = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        for (; i < count && pairs[i].hash == record; i++)
            if (used == column->starts[record] || column->items[used - 1] != pairs[i].value)
                column->items[used++] = pairs[i].value;
        column->starts[record + 1] = used;
        set_mark(table, attribute, record);
    }
}

static void lay_out_field(struct table *table, size_t attribute, const struct input_field *field)
{
    table->columns[attribute].dictionary = field->dictionary;
    if (table->rules->attributes[attribute].many) {
        struct hash_pair *pairs = memory_allocate_array(field->pair_count + 1, sizeof(*pairs));
        if (field->pair_count)
            memcpy(pairs, field->pairs, field->pair_count * sizeof(*pairs));
        lay_out_pairs(table, attribute, pairs, field->pair_count);
        memory_free(pairs);
        return;
    }
    for (uint32_t record = 0; record < table->record_count; record++)
        table->rows[(size_t)record * table->width + attribute] =
            record < field->value_count ? field->values[record] : VALUE_NONE;
}

/* What each value of attribute `from` becomes in the dictionary of the derived one. */
static uint32_t *translate(const struct table *table, const struct attribute *attribute,
                           size_t from, struct map *dictionary)
{
    uint32_t count = map_count(table->columns[from].dictionary);
    uint32_t *translation = memory_allocate_array((size_t)count + 1, sizeof(*translation));
    struct buffer buffer = BUFFER_EMPTY;
    for (uint32_t value = 0; value < count; value++) {
        struct slice text = derive_text(attribute, table_text(table, from, value), &buffer);
        translation[value] = slice_is_empty(text) ? VALUE_NONE : map_intern(dictionary, text);
    }
    buffer_release(&buffer);
    return translation;
}

static void derive_one_valued(struct table *table, size_t number, uint32_t *const *translations)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t *row = table->rows + (size_t)record * table->width;
        row[number] = VALUE_NONE;
        for (size_t i = 0; i < attribute->from_count && row[number] == VALUE_NONE; i++) {
            uint32_t value = row[attribute->from[i]];
            row[number] = value == VALUE_NONE ? VALUE_NONE : translations[i][value];
        }
    }
}

static void derive_many_valued(struct table *table, size_t number, uint32_t *const *translations)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    struct hash_pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        for (size_t i = 0; i < attribute->from_count; i++) {
            const uint32_t *values = NULL;
            size_t value_count = table_values(table, record, attribute->from[i], &values);
            for (size_t j = 0; j < value_count; j++) {
                if (translations[i][values[j]] == VALUE_NONE)
                    continue;
                pairs = memory_grow(pairs, &capacity, count + 1, sizeof(*pairs));
                pairs[count++] = (struct hash_pair){record, translations[i][values[j]]};
            }
        }
    }
    lay_out_pairs(table, number, pairs, count);
    memory_free(pairs);
}

static void derive_attribute(struct table *table, size_t number)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    struct column *column = &table->columns[number];
    column->owned = map_create();
    column->dictionary = column->owned;
    uint32_t **translations =
        memory_allocate_array(attribute->from_count + 1, sizeof(*translations));
    for (size_t i = 0; i < attribute->from_count; i++)
        translations[i] = translate(table, attribute, attribute->from[i], column->owned);
    if (attribute->many)
        derive_many_valued(table, number, translations);
    else
        derive_one_valued(table, number, translations);
    for (size_t i = 0; i < attribute->from_count; i++)
        memory_free(translations[i]);
    memory_free(translations);
}

/* ---- values that belong to nobody ---- */

/* The pairs (value, other attribute's value) of all records whose value is carried by more than
 * `limit` of them; fewer cannot go with more than `limit` others. */
static size_t collect_carriers(const struct table *table, size_t number, struct hash_pair **pairs)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    uint32_t *carriers = memory_allocate_array(
        (size_t)map_count(table->columns[number].dictionary) + 1, sizeof(*carriers));
    const uint32_t *values = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (uint32_t record = 0; record < table->record_count; record++)
        for (size_t i = table_values(table, record, number, &values); i-- > 0;)
            carriers[values[i]]++;
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t other = table_row(table, record)[attribute->shared_by];
        for (size_t i = table_values(table, record, number, &values); i-- > 0;) {
            if (other == VALUE_NONE || carriers[values[i]] <= attribute->shared_limit)
                continue;
            *pairs = memory_grow(*pairs, &capacity, count + 1, sizeof(**pairs));
            (*pairs)[count++] = (struct hash_pair){(uint64_t)values[i] << 32 | other, 0};
        }
    }
    memory_free(carriers);
    return count;
}

static void drop_values(struct table *table, size_t number, const bool *dropped)
{
    struct column *column = &table->columns[number];
    uint32_t used = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t *value = &table->rows[(size_t)record * table->width + number];
        if (!column->starts) {
            if (*value != VALUE_NONE && dropped[*value])
                *value = VALUE_NONE;
            continue;
        }
        uint32_t first = used;
        for (uint32_t i = column->starts[record]; i < column->starts[record + 1]; i++)
            if (!dropped[column->items[i]])
                column->items[used++] = column->items[i];
        column->starts[record] = first;
    }
    if (!column->starts)
        return;
    column->starts[table->record_count] = used;
    for (uint32_t record = 0; record < table->record_count; record++)
        set_mark(table, number, record);
}

static void drop_shared_widely(struct table *table, size_t number)
{
    size_t limit = table->rules->attributes[number].shared_limit;
    struct hash_pair *pairs = NULL;
    size_t count = limit ? collect_carriers(table, number, &pairs) : 0;
    if (count == 0)
        return;
    struct hash_pair *scratch = memory_allocate_array(count, sizeof(*scratch));
    hash_pairs_sort(pairs, count, scratch);
    memory_free(scratch);
    bool *dropped =
        memory_allocate_array(map_count(table->columns[number].dictionary), sizeof(*dropped));
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        uint64_t value = pairs[i].hash >> 32;
        if (i == 0 || pairs[i - 1].hash >> 32 != value)
            others = 1;
        else
            others += pairs[i].hash != pairs[i - 1].hash;
        if (others == limit + 1 && !dropped[value]) {
            dropped[value] = true;
            table->values_shared_widely++;
        }
    }
    drop_values(table, number, dropped);
    memory_free(dropped);
    memory_free(pairs);
}

struct table *table_create(const struct match_rules *rules, const struct match_input *input)
{
    struct table *table = memory_allocate_array(1, sizeof(*table));
    table->rules = rules;
    table->record_count = match_input_count(input);
    table->width = rules->attribute_count;
    table->rows = memory_resize_array(
        NULL, (size_t)table->record_count * table->width + ROOM_BEHIND, sizeof(*table->rows));
    for (size_t i = 0; i < ROOM_BEHIND; i++)
        table->rows[(size_t)table->record_count * table->width + i] = VALUE_NONE;
    table->columns = memory_allocate_array(table->width, sizeof(*table->columns));
    table->many = memory_allocate_array(table->width, sizeof(*table->many));
    for (size_t i = 0; i < table->width; i++)
        if (rules->attributes[i].many)
            table->many[table->many_count++] = i;
    /* Fields whole before limits: a limit looks at another field. */
    for (size_t i = 0; i < rules->field_count; i++)
        lay_out_field(table, i, &input_fields(input)[i]);
    for (size_t i = 0; i < rules->field_count; i++)
        drop_shared_widely(table, i);
    for (size_t i = rules->field_count; i < table->width; i++) {
        derive_attribute(table, i);
        drop_shared_widely(table, i);
    }
    return table;
}

void table_destroy(struct table *table)
{
    if (!table)
        return;
    for (size_t i = 0; i < table->width; i++) {
        map_destroy(table->columns[i].owned);
        memory_free(table->columns[i].starts);
        memory_free(table->columns[i].items);
    }
    memory_free(table->columns);
    memory_free(table->many);
    memory_free(table->rows);
    memory_free(table);
}

bool table_shares(const struct table *table, size_t attribute, uint32_t a, uint32_t b)
{
    const uint32_t *x = NULL;
    const uint32_t *y = NULL;
    size_t x_count = table_values(table, a, attribute, &x);
    size_t y_count = table_values(table, b, attribute, &y);
    for (size_t i = 0, j = 0; i < x_count && j < y_count;) {
        if (x[i] == y[j])
            return true;
        if (x[i] < y[j])
            i++;
        else
            j++;
    }
    return false;
}
