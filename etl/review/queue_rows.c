#include "cust360/base/memory.h"
#include "queue.h"

#include <stdlib.h>

/* All open cases in their order, kept by the session: facets and figures need each of them, and
 * reading 100,000 rows takes longer than counting them. What this connection changes is noted by
 * triggers of its own and laid over the rows; what others have committed (SQLite tells that they
 * have, not what) makes them be read anew. */

struct queue_cache {
    struct queue_row *rows;
    size_t count;
    size_t capacity;
    int64_t version; /* of what others have committed */
    bool is_loaded;
};

static const char watch[] =
    "CREATE TEMP TABLE IF NOT EXISTS review_changed(case_id INTEGER);"
    "CREATE TEMP TRIGGER IF NOT EXISTS review_case_came AFTER INSERT ON main.review_case BEGIN"
    " INSERT INTO review_changed VALUES(NEW.case_id); END;"
    "CREATE TEMP TRIGGER IF NOT EXISTS review_case_changed AFTER UPDATE ON main.review_case BEGIN"
    " INSERT INTO review_changed VALUES(NEW.case_id); END;"
    "CREATE TEMP TRIGGER IF NOT EXISTS review_case_went AFTER DELETE ON main.review_case BEGIN"
    " INSERT INTO review_changed VALUES(OLD.case_id); END;";

static const char columns[] =
    "SELECT c.case_id, c.case_key, c.kind, c.status, c.band, c.stake, c.first_day, c.source_id,"
    " c.other_source_id, c.priority FROM ";

void queue_cache_destroy(struct queue_cache *cache)
{
    if (!cache)
        return;
    memory_free(cache->rows);
    memory_free(cache);
}

static int compare_rows(const void *left, const void *right)
{
    const struct queue_row *x = left;
    const struct queue_row *y = right;
    if (x->priority > y->priority || x->priority < y->priority)
        return x->priority > y->priority ? -1 : 1;
    return x->case_id < y->case_id ? -1 : x->case_id > y->case_id;
}

static void reserve(struct queue_cache *cache, size_t count)
{
    if (count > cache->capacity)
        cache->rows = memory_grow(cache->rows, &cache->capacity, count, sizeof(*cache->rows));
}

/* Appends what the statement gives. */
static bool append_rows(struct review *review, const char *sql, struct error *error)
{
    struct queue_cache *cache = review->cache;
    struct statement *rows = statement_prepare(review->state, sql, error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED) {
        reserve(cache, cache->count + 1);
        cache->rows[cache->count++] = (struct queue_row){
            .case_id = statement_integer(rows, 0),
            .key = statement_integer(rows, 1),
            .kind = (int)statement_integer(rows, 2),
            .status = (int)statement_integer(rows, 3),
            .band = (int)statement_integer(rows, 4),
            .stake = (int)statement_integer(rows, 5),
            .first_day = statement_integer(rows, 6),
            .source_id = statement_integer(rows, 7),
            .other_source_id = statement_integer(rows, 8),
            .priority = statement_number(rows, 9),
        };
    }
    statement_destroy(rows);
    return outcome == ENDED;
}

static bool load_all(struct review *review, struct error *error)
{
    struct buffer sql = BUFFER_EMPTY;
    review->cache->count = 0;
    review->cache->is_loaded = false;
    buffer_format(&sql,
                  "%sreview_case c INDEXED BY review_case_queue ORDER BY c.priority DESC,"
                  " c.case_id",
                  columns);
    bool done = append_rows(review, sql.data, error) &&
                database_run(review->state, "DELETE FROM temp.review_changed", error);
    buffer_release(&sql);
    review->cache->is_loaded = done;
    return done;
}

/* ---- what this connection has changed ---- */

static int compare_ids(const void *left, const void *right)
{
    const int64_t *x = left;
    const int64_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

static bool list_changed(struct review *review, struct arena *arena, int64_t **ids, size_t *count,
                         struct error *error)
{
    int64_t most = 0;
    *count = 0;
    if (!database_integer(review->state, "SELECT count(*) FROM temp.review_changed", 0, &most,
                          error))
        return false;
    *ids = arena_allocate_array(arena, (size_t)most + 1, sizeof(**ids));
    if (most == 0)
        return true;
    struct statement *rows =
        statement_prepare(review->state, "SELECT DISTINCT case_id FROM temp.review_changed", error);
    enum outcome outcome = FAILED;
    while (rows && (outcome = statement_step(rows, error)) == ACCEPTED && *count < (size_t)most)
        (*ids)[(*count)++] = statement_integer(rows, 0);
    statement_destroy(rows);
    qsort(*ids, *count, sizeof(**ids), compare_ids);
    return outcome != FAILED;
}

static void drop_rows(struct queue_cache *cache, const int64_t *ids, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < cache->count; i++)
        if (!bsearch(&cache->rows[i].case_id, ids, count, sizeof(*ids), compare_ids))
            cache->rows[kept++] = cache->rows[i];
    cache->count = kept;
}

/* Rows from `kept` on have come: each is moved to its place, the last places first. */
static void merge_rows(struct queue_cache *cache, size_t kept, struct arena *arena)
{
    size_t came = cache->count - kept;
    struct queue_row *fresh = arena_allocate_array(arena, came + 1, sizeof(*fresh));
    size_t at = cache->count;
    if (came == 0)
        return;
    memcpy(fresh, cache->rows + kept, came * sizeof(*fresh));
    qsort(fresh, came, sizeof(*fresh), compare_rows);
    while (came > 0) {
        bool is_fresh = kept == 0 || compare_rows(&cache->rows[kept - 1], &fresh[came - 1]) < 0;
        cache->rows[--at] = is_fresh ? fresh[--came] : cache->rows[--kept];
    }
}

static bool apply_changed(struct review *review, struct error *error)
{
    struct arena *arena = arena_create();
    int64_t *ids = NULL;
    size_t count = 0;
    bool done = list_changed(review, arena, &ids, &count, error);
    if (done && count) {
        drop_rows(review->cache, ids, count);
        size_t kept = review->cache->count;
        const char *sql = arena_format(
            arena, "%sreview_case c WHERE c.case_id IN (SELECT case_id FROM temp.review_changed)",
            columns);
        review->cache->is_loaded = false; /* until all of them are there */
        done = append_rows(review, sql, error) &&
               database_run(review->state, "DELETE FROM temp.review_changed", error);
        merge_rows(review->cache, kept, arena);
        review->cache->is_loaded = done;
    }
    arena_destroy(arena);
    return done;
}

bool queue_rows(struct review *review, const struct queue_row **rows, size_t *count,
                struct error *error)
{
    int64_t version = 0;
    *count = 0;
    if (!review->cache) {
        if (!database_run(review->state, watch, error))
            return false;
        review->cache = memory_allocate_array(1, sizeof(*review->cache));
    }
    /* Asked for before the rows are: what comes in between is found the next time. */
    if (!database_integer(review->state, "PRAGMA data_version", 0, &version, error))
        return false;
    bool is_current = review->cache->is_loaded && review->cache->version == version;
    if (!(is_current ? apply_changed(review, error) : load_all(review, error)))
        return false;
    review->cache->version = version;
    *rows = review->cache->rows;
    *count = review->cache->count;
    return true;
}
