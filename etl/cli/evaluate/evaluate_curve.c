#include "cli/evaluate.h"
#include "cust360/base/memory.h"

/* Whole bits around the thresholds of match.yaml, the merge threshold itself among them. */
enum { BITS_BELOW = 10, BITS_ABOVE = 25, FINE_STEPS = 8 };

struct tracing {
    struct evaluating *work;
    struct curve_point *points;
    int32_t merge;
    bool keep_cluster;
};

/* Records that the state does not have stand for themselves, as in the run's own evaluation. */
static void evaluate_clusters(const struct evaluating *work, const uint32_t *cluster,
                              struct evaluation *evaluation)
{
    uint32_t count = work->truth.record_count;
    uint32_t alone = UINT32_MAX;
    uint32_t *found = memory_resize_array(NULL, (size_t)count + 1, sizeof(*found));
    for (uint32_t i = 0; i < count; i++)
        found[i] = work->scene_of[i] == SCENE_NONE ? alone-- : cluster[work->scene_of[i]];
    evaluate_partition(work->truth.entity, found, count, evaluation);
    memory_free(found);
}

static void take_clusters(void *context, size_t threshold, const uint32_t *cluster)
{
    struct tracing *tracing = context;
    struct curve_point *point = &tracing->points[threshold];
    evaluate_clusters(tracing->work, cluster, &point->evaluation);
    if (tracing->keep_cluster && point->threshold == tracing->merge && tracing->work->scene_count)
        memcpy(tracing->work->cluster, cluster,
               tracing->work->scene_count * sizeof(*tracing->work->cluster));
}

static uint64_t trace(struct tracing *tracing, size_t count)
{
    struct evaluating *work = tracing->work;
    int32_t thresholds[CURVE_MOST];
    for (size_t i = 0; i < count; i++)
        thresholds[i] = tracing->points[i].threshold;
    const struct match_curve curve = {thresholds, count, work->decisions, work->decision_count,
                                      work->threads};
    const struct match_curve_taker taker = {take_clusters, tracing};
    return match_scene_curve(work->scene, &curve, &taker);
}

static void add_point(struct evaluating *work, int32_t threshold)
{
    if (work->curve_count < CURVE_MOST)
        work->curve[work->curve_count++].threshold = threshold;
}

static void set_points(struct evaluating *work)
{
    struct match_thresholds thresholds = match_rules_thresholds(work->rules);
    int32_t first = (thresholds.review < thresholds.merge ? thresholds.review : thresholds.merge) -
                    BITS_BELOW * WEIGHT_ONE;
    int32_t last = thresholds.merge + BITS_ABOVE * WEIGHT_ONE;
    bool has_merge = false;
    for (int32_t at = first; at <= last; at += WEIGHT_ONE) {
        if (!has_merge && at > thresholds.merge)
            add_point(work, thresholds.merge);
        has_merge |= at >= thresholds.merge;
        add_point(work, at);
    }
}

/* ---- the threshold for a precision ---- */

static double precision_of(const struct curve_point *point)
{
    return point->evaluation.pairwise.precision;
}

/* Between a point that is not precise enough and the next one, which is. */
static void refine(struct evaluating *work, struct curve_wish *wish, int32_t below, int32_t above)
{
    struct curve_point points[FINE_STEPS];
    struct tracing tracing = {.work = work, .points = points};
    size_t count = 0;
    for (int i = 1; i < FINE_STEPS; i++)
        points[count++].threshold = below + (above - below) * i / FINE_STEPS;
    trace(&tracing, count);
    while (count > 0 && precision_of(&points[count - 1]) >= wish->precision)
        wish->point = points[--count];
}

static void grant(struct evaluating *work, struct curve_wish *wish)
{
    size_t lowest = work->curve_count;
    while (lowest > 0 && precision_of(&work->curve[lowest - 1]) >= wish->precision)
        lowest--;
    wish->met = lowest < work->curve_count;
    if (!wish->met) {
        wish->point = work->curve[0];
        for (size_t i = 1; i < work->curve_count; i++)
            if (precision_of(&work->curve[i]) > precision_of(&wish->point))
                wish->point = work->curve[i];
        return;
    }
    wish->point = work->curve[lowest];
    if (lowest > 0)
        refine(work, wish, work->curve[lowest - 1].threshold, work->curve[lowest].threshold);
}

void evaluate_curve(struct evaluating *work)
{
    struct tracing tracing = {.work = work,
                              .points = work->curve,
                              .merge = match_rules_thresholds(work->rules).merge,
                              .keep_cluster = true};
    set_points(work);
    work->pairs_compared = trace(&tracing, work->curve_count);
    for (size_t i = 0; i < work->wish_count; i++)
        grant(work, &work->wishes[i]);
}
