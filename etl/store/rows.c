#include "rows.h"
#include "cust360/base/file.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "internal.h"

#include <inttypes.h>

/* The file is mapped as it is: its hash table is made once, when it is written, and a night that
 * asks for ten million rows begins without having read it. */

static uint64_t body_bytes(const struct rows_heading *heading)
{
    return heading->slot_count * sizeof(struct row_slot) +
           heading->record_count * sizeof(struct row_record) +
           heading->link_count * sizeof(uint32_t);
}

static bool is_whole(struct slice file, uint64_t token)
{
    struct rows_heading heading;
    if (file.length < sizeof(heading))
        return false;
    memcpy(&heading, file.data, sizeof(heading));
    if (heading.magic != ROWS_MAGIC || heading.token != token || heading.slot_count == 0 ||
        heading.slot_count >= UINT32_MAX || heading.record_count >= UINT32_MAX ||
        heading.link_count >= UINT32_MAX || file.length != sizeof(heading) + body_bytes(&heading))
        return false;
    struct slice body = slice_cut(file, sizeof(heading), file.length);
    return hash_bytes(body, token) == heading.body_hash;
}

static struct store_rows *rows_of(struct slice file)
{
    struct store_rows *rows = memory_allocate_array(1, sizeof(*rows));
    const struct rows_heading *heading = (const void *)file.data;
    rows->file = file;
    rows->slot_count = (uint32_t)heading->slot_count;
    rows->record_count = (uint32_t)heading->record_count;
    rows->slots = (const void *)(file.data + sizeof(*heading));
    rows->records = (const void *)(rows->slots + rows->slot_count);
    rows->links = (const void *)(rows->records + rows->record_count);
    rows->flags = memory_allocate_array((size_t)rows->record_count + 1, sizeof(*rows->flags));
    rows->used = memory_allocate_array(rows->slot_count, sizeof(*rows->used));
    return rows;
}

/* The counts of a source's quality go on from those of its last good reading, which are kept for so
 * many runs only. */
static bool has_quality(struct store *store, const char *source)
{
    struct error ignored;
    struct statement *find =
        statement_prepare(store->database,
                          "SELECT 1 FROM source s WHERE s.name=? AND EXISTS(SELECT 1 FROM"
                          " data_quality_run q WHERE q.run_id=s.last_good_run"
                          " AND q.source_id=s.source_id)",
                          &ignored);
    if (!find)
        return false;
    statement_bind_text(find, 1, slice_of(source));
    bool has = statement_step(find, &ignored) == ACCEPTED;
    statement_destroy(find);
    return has;
}

struct store_rows *store_rows_open(struct store *store, const char *source, uint64_t token)
{
    struct buffer path = BUFFER_EMPTY;
    struct slice file = {NULL, 0};
    if (token == 0 || !has_quality(store, source))
        return NULL;
    buffer_format(&path, "%s/rows/%s.%016" PRIx64, store->folder, source, token);
    bool mapped = file_map(path.data, &file);
    buffer_release(&path);
    if (!mapped)
        return NULL;
    if (is_whole(file, token))
        return rows_of(file);
    file_unmap(file);
    return NULL;
}

void store_rows_close(struct store_rows *rows)
{
    if (!rows)
        return;
    file_unmap(rows->file);
    memory_free(rows->flags);
    memory_free(rows->used);
    memory_free(rows);
}

uint32_t rows_find(const struct row_slot *slots, uint32_t slot_count, uint64_t hash)
{
    uint32_t at = (uint32_t)(((hash >> 32) * slot_count) >> 32);
    while (slots[at].hash && slots[at].hash != hash)
        at = at + 1 == slot_count ? 0 : at + 1;
    return at;
}

bool store_rows_has(const struct store_rows *rows, uint64_t row_hash)
{
    return rows->slots[rows_find(rows->slots, rows->slot_count, row_hash)].hash == row_hash;
}

static int compare_record(const struct row_record *record, size_t entity, int64_t record_id)
{
    if (record->entity != entity)
        return record->entity < entity ? -1 : 1;
    return record->record_id < record_id ? -1 : record->record_id > record_id;
}

uint32_t rows_find_record(const struct store_rows *rows, size_t entity, int64_t record_id)
{
    uint32_t low = 0;
    uint32_t high = rows->record_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_record(&rows->records[middle], entity, record_id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found =
        low < rows->record_count && compare_record(&rows->records[low], entity, record_id) == 0;
    return found ? low : ROW_NONE;
}

size_t rows_links(const struct store_rows *rows, const struct row_slot *slot,
                  const uint32_t **links)
{
    *links = slot->count == 1 ? &slot->link : rows->links + slot->link;
    return slot->count;
}

void told_rows_release(struct told_rows *told)
{
    memory_free(told->rows);
    memory_free(told->records);
    memory_free(told->contested);
    *told = (struct told_rows){0};
}
