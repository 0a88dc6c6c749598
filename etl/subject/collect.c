#include "cust360/base/database_narrow.h"
#include "cust360/base/memory.h"
#include "internal.h"

/*
 *   temp.person ──► values of its records ──► which of them do others have? ──► temp.said
 *                                                                                  │
 *   every other entity: rows that name a record of the person, or have such a value ──►
 * temp.belongs
 *
 * There are no indexes by value, which every night would pay for: where a value can stand is looked
 * for in the tables' pages first (database_narrow.h). */

bool entity_has(const struct model_entity *entity, const char *name)
{
    return model_find_field(entity, name) != FIELD_NONE;
}

static const struct model_entity *person_entity(const struct subject *subject)
{
    size_t index = model_find_entity(subject->model, PERSON_ENTITY);
    return index == FIELD_NONE ? NULL : &subject->model->entities[index];
}

/* ---- the values ---- */

static bool say_fields(struct subject *subject, const struct model_entity *entity,
                       struct error *error)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        enum person_value kind = model_person_value(entity, i);
        if (kind == PERSON_NOTHING)
            continue;
        const char *sql = arena_format(
            subject->arena,
            "INSERT OR IGNORE INTO temp.said(kind, value) SELECT %d, \"%s\" FROM temp.person"
            " CROSS JOIN record_" PERSON_ENTITY " r USING (record_id) WHERE \"%s\" IS NOT NULL",
            (int)kind, entity->fields[i].name, entity->fields[i].name);
        if (!database_run(subject->state, sql, error))
            return false;
    }
    return true;
}

/* Values of the person: of a kind, all or those that nobody else has. */
struct wanted {
    enum person_value kind;
    bool own;
};

/* Appends the terms that `sql` gives, with OR between; `otherwise` when they are many. A person has
 * few values, and comparing with them costs a third of looking them up, for each row that there is.
 */
static bool append_terms(struct subject *subject, const char *sql, const char *otherwise,
                         struct buffer *condition, struct error *error)
{
    enum { WRITTEN_OUT_MOST = 16 };
    struct statement *rows = statement_prepare(subject->state, sql, error);
    size_t count = 0;
    enum outcome outcome = FAILED;
    struct buffer terms = BUFFER_EMPTY;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED &&
           count++ < WRITTEN_OUT_MOST)
        buffer_format(&terms, "%s%.*s", terms.length ? " OR " : "",
                      SLICE_ARGUMENTS(statement_text(rows, 0)));
    if (count > 0 && condition->length)
        buffer_append_text(condition, " OR ");
    if (count > WRITTEN_OUT_MOST)
        buffer_append_text(condition, otherwise);
    else
        buffer_append(condition, buffer_slice(&terms));
    statement_destroy(rows);
    buffer_release(&terms);
    return outcome != FAILED;
}

static bool append_values(struct subject *subject, const char *field, struct wanted wanted,
                          struct buffer *condition, struct error *error)
{
    const char *of = arena_format(subject->arena, "FROM temp.said WHERE kind = %d%s", wanted.kind,
                                  wanted.own ? " AND NOT shared" : "");
    return append_terms(
        subject, arena_format(subject->arena, "SELECT '\"%s\" = ' || quote(value) %s", field, of),
        arena_format(subject->arena, "\"%s\" IN (SELECT value %s)", field, of), condition, error);
}

/* The same for all fields of the kind. */
static bool append_fields(struct subject *subject, const struct model_entity *entity,
                          struct wanted wanted, struct buffer *sql, struct error *error)
{
    for (size_t i = 0; i < entity->field_count; i++)
        if (model_person_value(entity, i) == wanted.kind &&
            !append_values(subject, entity->fields[i].name, wanted, sql, error))
            return false;
    return true;
}

/* ---- where they can stand ---- */

static const char *const of_values[] = {
    [PERSON_CONTACT] = "SELECT value FROM temp.said WHERE kind = 0",
    [PERSON_IDENTITY] = "SELECT value FROM temp.said WHERE kind = 1",
    [PERSON_VIN] = "SELECT value FROM temp.said WHERE kind = 3",
    [PERSON_KEY] = "SELECT source_key FROM temp.person",
};
_Static_assert(PERSON_CONTACT == 0 && PERSON_IDENTITY == 1 && PERSON_VIN == 3, "as the SQL says");

struct place {
    const char **columns;
    size_t column_count;
    struct slice *values;
    size_t value_count;
    size_t value_capacity;
};

static bool put_values(struct subject *subject, const char *sql, struct place *place,
                       struct error *error)
{
    struct statement *rows = statement_prepare(subject->state, sql, error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        place->values = memory_grow(place->values, &place->value_capacity, place->value_count + 1,
                                    sizeof(*place->values));
        place->values[place->value_count++] =
            slice_of(arena_text(subject->arena, statement_text(rows, 0)));
    }
    statement_destroy(rows);
    return outcome != FAILED;
}

static bool put_kind(struct subject *subject, const struct model_entity *entity,
                     enum person_value kind, struct place *place, struct error *error)
{
    size_t before = place->column_count;
    for (size_t i = 0; i < entity->field_count; i++)
        if (kind == PERSON_KEY ? strcmp(entity->fields[i].name, PERSON_REFERENCE) == 0
                               : model_person_value(entity, i) == kind)
            place->columns[place->column_count++] = entity->fields[i].name;
    return place->column_count == before || put_values(subject, of_values[kind], place, error);
}

/* Appends "(…) AND ": rows of the entity where a value of the kinds (bits) can stand. */
static bool append_narrow(struct subject *subject, const struct model_entity *entity,
                          unsigned kinds, struct buffer *sql, struct error *error)
{
    struct place place = {0};
    bool done = true;
    place.columns =
        arena_allocate_array(subject->arena, entity->field_count + 1, sizeof(*place.columns));
    for (enum person_value kind = PERSON_CONTACT; done && kind <= PERSON_KEY; kind++)
        if (kinds & 1U << kind)
            done = put_kind(subject, entity, kind, &place, error);
    const struct database_wanted wanted = {
        .table = arena_format(subject->arena, "record_%s", entity->name),
        .columns = place.columns,
        .column_count = place.column_count,
        .values = place.values,
        .value_count = place.value_count,
    };
    done = done && database_narrow(subject->state, &wanted, sql, error);
    buffer_append_text(sql, " AND ");
    memory_free(place.values);
    return done;
}

/* Whatever of the values stands in a record of another customer is shared. One pass tells which
 * records these are; they are few. */
static bool mark_shared(struct subject *subject, const struct model_entity *entity,
                        struct error *error)
{
    struct buffer condition = BUFFER_EMPTY;
    const struct wanted contacts = {PERSON_CONTACT, false};
    const struct wanted identities = {PERSON_IDENTITY, false};
    bool done = append_fields(subject, entity, contacts, &condition, error) &&
                append_fields(subject, entity, identities, &condition, error);
    if (done && condition.length) {
        struct buffer narrow = BUFFER_EMPTY;
        done = append_narrow(subject, entity, 1U << PERSON_CONTACT | 1U << PERSON_IDENTITY, &narrow,
                             error);
        const char *sql = arena_format(
            subject->arena,
            "DROP TABLE IF EXISTS temp.others; CREATE TEMP TABLE others AS SELECT record_id FROM"
            " record_" PERSON_ENTITY " WHERE %.*s(%.*s) AND record_id NOT IN (SELECT record_id FROM"
            " temp.person);",
            SLICE_ARGUMENTS(buffer_slice(&narrow)), SLICE_ARGUMENTS(buffer_slice(&condition)));
        done = done && database_run(subject->state, sql, error);
        buffer_release(&narrow);
    }
    for (size_t i = 0; done && condition.length && i < entity->field_count; i++) {
        enum person_value kind = model_person_value(entity, i);
        if (kind != PERSON_CONTACT && kind != PERSON_IDENTITY)
            continue;
        done = database_run(
            subject->state,
            arena_format(subject->arena,
                         "UPDATE temp.said SET shared = 1 WHERE kind = %d AND value IN (SELECT"
                         " \"%s\" FROM temp.others CROSS JOIN record_" PERSON_ENTITY
                         " USING (record_id))",
                         kind, entity->fields[i].name),
            error);
    }
    buffer_release(&condition);
    return done;
}

/* ---- rows of other entities ---- */

/* `kinds`: of the values that the condition compares with. */
static bool put_belongs(struct subject *subject, size_t index, const char *condition,
                        unsigned kinds, struct error *error)
{
    const struct model_entity *entity = &subject->model->entities[index];
    struct buffer narrow = BUFFER_EMPTY;
    bool done = append_narrow(subject, entity, kinds, &narrow, error) &&
                database_run(subject->state,
                             arena_format(subject->arena,
                                          "INSERT OR IGNORE INTO temp.belongs SELECT %zu, record_id"
                                          " FROM \"record_%s\" WHERE %.*s(%s)",
                                          index, entity->name,
                                          SLICE_ARGUMENTS(buffer_slice(&narrow)), condition),
                             error);
    buffer_release(&narrow);
    return done;
}

/* The cars of rows that name the person; shared when rows that name others have them too. */
static bool say_cars(struct subject *subject, size_t index, struct error *error)
{
    const struct model_entity *entity = &subject->model->entities[index];
    for (size_t i = 0; i < entity->field_count; i++) {
        if (model_person_value(entity, i) != PERSON_VIN)
            continue;
        const char *sql = arena_format(
            subject->arena,
            "INSERT OR IGNORE INTO temp.said(kind, value) SELECT %d, \"%s\" FROM temp.belongs b"
            " CROSS JOIN \"record_%s\" r USING (record_id) WHERE b.entity = %zu AND \"%s\" IS NOT"
            " NULL",
            PERSON_VIN, entity->fields[i].name, entity->name, index, entity->fields[i].name);
        if (!database_run(subject->state, sql, error))
            return false;
    }
    return true;
}

static bool mark_shared_cars(struct subject *subject, size_t index, struct error *error)
{
    const struct model_entity *entity = &subject->model->entities[index];
    const struct wanted cars = {PERSON_VIN, false};
    bool done = true;
    for (size_t i = 0; done && i < entity->field_count; i++) {
        struct buffer condition = BUFFER_EMPTY;
        struct buffer narrow = BUFFER_EMPTY;
        if (model_person_value(entity, i) == PERSON_VIN)
            done = append_values(subject, entity->fields[i].name, cars, &condition, error);
        if (done && condition.length)
            done = append_narrow(subject, entity, 1U << PERSON_VIN, &narrow, error) &&
                   database_run(
                       subject->state,
                       arena_format(subject->arena,
                                    "UPDATE temp.said SET shared = 1 WHERE kind = %d AND value IN"
                                    " (SELECT \"%s\" FROM \"record_%s\" WHERE %.*s(%.*s) AND"
                                    " \"" PERSON_REFERENCE "\" IS NOT NULL AND record_id NOT IN"
                                    " (SELECT record_id FROM temp.belongs WHERE entity = %zu))",
                                    PERSON_VIN, entity->fields[i].name, entity->name,
                                    SLICE_ARGUMENTS(buffer_slice(&narrow)),
                                    SLICE_ARGUMENTS(buffer_slice(&condition)), index),
                       error);
        buffer_release(&narrow);
        buffer_release(&condition);
    }
    return done;
}

/* Rows that name the person by number. */
static bool put_referring(struct subject *subject, struct error *error)
{
    const struct model *model = subject->model;
    struct buffer condition = BUFFER_EMPTY;
    bool done =
        append_terms(subject,
                     "SELECT '(source_id = ' || source_id || ' AND \"" PERSON_REFERENCE
                     "\" = ' || quote(source_key) || ')' FROM temp.person",
                     "(source_id, \"" PERSON_REFERENCE "\") IN (SELECT source_id, source_key FROM"
                     " temp.person)",
                     &condition, error);
    const char *named = arena_text(subject->arena, buffer_slice(&condition));
    for (size_t i = 0; done && *named && i < model->entity_count; i++)
        if (entity_has(&model->entities[i], PERSON_REFERENCE))
            done = put_belongs(subject, i, named, 1U << PERSON_KEY, error) &&
                   say_cars(subject, i, error);
    for (size_t i = 0; done && i < model->entity_count; i++)
        if (entity_has(&model->entities[i], PERSON_REFERENCE))
            done = mark_shared_cars(subject, i, error);
    buffer_release(&condition);
    return done;
}

/* Rows that name nobody by number but have a value of the person's own, or a shared one beside the
 * person's name. */
static bool condition_of_entity(struct subject *subject, const struct model_entity *entity,
                                struct buffer *sql, struct error *error)
{
    static const enum person_value kinds[] = {PERSON_CONTACT, PERSON_IDENTITY, PERSON_VIN};
    struct buffer own = BUFFER_EMPTY;
    struct buffer any = BUFFER_EMPTY;
    struct buffer names = BUFFER_EMPTY;
    bool done = append_fields(subject, entity, (struct wanted){PERSON_NAME, false}, &names, error);
    for (size_t i = 0; done && i < sizeof(kinds) / sizeof(kinds[0]); i++)
        done = append_fields(subject, entity, (struct wanted){kinds[i], true}, &own, error) &&
               append_fields(subject, entity, (struct wanted){kinds[i], false}, &any, error);
    if (own.length)
        buffer_format(sql, "(%.*s)", SLICE_ARGUMENTS(buffer_slice(&own)));
    if (any.length && names.length)
        buffer_format(sql, "%s(%.*s) AND (%.*s)", own.length ? " OR " : "",
                      SLICE_ARGUMENTS(buffer_slice(&any)), SLICE_ARGUMENTS(buffer_slice(&names)));
    buffer_release(&own);
    buffer_release(&any);
    buffer_release(&names);
    return done;
}

static bool put_valued(struct subject *subject, struct error *error)
{
    const struct model *model = subject->model;
    bool done = true;
    for (size_t i = 0; done && i < model->entity_count; i++) {
        struct buffer condition = BUFFER_EMPTY;
        if (strcmp(model->entities[i].name, PERSON_ENTITY) != 0)
            done = condition_of_entity(subject, &model->entities[i], &condition, error);
        if (done && condition.length)
            done = put_belongs(
                subject, i,
                arena_format(subject->arena, "(%.*s)%s", SLICE_ARGUMENTS(buffer_slice(&condition)),
                             entity_has(&model->entities[i], PERSON_REFERENCE)
                                 ? " AND \"" PERSON_REFERENCE "\" IS NULL"
                                 : ""),
                1U << PERSON_CONTACT | 1U << PERSON_IDENTITY | 1U << PERSON_VIN, error);
        buffer_release(&condition);
    }
    return done;
}

/* ---- as values of the caller's ---- */

static bool read_values(struct subject *subject, struct error *error)
{
    struct statement *rows = statement_prepare(
        subject->state,
        "SELECT kind, value, shared, '' FROM temp.said UNION ALL SELECT 4, source_key, 0, s.name"
        " FROM temp.person p JOIN source s USING (source_id)",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        subject->values = memory_grow(subject->values, &subject->value_capacity,
                                      subject->value_count + 1, sizeof(*subject->values));
        struct subject_value *value = &subject->values[subject->value_count++];
        *value = (struct subject_value){
            .kind = (enum person_value)statement_integer(rows, 0),
            .value = arena_text(subject->arena, statement_text(rows, 1)),
            .source = arena_text(subject->arena, statement_text(rows, 3)),
            .shared = statement_integer(rows, 2) != 0,
        };
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool count(struct subject *subject, const char *sql, size_t *number, struct error *error)
{
    int64_t found = 0;
    bool done = database_integer(subject->state, sql, 0, &found, error);
    *number = (size_t)found;
    return done;
}

bool subject_collect(struct subject *subject, struct error *error)
{
    const struct model_entity *entity = person_entity(subject);
    if (!entity)
        return error_set(error, EXIT_CONFIGURATION, "the model has no entity " PERSON_ENTITY);
    return say_fields(subject, entity, error) && mark_shared(subject, entity, error) &&
           put_referring(subject, error) && put_valued(subject, error) &&
           read_values(subject, error) &&
           count(subject, "SELECT count(*) FROM temp.person", &subject->records, error) &&
           count(subject, "SELECT count(*) FROM temp.belongs", &subject->rows, error);
}
