#include "suppressed.h"
#include "cust360/base/file.h"
#include "cust360/base/memory.h"
#include "cust360/config_person.h"
#include "cust360/store_steward.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

/* Persons who were erased: their rows are not let in again, whichever source brings them. Of each
 * number and value a keyed hash is known (config_person.h), the key lies beside the state. */

enum { FILTERS = 1 << 16 };

struct suppressed {
    char key[SUPPRESSION_KEY_BYTES];
    struct map *hashes;
    unsigned char filters[FILTERS / 8];
};

static const char tables[] =
    "CREATE TABLE IF NOT EXISTS suppressed(hash TEXT PRIMARY KEY, erasure_id INTEGER, filter"
    " INTEGER) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS erasure(erasure_id INTEGER PRIMARY KEY, asked TEXT, golden_id TEXT,"
    " who TEXT, begun_at TEXT, done_at TEXT, status TEXT, certificate TEXT);";

bool store_erasures_make(struct store *store, struct error *error)
{
    return database_run(store->database, tables, error);
}

/* ---- the key ---- */

static const char *key_path(const struct store *store, struct arena *arena)
{
    return file_join(arena, store->folder, "subject.key");
}

static bool read_key(const struct store *store, char *key, struct error *error)
{
    struct arena *arena = arena_create();
    struct slice content;
    const char *path = key_path(store, arena);
    bool done = file_read(arena, path, SUPPRESSION_KEY_BYTES, &content, error);
    if (!done || content.length != SUPPRESSION_KEY_BYTES) {
        done = error_set(error, EXIT_CREDENTIALS, "could not read the key of erased persons, %s",
                         path);
        error_hint(error, "put it back from a backup of the state: without it erased persons "
                          "would come back");
    } else {
        memcpy(key, content.data, SUPPRESSION_KEY_BYTES);
    }
    arena_destroy(arena);
    return done;
}

bool store_suppression_key(struct store *store, char *key, struct error *error)
{
    struct arena *arena = arena_create();
    int64_t known = 0;
    const char *path = key_path(store, arena);
    bool done =
        database_integer(store->database, "SELECT count(*) FROM suppressed", 0, &known, error);
    if (done && !known && !file_exists(path)) {
        done = getrandom(key, SUPPRESSION_KEY_BYTES, 0) == SUPPRESSION_KEY_BYTES ||
               error_set(error, EXIT_FAILED, "could not make a key: no random numbers");
        done = done && file_replace(path, slice_make(key, SUPPRESSION_KEY_BYTES), error);
    }
    arena_destroy(arena);
    return done && read_key(store, key, error);
}

/* ---- loading ---- */

static bool has_table(struct store *store, bool *has, struct error *error)
{
    int64_t count = 0;
    bool done = database_integer(store->database,
                                 "SELECT count(*) FROM sqlite_master WHERE name = 'suppressed'", 0,
                                 &count, error);
    *has = count > 0;
    return done;
}

bool suppressed_load(struct store *store, struct error *error)
{
    bool has = false;
    suppressed_destroy(store->suppressed);
    store->suppressed = NULL;
    if (!has_table(store, &has, error))
        return false;
    if (!has)
        return true;
    struct statement *rows =
        statement_prepare(store->database, "SELECT hash, filter FROM suppressed", error);
    struct suppressed *all = memory_allocate_array(1, sizeof(*all));
    all->hashes = map_create();
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        int64_t filter = statement_integer(rows, 1) & (FILTERS - 1);
        map_put(all->hashes, statement_text(rows, 0), 1);
        all->filters[filter / 8] |= (unsigned char)(1U << (filter % 8));
    }
    statement_destroy(rows);
    bool any = map_count(all->hashes) > 0;
    bool done = outcome != FAILED && (!any || read_key(store, all->key, error));
    if (done && any)
        store->suppressed = all;
    else
        suppressed_destroy(all);
    return done;
}

void suppressed_destroy(struct suppressed *suppressed)
{
    if (!suppressed)
        return;
    map_destroy(suppressed->hashes);
    memory_free(suppressed);
}

/* ---- comparing ---- */

static bool is_known(const struct suppressed *all, enum suppression_word word, struct slice value,
                     struct slice more)
{
    struct suppression made;
    struct slice key = slice_make(all->key, SUPPRESSION_KEY_BYTES);
    if (slice_is_empty(value))
        return false;
    uint16_t filter = suppression_filter(key, word, value, more);
    if (!(all->filters[filter / 8] & (1U << (filter % 8))))
        return false;
    suppression_make(key, word, value, more, &made);
    return map_find(all->hashes, slice_of(made.hash)) != MAP_NONE;
}

bool suppressed_key(const struct store *store, struct slice key)
{
    return store->suppressed &&
           is_known(store->suppressed, SUPPRESSED_KEY, slice_of(store->reading.source->id), key);
}

bool suppressed_mention(const struct store *store, const struct record_table *table, size_t field,
                        struct slice value)
{
    return store->suppressed && model_find_field(table->entity, PERSON_REFERENCE) != FIELD_NONE &&
           model_person_value(table->entity, field) == PERSON_CONTACT &&
           is_known(store->suppressed, SUPPRESSED_CONTACT, value, SLICE(""));
}

/* Whether a value stands beside a name that it stood beside before. *named: there is a name. */
static bool is_named(const struct suppressed *all, const struct model_entity *entity,
                     const struct record *record, enum suppression_word word, struct slice value,
                     bool *named)
{
    for (size_t i = 0; i < entity->field_count; i++) {
        if (model_person_value(entity, i) != PERSON_NAME || slice_is_empty(record->values[i]))
            continue;
        *named = true;
        if (is_known(all, word, value, record->values[i]))
            return true;
    }
    return false;
}

static bool is_value_known(const struct suppressed *all, const struct model_entity *entity,
                           const struct record *record, size_t field)
{
    struct slice value = record->values[field];
    bool named = false;
    switch (model_person_value(entity, field)) {
    case PERSON_IDENTITY:
        return is_known(all, SUPPRESSED_IDENTITY, value, SLICE(""));
    case PERSON_CONTACT:
        return is_named(all, entity, record, SUPPRESSED_NAMED_CONTACT, value, &named) ||
               (!named && is_known(all, SUPPRESSED_CONTACT, value, SLICE("")));
    case PERSON_VIN:
        return is_named(all, entity, record, SUPPRESSED_NAMED_CAR, value, &named);
    default:
        return false;
    }
}

static bool is_row_known(const struct store *store, const struct model_entity *entity,
                         struct slice key)
{
    char where[256];
    snprintf(where, sizeof(where), "%s %s", store->reading.source->id, entity->name);
    return is_known(store->suppressed, SUPPRESSED_ROW, slice_of(where), key);
}

bool suppressed_record(const struct store *store, const struct record *record)
{
    const struct suppressed *all = store->suppressed;
    if (!all)
        return false;
    const struct model_entity *entity = &store->model->entities[record->entity];
    bool is_person = strcmp(entity->name, PERSON_ENTITY) == 0;
    size_t reference = model_find_field(entity, PERSON_REFERENCE);
    if (is_person && suppressed_key(store, record->key))
        return true;
    if (!is_person && is_row_known(store, entity, record->key))
        return true;
    /* A row that names its customer by number is that customer's, whatever else it says. */
    if (reference != FIELD_NONE && !slice_is_empty(record->values[reference]))
        return suppressed_key(store, record->values[reference]);
    for (size_t i = 0; i < entity->field_count; i++)
        if (is_value_known(all, entity, record, i))
            return true;
    return false;
}

/* A row tells of a person and of a car, each as a record of its own. */
static bool is_owner_known(const struct store *store, const struct record *person,
                           const struct record *other)
{
    const struct model_entity *entity = &store->model->entities[person->entity];
    const struct model_entity *of_car = &store->model->entities[other->entity];
    bool named = false;
    for (size_t i = 0; i < of_car->field_count; i++)
        if (model_person_value(of_car, i) == PERSON_VIN &&
            is_named(store->suppressed, entity, person, SUPPRESSED_NAMED_CAR, other->values[i],
                     &named))
            return true;
    return false;
}

static bool is_any_owner_known(const struct store *store, const struct row_result *row)
{
    for (size_t i = 0; i < row->record_count; i++) {
        const char *entity = store->model->entities[row->records[i].entity].name;
        for (size_t j = 0; strcmp(entity, PERSON_ENTITY) == 0 && j < row->record_count; j++)
            if (j != i && is_owner_known(store, &row->records[i], &row->records[j]))
                return true;
    }
    return false;
}

bool suppressed_row(const struct store *store, const struct row_result *row)
{
    if (!store->suppressed || row->known)
        return false;
    if (is_any_owner_known(store, row))
        return true;
    for (size_t i = 0; i < row->record_count; i++)
        if (suppressed_record(store, &row->records[i]))
            return true;
    for (size_t i = 0; row->outcome == REJECTED && i < row->finding_count; i++)
        if (!slice_is_empty(row->findings[i].key) && suppressed_key(store, row->findings[i].key))
            return true;
    return false;
}
