#include "match/intake/columns.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/intake/derive.h"

static size_t values_of(const struct table *table, const struct marks *marks, size_t attribute,
                        uint32_t record, const uint32_t **values)
{
    const struct column *column = &table->columns[attribute];
    uint32_t mark = marks[attribute].values[record];
    *values = &marks[attribute].values[record];
    if (mark == VALUE_NONE)
        return 0;
    if (mark != VALUE_MANY)
        return 1;
    *values = column->items + column->starts[record];
    return column->starts[record + 1] - column->starts[record];
}

static uint32_t *own_marks(const struct table *table, struct marks *marks)
{
    if (!marks->owned) {
        marks->owned = memory_resize_array(NULL, (size_t)table->record_count + 1, sizeof(uint32_t));
        if (marks->values && table->record_count)
            memcpy(marks->owned, marks->values, table->record_count * sizeof(uint32_t));
        marks->values = marks->owned;
    }
    return marks->owned;
}

static void set_marks(const struct table *table, struct marks *marks, size_t attribute)
{
    const struct column *column = &table->columns[attribute];
    uint32_t *own = own_marks(table, &marks[attribute]);
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t first = column->starts[record];
        uint32_t count = column->starts[record + 1] - first;
        own[record] = count == 0 ? VALUE_NONE : count == 1 ? column->items[first] : VALUE_MANY;
    }
}

/* ---- fields ---- */

static bool is_sorted(const struct hash_pair *pairs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (pairs[i - 1].hash > pairs[i].hash ||
            (pairs[i - 1].hash == pairs[i].hash && pairs[i - 1].value > pairs[i].value))
            return false;
    return true;
}

/* The places of an attribute with several values: from pairs of (record, number) in any order, each
 * number once a record. */
static void lay_out_pairs(struct table *table, struct marks *marks, size_t attribute,
                          struct hash_pair *pairs, size_t count)
{
    struct column *column = &table->columns[attribute];
    if (!is_sorted(pairs, count)) {
        struct hash_pair *scratch = memory_resize_array(NULL, count + 1, sizeof(*scratch));
        hash_pairs_sort(pairs, count, scratch);
        memory_free(scratch);
    }
    column->starts = memory_resize_array(NULL, (size_t)table->record_count + 1, sizeof(uint32_t));
    column->items = memory_resize_array(NULL, count + 1, sizeof(uint32_t));
    uint32_t used = 0;
    size_t i = 0;
    column->starts[0] = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        for (; i < count && pairs[i].hash == record; i++)
            if (used == column->starts[record] || column->items[used - 1] != pairs[i].value)
                column->items[used++] = pairs[i].value;
        column->starts[record + 1] = used;
    }
    set_marks(table, marks, attribute);
}

void column_lay_out(struct table *table, struct marks *marks, size_t attribute,
                    const struct input_field *field)
{
    table->columns[attribute].dictionary = field->dictionary;
    if (table->rules->attributes[attribute].many) {
        struct hash_pair *pairs = memory_resize_array(NULL, field->pair_count + 1, sizeof(*pairs));
        if (field->pair_count)
            memcpy(pairs, field->pairs, field->pair_count * sizeof(*pairs));
        lay_out_pairs(table, marks, attribute, pairs, field->pair_count);
        memory_free(pairs);
        return;
    }
    marks[attribute].values = field->values;
    if (field->value_count == table->record_count)
        return;
    marks[attribute].values = NULL; /* the last records have no value */
    uint32_t *own = own_marks(table, &marks[attribute]);
    for (uint32_t record = 0; record < table->record_count; record++)
        own[record] = record < field->value_count ? field->values[record] : VALUE_NONE;
}

/* ---- derived attributes ---- */

/* Numbered together, so that nobody waits for memory. */
enum { TEXTS_AT_ONCE = 256 };

/* What each value of attribute `from` becomes in the dictionary of the derived one. */
static uint32_t *translate(const struct table *table, const struct attribute *attribute,
                           size_t from, struct map *dictionary)
{
    uint32_t count = map_count(table->columns[from].dictionary);
    uint32_t *translation = memory_allocate_array((size_t)count + 1, sizeof(*translation));
    struct buffer buffer = BUFFER_EMPTY;
    struct buffer base = BUFFER_EMPTY;
    struct map_text texts[TEXTS_AT_ONCE];
    buffer_reserve(&base, 0);
    for (uint32_t first = 0, next = 0; first < count; first = next) {
        buffer_clear(&base);
        for (; next < count && next - first < TEXTS_AT_ONCE; next++) {
            struct slice text = derive_text(attribute, table_text(table, from, next), &buffer);
            texts[next - first] = (struct map_text){hash_bytes(text, 0), (uint32_t)base.length,
                                                    (uint32_t)text.length};
            buffer_append(&base, text);
        }
        map_intern_many(dictionary, base.data, texts, next - first, translation + first);
    }
    buffer_release(&base);
    buffer_release(&buffer);
    return translation;
}

static void derive_one_valued(const struct table *table, struct marks *marks, size_t number,
                              uint32_t *const *translations)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    uint32_t *own = own_marks(table, &marks[number]);
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t derived = VALUE_NONE;
        for (size_t i = 0; i < attribute->from_count && derived == VALUE_NONE; i++) {
            uint32_t value = marks[attribute->from[i]].values[record];
            derived = value == VALUE_NONE ? VALUE_NONE : translations[i][value];
        }
        own[record] = derived;
    }
}

static void derive_many_valued(struct table *table, struct marks *marks, size_t number,
                               uint32_t *const *translations)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    struct hash_pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        for (size_t i = 0; i < attribute->from_count; i++) {
            const uint32_t *values = NULL;
            size_t value_count = values_of(table, marks, attribute->from[i], record, &values);
            for (size_t j = 0; j < value_count; j++) {
                if (translations[i][values[j]] == VALUE_NONE)
                    continue;
                pairs = memory_grow(pairs, &capacity, count + 1, sizeof(*pairs));
                pairs[count++] = (struct hash_pair){record, translations[i][values[j]]};
            }
        }
    }
    lay_out_pairs(table, marks, number, pairs, count);
    memory_free(pairs);
}

void column_derive(struct table *table, struct marks *marks, size_t number)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    struct column *column = &table->columns[number];
    column->owned = map_create();
    column->dictionary = column->owned;
    uint32_t **translations =
        memory_allocate_array(attribute->from_count + 1, sizeof(*translations));
    for (size_t i = 0; i < attribute->from_count; i++)
        translations[i] = translate(table, attribute, attribute->from[i], column->owned);
    map_freeze(column->owned);
    if (attribute->many)
        derive_many_valued(table, marks, number, translations);
    else
        derive_one_valued(table, marks, number, translations);
    for (size_t i = 0; i < attribute->from_count; i++)
        memory_free(translations[i]);
    memory_free(translations);
}

/* ---- values that belong to nobody ---- */

/* The pairs (value, other attribute's value) of all records whose value is carried by more than
 * `limit` of them; fewer cannot go with more than `limit` others. */
static size_t collect_carriers(const struct table *table, const struct marks *marks, size_t number,
                               struct hash_pair **pairs)
{
    const struct attribute *attribute = &table->rules->attributes[number];
    uint32_t *carriers = memory_allocate_array(
        (size_t)map_count(table->columns[number].dictionary) + 1, sizeof(*carriers));
    const uint32_t *values = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (uint32_t record = 0; record < table->record_count; record++)
        for (size_t i = values_of(table, marks, number, record, &values); i-- > 0;)
            carriers[values[i]]++;
    for (uint32_t record = 0; record < table->record_count; record++) {
        uint32_t other = marks[attribute->shared_by].values[record];
        for (size_t i = values_of(table, marks, number, record, &values); i-- > 0;) {
            if (other == VALUE_NONE || carriers[values[i]] <= attribute->shared_limit)
                continue;
            *pairs = memory_grow(*pairs, &capacity, count + 1, sizeof(**pairs));
            (*pairs)[count++] = (struct hash_pair){(uint64_t)values[i] << 32 | other, 0};
        }
    }
    memory_free(carriers);
    return count;
}

static void drop_values(struct table *table, struct marks *marks, size_t number,
                        const bool *dropped)
{
    struct column *column = &table->columns[number];
    uint32_t *own = own_marks(table, &marks[number]);
    uint32_t used = 0;
    for (uint32_t record = 0; record < table->record_count; record++) {
        if (!column->starts) {
            if (own[record] != VALUE_NONE && dropped[own[record]])
                own[record] = VALUE_NONE;
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
    set_marks(table, marks, number);
}

/* The same of values that are told. */
static void drop_told(struct table *table, struct marks *marks, size_t number)
{
    uint32_t count = map_count(table->columns[number].dictionary);
    bool *dropped = memory_allocate_array((size_t)count + 1, sizeof(*dropped));
    for (uint32_t value = 0; value < count; value++) {
        dropped[value] = table->limits->is_dropped(table->limits->context, number,
                                                   table_text(table, number, value));
        marks[number].shared_widely += dropped[value];
    }
    if (marks[number].shared_widely)
        drop_values(table, marks, number, dropped);
    memory_free(dropped);
}

void column_limit(struct table *table, struct marks *marks, size_t number)
{
    size_t limit = table->rules->attributes[number].shared_limit;
    if (table->limits) {
        if (limit)
            drop_told(table, marks, number);
        return;
    }
    struct hash_pair *pairs = NULL;
    size_t count = limit ? collect_carriers(table, marks, number, &pairs) : 0;
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
            marks[number].shared_widely++;
        }
    }
    drop_values(table, marks, number, dropped);
    memory_free(dropped);
    memory_free(pairs);
}
