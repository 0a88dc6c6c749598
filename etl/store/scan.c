#include "cust360/base/memory.h"
#include "internal.h"

/* One pass over the members and, side by side, over each entity that refers to them:
 *
 *   source by source, by name:   members  ORDER BY source_key        ──┐
 *                                referrers ORDER BY reference field  ──┴─► merged on the key
 *
 * so that no record is looked up on its own. */

struct cursor { /* over the records of one entity that refer to members by one field */
    const struct model_entity *entity;
    size_t reference;
    size_t *attributes; /* indexes into the scan's */
    size_t attribute_count;
    struct statement *rows;
    bool has_row; /* a row is there that is not used up */
};

struct store_scan {
    struct store *store;
    struct arena *arena;        /* as long as the scan */
    struct arena *member_arena; /* the values of the current member */
    const struct model_entity *entity;
    const struct store_attribute *attributes;
    size_t attribute_count;
    struct statement *members;
    int *columns; /* of the members' statement, an attribute; -1: of a cursor */
    struct cursor *cursors;
    size_t cursor_count;
    struct store_values *values;
    struct slice **items; /* the referrers' values behind `values` */
    struct slice *own;    /* one an attribute of the entity itself */
    size_t next_source;   /* the roster's source to be begun next */
    bool in_source;
    bool only_chosen; /* those of the table temp.chosen */
};

void roster_release(struct roster *roster)
{
    arena_destroy(roster->arena);
    memory_free(roster->sources);
    memory_free(roster->record_ids);
    memory_free(roster->member_source);
    memory_free(roster->changed);
    *roster = (struct roster){0};
}

bool roster_begin(struct store *store, size_t entity, struct error *error)
{
    struct roster *roster = &store->roster;
    size_t capacity = 0;
    bool chosen = roster->chosen;
    roster_release(roster);
    roster->chosen = chosen;
    roster->entity = entity;
    roster->arena = arena_create();
    struct statement *sources = statement_prepare(
        store->database, "SELECT source_id, name, trust FROM source ORDER BY name", error);
    if (!sources)
        return false;
    enum outcome outcome;
    while ((outcome = statement_step(sources, error)) == ACCEPTED) {
        roster->sources = memory_grow(roster->sources, &capacity, roster->source_count + 1,
                                      sizeof(*roster->sources));
        roster->sources[roster->source_count++] = (struct roster_source){
            statement_integer(sources, 0), arena_copy(roster->arena, statement_text(sources, 1)),
            (int)statement_integer(sources, 2)};
    }
    statement_destroy(sources);
    return outcome == ENDED;
}

/* Grows with the scan: how many members there are is known at its end. */
static void roster_add(struct roster *roster, int64_t record_id, size_t source, bool changed)
{
    size_t needed = (size_t)roster->count + 1;
    roster->record_ids = memory_grow(roster->record_ids, &roster->record_ids_capacity, needed,
                                     sizeof(*roster->record_ids));
    roster->member_source = memory_grow(roster->member_source, &roster->member_source_capacity,
                                        needed, sizeof(*roster->member_source));
    roster->changed =
        memory_grow(roster->changed, &roster->changed_capacity, needed, sizeof(*roster->changed));
    roster->record_ids[roster->count] = record_id;
    roster->member_source[roster->count] = (uint32_t)source;
    roster->changed[roster->count] = changed;
    roster->count++;
}

/* match.yaml is bound against the same model, so this is for callers that compose attributes
 * themselves. */
static bool unknown_name(const char *what, const char *name, struct error *error)
{
    return error_set(error, EXIT_CONFIGURATION, "the model has no %s %s", what, name);
}

static bool prepare_members(struct store_scan *scan, struct error *error)
{
    enum { AT_FIELDS = 3 };
    struct buffer sql = BUFFER_EMPTY;
    int column = AT_FIELDS;
    bool known = true;
    buffer_append_text(&sql, "SELECT record_id, source_key, changed_run");
    for (size_t i = 0; known && i < scan->attribute_count; i++) {
        scan->columns[i] = -1;
        if (scan->attributes[i].entity)
            continue;
        known = model_find_field(scan->entity, scan->attributes[i].field) != FIELD_NONE ||
                unknown_name("field", scan->attributes[i].field, error);
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, scan->attributes[i].field);
        scan->columns[i] = column++;
    }
    buffer_append_text(&sql, " FROM ");
    append_table(&sql, scan->entity);
    /* Of the chosen ones each is looked up; by the source's index all of a source would be passed.
     */
    buffer_append_text(&sql, scan->only_chosen ? " WHERE +source_id=?1 AND closed_run IS NULL"
                                                 " AND record_id IN temp.chosen"
                                               : " WHERE source_id=?1 AND closed_run IS NULL");
    buffer_append_text(&sql, " ORDER BY source_key");
    if (known)
        scan->members = statement_prepare(scan->store->database, sql.data, error);
    buffer_release(&sql);
    return scan->members != NULL;
}

static bool prepare_cursor(struct store_scan *scan, struct cursor *cursor, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    const char *reference = cursor->entity->fields[cursor->reference].name;
    buffer_append_text(&sql, "SELECT ");
    append_identifier(&sql, reference);
    for (size_t i = 0; i < cursor->attribute_count; i++) {
        buffer_append_text(&sql, ", ");
        append_identifier(&sql, scan->attributes[cursor->attributes[i]].field);
    }
    buffer_append_text(&sql, " FROM ");
    append_table(&sql, cursor->entity);
    buffer_append_text(&sql, " WHERE source_id=?1 AND closed_run IS NULL AND ");
    append_identifier(&sql, reference);
    if (scan->only_chosen) {
        buffer_append_text(&sql, " IN (SELECT source_key FROM ");
        append_table(&sql, scan->entity);
        buffer_append_text(&sql, " WHERE +source_id=?1 AND record_id IN temp.chosen)");
    } else {
        buffer_append_text(&sql, " IS NOT NULL");
    }
    buffer_append_text(&sql, " ORDER BY 1");
    /* Equal references in an order of their own, so that nothing depends on the table's. */
    for (size_t i = 0; i < cursor->attribute_count; i++)
        buffer_format(&sql, ", %zu", i + 2);
    cursor->rows = statement_prepare(scan->store->database, sql.data, error);
    buffer_release(&sql);
    return cursor->rows != NULL;
}

/* Attributes of one entity by one reference share a cursor: its rows are read once. */
static struct cursor *cursor_for(struct store_scan *scan, size_t entity, size_t reference)
{
    const struct model_entity *wanted = &scan->store->model->entities[entity];
    for (size_t i = 0; i < scan->cursor_count; i++)
        if (scan->cursors[i].entity == wanted && scan->cursors[i].reference == reference)
            return &scan->cursors[i];
    struct cursor *cursor = &scan->cursors[scan->cursor_count++];
    cursor->entity = wanted;
    cursor->reference = reference;
    cursor->attributes =
        arena_allocate_array(scan->arena, scan->attribute_count, sizeof(*cursor->attributes));
    return cursor;
}

static bool add_referring(struct store_scan *scan, size_t attribute, struct error *error)
{
    const struct store_attribute *wanted = &scan->attributes[attribute];
    const struct model *model = scan->store->model;
    size_t entity = model_find_entity(model, wanted->entity);
    if (entity == FIELD_NONE)
        return unknown_name("entity", wanted->entity, error);
    size_t reference = model_find_field(&model->entities[entity], wanted->reference);
    if (reference == FIELD_NONE)
        return unknown_name("field", wanted->reference, error);
    if (model_find_field(&model->entities[entity], wanted->field) == FIELD_NONE)
        return unknown_name("field", wanted->field, error);
    struct cursor *cursor = cursor_for(scan, entity, reference);
    cursor->attributes[cursor->attribute_count++] = attribute;
    return true;
}

static bool prepare_cursors(struct store_scan *scan, struct error *error)
{
    for (size_t i = 0; i < scan->attribute_count; i++)
        if (scan->attributes[i].entity && !add_referring(scan, i, error))
            return false;
    for (size_t i = 0; i < scan->cursor_count; i++)
        if (!prepare_cursor(scan, &scan->cursors[i], error))
            return false;
    return true;
}

static struct store_scan *scan_create(struct store *store, size_t entity,
                                      const struct store_attribute *attributes, size_t count)
{
    struct arena *arena = arena_create();
    struct store_scan *scan = arena_allocate(arena, sizeof(*scan));
    scan->store = store;
    scan->arena = arena;
    scan->member_arena = arena_create();
    scan->entity = &store->model->entities[entity];
    scan->attributes = attributes;
    scan->attribute_count = count;
    scan->columns = arena_allocate_array(arena, count, sizeof(*scan->columns));
    scan->cursors = arena_allocate_array(arena, count, sizeof(*scan->cursors));
    scan->values = arena_allocate_array(arena, count, sizeof(*scan->values));
    scan->items = arena_allocate_array(arena, count, sizeof(*scan->items));
    scan->own = arena_allocate_array(arena, count, sizeof(*scan->own));
    return scan;
}

static struct store_scan *open_scan(struct store *store, const char *entity,
                                    const struct store_attribute *attributes, size_t count,
                                    bool only_chosen, struct error *error)
{
    size_t number = model_find_entity(store->model, entity);
    if (number == FIELD_NONE) {
        unknown_name("entity", entity, error);
        return NULL;
    }
    struct store_scan *scan = scan_create(store, number, attributes, count);
    scan->only_chosen = only_chosen;
    store->roster.chosen = only_chosen;
    decisions_destroy(store->decisions);
    store->decisions = NULL;
    if ((store->writing && !schema_index(store, error)) || !roster_begin(store, number, error) ||
        !(store->decisions = decisions_load(store, error)) || !prepare_members(scan, error) ||
        !prepare_cursors(scan, error)) {
        store_scan_close(scan);
        return NULL;
    }
    return scan;
}

struct store_scan *store_scan_open(struct store *store, const char *entity,
                                   const struct store_attribute *attributes, size_t count,
                                   struct error *error)
{
    return open_scan(store, entity, attributes, count, false, error);
}

/* In a table of the connection's own, which a reader may have too. */
static bool choose_records(struct store *store, const struct store_choice *choice,
                           struct error *error)
{
    if (!database_run(store->database,
                      "CREATE TEMP TABLE IF NOT EXISTS chosen(record_id INTEGER PRIMARY KEY);"
                      "DELETE FROM temp.chosen;",
                      error))
        return false;
    struct statement *insert =
        statement_prepare(store->database, "INSERT OR IGNORE INTO temp.chosen VALUES(?1)", error);
    bool done = insert != NULL;
    for (size_t i = 0; done && i < choice->count; i++) {
        statement_bind_integer(insert, 1, choice->record_ids[i]);
        done = statement_run(insert, error);
    }
    statement_destroy(insert);
    return done;
}

struct store_scan *store_scan_open_chosen(struct store *store, const char *entity,
                                          const struct store_attribute *attributes, size_t count,
                                          const struct store_choice *choice, struct error *error)
{
    if (!choose_records(store, choice, error))
        return NULL;
    return open_scan(store, entity, attributes, count, true, error);
}

void store_scan_close(struct store_scan *scan)
{
    if (!scan)
        return;
    for (size_t i = 0; i < scan->cursor_count; i++)
        statement_destroy(scan->cursors[i].rows);
    statement_destroy(scan->members);
    arena_destroy(scan->member_arena);
    arena_destroy(scan->arena);
}

const int64_t *store_member_records(const struct store *store)
{
    return store->roster.record_ids;
}

static bool cursor_advance(struct cursor *cursor, struct error *error)
{
    enum outcome outcome = statement_step(cursor->rows, error);
    cursor->has_row = outcome == ACCEPTED;
    return outcome != FAILED;
}

static bool begin_source(struct store_scan *scan, struct error *error)
{
    int64_t source_id = scan->store->roster.sources[scan->next_source++].source_id;
    statement_reset(scan->members);
    statement_bind_integer(scan->members, 1, source_id);
    for (size_t i = 0; i < scan->cursor_count; i++) {
        statement_reset(scan->cursors[i].rows);
        statement_bind_integer(scan->cursors[i].rows, 1, source_id);
        if (!cursor_advance(&scan->cursors[i], error))
            return false;
    }
    scan->in_source = true;
    return true;
}

static void add_value(struct store_scan *scan, size_t attribute, struct slice value)
{
    enum { FIRST_ITEMS = 4 };
    size_t count = scan->values[attribute].count;
    struct slice *items = scan->items[attribute];
    /* Room for 4, 8, 16 …: full exactly when the count is one of these. */
    if (count == 0 || (count >= FIRST_ITEMS && (count & (count - 1)) == 0)) {
        struct slice *larger = arena_allocate_array(
            scan->member_arena, count ? count * 2 : FIRST_ITEMS, sizeof(*larger));
        for (size_t i = 0; i < count; i++)
            larger[i] = items[i];
        items = larger;
    }
    items[count] = arena_copy(scan->member_arena, value);
    scan->items[attribute] = items;
    scan->values[attribute] = (struct store_values){items, count + 1};
}

/* Takes the values of the rows that refer to the key; rows that refer to nobody are passed over. */
static bool cursor_collect(struct store_scan *scan, struct cursor *cursor, struct slice key,
                           struct error *error)
{
    while (cursor->has_row) {
        int order = slice_compare(statement_text(cursor->rows, 0), key);
        if (order > 0)
            break;
        for (size_t i = 0; order == 0 && i < cursor->attribute_count; i++) {
            struct slice value = statement_text(cursor->rows, (int)i + 1);
            if (value.length)
                add_value(scan, cursor->attributes[i], value);
        }
        if (!cursor_advance(cursor, error))
            return false;
    }
    return true;
}

/* Own values are borrowed from the statement, which stays on its row while the cursors move. */
static void collect_own(struct store_scan *scan)
{
    for (size_t i = 0; i < scan->attribute_count; i++) {
        scan->values[i] = (struct store_values){NULL, 0};
        if (scan->columns[i] < 0)
            continue;
        scan->own[i] = statement_text(scan->members, scan->columns[i]);
        scan->values[i] = (struct store_values){&scan->own[i], scan->own[i].length > 0};
    }
}

static bool fill_member(struct store_scan *scan, struct store_member *member, struct error *error)
{
    struct store *store = scan->store;
    size_t source = scan->next_source - 1;
    struct slice key = statement_text(scan->members, 1);
    arena_reset(scan->member_arena);
    collect_own(scan);
    for (size_t i = 0; i < scan->cursor_count; i++)
        if (!cursor_collect(scan, &scan->cursors[i], key, error))
            return false;
    *member = (struct store_member){.member = store->roster.count,
                                    .source = store->roster.sources[source].name,
                                    .key = key,
                                    .values = scan->values};
    roster_add(&store->roster, statement_integer(scan->members, 0), source,
               store->run_id != 0 && statement_integer(scan->members, 2) == store->run_id);
    decisions_note_member(store->decisions, member->source, key, member->member);
    return true;
}

enum outcome store_scan_next(struct store_scan *scan, struct store_member *member,
                             struct error *error)
{
    for (;;) {
        if (!scan->in_source) {
            if (scan->next_source == scan->store->roster.source_count)
                return ENDED;
            if (!begin_source(scan, error))
                return FAILED;
        }
        enum outcome outcome = statement_step(scan->members, error);
        if (outcome == FAILED)
            return FAILED;
        if (outcome == ACCEPTED)
            return fill_member(scan, member, error) ? ACCEPTED : FAILED;
        scan->in_source = false;
    }
}
