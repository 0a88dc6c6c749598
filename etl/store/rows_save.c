#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/log.h"
#include "cust360/base/memory.h"
#include "internal.h"
#include "rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* What tonight's reading leaves to be remembered:
 *
 *   remembered rows that came again ─┐
 *   rows that were told tonight ─────┴─► less those of contested records ─► slots, links
 *   all living records of the source ────────────────────────────────────► records */

enum { ENTITIES_GUESSED = 32 };

struct saving {
    struct store *store;
    size_t guess[ENTITIES_GUESSED]; /* the record of an entity that was found last */
    uint32_t *moved;                /* [remembered records] where they are now */
    struct row_record *records;     /* living, by (entity, record id) */
    size_t record_count;
    size_t record_capacity;
    bool *contested; /* [record_count] */
    struct row_slot *slots;
    uint32_t slot_count;
    uint32_t *links;
    size_t link_count;
    size_t link_capacity;
};

static int compare_records(const void *left, const void *right)
{
    const struct row_record *x = left;
    const struct row_record *y = right;
    if (x->entity != y->entity)
        return x->entity < y->entity ? -1 : 1;
    return x->record_id < y->record_id ? -1 : x->record_id > y->record_id;
}

static void add_record(struct saving *saving, size_t entity, int64_t record_id)
{
    saving->records = memory_grow(saving->records, &saving->record_capacity,
                                  saving->record_count + 1, sizeof(*saving->records));
    saving->records[saving->record_count++] =
        (struct row_record){(uint32_t)entity, (uint32_t)record_id};
}

/* False: a record id is too high for what is written. */
static bool add_known(struct saving *saving, size_t entity)
{
    const struct known *known = &saving->store->tables[entity].known;
    for (uint32_t i = 0; i < map_count(known->keys); i++) {
        const struct known_record *record = &known->records[i];
        if (record->record_id >= UINT32_MAX)
            return false;
        if (record->record_id && !record->closed && (record->seen || record->kept))
            add_record(saving, entity, record->record_id);
    }
    return true;
}

/* All living records: those of the keys that were looked up tonight, and those remembered that came
 * again without being looked up. */
static bool collect_records(struct saving *saving)
{
    const struct store_rows *rows = saving->store->reading.rows;
    for (size_t i = 0; i < saving->store->model->entity_count; i++)
        if (!add_known(saving, i))
            return false;
    for (uint32_t i = 0; rows && i < rows->record_count; i++)
        if (rows->flags[i] && !(rows->flags[i] & ROW_RECORD_DELETED))
            add_record(saving, rows->records[i].entity, rows->records[i].record_id);
    if (saving->record_count > 1)
        qsort(saving->records, saving->record_count, sizeof(*saving->records), compare_records);
    size_t count = 0;
    for (size_t i = 0; i < saving->record_count; i++)
        if (i == 0 || compare_records(&saving->records[i], &saving->records[i - 1]) != 0)
            saving->records[count++] = saving->records[i];
    saving->record_count = count;
    return count < UINT32_MAX;
}

static bool is_record(const struct saving *saving, size_t at, const struct row_record *wanted)
{
    return at < saving->record_count && saving->records[at].entity == wanted->entity &&
           saving->records[at].record_id == wanted->record_id;
}

/* Rows tell their records mostly in the order of their ids: the next one is tried first. */
static uint32_t find_record(struct saving *saving, const struct row_record *wanted)
{
    if (wanted->entity < ENTITIES_GUESSED) {
        size_t *guess = &saving->guess[wanted->entity];
        for (size_t i = 0; i < 2; i++)
            if (is_record(saving, *guess + i, wanted)) {
                *guess += i;
                return (uint32_t)*guess;
            }
    }
    const struct row_record *found = saving->record_count
                                         ? bsearch(wanted, saving->records, saving->record_count,
                                                   sizeof(*saving->records), compare_records)
                                         : NULL;
    if (found && wanted->entity < ENTITIES_GUESSED)
        saving->guess[wanted->entity] = (size_t)(found - saving->records);
    return found ? (uint32_t)(found - saving->records) : ROW_NONE;
}

/* Both lists are in the same order. */
static void map_moved(struct saving *saving, const struct store_rows *rows)
{
    size_t at = 0;
    saving->moved = memory_allocate_array((size_t)rows->record_count + 1, sizeof(*saving->moved));
    for (uint32_t i = 0; i < rows->record_count; i++) {
        while (at < saving->record_count &&
               compare_records(&saving->records[at], &rows->records[i]) < 0)
            at++;
        saving->moved[i] = is_record(saving, at, &rows->records[i]) ? (uint32_t)at : ROW_NONE;
    }
}

static void mark_contested(struct saving *saving)
{
    const struct told_rows *told = &saving->store->reading.told;
    saving->contested = memory_allocate_array(saving->record_count + 1, sizeof(*saving->contested));
    for (size_t i = 0; i < told->contested_count; i++) {
        uint32_t at = find_record(saving, &told->contested[i]);
        if (at != ROW_NONE)
            saving->contested[at] = true;
    }
}

/* A row of which a record is contested, or not living, is not remembered. */
static void add_row(struct saving *saving, uint64_t hash, const uint32_t *records, size_t count)
{
    size_t first = saving->link_count;
    uint32_t slot = rows_find(saving->slots, saving->slot_count, hash);
    if (saving->slots[slot].hash == hash)
        return;
    for (size_t i = 0; i < count; i++)
        if (records[i] == ROW_NONE || saving->contested[records[i]])
            return;
    saving->slots[slot] = (struct row_slot){hash, (uint32_t)first, (uint32_t)count};
    if (count == 1) {
        saving->slots[slot].link = records[0];
        return;
    }
    saving->links =
        memory_grow(saving->links, &saving->link_capacity, first + count, sizeof(*saving->links));
    memcpy(saving->links + first, records, count * sizeof(*records));
    saving->link_count += count;
}

static void add_remembered(struct saving *saving, const struct store_rows *rows)
{
    uint32_t *records = NULL;
    size_t capacity = 0;
    map_moved(saving, rows);
    for (uint32_t i = 0; i < rows->slot_count; i++) {
        if (!rows->used[i])
            continue;
        const uint32_t *links = NULL;
        size_t count = rows_links(rows, &rows->slots[i], &links);
        records = memory_grow(records, &capacity, count, sizeof(*records));
        for (size_t j = 0; j < count; j++)
            records[j] = saving->moved[links[j]];
        add_row(saving, rows->slots[i].hash, records, count);
    }
    memory_free(records);
}

static void add_told(struct saving *saving, const struct told_rows *told)
{
    uint32_t *records = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < told->count; i++) {
        const struct told_row *row = &told->rows[i];
        records = memory_grow(records, &capacity, row->count, sizeof(*records));
        for (size_t j = 0; j < row->count; j++)
            records[j] = find_record(saving, &told->records[row->first + j]);
        add_row(saving, row->hash, records, row->count);
    }
    memory_free(records);
}

static size_t count_rows(const struct reading *reading)
{
    size_t count = reading->told.count;
    for (uint32_t i = 0; reading->rows && i < reading->rows->slot_count; i++)
        count += reading->rows->used[i];
    return count;
}

static bool make_rows(struct saving *saving)
{
    const struct reading *reading = &saving->store->reading;
    size_t slots = count_rows(reading) * 3 / 2 + 2;
    if (slots >= UINT32_MAX || reading->told.record_count >= UINT32_MAX || !collect_records(saving))
        return false;
    mark_contested(saving);
    saving->slot_count = (uint32_t)slots;
    saving->slots = memory_allocate_array(slots, sizeof(*saving->slots));
    if (reading->rows)
        add_remembered(saving, reading->rows);
    add_told(saving, &reading->told);
    return true;
}

/* Of what the rows are, so that the same nights leave the same state; and of the run, as the file
 * that a former one wrote is mapped while this one's is written. */
static uint64_t make_token(const struct store *store, const struct rows_heading *heading,
                           struct slice body)
{
    uint64_t token = hash_bytes(slice_of(store->reading.source->id), (uint64_t)store->run_id);
    token = hash_combine(token, heading->slot_count);
    token = hash_combine(token, heading->record_count);
    token = hash_combine(token, hash_bytes(body, 0));
    token >>= 1; /* stored as a signed number */
    return token ? token : 1;
}

static void append_body(const struct saving *saving, struct buffer *bytes)
{
    struct slice parts[] = {
        slice_make((const char *)saving->slots, saving->slot_count * sizeof(*saving->slots)),
        slice_make((const char *)saving->records, saving->record_count * sizeof(*saving->records)),
        slice_make((const char *)saving->links, saving->link_count * sizeof(*saving->links)),
    };
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        if (parts[i].length)
            buffer_append(bytes, parts[i]);
}

static bool write_rows(const struct saving *saving, uint64_t *token, struct error *error)
{
    struct buffer bytes = BUFFER_EMPTY;
    struct buffer path = BUFFER_EMPTY;
    struct rows_heading heading = {.magic = ROWS_MAGIC,
                                   .slot_count = saving->slot_count,
                                   .record_count = saving->record_count,
                                   .link_count = saving->link_count};
    buffer_append(&bytes, slice_make((const char *)&heading, sizeof(heading)));
    append_body(saving, &bytes);
    struct slice body = slice_cut(buffer_slice(&bytes), sizeof(heading), bytes.length);
    *token = make_token(saving->store, &heading, body);
    heading.token = *token;
    heading.body_hash = hash_bytes(body, *token);
    memcpy(bytes.data, &heading, sizeof(heading));
    buffer_format(&path, "%s/rows", saving->store->folder);
    bool done = file_make_folder(path.data, error);
    buffer_format(&path, "/%s.%016" PRIx64, saving->store->reading.source->id, *token);
    /* Not synced: whoever maps it asks whether it is whole. */
    done = done && file_write(path.data, buffer_slice(&bytes), error);
    buffer_release(&path);
    buffer_release(&bytes);
    return done;
}

void store_rows_save(struct store *store, uint64_t *token)
{
    struct saving saving = {.store = store};
    struct error error = {0};
    *token = 0;
    /* A delta says nothing of what it does not hold: there is little to be spared. */
    if (store->reading.source->delta)
        return;
    if (make_rows(&saving) && !write_rows(&saving, token, &error)) {
        log_failure(LOG_WARNING, &error);
        *token = 0;
    }
    memory_free(saving.records);
    memory_free(saving.contested);
    memory_free(saving.slots);
    memory_free(saving.links);
    memory_free(saving.moved);
}

/* The names that the state knows: SOURCE.TOKEN. */
static bool load_names(struct store *store, struct map *names, struct error *error)
{
    struct statement *rows = statement_prepare(
        store->database,
        "SELECT s.name, r.token FROM source_reading r JOIN source s ON s.source_id=r.source_id",
        error);
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    struct buffer name = BUFFER_EMPTY;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        buffer_clear(&name);
        buffer_append(&name, statement_text(rows, 0));
        buffer_format(&name, ".%016" PRIx64, (uint64_t)statement_integer(rows, 1));
        map_intern(names, buffer_slice(&name));
    }
    buffer_release(&name);
    statement_destroy(rows);
    return outcome == ENDED;
}

bool store_rows_tidy(struct store *store, struct error *error)
{
    struct map *names = map_create();
    struct arena *arena = arena_create();
    char **paths = NULL;
    size_t count = 0;
    const char *folder = arena_format(arena, "%s/rows", store->folder);
    /* Where all sources are deltas there is none. */
    bool done = load_names(store, names, error) &&
                (!file_exists(folder) ||
                 file_glob(arena, arena_format(arena, "%s/*", folder), &paths, &count, error));
    for (size_t i = 0; done && i < count; i++)
        if (map_number(names, slice_of(file_name(paths[i]))) == MAP_NONE)
            file_remove(paths[i]);
    arena_destroy(arena);
    map_destroy(names);
    return done;
}
