#include "content.h"
#include "cust360/base/hash.h"
#include "cust360/base/json.h"

bool content_is_material(const struct model_field *field)
{
    static const char *const passing[] = {"datetime", "count", "money", "distance"};
    for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
        if (strcmp(field->kind, passing[i]) == 0)
            return false;
    /* What is derived says what its field says. */
    return field->from == FIELD_NONE;
}

/* An identity number has a form for comparison when its kind gives one; the typed one differs by
 * blanks and an old number's length. */
bool content_excludes(const struct model_entity *entity, size_t field)
{
    const struct model_field *asked = &entity->fields[field];
    if (asked->from != FIELD_NONE)
        return asked->part && strcmp(asked->part, "key") == 0 &&
               strcmp(entity->fields[asked->from].kind, "identity") == 0;
    if (strcmp(asked->kind, "birth_date") == 0)
        return true;
    if (strcmp(asked->kind, "identity") != 0)
        return false;
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].from == field && entity->fields[i].part &&
            strcmp(entity->fields[i].part, "key") == 0)
            return false;
    return true;
}

static struct statement *select_record(struct database *state, const struct model_entity *entity,
                                       struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    buffer_append_text(&sql, "SELECT record_id");
    for (size_t i = 0; i < entity->field_count; i++)
        if (content_is_material(&entity->fields[i]))
            buffer_format(&sql, ", \"%s\"", entity->fields[i].name);
    buffer_format(&sql, " FROM \"record_%s\" WHERE record_id = ?1", entity->name);
    struct statement *select = statement_prepare(state, sql.data, error);
    buffer_release(&sql);
    return select;
}

static bool hash_record(struct statement *select, int64_t record, uint64_t *hash,
                        struct error *error)
{
    *hash = 0;
    statement_reset(select);
    statement_bind_integer(select, 1, record);
    enum outcome outcome = statement_step(select, error);
    if (outcome == ACCEPTED)
        for (int i = 1; i < statement_columns(select); i++)
            *hash = hash_combine(*hash, hash_bytes(statement_text(select, i), (uint64_t)i));
    return outcome != FAILED;
}

bool content_hash_pair(struct database *state, const struct model_entity *entity,
                       const int64_t records[2], uint64_t *hash, struct error *error)
{
    uint64_t hashes[2] = {0, 0};
    struct statement *select = select_record(state, entity, error);
    bool done = select != NULL;
    for (size_t i = 0; done && i < 2; i++)
        done = !records[i] || hash_record(select, records[i], &hashes[i], error);
    statement_destroy(select);
    *hash = hash_combine(hashes[0] ^ hashes[1], hashes[0] + hashes[1]);
    return done;
}

bool content_json(struct database *state, const struct model_entity *entity, int64_t record_id,
                  struct buffer *json, struct error *error)
{
    struct json_writer writer = JSON_WRITER_COMPACT(json);
    struct statement *select = select_record(state, entity, error);
    if (!select)
        return false;
    statement_bind_integer(select, 1, record_id);
    enum outcome outcome = statement_step(select, error);
    json_object_begin(&writer, NULL);
    for (int i = 1; outcome == ACCEPTED && i < statement_columns(select); i++)
        if (!statement_is_null(select, i))
            json_text(&writer, statement_column_name(select, i), statement_text(select, i));
    json_object_end(&writer);
    statement_destroy(select);
    return outcome != FAILED;
}

/* SQLite reads JSON: the values that are in one object and not the same in the other. */
const char *content_changes(struct database *state, struct slice before, struct slice after,
                            struct arena *arena)
{
    struct error ignored;
    struct buffer names = BUFFER_EMPTY;
    struct statement *select = statement_prepare(
        state,
        "SELECT key FROM (SELECT key, atom FROM json_each(?1) UNION SELECT key, atom FROM"
        " json_each(?2)) GROUP BY key HAVING count(*) > 1"
        " OR key NOT IN (SELECT key FROM json_each(?1))"
        " OR key NOT IN (SELECT key FROM json_each(?2))",
        &ignored);
    if (!select)
        return "";
    statement_bind_text(select, 1, before);
    statement_bind_text(select, 2, after);
    while (statement_step(select, &ignored) == ACCEPTED) {
        struct slice name = statement_text(select, 0);
        buffer_format(&names, "%s%.*s", names.length ? ", " : "", SLICE_ARGUMENTS(name));
    }
    statement_destroy(select);
    const char *text = arena_text(arena, buffer_slice(&names));
    buffer_release(&names);
    return text;
}
