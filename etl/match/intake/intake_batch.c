#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "match/intake/intake.h"

struct intake_batch *intake_batch_create(const struct match_intake *intake)
{
    struct intake_batch *batch = memory_allocate_array(1, sizeof(*batch));
    const struct intake_plan *plan = &intake->plan;
    batch->plan = plan;
    buffer_reserve(&batch->text, 0);
    batch->values = memory_allocate_array(plan->count, sizeof(*batch->values));
    batch->referrers = memory_allocate_array(plan->referrer_count, sizeof(*batch->referrers));
    for (size_t i = 0; i < plan->referrer_count; i++)
        batch->referrers[i].values =
            memory_allocate_array(plan->referrers[i].count, sizeof(struct map_text *));
    return batch;
}

void intake_batch_destroy(struct intake_batch *batch)
{
    if (!batch)
        return;
    for (size_t i = 0; i < batch->plan->referrer_count; i++) {
        struct referrer_batch *referrers = &batch->referrers[i];
        for (size_t j = 0; j < batch->plan->referrers[i].count; j++)
            memory_free(referrers->values[j]);
        memory_free(referrers->values);
        memory_free(referrers->rows);
        memory_free(referrers->keys);
        memory_free(referrers->references);
    }
    for (size_t i = 0; i < batch->plan->count; i++)
        memory_free(batch->values[i]);
    memory_free(batch->values);
    memory_free(batch->referrers);
    memory_free(batch->keys);
    buffer_release(&batch->text);
    memory_free(batch);
}

void intake_batch_clear(struct intake_batch *batch)
{
    batch->count = 0;
    for (size_t i = 0; i < batch->plan->referrer_count; i++)
        batch->referrers[i].count = 0;
    buffer_clear(&batch->text);
}

static struct map_text keep_text(struct intake_batch *batch, struct slice text)
{
    if (text.length == 0)
        return (struct map_text){0, 0, 0};
    struct map_text kept = {hash_bytes(text, 0), (uint32_t)batch->text.length,
                            (uint32_t)text.length};
    buffer_append(&batch->text, text);
    return kept;
}

/* All columns grow together. */
static void make_room(struct intake_batch *batch)
{
    if (batch->count < batch->capacity)
        return;
    batch->keys =
        memory_grow(batch->keys, &batch->capacity, batch->count + 1, sizeof(*batch->keys));
    for (size_t i = 0; i < batch->plan->count; i++)
        batch->values[i] =
            memory_resize_array(batch->values[i], batch->capacity, sizeof(struct map_text));
}

static void add_own(struct intake_batch *batch, const struct record *record)
{
    make_room(batch);
    batch->keys[batch->count] = keep_text(batch, record->key);
    for (size_t i = 0; i < batch->plan->count; i++)
        batch->values[i][batch->count] = keep_text(batch, record->values[batch->plan->fields[i]]);
    batch->count++;
}

static void make_referrer_room(struct referrer_batch *referrers, size_t columns)
{
    if (referrers->count < referrers->capacity)
        return;
    referrers->rows = memory_grow(referrers->rows, &referrers->capacity, referrers->count + 1,
                                  sizeof(*referrers->rows));
    referrers->keys =
        memory_resize_array(referrers->keys, referrers->capacity, sizeof(struct map_text));
    referrers->references =
        memory_resize_array(referrers->references, referrers->capacity, sizeof(struct map_text));
    for (size_t i = 0; i < columns; i++)
        referrers->values[i] =
            memory_resize_array(referrers->values[i], referrers->capacity, sizeof(struct map_text));
}

/* The matched record among those of the same row that the reference means. */
static uint32_t find_in_row(const struct intake_batch *batch, size_t row_begin,
                            struct slice reference)
{
    for (size_t i = row_begin; i < batch->count; i++) {
        const struct map_text *key = &batch->keys[i];
        if (slice_equal(slice_make(batch->text.data + key->offset, key->length), reference))
            return (uint32_t)i;
    }
    return NO_ROW;
}

static void add_referring(struct intake_batch *batch, size_t number, size_t row_begin,
                          const struct record *record)
{
    const struct referrer_plan *plan = &batch->plan->referrers[number];
    struct referrer_batch *referrers = &batch->referrers[number];
    struct slice reference = record->values[plan->reference];
    make_referrer_room(referrers, plan->count);
    size_t index = referrers->count++;
    uint32_t row = find_in_row(batch, row_begin, reference);
    referrers->rows[index] = row;
    referrers->keys[index] = (struct map_text){hash_bytes(record->key, 0), 0, 0};
    referrers->references[index] =
        row == NO_ROW ? keep_text(batch, reference) : (struct map_text){0, 0, 0};
    for (size_t i = 0; i < plan->count; i++)
        referrers->values[i][index] = keep_text(batch, record->values[plan->fields[i]]);
}

void intake_batch_add(struct intake_batch *batch, const struct record *records, size_t count)
{
    size_t row_begin = batch->count;
    for (size_t i = 0; i < count; i++)
        if (records[i].entity == batch->plan->entity)
            add_own(batch, &records[i]);
    for (size_t i = 0; i < batch->plan->referrer_count; i++)
        for (size_t j = 0; j < count; j++)
            if (records[j].entity == batch->plan->referrers[i].entity)
                add_referring(batch, i, row_begin, &records[j]);
}
