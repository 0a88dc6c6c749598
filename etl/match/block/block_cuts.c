#include "match/block/block_cuts.h"
#include "cust360/base/memory.h"
#include "match/block/block_keys.h"

void block_cuts_release(struct block_cuts *cuts)
{
    memory_free(cuts->runs);
    memory_free(cuts->members);
    *cuts = (struct block_cuts){0};
}

static struct cut_run *add_run(struct block_cuts *cuts, const struct cut_run *run)
{
    cuts->runs =
        memory_grow(cuts->runs, &cuts->run_capacity, cuts->run_count + 1, sizeof(*cuts->runs));
    cuts->members = memory_grow(cuts->members, &cuts->member_capacity,
                                cuts->member_count + run->count, sizeof(*cuts->members));
    struct cut_run *added = &cuts->runs[cuts->run_count++];
    *added = *run;
    added->first = (uint32_t)cuts->member_count;
    cuts->member_count += run->count;
    return added;
}

void block_cuts_add(struct block_cuts *cuts, const struct cut_run *run,
                    const struct hash_pair *entries)
{
    const struct cut_run *added = add_run(cuts, run);
    for (uint32_t i = 0; i < run->count; i++)
        cuts->members[added->first + i] = entries[i].value;
}

void block_cuts_join(struct block_cuts *cuts, const struct block_cuts *other)
{
    cuts->incomplete |= other->incomplete;
    for (size_t i = 0; i < other->run_count; i++) {
        const struct cut_run *run = &other->runs[i];
        const struct cut_run *added = add_run(cuts, run);
        memcpy(cuts->members + added->first, other->members + run->first,
               run->count * sizeof(*cuts->members));
    }
}

static uint64_t name_value(const struct table *table, size_t attribute, uint32_t value)
{
    return value >= VALUE_MANY ? value : hash_bytes(table_text(table, attribute, value), 0);
}

/* A way through the values of a record's keys. */
struct way {
    const struct table *table;
    const struct block_rule *rule;
    uint32_t record;
    uint64_t wanted; /* hash of the values' numbers */
    uint64_t name;   /* of their texts */
};

static bool find_way(struct way *way, size_t key, uint64_t hash, uint64_t name)
{
    const uint32_t *values = NULL;
    if (key == way->rule->key_count) {
        way->name = name;
        return hash == way->wanted;
    }
    size_t attribute = way->rule->keys[key];
    size_t count = table_values(way->table, way->record, attribute, &values);
    for (size_t i = 0; i < count; i++)
        if (find_way(way, key + 1, key_mix(hash, values[i]),
                     hash_combine(name, name_value(way->table, attribute, values[i]))))
            return true;
    return false;
}

uint64_t block_cuts_name(const struct table *table, const struct block_rule *rule, uint32_t record,
                         uint64_t hash, size_t steps)
{
    struct way way = {.table = table, .rule = rule, .record = record, .wanted = hash};
    find_way(&way, 0, 1, hash_bytes(slice_of(rule->name), 0));
    const uint32_t *row = table_row(table, record);
    for (size_t i = 0; i < steps; i++)
        way.name = hash_combine(way.name, name_value(table, rule->refine[i], row[rule->refine[i]]));
    return hash_combine(way.name, steps);
}
