#include "cli/stage/stage_batch.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

#include <stdlib.h>

struct batch_record {
    struct slice id;      /* escaped, as it came */
    struct slice text;    /* the same without escapes: what it is ordered by */
    struct slice *values; /* columns */
    uint32_t place;
};

struct stage_batch {
    const struct stage_job *job;
    size_t attribute_count;
    struct arena *arena;
    struct map *places; /* by id */
    struct batch_record *records;
    size_t capacity;
    uint32_t count;
    uint32_t *numbers; /* by place */
    struct match_input *input;
    struct match_part *part;
};

struct stage_batch *stage_batch_create(const struct stage_job *job)
{
    const struct match_attribute *attributes = NULL;
    struct stage_batch *batch = memory_allocate_array(1, sizeof(*batch));
    batch->job = job;
    batch->attribute_count = match_rules_attributes(job->match_rules, &attributes);
    batch->arena = arena_create();
    batch->places = map_create();
    return batch;
}

static void forget_part(struct stage_batch *batch)
{
    match_part_destroy(batch->part);
    match_input_destroy(batch->input);
    memory_free(batch->numbers);
    batch->part = NULL;
    batch->input = NULL;
    batch->numbers = NULL;
}

void stage_batch_destroy(struct stage_batch *batch)
{
    if (!batch)
        return;
    forget_part(batch);
    map_destroy(batch->places);
    memory_free(batch->records);
    arena_destroy(batch->arena);
    memory_free(batch);
}

void stage_batch_clear(struct stage_batch *batch)
{
    forget_part(batch);
    map_destroy(batch->places);
    batch->places = map_create();
    batch->count = 0;
    arena_reset(batch->arena);
}

void stage_batch_keep(struct stage_batch *batch, const uint32_t *numbers, size_t count)
{
    struct arena *former = batch->arena;
    struct batch_record *kept = memory_allocate_array(count + 1, sizeof(*kept));
    for (size_t i = 0; i < count; i++)
        kept[i] = batch->records[numbers[i]];
    batch->arena = arena_create();
    stage_batch_clear(batch);
    for (size_t i = 0; i < count; i++)
        stage_batch_add(batch, kept[i].id, kept[i].values);
    memory_free(kept);
    arena_destroy(former);
}

uint32_t stage_batch_count(const struct stage_batch *batch)
{
    return batch->count;
}

uint32_t stage_batch_find(const struct stage_batch *batch, struct slice id)
{
    return map_number(batch->places, id);
}

uint32_t stage_batch_add(struct stage_batch *batch, struct slice id, const struct slice *values)
{
    uint32_t place = map_intern(batch->places, id);
    if (place < batch->count)
        return place;
    batch->records =
        memory_grow(batch->records, &batch->capacity, (size_t)place + 1, sizeof(*batch->records));
    struct batch_record *record = &batch->records[place];
    record->id = arena_copy(batch->arena, id);
    record->text = line_text(batch->arena, record->id);
    record->place = place;
    record->values =
        arena_allocate_array(batch->arena, batch->attribute_count, sizeof(*record->values));
    for (size_t i = 0; i < batch->attribute_count; i++)
        record->values[i] = arena_copy(batch->arena, values[i]);
    batch->count++;
    return place;
}

static int by_id(const void *a, const void *b)
{
    const struct batch_record *x = a;
    const struct batch_record *y = b;
    return slice_compare(x->text, y->text);
}

static void add_record(struct stage_batch *batch, const struct batch_record *record)
{
    struct slice source = slice_of(NULL);
    struct slice key = slice_of(NULL);
    stage_split_id(record->text, &source, &key);
    uint32_t number = match_input_add(batch->input, source, key);
    for (size_t i = 0; i < batch->attribute_count; i++) {
        const struct slice *items = NULL;
        size_t count = line_items(batch->arena, record->values[i], &items);
        for (size_t j = 0; j < count; j++)
            match_input_set(batch->input, number, i, items[j]);
    }
    batch->numbers[record->place] = number;
}

struct match_part *stage_batch_finish(struct stage_batch *batch)
{
    const struct stage_job *job = batch->job;
    if (batch->count)
        qsort(batch->records, batch->count, sizeof(*batch->records), by_id);
    batch->input = match_input_create(job->match_rules);
    batch->numbers = memory_allocate_array((size_t)batch->count + 1, sizeof(*batch->numbers));
    for (uint32_t i = 0; i < batch->count; i++)
        add_record(batch, &batch->records[i]);
    batch->part = match_part_create(job->match_rules, job->match_model, batch->input, job->common);
    return batch->part;
}

uint32_t stage_batch_number(const struct stage_batch *batch, uint32_t place)
{
    return batch->numbers[place];
}

struct slice stage_batch_id(const struct stage_batch *batch, uint32_t number)
{
    return batch->records[number].id;
}
