/* plan.h: what a mapping, the model and the rules come to for each field of each entity of each
 * table: worked out once a source, so that a row needs no searching by name. */
#ifndef CUST360_STANDARDIZE_PLAN_H
#define CUST360_STANDARDIZE_PLAN_H

#include "cust360/standardize.h"
#include "standardize/rule/rules.h"

enum { PART_TARGETS_MAX = 32 };

/* Which field a part becomes. The names of parts are texts of a check or of a rule file, so that
 * the same part has the same pointer each time. */
struct part_target {
    const char *name;
    size_t field; /* FIELD_NONE: no field takes it */
};

struct field_plan {
    const struct model_field *model;
    const struct mapping_field *mapping; /* NULL: the mapping does not give it */
    const struct rule *rule;             /* NULL: derived, so it is not mapped */
    struct map *codes;                   /* source code → index of `targets`; NULL: it has none */
    struct slice *targets;               /* standard codes; an empty one means "not stated" */
    uint32_t *short_codes;               /* of texts of one byte: index of `targets`, or MAP_NONE */
    bool coded;                          /* nothing but a code is a value (kind code) */
    bool required;                       /* as in the model */
    bool passed_over;                    /* see plan_limit */
    size_t column;                       /* the only one; FIELD_NONE: several, or a constant */
    bool has_parts;                      /* other fields are derived from it */
    size_t derived_as;                   /* itself, or an earlier field that takes the same part */
    struct part_target *part_targets;    /* what parts seen so far are for; grows while running */
    size_t part_target_count;
};

struct entity_plan {
    const struct mapping_entity *mapping;
    const struct model_entity *model;
    struct field_plan *fields; /* one a model field */
    size_t *order;             /* the fields that may get a value, or need one, in their order */
    size_t order_count;
    size_t taken_from;  /* from here in `order` they are derived, and nothing looks at them */
    size_t *agreements; /* the derived fields that say what another says as well */
    size_t agreement_count;
    size_t *otherwise; /* the fields that a part of another one tells when nothing else does */
    size_t otherwise_count;
    uint64_t name_hash; /* of the entity's name */
};

struct table_plan {
    struct entity_plan *entities;
    size_t entity_count;
};

struct plan {
    struct table_plan *tables;
    size_t table_count;
    size_t field_count; /* of the entity that has the most */
};

/* Lives in the arena but for its maps, which plan_release frees. */
void plan_make(struct plan *plan, struct arena *arena, const struct rules *rules,
               const struct model *model, const struct mapping *mapping);
void plan_release(struct plan *plan);

/* Leaves out the fields that are not looked at, unless a record may be rejected for them or another
 * field comes from them. */
void plan_limit(struct plan *plan, const struct standardizer_wish *wish);

#endif
