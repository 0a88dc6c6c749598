#include "cli/stage.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

/*   in   a  b  weight  kind  joins  reason
 *   out  id  component                       the component's smallest id
 *        a  b  0  weight  1                  with --forest: links that hold a part together; as
 * many as it has records at most, to be joined with others'
 *
 * Only links that may join count; with --decisions those of stewards as well. In memory: the ids,
 * and eight bytes for each. */

enum { COLUMN_A, COLUMN_B, COLUMN_JOINS = 4, COLUMNS = 6 };

struct joining {
    struct map *ids;
    uint32_t *parent; /* by number of an id; the head of a tree is its smallest id */
    size_t capacity;
    bool forest;
};

static uint32_t number_of(struct joining *work, struct slice id)
{
    uint32_t count = map_count(work->ids);
    uint32_t number = map_intern(work->ids, id);
    work->parent =
        memory_grow(work->parent, &work->capacity, (size_t)number + 1, sizeof(*work->parent));
    if (number == count)
        work->parent[number] = number;
    return number;
}

static uint32_t find_head(struct joining *work, uint32_t number)
{
    while (work->parent[number] != number) {
        work->parent[number] = work->parent[work->parent[number]];
        number = work->parent[number];
    }
    return number;
}

/* Ids are compared without their escapes. */
static bool stands_before(struct stage_job *job, uint32_t a, uint32_t b)
{
    const struct joining *work = job->own;
    arena_reset(job->scratch);
    return slice_compare(line_text(job->scratch, map_key(work->ids, a)),
                         line_text(job->scratch, map_key(work->ids, b))) < 0;
}

/* Whether they had not hung together before. */
static bool join(struct stage_job *job, struct slice a, struct slice b)
{
    struct joining *work = job->own;
    uint32_t x = number_of(work, a);
    uint32_t y = number_of(work, b);
    x = find_head(work, x);
    y = find_head(work, y);
    if (x == y)
        return false;
    if (stands_before(job, x, y))
        work->parent[y] = x;
    else
        work->parent[x] = y;
    return true;
}

static bool take_decision(struct stage_job *job, const struct line *line, struct error *error)
{
    enum { COLUMN_WORD, COLUMN_FIRST, COLUMN_SECOND, WORDS };
    (void)error;
    if (line->count < WORDS)
        return false;
    if (slice_equal(line->columns[COLUMN_WORD], SLICE("same")))
        join(job, line->columns[COLUMN_FIRST], line->columns[COLUMN_SECOND]);
    return true;
}

static bool begin(struct stage_job *job, struct error *error)
{
    struct joining *work = arena_allocate(job->arena, sizeof(*work));
    *work = (struct joining){.ids = map_create()};
    work->forest = invocation_flag(job->invocation, "forest");
    job->own = work;
    return stage_read_file(job, "decisions", take_decision, error);
}

static void release(struct stage_job *job)
{
    struct joining *work = job->own;
    if (!work)
        return;
    map_destroy(work->ids);
    memory_free(work->parent);
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    const struct joining *work = job->own;
    (void)error;
    if (line->count != COLUMNS)
        return stage_refuse(job, "columns");
    if (!slice_equal(line->columns[COLUMN_JOINS], SLICE("1")))
        return ACCEPTED;
    if (join(job, line->columns[COLUMN_A], line->columns[COLUMN_B]) && work->forest) {
        line_column_escaped(job->writer, line->columns[COLUMN_A]);
        line_column_escaped(job->writer, line->columns[COLUMN_B]);
        line_column_number(job->writer, 0);
        line_column(job->writer, SLICE("weight"));
        line_column_number(job->writer, 1);
        line_column(job->writer, SLICE(""));
        line_end(job->writer);
    }
    return ACCEPTED;
}

static bool end(struct stage_job *job, struct error *error)
{
    struct joining *work = job->own;
    (void)error;
    for (uint32_t i = 0; !work->forest && i < map_count(work->ids); i++) {
        line_column_escaped(job->writer, map_key(work->ids, i));
        line_column_escaped(job->writer, map_key(work->ids, find_head(work, i)));
        line_end(job->writer);
    }
    return true;
}

const struct stage stage_components = {
    .name = "components", .begin = begin, .take = take, .end = end, .release = release};
