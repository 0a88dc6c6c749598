#include "standardize/plan.h"
#include "cust360/base/hash.h"
#include "cust360/base/map.h"
#include "cust360/base/text.h"

#include <limits.h>

/* Most codes have one byte, and there most texts are found. */
static void plan_short_codes(struct field_plan *plan, struct arena *arena)
{
    plan->short_codes = arena_allocate_array(arena, UCHAR_MAX + 1, sizeof(*plan->short_codes));
    for (unsigned byte = 0; byte <= UCHAR_MAX; byte++) {
        char text = (char)byte;
        char lower = text >= 'A' && text <= 'Z' ? (char)(text - 'A' + 'a') : text;
        uint32_t index = map_find(plan->codes, slice_make(&text, 1));
        plan->short_codes[byte] =
            index != MAP_NONE ? index : map_find(plan->codes, slice_make(&lower, 1));
    }
}

/* The first meaning of a code stands: what the mapping says goes before the standard set. */
static void add_code(struct field_plan *plan, struct slice code, uint32_t target)
{
    if (map_number(plan->codes, code) == MAP_NONE)
        map_put(plan->codes, code, target);
}

static void plan_codes(struct field_plan *plan, struct arena *arena, const struct code_set *set)
{
    size_t mapped = plan->mapping ? plan->mapping->code_count : 0;
    size_t standard = set ? set->value_count : 0;
    if (mapped + standard == 0 && !plan->coded)
        return;
    plan->codes = map_create();
    plan->targets = arena_allocate_array(arena, mapped + standard + 1, sizeof(*plan->targets));
    for (size_t i = 0; i < mapped; i++)
        plan->targets[i] = plan->mapping->codes[i].to;
    for (size_t i = 0; i < standard; i++)
        plan->targets[mapped + i] = slice_of(set->values[i].code);
    for (size_t i = 0; i < mapped; i++)
        add_code(plan, plan->mapping->codes[i].from, (uint32_t)i);
    for (size_t i = 0; i < standard; i++)
        add_code(plan, plan->targets[mapped + i], (uint32_t)(mapped + i));
    /* Exactly written codes are all in; now those that only differ in case. */
    for (size_t i = 0; i < mapped; i++)
        add_code(plan, text_lower(arena, plan->mapping->codes[i].from), (uint32_t)i);
    for (size_t i = 0; i < standard; i++)
        add_code(plan, text_lower(arena, plan->targets[mapped + i]), (uint32_t)(mapped + i));
    plan_short_codes(plan, arena);
}

static void plan_field(struct field_plan *plan, struct arena *arena, const struct rules *rules,
                       const struct model *model)
{
    const struct model_field *field = plan->model;
    const struct code_set *set =
        field->code_set ? model_find_code_set(model, field->code_set) : NULL;
    plan->rule = field->from == FIELD_NONE ? rules_find(rules, field->kind) : NULL;
    plan->coded = field->code_set != NULL;
    plan->required = field->required;
    plan->column =
        plan->mapping && plan->mapping->column_count == 1 ? plan->mapping->columns[0] : FIELD_NONE;
    plan_codes(plan, arena, set);
}

/* The first field that takes the same part as field `index`. */
static size_t first_taker(const struct model_entity *entity, size_t index)
{
    const struct model_field *field = &entity->fields[index];
    for (size_t i = 0; i < index && field->from != FIELD_NONE; i++)
        if (entity->fields[i].from == field->from &&
            strcmp(entity->fields[i].part, field->part) == 0)
            return i;
    return index;
}

static void plan_parts(struct field_plan *plan, struct arena *arena)
{
    if (!plan->has_parts)
        plan->part_targets =
            arena_allocate_array(arena, PART_TARGETS_MAX, sizeof(*plan->part_targets));
    plan->has_parts = true;
}

static void plan_entity(struct entity_plan *plan, struct arena *arena, const struct rules *rules,
                        const struct model *model)
{
    const struct model_entity *entity = plan->model;
    plan->fields = arena_allocate_array(arena, entity->field_count, sizeof(*plan->fields));
    plan->order = arena_allocate_array(arena, entity->field_count, sizeof(*plan->order));
    plan->agreements = arena_allocate_array(arena, entity->field_count, sizeof(*plan->agreements));
    plan->otherwise = arena_allocate_array(arena, entity->field_count, sizeof(*plan->otherwise));
    plan->name_hash = hash_bytes(slice_of(entity->name), 0);
    for (size_t i = 0; i < plan->mapping->field_count; i++) {
        const struct mapping_field *field = &plan->mapping->fields[i];
        plan->fields[field->field].mapping = field;
    }
    for (size_t i = 0; i < entity->field_count; i++) {
        struct field_plan *field = &plan->fields[i];
        field->model = &entity->fields[i];
        field->derived_as = first_taker(entity, i);
        if (field->model->from != FIELD_NONE) {
            plan_parts(&plan->fields[field->model->from], arena);
            if (field->model->agrees_with != FIELD_NONE)
                plan->agreements[plan->agreement_count++] = i;
        }
        if (field->model->otherwise != FIELD_NONE) {
            plan_parts(&plan->fields[field->model->otherwise], arena);
            plan->otherwise[plan->otherwise_count++] = i;
        }
        plan_field(field, arena, rules, model);
        if (field->mapping || field->required || field->model->from != FIELD_NONE ||
            field->model->otherwise != FIELD_NONE)
            plan->order[plan->order_count++] = i;
        if (field->mapping || field->required)
            plan->taken_from = plan->order_count;
    }
}

void plan_make(struct plan *plan, struct arena *arena, const struct rules *rules,
               const struct model *model, const struct mapping *mapping)
{
    plan->table_count = mapping->table_count;
    plan->tables = arena_allocate_array(arena, plan->table_count, sizeof(*plan->tables));
    for (size_t t = 0; t < plan->table_count; t++) {
        const struct mapping_table *source = &mapping->tables[t];
        struct table_plan *table = &plan->tables[t];
        table->entity_count = source->entity_count;
        table->entities =
            arena_allocate_array(arena, table->entity_count, sizeof(*table->entities));
        for (size_t e = 0; e < table->entity_count; e++) {
            struct entity_plan *entity = &table->entities[e];
            entity->mapping = &source->entities[e];
            entity->model = &model->entities[entity->mapping->entity];
            plan_entity(entity, arena, rules, model);
            if (plan->field_count < entity->model->field_count)
                plan->field_count = entity->model->field_count;
        }
    }
}

/* Whether a value can have its record rejected. */
static bool may_reject(const struct rule *rule)
{
    bool may = false;
    for (size_t i = 0; i < rule->finding_rule_count; i++)
        may |= rule->finding_rules[i].severity == SEVERITY_FATAL;
    for (size_t i = 0; i < rule->step_count; i++) {
        const struct rule_step *step = &rule->steps[i];
        may |= step->severity == SEVERITY_FATAL;
        for (size_t j = 0; j < step->finding_rule_count; j++)
            may |= step->finding_rules[j].severity == SEVERITY_FATAL;
    }
    return may;
}

static bool is_needed(const struct field_plan *field)
{
    return field->required || field->has_parts || check_may_read(field->model->name) ||
           (field->rule && may_reject(field->rule));
}

void plan_limit(struct plan *plan, const struct standardizer_wish *wish)
{
    for (size_t t = 0; t < plan->table_count; t++) {
        for (size_t e = 0; e < plan->tables[t].entity_count; e++) {
            struct entity_plan *entity = &plan->tables[t].entities[e];
            for (size_t i = 0; i < entity->model->field_count; i++)
                entity->fields[i].passed_over =
                    !is_needed(&entity->fields[i]) &&
                    !wish->looks_at(wish->context, entity->mapping->entity, i);
        }
    }
}

void plan_release(struct plan *plan)
{
    for (size_t t = 0; t < plan->table_count; t++) {
        for (size_t e = 0; e < plan->tables[t].entity_count; e++) {
            struct entity_plan *entity = &plan->tables[t].entities[e];
            for (size_t i = 0; i < entity->model->field_count; i++)
                map_destroy(entity->fields[i].codes);
        }
    }
}
