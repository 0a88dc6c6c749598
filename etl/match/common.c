#include "cust360/base/memory.h"
#include "match/part.h"

#include <stdio.h>

static struct slice hash_slice(const uint64_t *hash)
{
    return slice_make((const char *)hash, sizeof(*hash));
}

static bool is_dropped(const void *context, size_t attribute, struct slice value)
{
    const struct match_common *common = context;
    if (map_count(common->dropped) == 0)
        return false;
    uint64_t hash = hash_combine(part_value_hash(value), attribute);
    return map_number(common->dropped, hash_slice(&hash)) != MAP_NONE;
}

struct match_common *match_common_create(const struct match_rules *rules)
{
    struct match_common *common = memory_allocate_array(1, sizeof(*common));
    common->rules = rules;
    common->dropped = map_create();
    common->cut = map_create();
    common->is_cut = memory_allocate_array(rules->block_count + 1, sizeof(*common->is_cut));
    common->limits = (struct value_limits){is_dropped, common};
    return common;
}

void match_common_destroy(struct match_common *common)
{
    if (!common)
        return;
    map_destroy(common->dropped);
    map_destroy(common->cut);
    memory_free(common->is_cut);
    memory_free(common);
}

void match_common_count(struct match_common *common, uint64_t records)
{
    common->record_count = records;
}

void match_common_drop(struct match_common *common, size_t attribute, uint64_t value)
{
    uint64_t hash = hash_combine(value, attribute);
    map_intern(common->dropped, hash_slice(&hash));
}

/* ---- rounds of limits ---- */

/* Limits of fields are looked for together unless one looks at what another drops from; those of
 * derived attributes one after the other, as attributes come from one another. */
static bool looks_at_limited(const struct match_rules *rules)
{
    for (size_t i = 0; i < rules->field_count; i++) {
        const struct attribute *attribute = &rules->attributes[i];
        if (attribute->shared_limit && rules->attributes[attribute->shared_by].shared_limit)
            return true;
    }
    return false;
}

static size_t round_of(const struct match_rules *rules, size_t wanted)
{
    bool together = !looks_at_limited(rules);
    bool any = false;
    size_t round = 0;
    for (size_t i = 0; i < wanted; i++) {
        if (!rules->attributes[i].shared_limit)
            continue;
        round += any && !(together && i < rules->field_count);
        any = true;
    }
    return round + (any && !(together && wanted < rules->field_count));
}

size_t match_common_rounds(const struct match_rules *rules)
{
    size_t rounds = 0;
    for (size_t i = 0; i < rules->attribute_count; i++)
        if (rules->attributes[i].shared_limit)
            rounds = round_of(rules, i) + 1;
    return rounds;
}

size_t match_common_limit(const struct match_rules *rules, size_t attribute)
{
    return attribute < rules->attribute_count ? rules->attributes[attribute].shared_limit : 0;
}

static void add_limited(struct match_part *part, uint32_t record, size_t attribute, size_t *count)
{
    const struct attribute *rule = &part->rules->attributes[attribute];
    const uint32_t *values = NULL;
    uint32_t other = table_row(part->table, record)[rule->shared_by];
    size_t value_count = table_values(part->table, record, attribute, &values);
    if (other == VALUE_NONE)
        return;
    for (size_t i = 0; i < value_count; i++) {
        part->limited =
            memory_grow(part->limited, &part->limited_capacity, *count + 1, sizeof(*part->limited));
        part->limited[(*count)++] = (struct match_limited){
            attribute, part_value_hash(table_text(part->table, attribute, values[i])),
            other == VALUE_MANY ? 0
                                : part_value_hash(table_text(part->table, rule->shared_by, other))};
    }
}

size_t match_part_limited(struct match_part *part, uint32_t record, size_t round,
                          const struct match_limited **limited)
{
    size_t count = 0;
    for (size_t i = 0; i < part->rules->attribute_count; i++)
        if (part->rules->attributes[i].shared_limit && round_of(part->rules, i) == round)
            add_limited(part, record, i, &count);
    *limited = part->limited;
    return count;
}

/* ---- keys that are cut ---- */

static uint64_t cut_hash(size_t rule, uint64_t hash)
{
    return hash_combine(hash, rule);
}

void match_common_cut(struct match_common *common, const struct match_part_key *key)
{
    uint64_t hash = cut_hash(key->rule, key->hash);
    map_intern(common->cut, hash_slice(&hash));
    common->is_cut[key->rule] = true;
}

bool common_has_cut(const struct match_common *common, size_t rule, uint64_t hash)
{
    uint64_t both = cut_hash(rule, hash);
    return map_number(common->cut, hash_slice(&both)) != MAP_NONE;
}

size_t match_common_rules(const struct match_rules *rules)
{
    return rules->block_count;
}

size_t match_common_block(const struct match_rules *rules, size_t rule)
{
    const struct block_rule *block = &rules->blocks[rule];
    if (block->all_up_to)
        return block->all_up_to;
    return block->max_block ? block->max_block : rules->max_block;
}

void match_part_key_format(const struct match_part_key *key, char text[MATCH_KEY_BYTES])
{
    snprintf(text, MATCH_KEY_BYTES, "%02x%016llx%s", key->rule, (unsigned long long)key->hash,
             key->windowed ? "w" : "");
}

static bool parse_hexadecimal(struct slice text, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < text.length; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = text.data[i] ? strchr(digits, text.data[i]) : NULL;
        if (!digit)
            return false;
        *number = *number << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

bool match_part_key_parse(struct slice text, const struct match_rules *rules,
                          struct match_part_key *key)
{
    enum { RULE_DIGITS = 2, KEY_DIGITS = 18 };
    uint64_t rule = 0;
    key->windowed = text.length == KEY_DIGITS + 1 && text.data[KEY_DIGITS] == 'w';
    if (text.length != KEY_DIGITS + (size_t)key->windowed ||
        !parse_hexadecimal(slice_cut(text, 0, RULE_DIGITS), &rule) ||
        !parse_hexadecimal(slice_cut(text, RULE_DIGITS, KEY_DIGITS), &key->hash) ||
        rule >= rules->block_count)
        return false;
    key->rule = (uint32_t)rule;
    return true;
}
