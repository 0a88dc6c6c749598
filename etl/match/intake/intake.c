#include "match/intake/intake.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"

/* ---- what is looked at ---- */

static size_t find_field(const struct model *model, size_t entity, const char *field)
{
    return model_find_field(&model->entities[entity], field);
}

static struct referrer_plan *referrer_for(struct match_intake *intake, size_t entity,
                                          size_t reference)
{
    struct intake_plan *plan = &intake->plan;
    for (size_t i = 0; i < plan->referrer_count; i++)
        if (plan->referrers[i].entity == entity && plan->referrers[i].reference == reference)
            return &plan->referrers[i];
    struct referrer_plan *referrer = &plan->referrers[plan->referrer_count++];
    size_t most = intake->rules->field_count;
    referrer->entity = entity;
    referrer->reference = reference;
    referrer->attributes = arena_allocate_array(intake->arena, most, sizeof(size_t));
    referrer->fields = arena_allocate_array(intake->arena, most, sizeof(size_t));
    return referrer;
}

/* The rules have been bound against the model: every name is known. */
static void make_plan(struct match_intake *intake, const struct model *model)
{
    const struct match_rules *rules = intake->rules;
    struct intake_plan *plan = &intake->plan;
    plan->entity = model_find_entity(model, rules->entity);
    plan->attributes = arena_allocate_array(intake->arena, rules->field_count, sizeof(size_t));
    plan->fields = arena_allocate_array(intake->arena, rules->field_count, sizeof(size_t));
    plan->referrers =
        arena_allocate_array(intake->arena, rules->field_count, sizeof(*plan->referrers));
    for (size_t i = 0; i < rules->field_count; i++) {
        const struct match_attribute *attribute = &rules->fields[i];
        if (!attribute->entity) {
            plan->attributes[plan->count] = i;
            plan->fields[plan->count++] = find_field(model, plan->entity, attribute->field);
            continue;
        }
        size_t entity = model_find_entity(model, attribute->entity);
        struct referrer_plan *referrer =
            referrer_for(intake, entity, find_field(model, entity, attribute->reference));
        referrer->attributes[referrer->count] = i;
        referrer->fields[referrer->count++] = find_field(model, entity, attribute->field);
    }
}

struct match_intake *match_intake_create(const struct match_rules *rules, const struct model *model)
{
    struct arena *arena = arena_create();
    struct match_intake *intake = arena_allocate(arena, sizeof(*intake));
    intake->arena = arena;
    intake->rules = rules;
    make_plan(intake, model);
    intake->fields = memory_allocate_array(rules->field_count + 1, sizeof(*intake->fields));
    for (size_t i = 0; i < rules->field_count; i++)
        intake->fields[i].dictionary = map_create();
    intake->referrers =
        arena_allocate_array(arena, intake->plan.referrer_count, sizeof(*intake->referrers));
    for (size_t i = 0; i < intake->plan.referrer_count; i++)
        intake->referrers[i].values =
            arena_allocate_array(arena, intake->plan.referrers[i].count, sizeof(uint32_t *));
    intake->key_starts = memory_grow(NULL, &intake->key_capacity, 1, sizeof(uint64_t));
    intake->key_starts[0] = 0;
    buffer_reserve(&intake->keys, 0);
    buffer_reserve(&intake->references, 0);
    return intake;
}

static bool is_among(const size_t *fields, size_t count, size_t field)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i] == field)
            return true;
    return false;
}

bool match_intake_looks_at(const struct match_intake *intake, size_t entity, size_t field)
{
    const struct intake_plan *plan = &intake->plan;
    if (entity == plan->entity && is_among(plan->fields, plan->count, field))
        return true;
    for (size_t i = 0; i < plan->referrer_count; i++) {
        const struct referrer_plan *referrer = &plan->referrers[i];
        if (entity == referrer->entity &&
            (field == referrer->reference || is_among(referrer->fields, referrer->count, field)))
            return true;
    }
    return false;
}

static void release_referrers(struct match_intake *intake)
{
    for (size_t i = 0; i < intake->plan.referrer_count; i++) {
        struct referrer_list *list = &intake->referrers[i];
        for (size_t j = 0; j < intake->plan.referrers[i].count; j++) {
            memory_free(list->values[j]);
            list->values[j] = NULL;
        }
        memory_free(list->records);
        list->records = NULL;
    }
}

static void release_fields(struct match_intake *intake)
{
    for (size_t i = 0; intake->fields && i < intake->rules->field_count; i++) {
        map_destroy(intake->fields[i].dictionary);
        memory_free(intake->fields[i].values);
        memory_free(intake->fields[i].pairs);
    }
    memory_free(intake->fields);
}

void match_intake_destroy(struct match_intake *intake)
{
    if (!intake)
        return;
    release_referrers(intake);
    release_fields(intake);
    memory_free(intake->sources);
    memory_free(intake->key_starts);
    memory_free(intake->arrivals);
    buffer_release(&intake->keys);
    buffer_release(&intake->references);
    arena_destroy(intake->arena);
}

/* ---- taking in ---- */

void match_intake_begin_source(struct match_intake *intake, const char *name)
{
    intake->sources = memory_grow(intake->sources, &intake->source_capacity,
                                  intake->source_count + 1, sizeof(*intake->sources));
    intake->sources[intake->source_count++] =
        (struct intake_source){arena_copy(intake->arena, slice_of(name)), intake->record_count};
}

static struct slice batch_text(const struct intake_batch *batch, const struct map_text *text)
{
    return slice_make(batch->text.data + text->offset, text->length);
}

static void add_keys(struct match_intake *intake, const struct intake_batch *batch)
{
    uint32_t source_first = intake->sources[intake->source_count - 1].first;
    intake->key_starts = memory_grow(intake->key_starts, &intake->key_capacity,
                                     intake->record_count + batch->count + 1, sizeof(uint64_t));
    for (size_t i = 0; i < batch->count; i++) {
        struct slice key = batch_text(batch, &batch->keys[i]);
        uint32_t arrival = intake->record_count + (uint32_t)i;
        if (arrival > source_first &&
            slice_compare(intake_arrival_key(intake, arrival - 1), key) >= 0)
            intake->unordered = true;
        buffer_append(&intake->keys, key);
        intake->key_starts[arrival + 1] = intake->keys.length;
    }
}

static void add_values(struct match_intake *intake, const struct intake_batch *batch, size_t index)
{
    struct input_field *field = &intake->fields[intake->plan.attributes[index]];
    size_t after = intake->record_count + batch->count;
    field->values =
        memory_grow(field->values, &field->values_capacity, after, sizeof(*field->values));
    map_intern_many(field->dictionary, batch->text.data, batch->values[index], batch->count,
                    field->values + intake->record_count);
    field->value_count = after;
}

static void add_referrer_records(struct match_intake *intake, const struct intake_batch *batch,
                                 size_t number)
{
    const struct referrer_batch *from = &batch->referrers[number];
    struct referrer_list *list = &intake->referrers[number];
    uint32_t source = (uint32_t)intake->source_count - 1;
    list->records = memory_grow(list->records, &list->capacity, list->count + from->count,
                                sizeof(*list->records));
    for (size_t i = 0; i < from->count; i++) {
        struct referrer_record *record = &list->records[list->count + i];
        *record = (struct referrer_record){.key_hash = hash_combine(from->keys[i].hash, source),
                                           .record = NO_ROW,
                                           .source = source};
        if (from->rows[i] != NO_ROW) {
            record->record = intake->record_count + from->rows[i];
            continue;
        }
        struct slice reference = batch_text(batch, &from->references[i]);
        record->reference_offset = intake->references.length;
        record->reference_length = (uint32_t)reference.length;
        buffer_append(&intake->references, reference);
    }
}

static void add_referrers(struct match_intake *intake, const struct intake_batch *batch,
                          size_t number)
{
    const struct referrer_plan *plan = &intake->plan.referrers[number];
    const struct referrer_batch *from = &batch->referrers[number];
    struct referrer_list *list = &intake->referrers[number];
    if (from->count == 0)
        return;
    add_referrer_records(intake, batch, number);
    for (size_t i = 0; i < plan->count; i++) {
        list->values[i] =
            memory_resize_array(list->values[i], list->capacity, sizeof(*list->values[i]));
        map_intern_many(intake->fields[plan->attributes[i]].dictionary, batch->text.data,
                        from->values[i], from->count, list->values[i] + list->count);
    }
    list->count += from->count;
}

void match_intake_add(struct match_intake *intake, const struct intake_batch *batch)
{
    add_keys(intake, batch);
    for (size_t i = 0; i < intake->plan.count; i++)
        add_values(intake, batch, i);
    for (size_t i = 0; i < intake->plan.referrer_count; i++)
        add_referrers(intake, batch, i);
    intake->record_count += (uint32_t)batch->count;
}

/* ---- who is who ---- */

size_t intake_arrival_source(const struct match_intake *intake, uint32_t arrival)
{
    size_t low = 0;
    size_t high = intake->source_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (intake->sources[middle].first <= arrival)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static uint32_t arrival_of(const struct match_intake *intake, uint32_t record)
{
    return intake->arrivals ? intake->arrivals[record] : record;
}

struct slice match_intake_source(const struct match_intake *intake, uint32_t record)
{
    return intake->sources[intake_arrival_source(intake, arrival_of(intake, record))].name;
}

struct slice match_intake_key(const struct match_intake *intake, uint32_t record)
{
    return intake_arrival_key(intake, arrival_of(intake, record));
}

/* ---- the end ---- */

/* A record that refers by a key elsewhere in its source: the keys of all records, looked up. */
static uint32_t find_reference(const struct match_intake *intake,
                               const struct referrer_record *record)
{
    struct slice wanted =
        slice_make(intake->references.data + record->reference_offset, record->reference_length);
    size_t low = 0;
    size_t high = intake->final_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t arrival = arrival_of(intake, (uint32_t)middle);
        size_t source = intake_arrival_source(intake, arrival);
        int order = source == record->source
                        ? slice_compare(intake_arrival_key(intake, arrival), wanted)
                        : (source > record->source) - (source < record->source);
        if (order == 0)
            return (uint32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NO_ROW;
}

/* Of records that refer and have one key the last counts: marks those before. */
static bool *find_repeated(const struct referrer_list *list)
{
    struct hash_pair *pairs = memory_resize_array(NULL, list->count + 1, sizeof(*pairs));
    struct hash_pair *scratch = memory_resize_array(NULL, list->count + 1, sizeof(*scratch));
    bool *repeated = memory_allocate_array(list->count + 1, sizeof(*repeated));
    for (size_t i = 0; i < list->count; i++)
        pairs[i] = (struct hash_pair){list->records[i].key_hash, (uint32_t)i};
    hash_pairs_sort(pairs, list->count, scratch);
    for (size_t i = 1; i < list->count; i++)
        if (pairs[i].hash == pairs[i - 1].hash)
            repeated[pairs[i - 1].value] = true;
    memory_free(pairs);
    memory_free(scratch);
    return repeated;
}

static void join_referrers(struct match_intake *intake, size_t number, const uint32_t *final)
{
    const struct referrer_plan *plan = &intake->plan.referrers[number];
    struct referrer_list *list = &intake->referrers[number];
    bool *repeated = find_repeated(list);
    for (size_t i = 0; i < plan->count; i++) {
        struct input_field *field = &intake->fields[plan->attributes[i]];
        field->pairs = memory_grow(field->pairs, &field->pairs_capacity,
                                   field->pair_count + list->count, sizeof(*field->pairs));
    }
    for (size_t i = 0; i < list->count; i++) {
        uint32_t record = list->records[i].record;
        if (record == NO_ROW)
            record = find_reference(intake, &list->records[i]);
        else if (final)
            record = final[record];
        for (size_t j = 0; j < plan->count && record != NO_ROW && !repeated[i]; j++) {
            struct input_field *field = &intake->fields[plan->attributes[j]];
            if (list->values[j][i] != VALUE_NONE)
                field->pairs[field->pair_count++] = (struct hash_pair){record, list->values[j][i]};
        }
    }
    memory_free(repeated);
}

static void permute_values(const struct match_intake *intake, struct input_field *field)
{
    uint32_t *values = memory_resize_array(NULL, (size_t)intake->final_count + 1, sizeof(*values));
    for (uint32_t record = 0; record < intake->final_count; record++)
        values[record] = field->values[intake->arrivals[record]];
    memory_free(field->values);
    field->values = values;
    field->value_count = intake->final_count;
}

struct match_input *match_intake_finish(struct match_intake *intake)
{
    uint32_t *final = intake_arrange(intake);
    for (size_t i = 0; i < intake->plan.referrer_count; i++)
        join_referrers(intake, i, final);
    release_referrers(intake);
    if (final)
        for (size_t i = 0; i < intake->plan.count; i++)
            permute_values(intake, &intake->fields[intake->plan.attributes[i]]);
    memory_free(final);
    for (size_t i = 0; i < intake->rules->field_count; i++)
        map_freeze(intake->fields[i].dictionary);
    struct match_input *input =
        match_input_adopt(intake->rules, intake->fields, intake->final_count);
    intake->fields = NULL;
    return input;
}
