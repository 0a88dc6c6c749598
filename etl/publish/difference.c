#include "publish/difference.h"
#include "cust360/base/arena.h"
#include "cust360/base/buffer.h"
#include "cust360/base/hash.h"
#include "cust360/base/memory.h"
#include "cust360/base/pool.h"

#include <stdlib.h>

/* One side while it is read. */
struct side {
    const struct shape *shape;
    struct database *database; /* NULL: it has no rows */
    struct hash_pair *pairs;   /* (hash, ordinal) */
    size_t count;
    size_t capacity;
    struct shape_sum sum;
    bool read;
    struct error error;
};

/* NULL has no data; text of no bytes has some. */
static void read_values(const struct statement *rows, size_t count, struct slice *values)
{
    for (size_t i = 0; i < count; i++)
        values[i] = statement_text(rows, (int)i);
}

/* NULL: `error` is filled, or the database does not have the table (*absent). */
static struct statement *open_rows(struct arena *arena, const struct shape *shape,
                                   struct database *database, bool *absent, struct error *error)
{
    struct statement *there = statement_prepare(
        database, "SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ?1", error);
    if (!there)
        return NULL;
    statement_bind_text(there, 1, slice_of(shape->name));
    enum outcome outcome = statement_step(there, error);
    statement_destroy(there);
    *absent = outcome == ENDED;
    if (outcome != ACCEPTED)
        return NULL;
    const char *sql = shape_select(arena, shape, database, error);
    return sql ? statement_prepare(database, sql, error) : NULL;
}

static void add_hash(struct side *side, uint64_t hash)
{
    side->pairs = memory_grow(side->pairs, &side->capacity, side->count + 1, sizeof(*side->pairs));
    side->pairs[side->count] = (struct hash_pair){hash, (uint32_t)side->count};
    side->count++;
    shape_sum_add(&side->sum, hash);
}

/* Rows of a table that had other columns are none of ours, whatever they hold: no hash of theirs
 * can be one of ours, which have 63 bits. */
static bool hash_rows(struct side *side, struct arena *arena)
{
    bool absent = false;
    bool fits = true;
    struct statement *rows = open_rows(arena, side->shape, side->database, &absent, &side->error);
    if (!rows)
        return absent;
    if (!shape_fits(arena, side->shape, side->database, &fits, &side->error)) {
        statement_destroy(rows);
        return false;
    }
    struct buffer scratch = BUFFER_EMPTY;
    struct slice *values = arena_allocate_array(arena, side->shape->column_count, sizeof(*values));
    enum outcome outcome;
    while ((outcome = statement_step(rows, &side->error)) == ACCEPTED) {
        read_values(rows, side->shape->column_count, values);
        uint64_t hash = shape_hash(side->shape, values, &scratch);
        add_hash(side, fits ? hash : ~hash);
    }
    buffer_release(&scratch);
    statement_destroy(rows);
    return outcome == ENDED;
}

static void sort_rows(struct side *side)
{
    struct hash_pair *scratch = memory_allocate_array(side->count, sizeof(*scratch));
    hash_pairs_sort(side->pairs, side->count, scratch);
    memory_free(scratch);
}

/* The sides are read at the same time: each has a connection of its own. */
static void read_side(void *context, size_t piece, unsigned thread)
{
    struct side *side = (struct side *)context + piece;
    (void)thread;
    struct arena *arena = arena_create();
    side->read = !side->database || hash_rows(side, arena);
    arena_destroy(arena);
    if (side->read && side->count)
        sort_rows(side);
}

static int compare_changes(const void *a, const void *b)
{
    const struct row_change *x = a;
    const struct row_change *y = b;
    return (x->ordinal > y->ordinal) - (x->ordinal < y->ordinal);
}

static size_t equal_rows(const struct side *side, size_t from)
{
    size_t to = from;
    while (to < side->count && side->pairs[to].hash == side->pairs[from].hash)
        to++;
    return to - from;
}

/* The rows `from` … of a group of equal ones, but for its first `common`. */
static size_t take_changes(const struct side *side, size_t from, size_t rows, size_t common,
                           struct row_change *changes)
{
    size_t count = 0;
    for (size_t copy = common; copy < rows; copy++)
        changes[count++] = (struct row_change){side->pairs[from + copy].value, (uint32_t)copy};
    return count;
}

static void compare_sides(const struct side *former, const struct side *fresh,
                          struct difference *difference)
{
    size_t i = 0;
    size_t j = 0;
    while (i < former->count || j < fresh->count) {
        bool has_former = i < former->count &&
                          (j == fresh->count || former->pairs[i].hash <= fresh->pairs[j].hash);
        bool has_fresh = j < fresh->count &&
                         (i == former->count || fresh->pairs[j].hash <= former->pairs[i].hash);
        size_t gone = has_former ? equal_rows(former, i) : 0;
        size_t come = has_fresh ? equal_rows(fresh, j) : 0;
        size_t common = gone < come ? gone : come;
        difference->gone_count +=
            take_changes(former, i, gone, common, difference->gone + difference->gone_count);
        difference->come_count +=
            take_changes(fresh, j, come, common, difference->come + difference->come_count);
        i += gone;
        j += come;
    }
}

static void sort_changes(struct row_change **changes, size_t count)
{
    if (count)
        qsort(*changes, count, sizeof(**changes), compare_changes);
    /* Most nights it is a hundredth of the rows that room was made for. */
    *changes = memory_resize_array(*changes, count + 1, sizeof(**changes));
}

bool difference_find(const struct shape *shape, struct database *former, struct database *fresh,
                     struct difference *difference, struct error *error)
{
    enum { FORMER, FRESH, SIDES };
    struct side sides[SIDES] = {{.shape = shape, .database = former},
                                {.shape = shape, .database = fresh}};
    *difference = (struct difference){NULL, 0, NULL, 0, {0, 0, 0}};
    pool_run(SIDES, SIDES, read_side, sides);
    bool read = sides[FORMER].read && sides[FRESH].read;
    if (read) {
        difference->fresh = sides[FRESH].sum;
        difference->gone =
            memory_allocate_array(sides[FORMER].count + 1, sizeof(*difference->gone));
        difference->come = memory_allocate_array(sides[FRESH].count + 1, sizeof(*difference->come));
        compare_sides(&sides[FORMER], &sides[FRESH], difference);
        sort_changes(&difference->gone, difference->gone_count);
        sort_changes(&difference->come, difference->come_count);
    } else {
        *error = sides[sides[FORMER].read ? FRESH : FORMER].error;
    }
    memory_free(sides[FORMER].pairs);
    memory_free(sides[FRESH].pairs);
    return read;
}

void difference_release(struct difference *difference)
{
    memory_free(difference->gone);
    memory_free(difference->come);
    *difference = (struct difference){NULL, 0, NULL, 0, {0, 0, 0}};
}

/* ---- the rows themselves ---- */

bool difference_rows(const struct shape *shape, struct database *side,
                     const struct row_change *changes, size_t count, row_taker *take, void *context,
                     struct error *error)
{
    bool absent = false;
    if (count == 0)
        return true;
    struct arena *arena = arena_create();
    struct statement *rows = open_rows(arena, shape, side, &absent, error);
    struct slice *values = arena_allocate_array(arena, shape->column_count, sizeof(*values));
    enum outcome outcome = rows ? ACCEPTED : FAILED;
    size_t next = 0;
    for (uint32_t ordinal = 0; outcome == ACCEPTED && next < count; ordinal++) {
        outcome = statement_step(rows, error);
        if (outcome != ACCEPTED || ordinal != changes[next].ordinal)
            continue;
        read_values(rows, shape->column_count, values);
        if (!take(context, values, changes[next++].copy, error))
            outcome = FAILED;
    }
    statement_destroy(rows);
    arena_destroy(arena);
    return outcome != FAILED;
}
