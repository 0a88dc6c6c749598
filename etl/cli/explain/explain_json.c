#include "cli/explain/explain_show.h"
#include "cust360/base/json.h"

static double bits(int32_t weight)
{
    return (double)weight / WEIGHT_ONE;
}

static void put_value(const struct explain *explain, struct json_writer *json, const char *key,
                      const char *attribute, struct slice value)
{
    struct buffer text = BUFFER_EMPTY;
    if (slice_is_empty(value)) {
        json_null(json, key);
        return;
    }
    words_value(explain, &text, attribute, value);
    json_text(json, key, buffer_slice(&text));
    buffer_release(&text);
}

static void put_record(const struct explain *explain, struct json_writer *json, const char *key,
                       uint32_t number)
{
    const struct explain_record *record = &explain->records[number];
    json_object_begin(json, key);
    json_text(json, "source", record->source);
    json_text(json, "key", record->key);
    json_text(json, "golden_id", slice_of(words_golden(explain, record->golden)));
    put_value(explain, json, "name", "name", record->name);
    json_text(json, "file", record->file);
    json_integer(json, "line", record->line);
    json_object_end(json);
}

static void put_sentences(struct json_writer *json, const char *const *sentences, size_t count)
{
    json_array_begin(json, "sentences");
    for (size_t i = 0; i < count; i++)
        json_text(json, NULL, slice_of(sentences[i]));
    json_array_end(json);
}

static void put_evidence(const struct explain *explain, struct json_writer *json, const char *key,
                         const struct match_evidence *evidence, size_t count)
{
    json_array_begin(json, key);
    for (size_t i = 0; i < count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "attribute", slice_of(evidence[i].attribute));
        put_value(explain, json, "a", evidence[i].attribute, evidence[i].a);
        put_value(explain, json, "b", evidence[i].attribute, evidence[i].b);
        json_boolean(json, "a_shared_widely", evidence[i].a_ignored);
        json_boolean(json, "b_shared_widely", evidence[i].b_ignored);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_level(struct json_writer *json, const struct match_part *part)
{
    json_object_begin(json, "shares");
    json_number(json, "one_customer", part->match);
    json_number(json, "strangers", part->stranger);
    json_number(json, "relatives", part->relative);
    json_object_end(json);
    json_object_begin(json, "frequencies");
    for (size_t i = 0; i < part->frequency_count; i++)
        json_number(json, part->frequencies[i].attribute, part->frequencies[i].share);
    json_object_end(json);
    json_number(json, "frequency_adjustment", bits(part->adjustment));
    json_number(json, "repeated", bits(part->repeated));
}

static void put_part(const struct explain *explain, struct json_writer *json,
                     const struct explain_pair *pair, const struct match_part *part)
{
    static const char *const silences[] = {[MATCH_SPEAKS] = NULL,
                                           [MATCH_UNKNOWN] = "unknown",
                                           [MATCH_INCONCLUSIVE] = "inconclusive",
                                           [MATCH_IMPLIED] = "implied"};
    json_object_begin(json, NULL);
    json_text(json, "comparison", slice_of(part->comparison));
    json_optional(json, "level", part->level);
    json_optional(json, "silent", silences[part->silence]);
    json_optional(json, "implied_by", part->implied_by);
    json_number(json, "against_stranger", bits(part->against_stranger));
    json_number(json, "against_relative", bits(part->against_relative));
    if (part->level)
        put_level(json, part);
    put_evidence(explain, json, "values", part->evidence, part->evidence_count);
    json_text(json, "sentence", slice_of(words_part(explain, pair, part)));
    json_object_end(json);
}

static void put_hard_rules(struct json_writer *json, const struct match_pair_detail *detail)
{
    json_array_begin(json, "hard_rules");
    for (size_t i = 0; i < detail->hard_rule_count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "verdict", slice_of(words_verdict(detail->hard_rules[i].verdict)));
        json_text(json, "reason", slice_of(detail->hard_rules[i].reason));
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_keys(const struct explain *explain, struct json_writer *json,
                     const struct match_pair_detail *detail)
{
    json_array_begin(json, "keys");
    for (size_t i = 0; i < detail->key_count; i++) {
        const struct match_key *key = &detail->keys[i];
        json_object_begin(json, NULL);
        json_text(json, "rule", slice_of(key->rule));
        json_boolean(json, "shared", key->shared);
        if (key->shared)
            json_integer(json, "records", key->records);
        put_evidence(explain, json, "missing", key->missing, key->missing_count);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_path(const struct explain *explain, struct json_writer *json,
                     const struct explain_pair *pair)
{
    json_array_begin(json, "path");
    for (size_t i = 0; i < pair->path_count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "a", slice_of(words_record(explain, pair->path[i].a)));
        json_text(json, "b", slice_of(words_record(explain, pair->path[i].b)));
        json_number(json, "weight", bits(pair->path[i].weight));
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_sums(struct json_writer *json, const struct explain_pair *pair)
{
    const struct match_pair_detail *detail = &pair->detail;
    json_number(json, "weight", bits(pair->weight));
    json_object_begin(json, "prior");
    json_number(json, "against_stranger", bits(detail->prior_stranger));
    json_number(json, "against_relative", bits(detail->prior_relative));
    json_object_end(json);
    json_object_begin(json, "sum");
    json_number(json, "against_stranger", bits(detail->stranger));
    json_number(json, "against_relative", bits(detail->relative));
    json_object_end(json);
    json_boolean(json, "has_relatives", detail->has_relatives);
}

static void put_pair(const struct explain *explain, struct json_writer *json,
                     const struct explain_pair *pair)
{
    const struct match_pair_detail *detail = &pair->detail;
    json_object_begin(json, NULL);
    put_record(explain, json, "a", pair->a);
    put_record(explain, json, "b", pair->b);
    json_boolean(json, "same_customer", pair->same_customer);
    json_text(json, "outcome", slice_of(pair->outcome));
    json_boolean(json, "compared", pair->compared);
    put_sentences(json, pair->sentences, pair->sentence_count);
    put_sums(json, pair);
    json_array_begin(json, "comparisons");
    for (size_t i = 0; i < detail->part_count; i++)
        put_part(explain, json, pair, &detail->parts[i]);
    json_array_end(json);
    put_hard_rules(json, detail);
    put_keys(explain, json, detail);
    put_path(explain, json, pair);
    json_object_end(json);
}

static void put_others(const struct explain_view *view, struct json_writer *json)
{
    json_array_begin(json, "others");
    for (size_t i = view->shown; i < view->pair_count; i++) {
        const struct explain_pair *pair = &view->pairs[i];
        json_object_begin(json, NULL);
        json_text(json, "a", slice_of(words_record(view->explain, pair->a)));
        json_text(json, "b", slice_of(words_record(view->explain, pair->b)));
        json_number(json, "weight", bits(pair->weight));
        json_boolean(json, "same_customer", pair->same_customer);
        json_object_end(json);
    }
    json_array_end(json);
}

/* ---- a cluster ---- */

static void put_links(const struct explain *explain, struct json_writer *json,
                      const struct explain_cluster *cluster)
{
    json_array_begin(json, "links");
    for (size_t i = 0; i < cluster->graph.link_count; i++) {
        const struct graph_link *link = &cluster->graph.links[i];
        uint32_t a = cluster->members[link->a];
        uint32_t b = cluster->members[link->b];
        json_object_begin(json, NULL);
        json_text(json, "a", slice_of(words_record(explain, a)));
        json_text(json, "b", slice_of(words_record(explain, b)));
        json_number(json, "weight", bits(link->weight));
        json_number(json, "weight_now",
                    bits(match_scene_weight(explain->scene, explain->records[a].scene,
                                            explain->records[b].scene)));
        json_boolean(json, "bridge", link->is_bridge);
        json_boolean(json, "strongest_tree", link->in_tree);
        json_boolean(json, "weakest", i == cluster->weakest);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_questions(const struct explain *explain, struct json_writer *json,
                          const struct explain_cluster *cluster)
{
    json_array_begin(json, "possible_matches");
    for (size_t i = 0; i < cluster->question_count; i++) {
        const struct explain_question *question = &cluster->questions[i];
        json_object_begin(json, NULL);
        json_text(json, "own", slice_of(words_record(explain, question->own)));
        put_record(explain, json, "other", question->other);
        json_number(json, "weight", bits(question->link->weight));
        json_optional(json, "reason", question->link->reason);
        json_text(json, "outcome", slice_of(question->outcome));
        json_text(json, "sentence", slice_of(question->sentence));
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_cluster(const struct explain *explain, struct json_writer *json,
                        const struct explain_cluster *cluster)
{
    json_text(json, "golden_id", slice_of(words_golden(explain, cluster->golden)));
    put_sentences(json, cluster->sentences, cluster->sentence_count);
    json_array_begin(json, "records");
    for (uint32_t i = 0; i < cluster->graph.node_count; i++)
        put_record(explain, json, NULL, cluster->members[i]);
    json_array_end(json);
    put_links(explain, json, cluster);
    json_array_begin(json, "cut_off");
    for (uint32_t i = 0; i < cluster->graph.node_count; i++)
        if (cluster->cut_off[i])
            json_text(json, NULL, slice_of(words_record(explain, cluster->members[i])));
    json_array_end(json);
    put_questions(explain, json, cluster);
}

void explain_write_json(const struct explain_view *view, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    struct match_thresholds thresholds = match_rules_thresholds(view->explain->rules);
    json_object_begin(&json, NULL);
    json_object_begin(&json, "thresholds");
    json_number(&json, "merge", bits(thresholds.merge));
    json_number(&json, "review", bits(thresholds.review));
    json_number(&json, "average", bits(thresholds.average));
    json_object_end(&json);
    if (view->cluster) {
        put_cluster(view->explain, &json, view->cluster);
    } else {
        json_array_begin(&json, "pairs");
        for (size_t i = 0; i < view->shown; i++)
            put_pair(view->explain, &json, &view->pairs[i]);
        json_array_end(&json);
        put_others(view, &json);
    }
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}
