#include "cli/stage/stage_batch.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"

/*   in   component  V  id  value …                        grouped by component
 *        component  E  a  b  weight  kind  joins  reason
 *   out  id  cluster                                      the smallest id of its cluster
 *
 * Components are gathered until they are worth laying out; one must fit into memory. */

enum { COLUMN_COMPONENT, COLUMN_TYPE, COLUMN_ID };
enum { COLUMN_VALUES = 3, COLUMN_A = 2, COLUMN_B, COLUMN_WEIGHT, COLUMN_KIND, LINK_COLUMNS = 8 };
enum { COLUMN_REASON = 7, BATCH_RECORDS = 1 << 14 };

struct waiting_link {
    struct slice a;
    struct slice b;
    struct match_link link;
};

/* Words on pairs of records; numbers are of `ids`. */
struct word {
    uint32_t a;
    uint32_t b;
    bool same;
};

struct clustering {
    struct stage_batch *batch;
    struct arena *arena; /* of the batch */
    struct slice component;
    struct arena *component_arena;
    struct waiting_link *links;
    size_t link_count;
    size_t link_capacity;
    struct map *ids; /* that decisions speak of */
    struct word *words;
    size_t word_count;
    size_t word_capacity;
    size_t attribute_count;
};

static bool take_decision(struct stage_job *job, const struct line *line, struct error *error)
{
    enum { COLUMN_WORD, COLUMN_FIRST, COLUMN_SECOND, WORDS };
    struct clustering *work = job->own;
    bool same = slice_equal(line->columns[COLUMN_WORD], SLICE("same"));
    (void)error;
    if (line->count < WORDS)
        return false;
    if (!same && !slice_equal(line->columns[COLUMN_WORD], SLICE("apart")))
        return true;
    work->words =
        memory_grow(work->words, &work->word_capacity, work->word_count + 1, sizeof(*work->words));
    work->words[work->word_count++] =
        (struct word){map_intern(work->ids, line->columns[COLUMN_FIRST]),
                      map_intern(work->ids, line->columns[COLUMN_SECOND]), same};
    return true;
}

static bool begin(struct stage_job *job, struct error *error)
{
    const struct match_attribute *attributes = NULL;
    struct clustering *work = arena_allocate(job->arena, sizeof(*work));
    *work = (struct clustering){.batch = stage_batch_create(job),
                                .arena = arena_create(),
                                .component_arena = arena_create(),
                                .ids = map_create()};
    work->attribute_count = match_rules_attributes(job->match_rules, &attributes);
    job->own = work;
    return stage_read_file(job, "decisions", take_decision, error);
}

static void release(struct stage_job *job)
{
    struct clustering *work = job->own;
    if (!work)
        return;
    stage_batch_destroy(work->batch);
    arena_destroy(work->arena);
    arena_destroy(work->component_arena);
    map_destroy(work->ids);
    memory_free(work->links);
    memory_free(work->words);
}

/* ---- a batch ---- */

static uint32_t find_number(const struct clustering *work, struct slice id)
{
    uint32_t place = stage_batch_find(work->batch, id);
    return place == UINT32_MAX ? place : stage_batch_number(work->batch, place);
}

/* The words on records that are both in the batch. */
static struct match_decision *list_decisions(const struct clustering *work, size_t *count)
{
    struct match_decision *decisions =
        memory_allocate_array(work->word_count + 1, sizeof(*decisions));
    *count = 0;
    for (size_t i = 0; i < work->word_count; i++) {
        const struct word *word = &work->words[i];
        struct match_decision decision = {find_number(work, map_key(work->ids, word->a)),
                                          find_number(work, map_key(work->ids, word->b)),
                                          word->same};
        if (decision.a != UINT32_MAX && decision.b != UINT32_MAX)
            decisions[(*count)++] = decision;
    }
    return decisions;
}

static bool list_links(const struct clustering *work, struct match_link *links, struct error *error)
{
    for (size_t i = 0; i < work->link_count; i++) {
        uint32_t a = find_number(work, work->links[i].a);
        uint32_t b = find_number(work, work->links[i].b);
        if (a == UINT32_MAX || b == UINT32_MAX || a == b)
            return error_set(error, EXIT_FAILED,
                             "a component has a link to a record that it does not have");
        links[i] = work->links[i].link;
        links[i].a = a < b ? a : b;
        links[i].b = a < b ? b : a;
    }
    return true;
}

static void write_clusters(struct stage_job *job, const uint32_t *cluster)
{
    const struct clustering *work = job->own;
    for (uint32_t i = 0; i < stage_batch_count(work->batch); i++) {
        line_column_escaped(job->writer, stage_batch_id(work->batch, i));
        line_column_escaped(job->writer, stage_batch_id(work->batch, cluster[i]));
        line_end(job->writer);
    }
}

static bool cluster_batch(struct stage_job *job, struct error *error)
{
    struct clustering *work = job->own;
    struct match_part *part = stage_batch_finish(work->batch);
    struct match_link *links = memory_allocate_array(work->link_count + 1, sizeof(*links));
    uint32_t *cluster =
        memory_allocate_array((size_t)stage_batch_count(work->batch) + 1, sizeof(*cluster));
    size_t decision_count = 0;
    struct match_decision *items = list_decisions(work, &decision_count);
    const struct match_part_decisions decisions = {items, decision_count};
    bool done = list_links(work, links, error);
    if (done) {
        match_part_clusters(part, links, work->link_count, &decisions, cluster);
        write_clusters(job, cluster);
    }
    memory_free(items);
    memory_free(cluster);
    memory_free(links);
    stage_batch_clear(work->batch);
    arena_reset(work->arena);
    work->link_count = 0;
    return done;
}

/* ---- rows ---- */

static bool read_kind(struct slice text, enum match_link_kind *kind)
{
    static const char *const kinds[] = {"weight", "always", "ask"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!slice_equal(text, slice_of(kinds[i])))
            continue;
        *kind = (enum match_link_kind)i;
        return true;
    }
    return false;
}

static enum outcome take_link(struct stage_job *job, const struct line *line)
{
    struct clustering *work = job->own;
    struct waiting_link link = {.link = {.kind = MATCH_LINK_WEIGHT}};
    int64_t weight = 0;
    if (line->count != LINK_COLUMNS || !stage_number(line->columns[COLUMN_WEIGHT], &weight) ||
        weight < INT32_MIN || weight > INT32_MAX ||
        !read_kind(line->columns[COLUMN_KIND], &link.link.kind))
        return stage_refuse(job, "columns");
    link.a = arena_copy(work->arena, line->columns[COLUMN_A]);
    link.b = arena_copy(work->arena, line->columns[COLUMN_B]);
    link.link.weight = (int32_t)weight;
    if (line->columns[COLUMN_REASON].length)
        link.link.reason =
            arena_text(work->arena, line_text(work->arena, line->columns[COLUMN_REASON]));
    work->links =
        memory_grow(work->links, &work->link_capacity, work->link_count + 1, sizeof(*work->links));
    work->links[work->link_count++] = link;
    return ACCEPTED;
}

static enum outcome take(struct stage_job *job, const struct line *line, struct error *error)
{
    struct clustering *work = job->own;
    if (line->count < COLUMN_VALUES)
        return stage_refuse(job, "columns");
    if (!slice_equal(line->columns[COLUMN_COMPONENT], work->component)) {
        if (stage_batch_count(work->batch) >= BATCH_RECORDS && !cluster_batch(job, error))
            return FAILED;
        arena_reset(work->component_arena);
        work->component = arena_copy(work->component_arena, line->columns[COLUMN_COMPONENT]);
    }
    if (slice_equal(line->columns[COLUMN_TYPE], SLICE("E")))
        return take_link(job, line);
    if (line->count != COLUMN_VALUES + work->attribute_count ||
        !slice_equal(line->columns[COLUMN_TYPE], SLICE("V")))
        return stage_refuse(job, "columns");
    stage_batch_add(work->batch, line->columns[COLUMN_ID], line->columns + COLUMN_VALUES);
    return ACCEPTED;
}

static bool end(struct stage_job *job, struct error *error)
{
    return cluster_batch(job, error);
}

const struct stage stage_cluster = {.name = "cluster",
                                    .needs = STAGE_MATCH | STAGE_MODEL,
                                    .begin = begin,
                                    .take = take,
                                    .end = end,
                                    .release = release};
