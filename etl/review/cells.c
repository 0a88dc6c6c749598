#include "cells.h"
#include "cust360/base/text.h"
#include "cust360/config_class.h"

/* What each record says of each field, as it came and as it was made of that. */

struct filling {
    struct review *review;
    const int64_t *ids; /* of the records, in the case's order */
    struct arena *arena;
    struct review_case *found;
    struct error *error;
};

static void alloc_fields(struct filling *filling)
{
    const struct model_entity *entity = filling->review->entity;
    struct review_case *found = filling->found;
    found->fields =
        arena_allocate_array(filling->arena, entity->field_count + 1, sizeof(*found->fields));
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct model_field *field = &entity->fields[i];
        if (field->from != FIELD_NONE)
            continue;
        struct review_field *row = &found->fields[found->field_count++];
        *row = (struct review_field){.name = field->name,
                                     .label = field->label,
                                     .kind = field->kind,
                                     .personal = field->personal,
                                     .golden_a = "",
                                     .golden_b = "",
                                     .rule = "",
                                     .rule_in_words = ""};
        row->cells =
            arena_allocate_array(filling->arena, found->record_count + 1, sizeof(*row->cells));
        for (size_t j = 0; j < found->record_count; j++)
            row->cells[j] =
                (struct review_cell){.value = "", .given = "", .finding = "", .code = ""};
    }
}

static bool fill_record(struct filling *filling, struct statement *select, size_t column)
{
    struct review_case *found = filling->found;
    statement_reset(select);
    statement_bind_integer(select, 1, filling->ids[column]);
    enum outcome outcome = statement_step(select, filling->error);
    for (size_t i = 0; outcome == ACCEPTED && i < found->field_count; i++) {
        struct review_cell *cell = &found->fields[i].cells[column];
        size_t field = model_find_field(filling->review->entity, found->fields[i].name);
        int64_t repaired = statement_integer(select, 0);
        cell->value = column_text(filling->arena, select, (int)i + 1);
        cell->repaired = field < 63 && (repaired >> field & 1) != 0;
    }
    return outcome == ACCEPTED;
}

static bool fill_values(struct filling *filling)
{
    const struct review_case *found = filling->found;
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT repaired");
    for (size_t i = 0; i < found->field_count; i++)
        buffer_format(&sql, ", \"%s\"", found->fields[i].name);
    buffer_format(&sql, " FROM \"record_%s\" WHERE record_id = ?1", filling->review->entity->name);
    struct statement *select = statement_prepare(filling->review->state, sql.data, filling->error);
    buffer_release(&sql);
    bool done = select != NULL;
    for (size_t i = 0; done && i < found->record_count; i++)
        done = fill_record(filling, select, i);
    statement_destroy(select);
    return done;
}

/* What came and was refused, and what was found about what was kept. */
static bool fill_findings(struct filling *filling)
{
    struct review_case *found = filling->found;
    struct statement *rows = statement_prepare(
        filling->review->state,
        "SELECT f.field, f.given, f.message, f.code FROM finding f JOIN source s USING"
        " (source_id) WHERE s.name = ?1 AND f.source_key = ?2 AND f.entity = ?3",
        filling->error);
    enum outcome outcome = rows ? ENDED : FAILED;
    for (size_t i = 0; i < found->record_count && outcome == ENDED; i++) {
        statement_reset(rows);
        statement_bind_text(rows, 1, slice_of(found->records[i].source));
        statement_bind_text(rows, 2, slice_of(found->records[i].key));
        statement_bind_text(rows, 3, slice_of(filling->review->entity->name));
        while ((outcome = statement_step(rows, filling->error)) == ACCEPTED)
            for (size_t j = 0; j < found->field_count; j++) {
                struct review_cell *cell = &found->fields[j].cells[i];
                if (!slice_equal(slice_of(found->fields[j].name), statement_text(rows, 0)))
                    continue;
                cell->finding = column_text(filling->arena, rows, 2);
                cell->code = column_text(filling->arena, rows, 3);
                if (!*cell->value)
                    cell->given = column_text(filling->arena, rows, 1);
            }
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* The text that a value was made of, where it is another. */
static bool fill_delivered(struct filling *filling)
{
    const struct review_case *found = filling->found;
    const char *sql = arena_format(filling->arena,
                                   "SELECT j.key, j.value FROM \"record_%s\" r,"
                                   " json_each(r.delivered) j WHERE r.record_id = ?1",
                                   filling->review->entity->name);
    struct statement *rows = statement_prepare(filling->review->state, sql, filling->error);
    enum outcome outcome = rows ? ENDED : FAILED;
    for (size_t i = 0; i < found->record_count && outcome == ENDED; i++) {
        statement_reset(rows);
        statement_bind_integer(rows, 1, filling->ids[i]);
        while ((outcome = statement_step(rows, filling->error)) == ACCEPTED)
            for (size_t j = 0; j < found->field_count; j++)
                if (slice_equal(slice_of(found->fields[j].name), statement_text(rows, 0)))
                    found->fields[j].cells[i].given = column_text(filling->arena, rows, 1);
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

/* ---- cars: a row of their own ---- */

/* A VIN tells of a car, a plate of who drives it. */
static bool list_cars(const struct filling *filling, struct statement *select,
                      struct review_cell *cell)
{
    struct arena *arena = filling->arena;
    struct buffer whole = BUFFER_EMPTY;
    struct buffer masked = BUFFER_EMPTY;
    enum outcome outcome;
    while ((outcome = statement_step(select, filling->error)) == ACCEPTED) {
        struct slice vin = statement_text(select, 0);
        struct slice plate = statement_text(select, 1);
        struct slice hidden = text_mask(arena, plate);
        const char *between = whole.length ? " · " : "";
        const char *space = plate.length ? " " : "";
        buffer_format(&whole, "%s%.*s%s%.*s", between, SLICE_ARGUMENTS(vin), space,
                      SLICE_ARGUMENTS(plate));
        buffer_format(&masked, "%s%.*s%s%.*s", between, SLICE_ARGUMENTS(vin), space,
                      SLICE_ARGUMENTS(hidden));
    }
    *cell = (struct review_cell){.value = arena_text(arena, buffer_slice(&whole)),
                                 .masked = arena_text(arena, buffer_slice(&masked)),
                                 .given = "",
                                 .finding = "",
                                 .code = ""};
    buffer_release(&whole);
    buffer_release(&masked);
    return outcome == ENDED;
}

static bool fill_cars(struct filling *filling)
{
    struct review_case *found = filling->found;
    int64_t known = 0;
    if (!database_integer(filling->review->state,
                          "SELECT count(*) FROM sqlite_master WHERE name ="
                          " 'review_ownership_owner'",
                          0, &known, filling->error))
        return false;
    if (!known)
        return true;
    struct review_field *row = &found->fields[found->field_count];
    *row = (struct review_field){.name = "vehicles",
                                 .label = "Vehicles",
                                 .kind = "vin",
                                 .personal =
                                     model_hides(review_model(filling->review), SLICE("plate")),
                                 .golden_a = "",
                                 .golden_b = "",
                                 .rule = "",
                                 .rule_in_words = ""};
    row->cells = arena_allocate_array(filling->arena, found->record_count + 1, sizeof(*row->cells));
    struct statement *select = statement_prepare(
        filling->review->state,
        "SELECT vin, plate FROM record_ownership WHERE source_id = (SELECT source_id FROM source"
        " WHERE name = ?1) AND customer_key = ?2 AND closed_run IS NULL ORDER BY vin",
        filling->error);
    bool done = select != NULL;
    for (size_t i = 0; done && i < found->record_count; i++) {
        statement_reset(select);
        statement_bind_text(select, 1, slice_of(found->records[i].source));
        statement_bind_text(select, 2, slice_of(found->records[i].key));
        done = list_cars(filling, select, &row->cells[i]);
    }
    statement_destroy(select);
    found->field_count++;
    return done;
}

bool cells_fill(struct review *review, const int64_t *ids, struct arena *arena,
                struct review_case *found, struct error *error)
{
    struct filling filling = {review, ids, arena, found, error};
    alloc_fields(&filling);
    return fill_values(&filling) && fill_delivered(&filling) && fill_findings(&filling) &&
           fill_cars(&filling);
}
