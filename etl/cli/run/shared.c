/* Values that too many customers share: a salesman's number typed for hundreds of customers is no
 * evidence for the match, and something for the dealer to correct. */
#include "cli/run/shared.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "cust360/base/text.h"
#include "cust360/store_steward.h"

/* Records by their cluster, so that a customer's are side by side. */
static uint32_t *records_by_cluster(const struct match_result *result)
{
    uint32_t count = result->record_count;
    uint32_t *starts = memory_allocate_array((size_t)count + 1, sizeof(*starts));
    uint32_t *records = memory_allocate_array((size_t)count + 1, sizeof(*records));
    for (uint32_t i = 0; i < count; i++)
        starts[result->cluster[i] + 1]++;
    for (uint32_t i = 0; i < count; i++)
        starts[i + 1] += starts[i];
    for (uint32_t i = 0; i < count; i++)
        records[starts[result->cluster[i]]++] = i;
    memory_free(starts);
    return records;
}

/* How many customers have each value of an attribute. */
static uint32_t *count_customers(const struct match_input *input, const struct match_result *result,
                                 const uint32_t *records, size_t attribute)
{
    size_t values = match_input_values(input, attribute);
    uint32_t *customers = memory_allocate_array(values + 1, sizeof(*customers));
    uint32_t *last = memory_allocate_array(values + 1, sizeof(*last)); /* cluster + 1 */
    for (uint32_t i = 0; i < result->record_count; i++) {
        uint32_t value = match_input_value(input, records[i], attribute);
        uint32_t cluster = result->cluster[records[i]] + 1;
        if (value == UINT32_MAX || last[value] == cluster)
            continue;
        last[value] = cluster;
        customers[value]++;
    }
    memory_free(last);
    return customers;
}

/* ---- for stewards ---- */

struct carriers { /* the records by their value */
    uint32_t *records;
    uint32_t *ends; /* of value v: records[v ? ends[v - 1] : 0] up to records[ends[v]] */
};

static struct carriers find_carriers(const struct match_input *input, size_t attribute)
{
    uint32_t count = match_input_count(input);
    size_t values = match_input_values(input, attribute);
    struct carriers found = {memory_allocate_array((size_t)count + 1, sizeof(*found.records)),
                             memory_allocate_array(values + 1, sizeof(*found.ends))};
    uint32_t *starts = found.ends; /* each moves on to its value's end */
    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = match_input_value(input, i, attribute);
        if (value != UINT32_MAX)
            starts[value + 1]++;
    }
    for (size_t value = 0; value < values; value++)
        starts[value + 1] += starts[value];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t value = match_input_value(input, i, attribute);
        if (value != UINT32_MAX)
            found.records[starts[value]++] = i;
    }
    return found;
}

/* Whether more different names than the limit stand beside a value. */
static bool goes_with_many(const struct match_input *input, const struct match_attribute *attribute,
                           const uint32_t *records, uint32_t count)
{
    struct map *names = map_create();
    bool many = false;
    for (uint32_t i = 0; i < count && !many; i++) {
        uint32_t name = match_input_value(input, records[i], attribute->shared_by);
        if (name != UINT32_MAX)
            map_intern(names, match_input_text(input, attribute->shared_by, name));
        many = map_count(names) > attribute->shared_limit;
    }
    map_destroy(names);
    return many;
}

/* The values that the match took for nobody's: what a steward decides between two runs is matched
 * without the records that tell. Few values have more carriers than the limit. */
static bool note_values(struct job *job, const struct match_input *input,
                        const struct match_attribute *attribute, size_t number, struct error *error)
{
    uint32_t values = match_input_values(input, number);
    struct carriers carriers = find_carriers(input, number);
    uint32_t start = 0;
    bool done = true;
    for (uint32_t value = 0; done && value < values; value++) {
        uint32_t count = carriers.ends[value] - start;
        if (count > attribute->shared_limit &&
            goes_with_many(input, attribute, carriers.records + start, count))
            done = store_shared_value_add(job->store, number,
                                          match_input_text(input, number, value), error);
        start += count;
    }
    memory_free(carriers.records);
    memory_free(carriers.ends);
    return done;
}

static bool tell_attribute(struct job *job, const struct match_input *input,
                           const struct match_attribute *attribute, size_t number,
                           const uint32_t *customers, struct error *error)
{
    const struct model *model = job->project->model;
    const struct model_entity *entity =
        &model->entities[model_find_entity(model, match_rules_entity(job->match_rules))];
    struct finding finding = {.field = model_find_field(entity, attribute->field)};
    struct arena *arena = arena_create();
    bool done = true;
    for (uint32_t i = 0; done && i < match_input_count(input); i++) {
        uint32_t value = match_input_value(input, i, number);
        if (value == UINT32_MAX || customers[value] <= attribute->shared_limit)
            continue;
        finding.given = match_input_text(input, number, value);
        finding.value = text_mask(arena, finding.given);
        finding.message = arena_format(arena,
                                       "%u customers have this: enter the customer's own, or "
                                       "leave the field empty.",
                                       (unsigned)customers[value]);
        done = store_shared_add(job->store, i, &finding, error);
        arena_reset(arena);
    }
    arena_destroy(arena);
    return done;
}

bool job_tell_shared(struct job *job, const struct match_input *input,
                     const struct match_result *result, struct error *error)
{
    const struct match_attribute *attributes = NULL;
    size_t count = match_rules_attributes(job->match_rules, &attributes);
    uint32_t *records = records_by_cluster(result);
    bool done =
        store_shared_begin(job->store, error) && store_shared_values_begin(job->store, error);
    for (size_t i = 0; done && i < count; i++) {
        if (attributes[i].entity || attributes[i].shared_limit == 0)
            continue;
        uint32_t *customers = count_customers(input, result, records, i);
        done = tell_attribute(job, input, &attributes[i], i, customers, error) &&
               note_values(job, input, &attributes[i], i, error);
        memory_free(customers);
    }
    memory_free(records);
    return done && store_shared_end(job->store, error);
}
