#include "cli/explain/explain_show.h"

#include <stdarg.h>
#include <stdlib.h>

enum { SENTENCES_MOST = 16 };

/* ---- the pairs ---- */

static bool is_meant(const struct explain_record *record, const struct explain_target *target)
{
    return target->record_id ? record->record_id == target->record_id
                             : record->golden == target->golden;
}

static int compare_pairs(const void *left, const void *right)
{
    const struct explain_pair *x = left;
    const struct explain_pair *y = right;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

struct explain_pair *explain_list_pairs(const struct explain *explain,
                                        const struct explain_target *a,
                                        const struct explain_target *b, size_t *count)
{
    size_t a_count = 0;
    size_t b_count = 0;
    for (uint32_t i = 0; i < explain->record_count; i++) {
        a_count += is_meant(&explain->records[i], a);
        b_count += is_meant(&explain->records[i], b);
    }
    struct explain_pair *pairs =
        arena_allocate_array(explain->arena, a_count * b_count + 1, sizeof(*pairs));
    *count = 0;
    for (uint32_t i = 0; i < explain->record_count; i++)
        for (uint32_t j = 0; j < explain->record_count; j++) {
            const struct explain_record *x = &explain->records[i];
            const struct explain_record *y = &explain->records[j];
            if (i == j || !is_meant(x, a) || !is_meant(y, b))
                continue;
            pairs[(*count)++] = (struct explain_pair){
                .a = i,
                .b = j,
                .weight = match_scene_weight(explain->scene, x->scene, y->scene),
                .same_customer = x->golden == y->golden};
        }
    qsort(pairs, *count, sizeof(*pairs), compare_pairs);
    return pairs;
}

/* ---- sentences ---- */

static void say(const struct explain *explain, struct explain_pair *pair, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(const struct explain *explain, struct explain_pair *pair, const char *format, ...)
{
    va_list arguments;
    if (pair->sentence_count == SENTENCES_MOST)
        return;
    va_start(arguments, format);
    pair->sentences[pair->sentence_count++] = arena_format_list(explain->arena, format, arguments);
    va_end(arguments);
}

static const char *probability_text(const struct explain *explain, int32_t weight)
{
    struct buffer text = BUFFER_EMPTY;
    words_probability(&text, weight);
    const char *copy = arena_text(explain->arena, buffer_slice(&text));
    buffer_release(&text);
    return copy;
}

static void say_sum(const struct explain *explain, struct explain_pair *pair)
{
    const struct match_pair_detail *detail = &pair->detail;
    if (detail->has_relatives)
        say(explain, pair,
            "The sums are %s bits against strangers and %s against relatives; the smaller counts:"
            " %s bits, a probability of %s.",
            words_bits_text(explain, detail->stranger), words_bits_text(explain, detail->relative),
            words_bits_text(explain, detail->weight), probability_text(explain, detail->weight));
    else
        say(explain, pair, "The sum is %s bits, a probability of %s.",
            words_bits_text(explain, detail->weight), probability_text(explain, detail->weight));
}

/* ---- blocking keys ---- */

static const char *join_shared_keys(const struct explain *explain, const struct explain_pair *pair)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < pair->detail.key_count; i++)
        if (pair->detail.keys[i].shared)
            buffer_format(&text, "%s%s", text.length ? ", " : "", pair->detail.keys[i].rule);
    const char *joined = arena_text(explain->arena, buffer_slice(&text));
    buffer_release(&text);
    return joined;
}

static void append_missing(const struct explain *explain, const struct explain_pair *pair,
                           const struct match_key *key, struct buffer *text)
{
    for (size_t i = 0; i < key->missing_count; i++) {
        const struct match_evidence *missing = &key->missing[i];
        bool a_known = missing->a.length > 0;
        bool b_known = missing->b.length > 0;
        buffer_format(text, "%sthe %s ", i ? ", " : "", missing->attribute);
        if (a_known && b_known)
            buffer_append_text(text, "differs");
        else if (missing->a_ignored || missing->b_ignored)
            buffer_append_text(text, "is shared too widely");
        else
            buffer_format(text, "is not known of %s",
                          a_known   ? words_record(explain, pair->b)
                          : b_known ? words_record(explain, pair->a)
                                    : "either");
    }
}

/* The rules that only just miss: first those of which all other keys are shared, else those of one
 * key that is not known. */
static bool is_near(const struct match_key *key, bool shares_others)
{
    if (key->shared || key->missing_count != 1)
        return false;
    if (shares_others)
        return key->attribute_count > 1;
    return key->attribute_count == 1 &&
           (key->missing[0].a.length == 0) != (key->missing[0].b.length == 0);
}

static size_t say_near_keys(const struct explain *explain, struct explain_pair *pair,
                            bool shares_others)
{
    enum { NEAR_MOST = 4 };
    size_t said = 0;
    for (size_t i = 0; i < pair->detail.key_count && said < NEAR_MOST; i++) {
        const struct match_key *key = &pair->detail.keys[i];
        if (!is_near(key, shares_others))
            continue;
        struct buffer text = BUFFER_EMPTY;
        append_missing(explain, pair, key, &text);
        say(explain, pair, "The key \"%s\" would have brought them together, but %.*s.", key->rule,
            SLICE_ARGUMENTS(buffer_slice(&text)));
        buffer_release(&text);
        said++;
    }
    return said;
}

static void say_nearest_keys(const struct explain *explain, struct explain_pair *pair)
{
    if (say_near_keys(explain, pair, true) == 0)
        say_near_keys(explain, pair, false);
}

static void say_agreement(const struct explain *explain, struct explain_pair *pair)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < pair->detail.part_count; i++) {
        const struct match_part *part = &pair->detail.parts[i];
        if (part->level && part->against_stranger > WEIGHT_ONE)
            buffer_format(&text, "%s%s", text.length ? ", " : "", part->comparison);
    }
    if (text.length)
        say(explain, pair, "A key on what agrees would have found them: %.*s.",
            SLICE_ARGUMENTS(buffer_slice(&text)));
    buffer_release(&text);
}

static void say_not_compared(const struct explain *explain, struct explain_pair *pair)
{
    const char *shared = join_shared_keys(explain, pair);
    struct match_thresholds thresholds = match_rules_thresholds(explain->rules);
    uint32_t largest = 0;
    for (size_t i = 0; i < pair->detail.key_count; i++)
        if (pair->detail.keys[i].records > largest)
            largest = pair->detail.keys[i].records;
    if (*shared) {
        say(explain, pair,
            "They were never compared: they share %s, but up to %u records do, which are more than"
            " max_block (%zu) and are not all compared with each other.",
            shared, largest, thresholds.max_block);
        return;
    }
    say(explain, pair, "They were never compared: they share no blocking key.");
    say_nearest_keys(explain, pair);
    say_agreement(explain, pair);
}

static void say_keys(const struct explain *explain, struct explain_pair *pair)
{
    if (pair->compared)
        say(explain, pair, "They were compared because they share: %s.",
            join_shared_keys(explain, pair));
    else
        say_not_compared(explain, pair);
}

/* ---- one customer ---- */

/* The graph of a customer's links; nodes are places in `members`. */
static void fill_path(const struct explain *explain, struct explain_pair *pair)
{
    const size_t *links = NULL;
    struct graph graph = {.node_count = explain->record_count};
    graph.links =
        arena_allocate_array(explain->arena, explain->link_count + 1, sizeof(*graph.links));
    for (size_t i = 0; i < explain->link_count; i++)
        graph.links[graph.link_count++] = (struct graph_link){
            .a = explain->links[i].a, .b = explain->links[i].b, .weight = explain->links[i].weight};
    graph_analyze(&graph, explain->arena);
    pair->path_count = graph_path(&graph, pair->a, pair->b, explain->arena, &links);
    pair->path = arena_allocate_array(explain->arena, pair->path_count + 1, sizeof(*pair->path));
    uint32_t node = pair->a;
    for (size_t i = 0; i < pair->path_count; i++) {
        const struct explain_link *link = &explain->links[links[i]];
        pair->path[i] = *link;
        pair->path[i].a = node;
        pair->path[i].b = node = link->a == node ? link->b : link->a;
    }
}

static void say_path(const struct explain *explain, struct explain_pair *pair)
{
    struct buffer text = BUFFER_EMPTY;
    int32_t weakest = INT32_MAX;
    for (size_t i = 0; i < pair->path_count; i++) {
        const struct explain_link *link = &pair->path[i];
        buffer_format(&text, "%s (%s) %s", i ? "" : words_record(explain, link->a),
                      words_bits_text(explain, link->weight), words_record(explain, link->b));
        weakest = link->weight < weakest ? link->weight : weakest;
    }
    if (pair->path_count)
        say(explain, pair, "The strongest path between them: %.*s; its weakest link has %s bits.",
            SLICE_ARGUMENTS(buffer_slice(&text)), words_bits_text(explain, weakest));
    else
        say(explain, pair,
            "No path of links between them is left in the state; rules, model or"
            " decisions have changed since.");
    buffer_release(&text);
}

static void explain_together(const struct explain *explain, struct explain_pair *pair)
{
    const struct explain_link *link = explain_stored(explain, pair->a, pair->b);
    const char *id = words_golden(explain, explain->records[pair->a].golden);
    if (link) {
        pair->outcome = link->reason ? "merged_by_rule" : "merged";
        if (link->reason)
            say(explain, pair, "One customer (%s): %s.", id, link->reason);
        else
            say(explain, pair, "One customer (%s): merged directly, by their own weight.", id);
        return;
    }
    pair->outcome = "merged_through_others";
    say(explain, pair, "One customer (%s), but not by a link of their own.", id);
    fill_path(explain, pair);
    say_path(explain, pair);
}

/* ---- two customers ---- */

static const struct explain_decision *find_decision(const struct explain *explain, uint32_t a,
                                                    uint32_t b)
{
    for (size_t i = 0; i < explain->decision_count; i++) {
        const struct explain_decision *it = &explain->decisions[i];
        if ((it->a == a && it->b == b) || (it->a == b && it->b == a))
            return it;
    }
    return NULL;
}

static uint32_t of_scene(const struct explain *explain, uint32_t number)
{
    for (uint32_t i = 0; i < explain->record_count; i++)
        if (explain->records[i].scene == number)
            return i;
    return 0;
}

static size_t collect_side(const struct explain *explain, uint32_t golden, uint32_t **members)
{
    size_t count = 0;
    *members =
        arena_allocate_array(explain->arena, (size_t)explain->record_count + 1, sizeof(**members));
    for (uint32_t i = 0; i < explain->record_count; i++)
        if (explain->records[i].golden == golden)
            (*members)[count++] = explain->records[i].scene;
    return count;
}

static struct match_objection find_objection(const struct explain *explain,
                                             const struct explain_pair *pair)
{
    uint32_t *a = NULL;
    uint32_t *b = NULL;
    size_t a_count = collect_side(explain, explain->records[pair->a].golden, &a);
    size_t b_count = collect_side(explain, explain->records[pair->b].golden, &b);
    const struct match_sides sides = {a, a_count, b, b_count};
    return match_scene_object(explain->scene, &sides, explain->words, explain->decision_count);
}

static void say_decision(const struct explain *explain, struct explain_pair *pair,
                         const struct explain_decision *decision)
{
    say(explain, pair, "Two customers: %s has said%s%s that %s and %s are not the same.",
        *decision->who ? decision->who : "a steward", *decision->when ? " on " : "", decision->when,
        words_record(explain, decision->a), words_record(explain, decision->b));
}

/* The clusters as wholes: why a link between them does not join them. */
static void explain_clusters(const struct explain *explain, struct explain_pair *pair)
{
    struct match_objection objection = find_objection(explain, pair);
    uint32_t a = of_scene(explain, objection.a);
    uint32_t b = of_scene(explain, objection.b);
    const struct explain_decision *decision = find_decision(explain, a, b);
    pair->outcome = "held_apart";
    if (!objection.reason) {
        pair->outcome = "not_merged_yet";
        say(explain, pair,
            "Nothing speaks against merging them: rules, model or decisions have"
            " changed since the last run, and the next one joins them.");
    } else if (objection.kind == MATCH_BY_AVERAGE) {
        say(explain, pair,
            "Held apart: all records of the two customers taken together do not agree (%s bits on"
            " average).",
            words_bits_text(explain, objection.average));
    } else if (objection.kind == MATCH_BY_STEWARD && decision) {
        say_decision(explain, pair, decision);
    } else {
        say(explain, pair, "Held apart: one customer would hold both %s and %s: %s.",
            words_record(explain, a), words_record(explain, b), objection.reason);
    }
}

/* The comparison that takes most from the sum that counts. */
static const struct match_part *find_worst(const struct match_pair_detail *detail)
{
    bool by_relative = detail->has_relatives && detail->relative < detail->stranger;
    const struct match_part *worst = NULL;
    int32_t least = 0;
    for (size_t i = 0; i < detail->part_count; i++) {
        const struct match_part *part = &detail->parts[i];
        int32_t weight = by_relative ? part->against_relative : part->against_stranger;
        if (weight >= least)
            continue;
        least = weight;
        worst = part;
    }
    return worst;
}

static void say_shortfall(const struct explain *explain, struct explain_pair *pair, int32_t wanted)
{
    const struct match_part *worst = find_worst(&pair->detail);
    const char *lacking = words_bits_text(explain, wanted - pair->weight);
    struct buffer text = BUFFER_EMPTY;
    if (worst) {
        words_title(&text, worst);
        say(explain, pair, "%s bits are lacking; most was taken by: %.*s.", lacking + 1,
            SLICE_ARGUMENTS(buffer_slice(&text)));
    } else {
        say(explain, pair, "%s bits are lacking; nothing differs, but too little is known of both.",
            lacking + 1);
    }
    buffer_release(&text);
}

static void explain_weight(const struct explain *explain, struct explain_pair *pair)
{
    struct match_thresholds thresholds = match_rules_thresholds(explain->rules);
    if (!pair->compared) {
        pair->outcome = "not_compared";
        say(explain, pair, "Two customers: these two records were never compared.");
        if (pair->weight >= thresholds.merge)
            say(explain, pair, "Had they been compared, their weight would have merged them.");
    } else if (pair->weight < thresholds.review) {
        pair->outcome = "below_review";
        say(explain, pair, "Two customers: %s bits are below the %s from which a steward is asked.",
            words_bits_text(explain, pair->weight), words_bits_text(explain, thresholds.review));
        say_shortfall(explain, pair, thresholds.merge);
    } else if (pair->weight < thresholds.merge) {
        pair->outcome = "for_the_steward";
        say(explain, pair,
            "Two customers so far: %s bits are enough to ask a steward (from %s), but not to merge"
            " (from %s).",
            words_bits_text(explain, pair->weight), words_bits_text(explain, thresholds.review),
            words_bits_text(explain, thresholds.merge));
        say_shortfall(explain, pair, thresholds.merge);
    } else {
        explain_clusters(explain, pair);
    }
}

static void explain_apart(const struct explain *explain, struct explain_pair *pair)
{
    const struct explain_decision *decision = find_decision(explain, pair->a, pair->b);
    const struct match_pair_detail *detail = &pair->detail;
    if (decision && !decision->same) {
        pair->outcome = "parted_by_steward";
        say_decision(explain, pair, decision);
    } else if (detail->hard_rule_count && detail->hard_rules[0].verdict == MATCH_NEVER) {
        pair->outcome = "never";
        say(explain, pair, "Two customers, whatever else agrees: %s.",
            detail->hard_rules[0].reason);
    } else if (detail->hard_rule_count && detail->hard_rules[0].verdict == MATCH_ASK) {
        pair->outcome = "ask";
        say(explain, pair, "Two customers unless a steward joins them: %s.",
            detail->hard_rules[0].reason);
    } else if (detail->hard_rule_count && detail->hard_rules[0].verdict == MATCH_ALONE) {
        pair->outcome = "not_alone";
        say(explain, pair,
            "Two customers: %s. These two records alone are not enough, and no other of the two"
            " customers' records speaks for it.",
            detail->hard_rules[0].reason);
    } else {
        explain_weight(explain, pair);
    }
}

static void say_change(const struct explain *explain, struct explain_pair *pair)
{
    const struct explain_link *stored = explain_stored(explain, pair->a, pair->b);
    if (stored && stored->weight != pair->weight)
        say(explain, pair,
            "The last run gave them %s bits: rules, model or what is shared widely have changed"
            " since.",
            words_bits_text(explain, stored->weight));
}

void explain_pair_fill(const struct explain *explain, struct explain_pair *pair)
{
    const struct match_question question = {explain->records[pair->a].scene,
                                            explain->records[pair->b].scene};
    pair->sentences =
        arena_allocate_array(explain->arena, SENTENCES_MOST, sizeof(*pair->sentences));
    match_explain_pair(explain->scene, question.a, question.b, explain->arena, &pair->detail);
    match_explain_keys(explain->scene, explain->arena, &pair->detail);
    match_scene_compared(explain->scene, &question, 1, explain->threads, &pair->compared);
    if (pair->same_customer)
        explain_together(explain, pair);
    else
        explain_apart(explain, pair);
    say_sum(explain, pair);
    say_keys(explain, pair);
    say_change(explain, pair);
}
