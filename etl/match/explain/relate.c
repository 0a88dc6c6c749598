#include "match/explain/scene.h"
#include "match/intake/derive.h"

/* A value that the scene has stands in its attribute's dictionary, so no other index is needed. An
 * attribute that is the first of several is asked for all of them, and each key of a blocking rule
 * for itself: a record too many does no harm, one too few would. */

/* Appends what the texts of one attribute become in a derived one. */
static void derive_all(const struct attribute *attribute, const struct match_values *from,
                       struct arena *scratch, struct match_values *to, struct slice *items)
{
    struct buffer buffer = BUFFER_EMPTY;
    for (size_t i = 0; i < from->count; i++) {
        struct slice text = derive_text(attribute, from->items[i], &buffer);
        if (slice_is_empty(text))
            continue;
        bool is_own = attribute->derivation >= DERIVE_LETTERS;
        items[to->count++] = is_own ? arena_copy(scratch, text) : text;
    }
    buffer_release(&buffer);
}

/* The texts of all attributes, in order: a derived one comes from attributes before it. */
static const struct match_values *derive_attributes(const struct match_rules *rules,
                                                    const struct match_values *values,
                                                    struct arena *scratch)
{
    struct match_values *texts =
        arena_allocate_array(scratch, rules->attribute_count, sizeof(*texts));
    for (size_t i = 0; i < rules->attribute_count; i++) {
        const struct attribute *attribute = &rules->attributes[i];
        size_t most = 0;
        if (attribute->derivation == DERIVE_NOT) {
            texts[i] = values[i];
            continue;
        }
        for (size_t j = 0; j < attribute->from_count; j++)
            most += texts[attribute->from[j]].count;
        struct slice *items = arena_allocate_array(scratch, most, sizeof(*items));
        texts[i].items = items;
        for (size_t j = 0; most && j < attribute->from_count; j++)
            derive_all(attribute, &texts[attribute->from[j]], scratch, &texts[i], items);
    }
    return texts;
}

static bool has_common(const struct match_scene *scene, size_t attribute,
                       const struct match_values *texts)
{
    for (size_t i = 0; i < texts[attribute].count; i++)
        if (map_number(scene->table->columns[attribute].dictionary, texts[attribute].items[i]) !=
            MAP_NONE)
            return true;
    return false;
}

bool match_scene_relates(const struct match_scene *scene, const struct match_values *values,
                         struct arena *scratch)
{
    const struct match_rules *rules = scene->rules;
    const struct match_values *texts = derive_attributes(rules, values, scratch);
    for (size_t i = 0; i < rules->attribute_count; i++)
        if (rules->attributes[i].shared_limit && has_common(scene, i, texts))
            return true;
    for (size_t i = 0; i < rules->block_count; i++) {
        const struct block_rule *rule = &rules->blocks[i];
        size_t common = 0;
        while (common < rule->key_count && has_common(scene, rule->keys[common], texts))
            common++;
        if (common == rule->key_count)
            return true;
    }
    return false;
}
