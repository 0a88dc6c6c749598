#include "cli/run/match_input.h"

static const struct store_attribute *attributes_for_store(const struct match_rules *rules,
                                                          struct arena *arena, size_t *count)
{
    const struct match_attribute *attributes = NULL;
    *count = match_rules_attributes(rules, &attributes);
    struct store_attribute *wanted = arena_allocate_array(arena, *count + 1, sizeof(*wanted));
    for (size_t i = 0; i < *count; i++)
        wanted[i] = (struct store_attribute){attributes[i].entity, attributes[i].field,
                                             attributes[i].reference};
    return wanted;
}

static void add_member(struct match_input *input, const struct store_member *member,
                       size_t attribute_count)
{
    uint32_t record = match_input_add(input, member->source, member->key);
    for (size_t i = 0; i < attribute_count; i++)
        for (size_t j = 0; j < member->values[i].count; j++)
            match_input_set(input, record, i, member->values[i].items[j]);
}

bool match_input_load(struct match_input *input, struct store *store,
                      const struct match_rules *rules, struct arena *arena, struct error *error)
{
    const struct match_input_choice all = {.records = NULL};
    return match_input_load_chosen(input, store, rules, &all, arena, error);
}

/* Whether a member is wanted; `values` and `scratch` are for this. */
static bool relates(const struct match_scene *scene, const struct store_member *member,
                    size_t attribute_count, struct match_values *values, struct arena *scratch)
{
    for (size_t i = 0; i < attribute_count; i++)
        values[i] = (struct match_values){member->values[i].items, member->values[i].count};
    arena_reset(scratch);
    return match_scene_relates(scene, values, scratch);
}

bool match_input_load_chosen(struct match_input *input, struct store *store,
                             const struct match_rules *rules,
                             const struct match_input_choice *choice, struct arena *arena,
                             struct error *error)
{
    size_t count = 0;
    const struct store_attribute *attributes = attributes_for_store(rules, arena, &count);
    const char *entity = match_rules_entity(rules);
    struct match_values *values = arena_allocate_array(arena, count + 1, sizeof(*values));
    struct store_scan *scan =
        choice->records
            ? store_scan_open_chosen(store, entity, attributes, count, choice->records, error)
            : store_scan_open(store, entity, attributes, count, error);
    if (!scan)
        return false;
    struct arena *scratch = arena_create();
    struct store_member member;
    enum outcome outcome;
    while ((outcome = store_scan_next(scan, &member, error)) == ACCEPTED) {
        if (choice->related_to && !relates(choice->related_to, &member, count, values, scratch) &&
            !choice->wanted(choice->context, &member))
            continue;
        if (choice->added)
            choice->added(choice->context, match_input_count(input), &member);
        add_member(input, &member, count);
    }
    arena_destroy(scratch);
    store_scan_close(scan);
    return outcome == ENDED;
}
