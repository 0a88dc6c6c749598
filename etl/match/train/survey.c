#include "match/train/survey.h"
#include "cust360/base/map.h"
#include "cust360/base/memory.h"
#include "match/cluster/heads.h"
#include "match/score/outline.h"

/* What stands behind the levels of a pattern. */
struct tail {
    uint64_t rules; /* of the training, by which the pair meets, a bit each */
    uint64_t is_never;
};

/* How it is seen that a pair meets by a rule. */
struct meeting {
    uint64_t shared; /* these attributes are equal */
    uint64_t rule;   /* its bit */
};

struct certain_list {
    struct met_pair *pairs;
    size_t count;
    size_t capacity;
};

struct surveying {
    const struct table *table;
    struct pattern_counter *counters; /* by thread */
    struct certain_list *certain;     /* by thread */
    struct meeting meetings[2 * BLOCK_RULES_MAX];
    size_t meeting_count;
};

/* Attributes that no glance takes in do not part pairs here; there are hardly ever so many. */
static void add_meetings(struct surveying *work, const size_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct block_rule *rule = &work->table->rules->blocks[numbers[i]];
        struct meeting meeting = {0, UINT64_C(1) << numbers[i]};
        for (size_t j = 0; j < rule->key_count; j++)
            if (rule->keys[j] < SEEN_ATTRIBUTES)
                meeting.shared |= UINT64_C(1) << rule->keys[j];
        work->meetings[work->meeting_count++] = meeting;
    }
}

static uint64_t meetings_of(const struct surveying *work, const struct pair_view *view)
{
    uint64_t rules = 0;
    for (size_t i = 0; i < work->meeting_count; i++)
        if ((view->equal & work->meetings[i].shared) == work->meetings[i].shared)
            rules |= work->meetings[i].rule;
    return rules;
}

static uint64_t shared_by_meetings(const struct surveying *work)
{
    uint64_t shared = 0;
    for (size_t i = 0; i < work->meeting_count; i++)
        shared |= work->meetings[i].shared;
    return shared;
}

static bool is_never(const struct outline *outline, const struct pair_view *view)
{
    return outline->never == ANSWER_YES ||
           (outline->never == ANSWER_OPEN && hard_rule_of(view, VERDICT_NEVER));
}

static bool is_certain(const struct surveying *work, const struct outline *outline,
                       const struct pair_view *view)
{
    return outline->certain == ANSWER_YES ||
           (outline->certain == ANSWER_OPEN &&
            test_holds_in(view, &work->table->rules->training.certain));
}

static void take_pairs(void *context, const struct pair_batch *batch)
{
    struct surveying *work = context;
    struct pattern_counter *counter = &work->counters[batch->thread];
    struct certain_list *certain = &work->certain[batch->thread];
    for (size_t i = 0; i < batch->count; i++) {
        const struct pair_view *view = &batch->pairs[i];
        struct outline *outline = outlines_find(counter->outlines, view);
        struct tail tail = {meetings_of(work, view), is_never(outline, view)};
        bool is_settled = outline->never != ANSWER_OPEN;
        pattern_count(counter, view, outline, is_settled ? PATTERN_SETTLED_TAIL : PATTERN_OPEN_TAIL,
                      slice_make((const char *)&tail, sizeof(tail)));
        if (tail.is_never || !is_certain(work, outline, view))
            continue;
        certain->pairs = memory_grow(certain->pairs, &certain->capacity, certain->count + 1,
                                     sizeof(*certain->pairs));
        certain->pairs[certain->count++] = (struct met_pair){view->a, view->b};
    }
}

/* ---- first clusters ---- */

static void join_pairs(uint32_t *parent, const struct certain_list *certain)
{
    for (size_t i = 0; i < certain->count; i++)
        heads_join(parent, certain->pairs[i].a, certain->pairs[i].b);
}

static void make_clusters(struct survey *survey, const struct surveying *work, unsigned threads)
{
    uint32_t records = work->table->record_count;
    survey->cluster = memory_resize_array(NULL, (size_t)records + 1, sizeof(*survey->cluster));
    for (uint32_t i = 0; i < records; i++)
        survey->cluster[i] = i;
    for (unsigned i = 0; i < threads; i++) {
        join_pairs(survey->cluster, &work->certain[i]);
        survey->certain_pairs += work->certain[i].count;
        memory_free(work->certain[i].pairs);
    }
    for (uint32_t i = 0; i < records; i++)
        survey->cluster[i] = heads_find(survey->cluster, i);
}

/* ---- all of it ---- */

struct survey *survey_make(const struct table *table, const struct met_pairs *met, unsigned threads)
{
    const struct training_rules *training = &table->rules->training;
    struct survey *survey = memory_allocate_array(1, sizeof(*survey));
    struct surveying work = {.table = table};
    const struct pair_taker taker = {NULL, take_pairs, NULL, &work};
    add_meetings(&work, training->passes, training->pass_count);
    add_meetings(&work, training->relatives, training->relative_count);
    work.counters = pattern_counters_create(table->rules, shared_by_meetings(&work), threads);
    work.certain = memory_allocate_array(threads + 1, sizeof(*work.certain));
    met_pairs_take(met, table, threads, &taker);
    survey->rules = table->rules;
    survey->all = patterns_create();
    pattern_counters_join(work.counters, threads, survey->all);
    make_clusters(survey, &work, threads);
    memory_free(work.certain);
    return survey;
}

void survey_destroy(struct survey *survey)
{
    if (!survey)
        return;
    patterns_destroy(survey->all);
    memory_free(survey->cluster);
    memory_free(survey);
}

struct patterns *survey_patterns(const struct survey *survey, const struct survey_choice *choice)
{
    struct patterns *patterns = patterns_create();
    uint64_t wanted = 0;
    for (size_t i = 0; i < choice->rule_count; i++)
        wanted |= UINT64_C(1) << choice->rules[i];
    for (uint32_t i = 0; i < map_count(survey->all->numbers); i++) {
        struct slice whole = map_key(survey->all->numbers, i);
        struct tail tail;
        memcpy(&tail, whole.data + survey->rules->comparison_count, sizeof(tail));
        if ((choice->rule_count && !(tail.rules & wanted)) ||
            (choice->without_never && tail.is_never))
            continue;
        patterns_add(patterns, slice_cut(whole, 0, survey->rules->comparison_count),
                     survey->all->counts[i]);
    }
    return patterns;
}
