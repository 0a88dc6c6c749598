#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/train/met.h"

struct match_input {
    const struct match_rules *rules;
    struct input_field *fields;
    uint32_t record_count;
    struct buffer last_source;
    struct buffer last_key;
    bool unordered;
    struct prepared *prepared; /* its members NULL: not yet */
};

static void drop_prepared(struct match_input *input)
{
    table_destroy(input->prepared->table);
    met_pairs_destroy(input->prepared->met);
    *input->prepared = (struct prepared){0};
}

const struct prepared *input_prepared(const struct match_input *input)
{
    return input->prepared->table ? input->prepared : NULL;
}

const struct prepared *input_prepare(const struct match_input *input, unsigned threads)
{
    struct prepared *prepared = input->prepared;
    if (!prepared->table) {
        prepared->table = table_create(input->rules, input, threads);
        prepared->met = met_pairs_find(prepared->table, threads);
    }
    return prepared;
}

struct match_input *match_input_create(const struct match_rules *rules)
{
    struct match_input *input = memory_allocate_array(1, sizeof(*input));
    input->rules = rules;
    input->prepared = memory_allocate_array(1, sizeof(*input->prepared));
    input->fields = memory_allocate_array(rules->field_count + 1, sizeof(*input->fields));
    for (size_t i = 0; i < rules->field_count; i++)
        input->fields[i].dictionary = map_create();
    return input;
}

struct match_input *match_input_adopt(const struct match_rules *rules, struct input_field *fields,
                                      uint32_t record_count)
{
    struct match_input *input = memory_allocate_array(1, sizeof(*input));
    input->rules = rules;
    input->prepared = memory_allocate_array(1, sizeof(*input->prepared));
    input->fields = fields;
    input->record_count = record_count;
    return input;
}

void match_input_destroy(struct match_input *input)
{
    if (!input)
        return;
    drop_prepared(input);
    memory_free(input->prepared);
    for (size_t i = 0; i < input->rules->field_count; i++) {
        map_destroy(input->fields[i].dictionary);
        memory_free(input->fields[i].values);
        memory_free(input->fields[i].pairs);
    }
    memory_free(input->fields);
    buffer_release(&input->last_source);
    buffer_release(&input->last_key);
    memory_free(input);
}

uint32_t match_input_add(struct match_input *input, struct slice source, struct slice key)
{
    int order = slice_compare(buffer_slice(&input->last_source), source);
    if (order == 0)
        order = slice_compare(buffer_slice(&input->last_key), key);
    if (order > 0)
        input->unordered = true;
    drop_prepared(input);
    buffer_clear(&input->last_source);
    buffer_append(&input->last_source, source);
    buffer_clear(&input->last_key);
    buffer_append(&input->last_key, key);
    return input->record_count++;
}

static void set_one(struct input_field *field, uint32_t record, uint32_t number)
{
    if (record >= field->value_count) {
        field->values = memory_grow(field->values, &field->values_capacity, (size_t)record + 1,
                                    sizeof(*field->values));
        for (size_t i = field->value_count; i < record; i++)
            field->values[i] = VALUE_NONE;
        field->value_count = (size_t)record + 1;
    }
    field->values[record] = number;
}

void match_input_set(struct match_input *input, uint32_t record, size_t attribute,
                     struct slice value)
{
    if (slice_is_empty(value))
        return;
    drop_prepared(input);
    struct input_field *field = &input->fields[attribute];
    uint32_t number = map_intern(field->dictionary, value);
    if (!input->rules->attributes[attribute].many) {
        set_one(field, record, number);
        return;
    }
    field->pairs = memory_grow(field->pairs, &field->pairs_capacity, field->pair_count + 1,
                               sizeof(*field->pairs));
    field->pairs[field->pair_count++] = (struct hash_pair){record, number};
}

uint32_t match_input_count(const struct match_input *input)
{
    return input->record_count;
}

uint32_t match_input_value(const struct match_input *input, uint32_t record, size_t attribute)
{
    const struct input_field *field = &input->fields[attribute];
    return record < field->value_count ? field->values[record] : VALUE_NONE;
}

uint32_t match_input_values(const struct match_input *input, size_t attribute)
{
    return map_count(input->fields[attribute].dictionary);
}

struct slice match_input_text(const struct match_input *input, size_t attribute, uint32_t value)
{
    return map_key(input->fields[attribute].dictionary, value);
}

const struct input_field *input_fields(const struct match_input *input)
{
    return input->fields;
}

bool input_is_ordered(const struct match_input *input)
{
    return !input->unordered;
}
