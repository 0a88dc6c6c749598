#include "cust360/base/buffer.h"
#include "cust360/base/memory.h"
#include "match/part.h"

/* ---- keys, and what cuts make of them ---- */

/* A record that stands under a key which is cut goes by a further key, as block_list.c refines runs
 * of equal keys; at the end of the rule's further keys it stands in a window. */
static struct match_part_key settle_key(const struct match_part *part, size_t rule, uint32_t record,
                                        uint64_t hash)
{
    const struct block_rule *block = &part->rules->blocks[rule];
    const uint32_t *row = table_row(part->table, record);
    size_t step = 0;
    while (common_has_cut(part->common, rule, hash)) {
        if (step == block->refine_count)
            return (struct match_part_key){hash, (uint32_t)rule, true};
        size_t attribute = block->refine[step++];
        uint32_t value = row[attribute];
        hash = key_mix(hash,
                       value < VALUE_MANY ? part->table->columns[attribute].spread[value] : value);
    }
    return (struct match_part_key){hash, (uint32_t)rule, false};
}

static bool is_for_few(const struct match_part *part, size_t rule)
{
    size_t limit = part->rules->blocks[rule].all_up_to;
    return limit && (part->common->record_count == 0 || part->common->record_count > limit);
}

/* What blocks really go by: cut keys by what became of them; windowed ones, and those of a rule for
 * fewer records, by none. */
static void settle_rule(struct match_part *part, size_t rule)
{
    const struct key_set *keys = &part->keys[rule];
    struct key_set *settled = &part->settled[rule];
    uint32_t records = part->table->record_count;
    size_t count = keys->starts ? keys->starts[records] : records;
    *settled = (struct key_set){.rule = keys->rule, .decides = keys->decides};
    settled->hashes = memory_allocate_array(count + 1, sizeof(*settled->hashes));
    if (keys->starts) {
        settled->starts = memory_allocate_array((size_t)records + 1, sizeof(*settled->starts));
        memcpy(settled->starts, keys->starts, ((size_t)records + 1) * sizeof(*settled->starts));
    }
    settled->decides |= is_for_few(part, rule) || part->common->is_cut[rule];
    if (is_for_few(part, rule))
        return;
    memcpy(settled->hashes, keys->hashes, count * sizeof(*settled->hashes));
    if (!part->common->is_cut[rule])
        return;
    for (uint32_t record = 0; record < records; record++) {
        struct part_range range = part_range_of(keys, record);
        for (size_t i = range.from; i < range.to; i++) {
            struct match_part_key key = settle_key(part, rule, record, keys->hashes[i]);
            if (keys->hashes[i])
                settled->hashes[i] = key.windowed ? 0 : key.hash;
        }
    }
}

void part_make_keys(struct match_part *part)
{
    size_t rules = part->rules->block_count;
    if (part->keys_made)
        return;
    part->keys_made = true;
    part->keys = memory_allocate_array(rules + 1, sizeof(*part->keys));
    part->settled = memory_allocate_array(rules + 1, sizeof(*part->settled));
    for (size_t i = 0; i < rules; i++) {
        key_set_compute(&part->keys[i], part->table, &part->rules->blocks[i], 1);
        settle_rule(part, i);
    }
}

static void add_keys(struct match_part *part, size_t rule, uint32_t record, bool cut_only,
                     size_t *count)
{
    const struct key_set *keys = &part->keys[rule];
    struct part_range range = part_range_of(keys, record);
    for (size_t i = range.from; i < range.to; i++) {
        if (!keys->hashes[i])
            continue;
        struct match_part_key key = {keys->hashes[i], (uint32_t)rule, false};
        if (part->common->is_cut[rule])
            key = settle_key(part, rule, record, keys->hashes[i]);
        if (cut_only && key.hash == keys->hashes[i] && !key.windowed)
            continue;
        part->found =
            memory_grow(part->found, &part->found_capacity, *count + 1, sizeof(*part->found));
        part->found[(*count)++] = key;
    }
}

size_t match_part_keys(struct match_part *part, uint32_t record, bool cut_only,
                       const struct match_part_key **keys)
{
    size_t count = 0;
    part_make_keys(part);
    for (size_t i = 0; i < part->rules->block_count; i++)
        if (!is_for_few(part, i))
            add_keys(part, i, record, cut_only, &count);
    *keys = part->found;
    return count;
}

/* ---- the order of windows ---- */

/* A missing value stands before any other, and a text before those that it begins. */
void match_part_order(const struct match_part *part, uint32_t record, struct buffer *order)
{
    for (size_t i = 0; i < part->rules->window_order_count; i++) {
        size_t attribute = part->rules->window_order[i];
        const uint32_t *values = NULL;
        bool has = table_values(part->table, record, attribute, &values) > 0;
        struct slice text = has ? table_text(part->table, attribute, *values) : SLICE("");
        buffer_append_byte(order, has ? '1' : '0');
        for (size_t j = 0; j < text.length; j++)
            buffer_format(order, "%02x", (unsigned char)text.data[j]);
        buffer_append_byte(order, '!');
    }
}
