#include "cust360/base/memory.h"
#include "cust360/golden.h"
#include "internal.h"

static const char tables[] =
    "PRAGMA mmap_size=17179869184;"
    "DROP TABLE IF EXISTS temp.person; DROP TABLE IF EXISTS temp.said;"
    "DROP TABLE IF EXISTS temp.belongs;"
    "CREATE TEMP TABLE person(record_id INTEGER PRIMARY KEY, source_id INTEGER, source_key TEXT);"
    "CREATE TEMP TABLE said(kind INTEGER, value TEXT, shared INTEGER NOT NULL DEFAULT 0,"
    " PRIMARY KEY(kind, value)) WITHOUT ROWID;"
    "CREATE TEMP TABLE belongs(entity INTEGER, record_id INTEGER, PRIMARY KEY(entity, record_id))"
    " WITHOUT ROWID;";

/* What is neither a golden id nor of a source may be the person's own number, and is not repeated.
 */
static bool nobody(const char *asked, struct error *error)
{
    uint32_t number = GOLDEN_NONE;
    error_set(error, EXIT_FAILED, "nothing is held under %s",
              strchr(asked, ':')                          ? "this number of a source"
              : golden_id_parse(slice_of(asked), &number) ? asked
                                                          : "this: it is no golden id");
    return error_hint(error, "a golden id, also a former one, or SOURCE:KEY; cust360 find looks for"
                             " names and numbers");
}

/* The number that lives in place of the one that was asked for; GOLDEN_NONE: nobody's. */
static bool living_number(struct subject *subject, uint32_t asked, struct error *error)
{
    char id[GOLDEN_ID_BYTES];
    int64_t living = 0;
    golden_id_format(asked, id);
    const char *sql =
        arena_format(subject->arena, "SELECT golden_number FROM golden WHERE golden_number = %lu",
                     (unsigned long)asked);
    if (!database_integer(subject->state, sql, 0, &living, error))
        return false;
    subject->golden_number = (uint32_t)living;
    if (living)
        return true;
    struct statement *find = statement_prepare(
        subject->state, "SELECT becomes FROM golden_alias WHERE golden_id = ?1", error);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(id));
    enum outcome outcome = statement_step(find, error);
    if (outcome == ACCEPTED && !golden_id_parse(statement_text(find, 0), &subject->golden_number))
        subject->golden_number = GOLDEN_NONE;
    statement_destroy(find);
    return outcome != FAILED;
}

static bool put_person_of_golden(struct subject *subject, struct error *error)
{
    const char *sql = arena_format(
        subject->arena,
        "INSERT OR IGNORE INTO temp.person SELECT r.record_id, r.source_id, r.source_key FROM"
        " crosswalk x JOIN record_" PERSON_ENTITY " r USING (record_id)"
        " WHERE x.golden_number = %lu",
        (unsigned long)subject->golden_number);
    return database_run(subject->state, sql, error);
}

/* A record by its source's own number; then the whole golden record that it is in. */
static bool put_person_of_key(struct subject *subject, const char *source, const char *key,
                              struct error *error)
{
    int64_t number = 0;
    struct statement *put = statement_prepare(
        subject->state,
        "INSERT OR IGNORE INTO temp.person SELECT record_id, source_id, source_key FROM"
        " record_" PERSON_ENTITY
        " WHERE source_id = (SELECT source_id FROM source WHERE name = ?1) AND source_key = ?2",
        error);
    if (!put)
        return false;
    statement_bind_text(put, 1, slice_of(source));
    statement_bind_text(put, 2, slice_of(key));
    bool done = statement_run(put, error);
    statement_destroy(put);
    if (!done || !database_integer(subject->state,
                                   "SELECT golden_number FROM temp.person JOIN crosswalk USING"
                                   " (record_id) WHERE golden_number IS NOT NULL LIMIT 1",
                                   0, &number, error))
        return false;
    subject->golden_number = (uint32_t)number;
    return number == 0 || put_person_of_golden(subject, error);
}

static bool put_person(struct subject *subject, const char *asked, struct error *error)
{
    uint32_t number = GOLDEN_NONE;
    const char *colon = strchr(asked, ':');
    if (colon)
        return put_person_of_key(
            subject, arena_text(subject->arena, slice_make(asked, (size_t)(colon - asked))),
            colon + 1, error);
    if (!golden_id_parse(slice_of(asked), &number))
        return true;
    return living_number(subject, number, error) &&
           (subject->golden_number == GOLDEN_NONE || put_person_of_golden(subject, error));
}

static bool read_former_ids(struct subject *subject, struct error *error)
{
    enum { FORMER_MOST = 1000 };
    char *id = arena_allocate(subject->arena, GOLDEN_ID_BYTES);
    subject->golden_id = id;
    subject->former_ids =
        arena_allocate_array(subject->arena, FORMER_MOST, sizeof(*subject->former_ids));
    if (subject->golden_number == GOLDEN_NONE)
        return true;
    golden_id_format(subject->golden_number, id);
    struct statement *find = statement_prepare(
        subject->state, "SELECT golden_id FROM golden_alias WHERE becomes = ?1 ORDER BY golden_id",
        error);
    if (!find)
        return false;
    enum outcome outcome;
    statement_bind_text(find, 1, slice_of(id));
    while ((outcome = statement_step(find, error)) == ACCEPTED &&
           subject->former_count < FORMER_MOST)
        subject->former_ids[subject->former_count++] =
            arena_text(subject->arena, statement_text(find, 0));
    statement_destroy(find);
    return outcome != FAILED;
}

static bool is_found(struct subject *subject, bool *found, struct error *error)
{
    int64_t records = 0;
    bool done =
        database_integer(subject->state, "SELECT count(*) FROM temp.person", 0, &records, error);
    *found = records > 0;
    return done;
}

bool subject_find(struct subject *subject, struct database *state, const struct model *model,
                  const char *asked, struct arena *arena, struct error *error)
{
    bool found = false;
    *subject = (struct subject){.arena = arena, .state = state, .model = model};
    return database_run(state, tables, error) && put_person(subject, asked, error) &&
           is_found(subject, &found, error) && (found || nobody(asked, error)) &&
           read_former_ids(subject, error) && subject_collect(subject, error);
}

bool subject_find_again(const struct subject *known, struct database *state,
                        struct subject *subject, bool *there, struct error *error)
{
    *subject = (struct subject){.arena = known->arena, .state = state, .model = known->model};
    *there = false;
    if (!database_run(state, tables, error))
        return false;
    for (size_t i = 0; i < known->value_count; i++) {
        const struct subject_value *value = &known->values[i];
        if (value->kind == PERSON_KEY &&
            !put_person_of_key(subject, value->source, value->value, error))
            return false;
    }
    return is_found(subject, there, error) &&
           (!*there || (read_former_ids(subject, error) && subject_collect(subject, error)));
}

void subject_release(struct subject *subject)
{
    memory_free(subject->values);
    subject->values = NULL;
    subject->value_count = 0;
}

bool subject_run(const struct subject *subject, struct database *database, const char *sql,
                 int64_t *rows, struct error *error)
{
    (void)subject;
    if (!database_run(database, sql, error))
        return false;
    if (rows)
        *rows += database_changes(database);
    return true;
}
