#include "retention.h"
#include "cust360/base/audit.h"
#include "cust360/base/date.h"
#include "cust360/config_person.h"
#include "cust360/store_steward.h"

#include <stdio.h>

/*
 *   rules ──► temp.past (entity, record_id, fate) ──► fresh: deleted, nobody has seen them
 *                          │                      ──► living: closed, listed as changed
 *                          │                      ──► closed: before, by their source
 *                          └─► rows that name a person who is past: the same
 *
 * Decided before anything is taken away: a visit that goes tonight still counts for its customer,
 * as it does when the state is made from nothing. */

static const char tables[] =
    "DROP TABLE IF EXISTS temp.past; DROP TABLE IF EXISTS temp.past_person;"
    "DROP TABLE IF EXISTS temp.active; DROP TABLE IF EXISTS temp.emptied;"
    "CREATE TEMP TABLE past(entity TEXT, record_id INTEGER, source_id INTEGER, source_key TEXT,"
    " fate TEXT, PRIMARY KEY(entity, record_id)) WITHOUT ROWID;"
    "CREATE TEMP TABLE past_person(source_id INTEGER, source_key TEXT, PRIMARY KEY(source_id,"
    " source_key)) WITHOUT ROWID;"
    "CREATE TEMP TABLE active(source_id INTEGER, source_key TEXT, living TEXT, ever TEXT,"
    " PRIMARY KEY(source_id, source_key)) WITHOUT ROWID;"
    "CREATE TEMP TABLE emptied(entity TEXT, record_id INTEGER, source_id INTEGER, source_key TEXT,"
    " PRIMARY KEY(entity, record_id)) WITHOUT ROWID;";

bool retention_run(const struct retaining *work, struct buffer *sql, uint64_t *rows,
                   struct error *error)
{
    bool done = database_run(work->store->database, sql->data, error);
    if (done && rows)
        *rows += (uint64_t)database_changes(work->store->database);
    buffer_clear(sql);
    return done;
}

const struct model_entity *retention_entity(const struct retaining *work, size_t entity)
{
    return &work->store->model->entities[entity];
}

const char *retention_cutoff(const struct retaining *work, struct retention_term term)
{
    char text[DATE_TEXT_BYTES];
    date_format(retention_first_day(term, work->as_of_days), text);
    return arena_text(work->arena, slice_of(text));
}

void retention_own_day(const struct retaining *work, const struct retention_rule *rule,
                       struct buffer *sql)
{
    const struct model_entity *entity = retention_entity(work, rule->entity);
    buffer_append_text(sql, "max('', ''");
    for (size_t i = 0; i < rule->since_count; i++)
        if (rule->since[i].entity == rule->entity)
            buffer_format(sql, ", coalesce(substr(r.\"%s\", 1, 10), '')",
                          entity->fields[rule->since[i].field].name);
    buffer_append_text(sql, ")");
}

/* ---- which records ---- */

/* The newest days of the rows that name a record, of those that are there and of all. */
static bool find_active(const struct retaining *work, const struct retention_rule *rule,
                        struct buffer *sql, struct error *error)
{
    const char *between = "";
    buffer_append_text(sql,
                       "DELETE FROM temp.active; INSERT INTO temp.active SELECT source_id, key,"
                       " max(living), max(day) FROM (");
    for (size_t i = 0; i < rule->since_count; i++) {
        const struct model_entity *entity = retention_entity(work, rule->since[i].entity);
        const char *field = entity->fields[rule->since[i].field].name;
        if (rule->since[i].entity == rule->entity)
            continue;
        buffer_format(sql,
                      "%sSELECT source_id, \"" PERSON_REFERENCE "\" AS key, substr(\"%s\", 1, 10)"
                      " AS day, CASE WHEN closed_run IS NULL THEN substr(\"%s\", 1, 10) ELSE ''"
                      " END AS living FROM \"record_%s\" WHERE \"" PERSON_REFERENCE
                      "\" IS NOT NULL AND \"%s\" IS NOT NULL",
                      between, field, field, entity->name, field);
        between = " UNION ALL ";
    }
    buffer_append_text(sql, ") GROUP BY source_id, key");
    if (*between)
        return retention_run(work, sql, NULL, error);
    buffer_clear(sql);
    return database_run(work->store->database, "DELETE FROM temp.active", error);
}

#define FATE_OF_ROW                                                                                \
    "CASE WHEN r.first_run = %lld THEN '" RETENTION_FRESH                                          \
    "' WHEN r.closed_run IS NULL THEN '" RETENTION_LIVING "' ELSE 'closed' END"

static bool find_past(const struct retaining *work, const struct retention_rule *rule,
                      struct buffer *sql, struct error *error)
{
    const char *name = retention_entity(work, rule->entity)->name;
    if (!retention_is_set(rule->keep))
        return true;
    if (!find_active(work, rule, sql, error))
        return false;
    buffer_format(sql,
                  "INSERT OR IGNORE INTO temp.past SELECT '%s', record_id, source_id, source_key,"
                  " fate FROM (SELECT r.record_id, r.source_id, r.source_key, " FATE_OF_ROW
                  " AS fate, max(coalesce(CASE WHEN r.closed_run IS NULL THEN a.living ELSE a.ever"
                  " END, ''), ",
                  name, (long long)work->store->run_id);
    retention_own_day(work, rule, sql);
    buffer_format(sql,
                  ") AS day FROM \"record_%s\" r LEFT JOIN temp.active a USING (source_id,"
                  " source_key)) WHERE day <> '' AND day < '%s'",
                  name, retention_cutoff(work, rule->keep));
    return retention_run(work, sql, NULL, error);
}

/* Rows of whichever entity that name a person who goes. */
static bool find_naming(const struct retaining *work, struct buffer *sql, struct error *error)
{
    const struct model *model = work->store->model;
    bool done = database_run(work->store->database,
                             "INSERT OR IGNORE INTO temp.past_person SELECT source_id, source_key"
                             " FROM temp.past WHERE entity = '" PERSON_ENTITY "'",
                             error);
    for (size_t i = 0; done && i < model->entity_count; i++) {
        if (model_find_field(&model->entities[i], PERSON_REFERENCE) == FIELD_NONE)
            continue;
        buffer_format(sql,
                      "INSERT OR IGNORE INTO temp.past SELECT '%s', r.record_id, r.source_id,"
                      " r.source_key, " FATE_OF_ROW " FROM \"record_%s\" r WHERE (r.source_id,"
                      " r.\"" PERSON_REFERENCE "\") IN (SELECT source_id, source_key FROM"
                      " temp.past_person)",
                      model->entities[i].name, (long long)work->store->run_id,
                      model->entities[i].name);
        done = retention_run(work, sql, NULL, error);
    }
    return done;
}

/* ---- taking them away ---- */

/* What a source remembers of its last reading names records that are gone. */
static const char forgetting[] =
    "UPDATE source_reading SET token = 0 WHERE source_id IN (SELECT source_id FROM temp.past WHERE"
    " fate IN ('" RETENTION_FRESH "', '" RETENTION_LIVING "'));"
    "DELETE FROM source_file WHERE source_id IN (SELECT source_id FROM temp.past WHERE fate IN "
    "('" RETENTION_FRESH "', '" RETENTION_LIVING "'));"
    "DELETE FROM finding WHERE (entity, source_id, source_key) IN (SELECT entity, source_id,"
    " source_key FROM temp.past);"
    "DELETE FROM changed_record WHERE (entity, record_id) IN (SELECT entity, record_id FROM"
    " temp.past WHERE fate = '" RETENTION_FRESH "');";

static bool list_closed(const struct retaining *work, struct error *error)
{
    int64_t living = 0;
    if (!database_integer(work->store->database,
                          "SELECT count(*) FROM temp.past WHERE fate = '" RETENTION_LIVING "'", 0,
                          &living, error))
        return false;
    work->store->has_changes = work->store->has_changes || living > 0;
    return !work->store->lists_changes ||
           database_run(
               work->store->database,
               "INSERT OR REPLACE INTO changed_record(entity, record_id, change) SELECT"
               " entity, record_id, 'closed' FROM temp.past WHERE fate = '" RETENTION_LIVING "'",
               error);
}

static bool close_past(const struct retaining *work, size_t index, struct buffer *sql,
                       struct error *error)
{
    const char *name = retention_entity(work, index)->name;
    int64_t past = 0;
    const char *count =
        arena_format(work->arena, "SELECT count(*) FROM temp.past WHERE entity = '%s'", name);
    if (!database_integer(work->store->database, count, 0, &past, error))
        return false;
    if (past == 0)
        return true;
    work->counts[index].records = (uint64_t)past;
    buffer_format(sql,
                  "DELETE FROM \"record_%s\" WHERE record_id IN (SELECT record_id FROM temp.past"
                  " WHERE entity = '%s' AND fate = '" RETENTION_FRESH "');"
                  "UPDATE \"record_%s\" SET closed_run = %lld WHERE record_id IN (SELECT record_id"
                  " FROM temp.past WHERE entity = '%s' AND fate = '" RETENTION_LIVING "')",
                  name, name, name, (long long)work->store->run_id, name);
    return retention_run(work, sql, NULL, error);
}

static bool find_and_close(const struct retaining *work, struct buffer *sql, struct error *error)
{
    for (size_t i = 0; i < work->rules->count; i++)
        if (!find_past(work, &work->rules->rules[i], sql, error))
            return false;
    if (!find_naming(work, sql, error) || !retention_count_rows(work, sql, error) ||
        !database_run(work->store->database, forgetting, error) || !list_closed(work, error))
        return false;
    for (size_t i = 0; i < work->store->model->entity_count; i++)
        if (!close_past(work, i, sql, error))
            return false;
    return true;
}

/* ---- the whole ---- */

static bool tell_audit(const struct retaining *work, struct error *error)
{
    char run[24];
    char records[24];
    char emptied[24];
    uint64_t sums[2] = {0, 0};
    for (size_t i = 0; i < work->store->model->entity_count; i++) {
        sums[0] += work->counts[i].records;
        sums[1] += work->counts[i].emptied;
    }
    if (sums[0] + sums[1] == 0)
        return true;
    snprintf(run, sizeof(run), "%lld", (long long)work->store->run_id);
    snprintf(records, sizeof(records), "%llu", (unsigned long long)sums[0]);
    snprintf(emptied, sizeof(emptied), "%llu", (unsigned long long)sums[1]);
    const struct audit_detail details[] = {
        {"run", run}, {"records", records}, {"emptied", emptied}};
    const struct audit_entry entry = {NULL, "retention", details,
                                      sizeof(details) / sizeof(details[0])};
    return audit_append(work->store->folder, &entry, error);
}

static size_t keep_counted(struct retention_counts *counts, size_t entities)
{
    size_t count = 0;
    for (size_t i = 0; i < entities; i++)
        if (counts[i].records + counts[i].emptied > 0) {
            counts[count] = counts[i];
            counts[count++].entity = i;
        }
    return count;
}

bool store_retention_apply(struct store *store, const struct retention_input *input,
                           struct arena *arena, struct retention_counts **counts, size_t *count,
                           struct error *error)
{
    size_t entities = store->model->entity_count;
    struct buffer sql = BUFFER_EMPTY;
    *count = 0;
    *counts = NULL;
    if (input->rules->count == 0)
        return true;
    struct retaining work = {.store = store,
                             .rules = input->rules,
                             .sources = input->sources,
                             .source_count = input->source_count,
                             .arena = arena,
                             .counts = arena_allocate_array(arena, entities, sizeof(**counts))};
    bool done = date_parse(slice_of(store->as_of), &work.as_of_days) &&
                database_run(store->database, tables, error) &&
                find_and_close(&work, &sql, error) && retention_empty(&work, &sql, error) &&
                tell_audit(&work, error);
    buffer_release(&sql);
    *counts = work.counts;
    *count = keep_counted(work.counts, entities);
    return done;
}

/* What names a customer's record that is gone; as an erasure has it (subject/erase_state.c). */
static const char *const finishing[] = {
    "DELETE FROM decision WHERE (source_a, key_a) IN (SELECT s.name, p.source_key FROM"
    " temp.past_person p JOIN source s USING (source_id))",
    "DELETE FROM decision WHERE (source_b, key_b) IN (SELECT s.name, p.source_key FROM"
    " temp.past_person p JOIN source s USING (source_id))",
    "DELETE FROM link WHERE record_a IN (SELECT record_id FROM temp.past WHERE entity = "
    "'" PERSON_ENTITY
    "') OR record_b IN (SELECT record_id FROM temp.past WHERE entity = '" PERSON_ENTITY "')",
    "DELETE FROM possible_match WHERE record_a IN (SELECT record_id FROM temp.past WHERE entity = "
    "'" PERSON_ENTITY
    "') OR record_b IN (SELECT record_id FROM temp.past WHERE entity = '" PERSON_ENTITY "')",
    "DELETE FROM crosswalk WHERE record_id IN (SELECT record_id FROM temp.past WHERE entity = "
    "'" PERSON_ENTITY "')",
    "DELETE FROM changed_record WHERE (entity, record_id) IN (SELECT entity, record_id FROM"
    " temp.past)",
    "DELETE FROM changed_value",
};

static bool delete_past(struct store *store, struct error *error)
{
    bool done = true;
    struct buffer sql = BUFFER_EMPTY;
    for (size_t i = 0; done && i < sizeof(finishing) / sizeof(finishing[0]); i++)
        done = database_run(store->database, finishing[i], error);
    for (size_t i = 0; done && i < store->model->entity_count; i++) {
        const char *name = store->model->entities[i].name;
        buffer_clear(&sql);
        buffer_format(&sql,
                      "DELETE FROM \"record_%s\" WHERE record_id IN (SELECT record_id FROM"
                      " temp.past WHERE entity = '%s' AND fate <> '" RETENTION_FRESH "')",
                      name, name);
        done = database_run(store->database, sql.data, error);
    }
    buffer_release(&sql);
    return done;
}

bool store_retention_finish(struct store *store, struct error *error)
{
    int64_t gone = 0;
    struct error ignored;
    if (!database_integer(store->database,
                          "SELECT (SELECT count(*) FROM temp.past WHERE fate <> '" RETENTION_FRESH
                          "')"
                          " + (SELECT count(*) FROM temp.emptied)",
                          0, &gone, error))
        return false;
    if (gone == 0)
        return true;
    bool done = database_run(store->database, "BEGIN IMMEDIATE", error) &&
                delete_past(store, error) && store_commit(store, error);
    if (!done)
        database_run(store->database, "ROLLBACK", &ignored);
    return done;
}
