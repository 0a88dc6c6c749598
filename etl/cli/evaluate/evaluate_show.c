#include "cli/evaluate.h"
#include "cust360/base/json.h"
#include "cust360/base/listing.h"

static double bits(int32_t weight)
{
    return (double)weight / WEIGHT_ONE;
}

/* ---- JSON ---- */

static void put_agreement(struct json_writer *json, const struct agreement *agreement)
{
    json_number(json, "precision", agreement->precision);
    json_number(json, "recall", agreement->recall);
    json_number(json, "f1", agreement->f1);
}

static void put_partition(const struct evaluating *work, struct json_writer *json)
{
    const struct evaluation *partition = &work->partition;
    json_integer(json, "records", work->truth.record_count);
    json_integer(json, "records_missing", work->missing);
    json_object_begin(json, "pairwise");
    put_agreement(json, &partition->pairwise);
    json_integer(json, "true_pairs", (int64_t)partition->true_pairs);
    json_integer(json, "found_pairs", (int64_t)partition->found_pairs);
    json_object_end(json);
    json_object_begin(json, "bcubed");
    put_agreement(json, &partition->bcubed);
    json_object_end(json);
    json_object_begin(json, "clusters");
    json_integer(json, "true", (int64_t)partition->true_clusters);
    json_integer(json, "found", (int64_t)partition->found_clusters);
    json_integer(json, "exact", (int64_t)partition->exact_clusters);
    json_integer(json, "over_merged", (int64_t)partition->over_merged);
    json_integer(json, "split", (int64_t)partition->split);
    json_object_end(json);
    if (work->score_count) {
        json_object_begin(json, "golden");
        for (size_t i = 0; i < work->score_count; i++)
            json_number(json, work->scores[i].attribute, golden_score_share(&work->scores[i]));
        json_object_end(json);
    }
}

static void put_point(struct json_writer *json, const struct curve_point *point)
{
    json_number(json, "threshold", bits(point->threshold));
    put_agreement(json, &point->evaluation.pairwise);
    json_integer(json, "found_pairs", (int64_t)point->evaluation.found_pairs);
    json_integer(json, "over_merged", (int64_t)point->evaluation.over_merged);
}

static void put_curve(const struct evaluating *work, struct json_writer *json)
{
    json_number(json, "merge_threshold", bits(match_rules_thresholds(work->rules).merge));
    json_array_begin(json, "curve");
    for (size_t i = 0; i < work->curve_count; i++) {
        json_object_begin(json, NULL);
        put_point(json, &work->curve[i]);
        json_object_end(json);
    }
    json_array_end(json);
    json_array_begin(json, "wished_precision");
    for (size_t i = 0; i < work->wish_count; i++) {
        json_object_begin(json, NULL);
        json_number(json, "wished", work->wishes[i].precision);
        json_boolean(json, "met", work->wishes[i].met);
        put_point(json, &work->wishes[i].point);
        json_object_end(json);
    }
    json_array_end(json);
}

static void put_example(struct json_writer *json, const struct cause_example *example)
{
    json_object_begin(json, NULL);
    json_text(json, "a", slice_of(example->a));
    json_text(json, "b", slice_of(example->b));
    json_number(json, "weight", bits(example->weight));
    json_text(json, "values_masked", slice_of(example->text));
    json_object_end(json);
}

static void put_causes(struct json_writer *json, const char *key, const struct cause_list *list)
{
    json_object_begin(json, key);
    json_integer(json, "pairs", (int64_t)list->pairs);
    json_array_begin(json, "causes");
    for (size_t i = 0; i < list->count; i++) {
        const struct cause *cause = &list->causes[i];
        json_object_begin(json, NULL);
        json_text(json, "cause", slice_of(cause->name));
        json_text(json, "detail", slice_of(cause->detail));
        json_integer(json, "pairs", (int64_t)cause->pairs);
        json_array_begin(json, "examples");
        for (size_t j = 0; j < cause->example_count; j++)
            put_example(json, &cause->examples[j]);
        json_array_end(json);
        json_object_end(json);
    }
    json_array_end(json);
    json_object_end(json);
}

static void put_proposals(const struct evaluating *work, struct json_writer *json)
{
    json_array_begin(json, "keys_that_would_have_found");
    for (size_t i = 0; i < work->proposal_count; i++) {
        json_object_begin(json, NULL);
        json_text(json, "key", slice_of(work->proposals[i].name));
        json_integer(json, "missed_pairs", (int64_t)work->proposals[i].found);
        json_integer(json, "pairs_to_compare", (int64_t)work->proposals[i].pairs);
        json_object_end(json);
    }
    json_array_end(json);
}

void evaluate_write_json(const struct evaluating *work, struct buffer *text)
{
    struct json_writer json = JSON_WRITER(text);
    json_object_begin(&json, NULL);
    put_partition(work, &json);
    if (work->scene) {
        put_curve(work, &json);
        put_causes(&json, "missed", &work->missed);
        put_causes(&json, "falsely_merged", &work->merged);
        put_proposals(work, &json);
    }
    json_object_end(&json);
    buffer_append_byte(text, '\n');
}

/* ---- text ---- */

static void write_partition(const struct evaluating *work, struct buffer *text)
{
    const struct evaluation *partition = &work->partition;
    buffer_format(text, "pairwise  precision %.5f  recall %.5f  f1 %.5f  (%llu true, %llu found)\n",
                  partition->pairwise.precision, partition->pairwise.recall, partition->pairwise.f1,
                  (unsigned long long)partition->true_pairs,
                  (unsigned long long)partition->found_pairs);
    buffer_format(text, "bcubed    precision %.5f  recall %.5f  f1 %.5f\n",
                  partition->bcubed.precision, partition->bcubed.recall, partition->bcubed.f1);
    buffer_format(
        text, "clusters  %llu true  %llu found  %llu exact  %llu over-merged  %llu split\n",
        (unsigned long long)partition->true_clusters, (unsigned long long)partition->found_clusters,
        (unsigned long long)partition->exact_clusters, (unsigned long long)partition->over_merged,
        (unsigned long long)partition->split);
    for (size_t i = 0; i < work->score_count; i++)
        buffer_format(text, "golden    %-14s %.4f  (%llu of %llu)\n", work->scores[i].attribute,
                      golden_score_share(&work->scores[i]),
                      (unsigned long long)work->scores[i].right,
                      (unsigned long long)work->scores[i].known);
    buffer_format(text, "records   %u in the truth, %u of them not in the state\n",
                  work->truth.record_count, work->missing);
}

static void add_number(struct listing *listing, int decimals, double number)
{
    struct buffer cell = BUFFER_EMPTY;
    buffer_format(&cell, "%.*f", decimals, number);
    listing_text(listing, buffer_slice(&cell));
    buffer_release(&cell);
}

static void write_curve(const struct evaluating *work, struct buffer *text)
{
    static const struct listing_column columns[] = {{"merge from", LISTING_RIGHT, 0},
                                                    {"precision", LISTING_RIGHT, 0},
                                                    {"recall", LISTING_RIGHT, 0},
                                                    {"f1", LISTING_RIGHT, 0},
                                                    {"pairs", LISTING_RIGHT, 0},
                                                    {"over-merged", LISTING_RIGHT, 0},
                                                    {"", LISTING_LEFT, 0}};
    struct listing *listing = listing_create(columns, 7);
    int32_t merge = match_rules_thresholds(work->rules).merge;
    for (size_t i = 0; i < work->curve_count; i++) {
        const struct curve_point *point = &work->curve[i];
        listing_row(listing);
        add_number(listing, 1, bits(point->threshold));
        add_number(listing, 5, point->evaluation.pairwise.precision);
        add_number(listing, 5, point->evaluation.pairwise.recall);
        add_number(listing, 5, point->evaluation.pairwise.f1);
        listing_number(listing, point->evaluation.found_pairs);
        listing_number(listing, point->evaluation.over_merged);
        listing_text(listing, point->threshold == merge ? SLICE("as in match.yaml") : SLICE(""));
    }
    buffer_append_text(text, "\nThresholds in bits, all else as it is\n");
    listing_write(listing, 2, text);
    listing_destroy(listing);
}

static void write_wishes(const struct evaluating *work, struct buffer *text)
{
    for (size_t i = 0; i < work->wish_count; i++) {
        const struct curve_wish *wish = &work->wishes[i];
        const struct agreement *got = &wish->point.evaluation.pairwise;
        if (wish->met)
            buffer_format(text, "  precision %g: merge from %+.2f bits (recall %.5f)\n",
                          wish->precision, bits(wish->point.threshold), got->recall);
        else
            buffer_format(text,
                          "  precision %g is not reached; the highest is %.5f, from %+.2f bits"
                          " (recall %.5f)\n",
                          wish->precision, got->precision, bits(wish->point.threshold),
                          got->recall);
    }
}

static void write_causes(const char *title, const struct cause_list *list, struct buffer *text)
{
    static const struct listing_column columns[] = {
        {"pairs", LISTING_RIGHT, 0}, {"cause", LISTING_LEFT, 0}, {"what", LISTING_LEFT, 0}};
    buffer_format(text, "\n%s (%llu)\n", title, (unsigned long long)list->pairs);
    struct listing *listing = listing_create(columns, 3);
    struct buffer cell = BUFFER_EMPTY;
    for (size_t i = 0; i < list->count; i++) {
        const struct cause *cause = &list->causes[i];
        listing_row(listing);
        listing_number(listing, cause->pairs);
        buffer_clear(&cell);
        for (const char *at = cause->name; *at; at++)
            buffer_append_byte(&cell, *at == '_' ? ' ' : *at);
        listing_text(listing, buffer_slice(&cell));
        listing_text(listing, slice_of(cause->detail));
        for (size_t j = 0; j < cause->example_count; j++) {
            const struct cause_example *example = &cause->examples[j];
            listing_row(listing);
            listing_text(listing, SLICE(""));
            listing_text(listing, SLICE(""));
            buffer_clear(&cell);
            buffer_format(&cell, "  %s %s %+.1f  %s", example->a, example->b, bits(example->weight),
                          example->text);
            listing_text(listing, buffer_slice(&cell));
        }
    }
    if (list->count)
        listing_write(listing, 2, text);
    buffer_release(&cell);
    listing_destroy(listing);
}

static void write_proposals(const struct evaluating *work, struct buffer *text)
{
    static const struct listing_column columns[] = {{"blocking key", LISTING_LEFT, 0},
                                                    {"missed pairs", LISTING_RIGHT, 0},
                                                    {"pairs to compare", LISTING_RIGHT, 0}};
    struct listing *listing = listing_create(columns, 3);
    for (size_t i = 0; i < work->proposal_count; i++) {
        listing_row(listing);
        listing_text(listing, slice_of(work->proposals[i].name));
        listing_number(listing, work->proposals[i].found);
        listing_number(listing, work->proposals[i].pairs);
    }
    if (work->proposal_count) {
        buffer_append_text(text, "\nKeys that would have brought pairs together that were never "
                                 "compared\n");
        listing_write(listing, 2, text);
        buffer_append_text(text, "  compared now: ");
        number_append(text, work->pairs_compared);
        buffer_append_byte(text, '\n');
    }
    listing_destroy(listing);
}

void evaluate_write_text(const struct evaluating *work, struct buffer *text)
{
    write_partition(work, text);
    if (!work->scene)
        return;
    write_curve(work, text);
    write_wishes(work, text);
    write_causes("Pairs of one customer that were not found", &work->missed, text);
    write_proposals(work, text);
    write_causes("Pairs that were merged and are two customers", &work->merged, text);
}
