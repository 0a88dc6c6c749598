#include "publish/delta.h"
#include "cust360/base/map.h"
#include "publish/difference.h"
#include "publish/sender.h"

/* A row that is gone and one that has come under the same key are one row that has changed: it is
 * not deleted. Keys of rows that are gone, with 1 for those that have come again: */
struct keys {
    const struct sent_table *table;
    struct map *map; /* NULL: rows without keys */
    struct buffer key;
};

struct work {
    struct keys *keys; /* NULL: all rows count */
    struct sender *sender;
    uint64_t rows; /* that were sent */
};

static struct slice key_of(struct keys *keys, const struct slice *values)
{
    const struct shape *shape = keys->table->shape;
    buffer_clear(&keys->key);
    for (size_t i = 0; i < shape->key_count; i++) {
        struct slice value = values[shape->key[i]];
        buffer_format(&keys->key, "%zu:", value.length);
        buffer_append(&keys->key, value);
    }
    return buffer_slice(&keys->key);
}

static bool note_gone(void *context, const struct slice *values, uint32_t copy, struct error *error)
{
    struct keys *keys = context;
    (void)copy;
    (void)error;
    map_put(keys->map, key_of(keys, values), 0);
    return true;
}

static bool note_come(void *context, const struct slice *values, uint32_t copy, struct error *error)
{
    struct keys *keys = context;
    (void)copy;
    (void)error;
    struct slice key = key_of(keys, values);
    if (map_find(keys->map, key) != MAP_NONE)
        map_put(keys->map, key, 1);
    return true;
}

static bool send_row(void *context, const struct slice *values, uint32_t copy, struct error *error)
{
    struct work *work = context;
    if (work->keys && map_find(work->keys->map, key_of(work->keys, values)) == 1)
        return true;
    work->rows++;
    return sender_put(work->sender, values, copy, error);
}

struct sides {
    struct database *former;
    struct database *fresh;
    struct difference difference;
};

static bool find_keys(const struct sides *sides, struct keys *keys, struct error *error)
{
    const struct shape *shape = keys->table->shape;
    const struct difference *difference = &sides->difference;
    keys->map = map_create();
    return difference_rows(shape, sides->former, difference->gone, difference->gone_count,
                           note_gone, keys, error) &&
           difference_rows(shape, sides->fresh, difference->come, difference->come_count, note_come,
                           keys, error);
}

static bool send_gone(struct session *session, const struct sides *sides, struct keys *keys,
                      uint64_t *deleted, struct error *error)
{
    const struct sent_table *table = keys->table;
    const struct difference *difference = &sides->difference;
    bool has_keys = table->shape->key_count > 0;
    if (difference->gone_count == 0)
        return true;
    if (has_keys && !find_keys(sides, keys, error))
        return false;
    struct work work = {has_keys ? keys : NULL, sender_open(session, table, SENDER_DELETE, error),
                        0};
    bool sent = work.sender &&
                difference_rows(table->shape, sides->former, difference->gone,
                                difference->gone_count, send_row, &work, error) &&
                sender_finish(work.sender, error);
    sender_close(work.sender);
    *deleted = work.rows;
    return sent;
}

static bool send_come(struct session *session, const struct sides *sides,
                      const struct sent_table *table, uint64_t *upserted, struct error *error)
{
    const struct difference *difference = &sides->difference;
    if (difference->come_count == 0)
        return true;
    struct work work = {NULL, sender_open(session, table, SENDER_UPSERT, error), 0};
    bool sent = work.sender &&
                difference_rows(table->shape, sides->fresh, difference->come,
                                difference->come_count, send_row, &work, error) &&
                sender_finish(work.sender, error);
    sender_close(work.sender);
    *upserted = work.rows;
    return sent;
}

bool delta_send(struct session *session, const struct sent_table *table, struct database *former,
                struct database *fresh, struct delta *delta, struct error *error)
{
    struct sides sides = {.former = former, .fresh = fresh};
    struct keys keys = {.table = table};
    if (!difference_find(table->shape, former, fresh, &sides.difference, error))
        return false;
    delta->sum = sides.difference.fresh;
    bool sent = send_gone(session, &sides, &keys, &delta->deleted, error) &&
                send_come(session, &sides, table, &delta->upserted, error);
    map_destroy(keys.map);
    buffer_release(&keys.key);
    difference_release(&sides.difference);
    return sent;
}
