#include "cli/match_input.h"

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

bool match_input_load(struct match_input *input, struct store *store,
                      const struct match_rules *rules, struct arena *arena, struct error *error)
{
    size_t attribute_count = 0;
    const struct store_attribute *attributes = attributes_for_store(rules, arena, &attribute_count);
    struct store_scan *scan =
        store_scan_open(store, match_rules_entity(rules), attributes, attribute_count, error);
    if (!scan)
        return false;
    struct store_member member;
    enum outcome outcome;
    while ((outcome = store_scan_next(scan, &member, error)) == ACCEPTED) {
        uint32_t record = match_input_add(input, member.source, member.key);
        for (size_t i = 0; i < attribute_count; i++)
            for (size_t j = 0; j < member.values[i].count; j++)
                match_input_set(input, record, i, member.values[i].items[j]);
    }
    store_scan_close(scan);
    return outcome == ENDED;
}
