#include "retention.h"

/* A value that is past its class's term is emptied where it stands, with what came in its place
 * (`refused`, `delivered`) and what findings say of it. The record's hash is set to one that no
 * content has, so that a row that is read anew is put anew: only then can a longer term bring back
 * what its source still sends. */

struct emptying {
    const struct retaining *work;
    const struct retention_rule *rule;
    enum field_class class;
    struct buffer *sql;
};

/* A part goes with what it was taken from. */
static bool is_meant(const struct emptying *emptying, size_t field)
{
    const struct model_entity *entity = retention_entity(emptying->work, emptying->rule->entity);
    size_t from = entity->fields[field].from;
    return entity->fields[field].class == emptying->class ||
           (from != FIELD_NONE && entity->fields[from].class == emptying->class);
}

/* Appends `format` for each field that is meant, `between` in between; how many these are. */
static size_t append_each(const struct emptying *emptying, const char *before, const char *behind,
                          const char *between)
{
    const struct model_entity *entity = retention_entity(emptying->work, emptying->rule->entity);
    size_t count = 0;
    for (size_t i = 0; i < entity->field_count; i++)
        if (is_meant(emptying, i))
            buffer_format(emptying->sql, "%s%s%s%s", count++ ? between : "", before,
                          entity->fields[i].name, behind);
    return count;
}

/* Whether a JSON object has one of the fields. */
static void append_has(const struct emptying *emptying, const char *column)
{
    buffer_format(emptying->sql, " OR json_remove(%s, ", column);
    append_each(emptying, "'$.", "'", ", ");
    buffer_format(emptying->sql, ") <> json(%s)", column);
}

static bool find_full(const struct emptying *emptying, struct retention_term term,
                      struct error *error)
{
    const struct retaining *work = emptying->work;
    const char *name = retention_entity(work, emptying->rule->entity)->name;
    struct buffer *sql = emptying->sql;
    buffer_format(sql,
                  "DELETE FROM temp.emptied WHERE entity = '';"
                  "INSERT INTO temp.emptied SELECT '', r.record_id, r.source_id, r.source_key"
                  " FROM \"record_%s\" r WHERE (",
                  name);
    append_each(emptying, "r.\"", "\" IS NOT NULL", " OR ");
    append_has(emptying, "refused");
    append_has(emptying, "delivered");
    buffer_append_text(sql, ") AND ");
    retention_own_day(work, emptying->rule, sql);
    buffer_append_text(sql, " <> '' AND ");
    retention_own_day(work, emptying->rule, sql);
    buffer_format(sql, " < '%s'", retention_cutoff(work, term));
    return retention_run(work, sql, NULL, error);
}

#define EMPTIED_NOW "(SELECT record_id FROM temp.emptied WHERE entity = '')"

static void append_without(const struct emptying *emptying, const char *column)
{
    buffer_format(emptying->sql, ", %s = nullif(json_remove(%s, ", column, column);
    append_each(emptying, "'$.", "'", ", ");
    buffer_append_text(emptying->sql, "), '{}')");
}

static bool empty_found(const struct emptying *emptying, struct error *error)
{
    const char *name = retention_entity(emptying->work, emptying->rule->entity)->name;
    struct buffer *sql = emptying->sql;
    buffer_format(sql, "UPDATE \"record_%s\" SET hash = 0, changed_run = %lld, ", name,
                  (long long)emptying->work->store->run_id);
    append_each(emptying, "\"", "\" = NULL", ", ");
    append_without(emptying, "refused");
    append_without(emptying, "delivered");
    buffer_append_text(sql, " WHERE record_id IN " EMPTIED_NOW);
    if (!retention_run(emptying->work, sql, NULL, error))
        return false;
    buffer_format(sql,
                  "UPDATE finding SET given = NULL, proposal = NULL WHERE entity = '%s' AND"
                  " (source_id, source_key) IN (SELECT source_id, source_key FROM temp.emptied"
                  " WHERE entity = '') AND field IN (",
                  name);
    append_each(emptying, "'", "'", ", ");
    buffer_append_text(sql, ")");
    return retention_run(emptying->work, sql, NULL, error);
}

/* What is emptied is changed, unless it is new or gone anyway. */
static bool list_found(const struct emptying *emptying, struct error *error)
{
    struct store *store = emptying->work->store;
    const char *name = retention_entity(emptying->work, emptying->rule->entity)->name;
    if (store->lists_changes) {
        buffer_format(emptying->sql,
                      "INSERT OR IGNORE INTO changed_record(entity, record_id, change) SELECT '%s',"
                      " record_id, 'changed' FROM \"record_%s\" WHERE closed_run IS NULL AND"
                      " record_id IN " EMPTIED_NOW,
                      name, name);
        if (!retention_run(emptying->work, emptying->sql, NULL, error))
            return false;
    }
    buffer_format(emptying->sql,
                  "INSERT OR IGNORE INTO temp.emptied SELECT '%s', record_id, source_id, source_key"
                  " FROM temp.emptied WHERE entity = ''",
                  name);
    return retention_run(emptying->work, emptying->sql, NULL, error);
}

/* How well a field is filled is counted when records are put; what is stored of them is another
 * thing now, and the next night counts on from this. A part has no counts of its own. */
static bool count_anew(const struct emptying *emptying, size_t field, struct error *error)
{
    const struct model_entity *entity = retention_entity(emptying->work, emptying->rule->entity);
    const char *name = entity->fields[field].name;
    unsigned bit = field < 63 ? (unsigned)field : 62;
    if (!is_meant(emptying, field) || entity->fields[field].from != FIELD_NONE)
        return true;
    buffer_format(emptying->sql,
                  "UPDATE data_quality_run SET (filled, repaired, warned, refused) = (SELECT"
                  " count(\"%s\"), coalesce(sum(\"%s\" IS NOT NULL AND repaired >> %u & %u), 0),"
                  " coalesce(sum(\"%s\" IS NOT NULL AND instr(',' || flagged, ',%s,') > 0), 0),"
                  " coalesce(sum(json_type(refused, '$.%s') IS NOT NULL), 0) FROM \"record_%s\" r"
                  " WHERE r.source_id = data_quality_run.source_id AND r.closed_run IS NULL)"
                  " WHERE run_id = %lld AND entity = '%s' AND field = '%s' AND source_id IN"
                  " (SELECT source_id FROM temp.emptied WHERE entity = '')",
                  name, name, bit, field < 63, name, name, name, entity->name,
                  (long long)emptying->work->store->run_id, entity->name, name);
    return retention_run(emptying->work, emptying->sql, NULL, error);
}

static bool empty_class(const struct emptying *emptying, struct error *error)
{
    const struct retaining *work = emptying->work;
    size_t entity = emptying->rule->entity;
    struct retention_term term;
    bool any = false;
    int64_t found = 0;
    for (size_t i = 0; i < retention_entity(work, entity)->field_count; i++)
        any = any || is_meant(emptying, i);
    if (!any || !retention_of_class(emptying->rule, emptying->class, &term))
        return true;
    if (!find_full(emptying, term, error) ||
        !database_integer(work->store->database,
                          "SELECT count(*) FROM temp.emptied WHERE entity = ''", 0, &found, error))
        return false;
    if (found == 0)
        return true;
    work->store->has_changes = true;
    if (!empty_found(emptying, error) || !list_found(emptying, error))
        return false;
    for (size_t i = 0; i < retention_entity(work, entity)->field_count; i++)
        if (!count_anew(emptying, i, error))
            return false;
    return true;
}

/* A record of which both classes go counts once. */
static bool count_emptied(const struct retaining *work, size_t entity, struct error *error)
{
    int64_t count = 0;
    const char *sql =
        arena_format(work->arena, "SELECT count(*) FROM temp.emptied WHERE entity = '%s'",
                     retention_entity(work, entity)->name);
    bool done = database_integer(work->store->database, sql, 0, &count, error);
    work->counts[entity].emptied = (uint64_t)count;
    return done;
}

bool retention_empty(const struct retaining *work, struct buffer *sql, struct error *error)
{
    static const enum field_class classes[] = {FIELD_PERSONAL, FIELD_SENSITIVE};
    for (size_t i = 0; i < work->rules->count; i++) {
        const struct retention_rule *rule = &work->rules->rules[i];
        for (size_t j = 0; j < sizeof(classes) / sizeof(classes[0]); j++) {
            const struct emptying emptying = {work, rule, classes[j], sql};
            if (!empty_class(&emptying, error))
                return false;
        }
        if (!count_emptied(work, rule->entity, error))
            return false;
    }
    return true;
}
