#include "cust360/base/memory.h"
#include "cust360/config_person.h"
#include "retention.h"

/* Whose values earlier views show that the state has let go of tonight. */

static void append_persons(struct buffer *sql)
{
    buffer_append_text(sql, "SELECT s.name, p.source_key, 0 FROM temp.past p JOIN source s USING"
                            " (source_id) WHERE p.entity = '" PERSON_ENTITY
                            "' AND p.fate <> '" RETENTION_FRESH
                            "' UNION SELECT s.name, e.source_key, 0 FROM temp.emptied e JOIN"
                            " source s USING (source_id) WHERE e.entity = '" PERSON_ENTITY "'");
}

static void append_naming(struct buffer *sql, const char *name)
{
    buffer_format(
        sql,
        " UNION SELECT s.name, r.\"" PERSON_REFERENCE
        "\", 1 FROM \"record_%s\" r JOIN source s USING (source_id) WHERE r.\"" PERSON_REFERENCE
        "\" IS NOT NULL AND r.record_id IN (SELECT record_id FROM"
        " temp.past WHERE entity = '%s' AND fate <> '" RETENTION_FRESH
        "' UNION SELECT record_id FROM temp.emptied WHERE entity = '%s')",
        name, name, name);
}

static struct statement *prepare(struct store *store, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    append_persons(&sql);
    for (size_t i = 0; i < store->model->entity_count; i++)
        if (model_find_field(&store->model->entities[i], PERSON_REFERENCE) != FIELD_NONE)
            append_naming(&sql, store->model->entities[i].name);
    struct statement *rows = statement_prepare(store->database, sql.data, error);
    buffer_release(&sql);
    return rows;
}

bool store_retention_touched(struct store *store, struct arena *arena,
                             struct retention_touched **touched, size_t *count, struct error *error)
{
    struct retention_touched *found = NULL;
    size_t capacity = 0;
    struct statement *rows = prepare(store, error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    *count = 0;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        found = memory_grow(found, &capacity, *count + 1, sizeof(*found));
        found[(*count)++] = (struct retention_touched){arena_text(arena, statement_text(rows, 0)),
                                                       arena_text(arena, statement_text(rows, 1)),
                                                       statement_integer(rows, 2) != 0};
    }
    statement_destroy(rows);
    *touched = arena_allocate_array(arena, *count, sizeof(*found));
    if (*count > 0)
        memcpy(*touched, found, *count * sizeof(*found));
    memory_free(found);
    return outcome != FAILED;
}
