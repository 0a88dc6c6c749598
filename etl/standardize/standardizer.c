/* row ──► per entity: wanted? ──► record_make ──► records, findings ──► accepted or rejected */
#include "cust360/base/memory.h"
#include "standardize/record_make.h"

struct standardizer *standardizer_create(const struct rules *rules, const struct model *model,
                                         const struct source *source, struct error *error)
{
    if (!source->mapping) {
        error_set(error, EXIT_CONFIGURATION, "the source has no mapping");
        error_source(error, source->id);
        return NULL;
    }
    const struct rules *own = rules_of_source(rules, source);
    struct arena *arena = arena_create();
    struct standardizer *standardizer = arena_allocate(arena, sizeof(*standardizer));
    standardizer->arena = arena;
    plan_make(&standardizer->plan, arena, own, model, source->mapping);
    standardizer->derived =
        arena_allocate_array(arena, standardizer->plan.field_count, sizeof(*standardizer->derived));
    rule_context_open(&standardizer->context, rules->reference, rules->as_of_days);
    return standardizer;
}

void standardizer_limit(struct standardizer *standardizer, const struct standardizer_wish *wish)
{
    standardizer->values_only = true;
    plan_limit(&standardizer->plan, wish);
}

void standardizer_destroy(struct standardizer *standardizer)
{
    if (!standardizer)
        return;
    plan_release(&standardizer->plan);
    rule_context_close(&standardizer->context);
    memory_free(standardizer->findings);
    buffer_release(&standardizer->joined);
    buffer_release(&standardizer->refused);
    buffer_release(&standardizer->delivered);
    arena_destroy(standardizer->arena);
}

static bool meets(const struct making *making, const struct mapping_condition *when)
{
    struct slice text = column_text(making, when->column);
    if (when->value_count == 0)
        return text.length > 0;
    for (size_t i = 0; i < when->value_count; i++) {
        if (slice_equal(text, when->values[i]))
            return true;
    }
    return false;
}

static bool is_wanted(const struct making *making)
{
    const struct mapping_condition *when = &making->entity->mapping->when;
    return when->column == FIELD_NONE || meets(making, when);
}

static bool is_deleted(const struct making *making)
{
    const struct mapping_condition *deleted = &making->entity->mapping->deleted;
    return deleted->column != FIELD_NONE && meets(making, deleted);
}

/* The row as such could not be read: its one finding says why. */
static void reject_unread(struct standardizer *standardizer, const struct row *row,
                          struct arena *arena)
{
    add_row_finding(standardizer,
                    (struct finding){.entity = FIELD_NONE,
                                     .field = FIELD_NONE,
                                     .code = arena_text(arena, slice_of(row->reject_code)),
                                     .rule = "",
                                     .message = arena_text(arena, slice_of(row->reject_reason)),
                                     .severity = SEVERITY_FATAL});
}

/* Makes all records of a row; *rejected says whether the row is. */
static bool make_records(struct standardizer *standardizer, const struct row *row,
                         struct arena *arena, struct row_result *result, struct error *error)
{
    const struct table_plan *table = &standardizer->plan.tables[row->table];
    size_t wanted = 0;
    bool main_rejected = false;
    result->records = arena_allocate_array(arena, table->entity_count, sizeof(*result->records));
    for (size_t e = 0; e < table->entity_count; e++) {
        struct making making = {.standardizer = standardizer,
                                .row = row,
                                .entity = &table->entities[e],
                                .arena = arena};
        if (!is_wanted(&making))
            continue;
        wanted++;
        if (!record_make(&making, error))
            return false;
        if (!making.rejected) {
            struct record *record = &result->records[result->record_count++];
            record_finish(&making, record);
            record->deleted = is_deleted(&making);
        } else if (making.entity->mapping->main)
            main_rejected = true;
    }
    result->discarded = wanted == 0;
    if (main_rejected || (wanted > 0 && result->record_count == 0))
        result->outcome = REJECTED;
    return true;
}

bool standardize_row(struct standardizer *standardizer, const struct row *row, struct arena *arena,
                     struct row_result *result, struct error *error)
{
    memset(result, 0, sizeof(*result));
    result->outcome = ACCEPTED;
    standardizer->finding_count = 0;
    if (row->reject_code) {
        reject_unread(standardizer, row, arena);
        result->outcome = REJECTED;
    } else if (!make_records(standardizer, row, arena, result, error)) {
        return false;
    }
    /* A rejected row waits as a whole for its repair. */
    if (result->outcome == REJECTED) {
        result->held_count = result->record_count;
        result->record_count = 0;
    }
    result->finding_count = standardizer->finding_count;
    if (result->finding_count == 0)
        return true;
    result->findings =
        arena_allocate_array(arena, result->finding_count, sizeof(*result->findings));
    memcpy(result->findings, standardizer->findings,
           result->finding_count * sizeof(*result->findings));
    return true;
}
