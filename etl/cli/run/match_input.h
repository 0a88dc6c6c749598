/* match_input.h: what is to be matched, as the state has it. */
#ifndef CUST360_CLI_MATCH_INPUT_H
#define CUST360_CLI_MATCH_INPUT_H

#include "cust360/match_scene.h"
#include "cust360/store_golden.h"

/* Fills an input with all live records; they have the numbers of the store's members. */
bool match_input_load(struct match_input *input, struct store *store,
                      const struct match_rules *rules, struct arena *arena, struct error *error);

/* Fills an input with chosen records, or with those that relate to a scene, or with all; tells of
 * each that was added. */
struct match_input_choice {
    const struct store_choice *records;   /* or NULL */
    const struct match_scene *related_to; /* or NULL; then also those that `wanted` asks for */
    bool (*wanted)(void *context, const struct store_member *member);
    void (*added)(void *context, uint32_t record, const struct store_member *member);
    void *context;
};
bool match_input_load_chosen(struct match_input *input, struct store *store,
                             const struct match_rules *rules,
                             const struct match_input_choice *choice, struct arena *arena,
                             struct error *error);

#endif
