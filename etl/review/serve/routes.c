#include "routes.h"
#include "cust360/base/text.h"
#include "cust360/review_json.h"
#include "page_mask.h"
#include "routes_fields.h"

/* Each action reads its fields, asks the session and writes its answer as JSON. Personal values are
 * masked in all of them but `reveal` and `preview_whole`, which are noted before anything is told.
 */

enum {
    QUEUE_MOST = 100,
    QUEUE_DEFAULT = 30,
    OFFSET_MOST = 10000000,
    DECISIONS_MOST = 50,
    HITS_MOST = 50,
    SPLIT_MOST = 1000,
    VALUE_BYTES_MOST = 1000
};

static bool choice_field(const struct web_call *call, const char *name, int64_t most, int *choice)
{
    int64_t number = *choice;
    bool read = route_number(call, name, most, &number);
    *choice = (int)number;
    return read;
}

/* ---- the queue ---- */

static bool read_filter(const struct web_call *call, struct review_filter *filter)
{
    struct slice kind = web_field_value(call->fields, "kind");
    struct slice status = web_field_value(call->fields, "status");
    *filter = (struct review_filter)REVIEW_FILTER_ALL;
    filter->source = route_text(call, "source");
    filter->mine = route_text(call, "mine") ? call->steward : NULL;
    filter->flagged = route_text(call, "flagged") != NULL;
    filter->who = call->steward;
    if (kind.length > 0) {
        filter->kind = (int)review_kind_find(kind);
        if (filter->kind == REVIEW_KINDS)
            return false;
    }
    if (status.length > 0) {
        filter->status = 0;
        while (
            filter->status < REVIEW_STATUSES &&
            !slice_equal(status, slice_of(review_status_name((enum review_status)filter->status))))
            filter->status++;
        if (filter->status == REVIEW_STATUSES)
            return false;
    }
    return choice_field(call, "band", 3, &filter->band) &&
           choice_field(call, "stake", 3, &filter->stake) &&
           choice_field(call, "age", 3, &filter->age);
}

static enum web_outcome list_queue(void *context, const struct web_call *call, struct error *error)
{
    struct review_filter filter;
    struct review_page page;
    int64_t offset = 0;
    int64_t limit = QUEUE_DEFAULT;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!read_filter(call, &filter) || !route_number(call, "offset", OFFSET_MOST, &offset) ||
        !route_number(call, "limit", QUEUE_MOST, &limit))
        return route_unclear(error, "of the filter");
    if (!review_queue(context, &filter, (size_t)offset, (size_t)limit, call->arena, &page, error))
        return route_outcome(error, WEB_FAILED);
    review_json_page(&json, NULL, &page);
    return WEB_DONE;
}

static enum web_outcome claim(void *context, const struct web_call *call, struct error *error)
{
    struct review_filter filter;
    struct review_page page;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!read_filter(call, &filter))
        return route_unclear(error, "of the filter");
    if (!review_claim(context, call->steward, &filter, call->arena, &page, error))
        return route_outcome(error, WEB_FAILED);
    review_json_page(&json, NULL, &page);
    return WEB_DONE;
}

static enum web_outcome release(void *context, const struct web_call *call, struct error *error)
{
    if (!review_release(context, call->steward, route_text(call, "key"), error))
        return route_outcome(error, WEB_FAILED);
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static enum web_outcome tell_stats(void *context, const struct web_call *call, struct error *error)
{
    struct review_stats stats;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!review_stats(context, call->arena, &stats, error))
        return route_outcome(error, WEB_FAILED);
    review_json_stats(&json, NULL, &stats);
    return WEB_DONE;
}

/* ---- one case ---- */

static enum web_outcome write_case(void *context, const struct web_call *call, const char *key,
                                   bool mask, struct error *error)
{
    struct review_case found;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!key)
        return route_unclear(error, "key");
    if (!review_case(context, key, call->arena, &found, error))
        return route_outcome(error, WEB_MISSING);
    review_json_case(&json, NULL, &found, mask);
    return WEB_DONE;
}

static enum web_outcome tell_case(void *context, const struct web_call *call, struct error *error)
{
    return write_case(context, call, route_text(call, "key"), true, error);
}

/* Record ids with commas between. */
static bool read_split(const struct web_call *call, struct review_verdict *verdict)
{
    struct slice text = web_field_value(call->fields, "split");
    int64_t *ids = arena_allocate_array(call->arena, SPLIT_MOST, sizeof(*ids));
    verdict->split = ids;
    while (text.length > 0) {
        const char *comma = memchr(text.data, ',', text.length);
        size_t length = comma ? (size_t)(comma - text.data) : text.length;
        if (verdict->split_count == SPLIT_MOST ||
            !text_to_integer(slice_cut(text, 0, length), &ids[verdict->split_count]))
            return false;
        verdict->split_count++;
        text = slice_cut(text, comma ? length + 1 : length, text.length);
    }
    return true;
}

static bool read_verdict(const struct web_call *call, struct review_verdict *verdict)
{
    struct slice value = web_field_value(call->fields, "value");
    *verdict = (struct review_verdict){
        .key = route_text(call, "key"),
        .seen = route_text(call, "seen"),
        .who = call->steward,
        .word = review_word_find(web_field_value(call->fields, "word")),
        .comment = route_text(call, "comment"),
        .attribute = route_text(call, "attribute"),
        .value = arena_text(call->arena, value),
        .until = route_text(call, "until"),
    };
    return verdict->key && verdict->word != REVIEW_WORDS && read_split(call, verdict) &&
           value.length <= VALUE_BYTES_MOST &&
           web_field_value(call->fields, "comment").length <= ROUTE_COMMENT_BYTES_MOST;
}

/* "The value of record N": the page has it masked only, and need not show it to have it taken. */
static bool take_from(void *context, const struct web_call *call, struct review_verdict *verdict,
                      struct error *error)
{
    struct review_case found;
    int64_t record = 0;
    if (verdict->word != REVIEW_TAKE || !route_text(call, "record"))
        return true;
    if (!text_to_integer(web_field_value(call->fields, "record"), &record) || !verdict->attribute)
        return error_set(error, EXIT_USAGE, "a record's value needs its number and its attribute");
    if (!review_case(context, verdict->key, call->arena, &found, error))
        return false;
    for (size_t i = 0; i < found.field_count; i++)
        for (size_t j = 0; j < found.record_count; j++)
            if (strcmp(found.fields[i].name, verdict->attribute) == 0 &&
                found.records[j].record_id == record && *found.fields[i].cells[j].value) {
                verdict->value = found.fields[i].cells[j].value;
                return true;
            }
    return error_set(error, EXIT_USAGE, "that record of this case has no value of that field");
}

static bool is_personal(const struct review_case *found, const char *column)
{
    for (size_t i = 0; i < found->field_count; i++)
        if (strcmp(found->fields[i].name, column) == 0)
            return found->fields[i].personal;
    return true;
}

static void mask_goldens(struct arena *arena, struct review_golden *goldens, size_t count,
                         size_t column)
{
    for (size_t i = 0; i < count; i++)
        if (goldens[i].values[column] && *goldens[i].values[column])
            goldens[i].values[column] =
                arena_text(arena, text_mask(arena, slice_of(goldens[i].values[column])));
}

/* Only what is personal: that somebody is a person, or of which sex, may be seen. */
static bool mask_preview(void *context, const struct web_call *call, const char *key,
                         struct review_preview *shown, struct error *error)
{
    struct review_case found;
    if (!review_case(context, key, call->arena, &found, error))
        return false;
    for (size_t i = 0; i < shown->column_count; i++) {
        if (!is_personal(&found, shown->columns[i]))
            continue;
        mask_goldens(call->arena, shown->before, shown->before_count, i);
        mask_goldens(call->arena, shown->after, shown->after_count, i);
    }
    return true;
}

static enum web_outcome write_preview(void *context, const struct web_call *call, bool mask,
                                      struct error *error)
{
    struct review_verdict verdict;
    struct review_preview shown;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!read_verdict(call, &verdict))
        return route_unclear(error, "of the verdict");
    if (!mask && !review_revealed(context, call->steward,
                                  arena_format(call->arena, "case %s", verdict.key), error))
        return route_outcome(error, WEB_FAILED);
    if (!take_from(context, call, &verdict, error) ||
        !review_preview(context, &verdict, call->arena, &shown, error) ||
        (mask && !mask_preview(context, call, verdict.key, &shown, error)))
        return route_outcome(error, WEB_MISSING);
    review_json_preview(&json, NULL, &shown, false);
    return WEB_DONE;
}

static enum web_outcome preview(void *context, const struct web_call *call, struct error *error)
{
    return write_preview(context, call, true, error);
}

static enum web_outcome preview_whole(void *context, const struct web_call *call,
                                      struct error *error)
{
    return write_preview(context, call, false, error);
}

/* A verdict from the page says what was seen, so that nobody is overruled unseen. */
static enum web_outcome decide(void *context, const struct web_call *call, struct error *error)
{
    struct review_verdict verdict;
    struct review_answer answer;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!read_verdict(call, &verdict))
        return route_unclear(error, "of the verdict");
    if (!verdict.seen)
        return route_unclear(error, "seen");
    if (!take_from(context, call, &verdict, error) ||
        !review_decide(context, &verdict, call->arena, &answer, error))
        return route_outcome(error, WEB_FAILED);
    review_json_answer(&json, NULL, &answer);
    return WEB_DONE;
}

static enum web_outcome undo(void *context, const struct web_call *call, struct error *error)
{
    struct review_answer answer;
    int64_t decision_id = 0;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!route_number(call, "decision", INT64_MAX, &decision_id) || decision_id == 0)
        return route_unclear(error, "decision");
    if (!review_undo(context, call->steward, decision_id, call->arena, &answer, error))
        return route_outcome(error, WEB_MISSING);
    review_json_answer(&json, NULL, &answer);
    return WEB_DONE;
}

static enum web_outcome flag(void *context, const struct web_call *call, struct error *error)
{
    const char *key = route_text(call, "key");
    if (!key)
        return route_unclear(error, "key");
    if (!review_flag(context, call->steward, key, route_text(call, "on") != NULL, error))
        return route_outcome(error, WEB_FAILED);
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static enum web_outcome dismiss(void *context, const struct web_call *call, struct error *error)
{
    int64_t waiting_id = 0;
    if (!route_number(call, "failure", INT64_MAX, &waiting_id) || waiting_id == 0)
        return route_unclear(error, "failure");
    if (!review_dismiss(context, waiting_id, error))
        return route_outcome(error, WEB_MISSING);
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

/* Begins; how it ends stands in the figures. */
static enum web_outcome publish(void *context, const struct web_call *call, struct error *error)
{
    bool begun = false;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!review_publish(context, &begun, error))
        return route_outcome(error, WEB_FAILED);
    json_object_begin(&json, NULL);
    json_boolean(&json, "begun", begun);
    json_object_end(&json);
    return WEB_DONE;
}

static enum web_outcome list_decisions(void *context, const struct web_call *call,
                                       struct error *error)
{
    struct review_decision *decisions;
    size_t count = 0;
    struct review_decisions_asked asked = {
        .who = route_text(call, "mine") ? call->steward : NULL,
        .in_force = route_text(call, "in_force") != NULL,
        .limit = DECISIONS_MOST,
    };
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!route_number(call, "before", INT64_MAX, &asked.before))
        return route_unclear(error, "before");
    if (!review_decisions(context, &asked, call->arena, &decisions, &count, error))
        return route_outcome(error, WEB_FAILED);
    review_json_decisions(&json, NULL, decisions, count, true);
    return WEB_DONE;
}

/* ---- customers ---- */

static enum web_outcome search(void *context, const struct web_call *call, struct error *error)
{
    struct review_hit *hits;
    size_t count = 0;
    struct slice typed = slice_trim(web_field_value(call->fields, "q"));
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (typed.length == 0 || typed.length > VALUE_BYTES_MOST)
        return route_unclear(error, "q");
    if (!review_search(context, typed, HITS_MOST, call->arena, &hits, &count, error))
        return route_outcome(error, WEB_FAILED);
    review_json_hits(&json, NULL, hits, count, true);
    return WEB_DONE;
}

static enum web_outcome write_customer(void *context, const struct web_call *call, const char *id,
                                       bool mask, struct error *error)
{
    struct review_customer customer;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!id)
        return route_unclear(error, "id");
    if (!review_customer(context, id, call->arena, &customer, error))
        return route_outcome(error, WEB_MISSING);
    json_object_begin(&json, NULL);
    review_json_customer(&json, "customer", &customer, mask);
    buffer_append_text(call->json, ",\"page\":");
    if (!customer.page || !*customer.page)
        buffer_append_text(call->json, "null");
    else if (mask)
        page_mask(review_model(context), slice_of(customer.page), call->json);
    else
        buffer_append_text(call->json, customer.page);
    json_object_end(&json);
    return WEB_DONE;
}

static enum web_outcome tell_customer(void *context, const struct web_call *call,
                                      struct error *error)
{
    return write_customer(context, call, route_text(call, "id"), true, error);
}

/* Whole values: first it is noted who asked for them, then they are told. */
static enum web_outcome reveal(void *context, const struct web_call *call, struct error *error)
{
    const char *key = route_text(call, "key");
    const char *id = route_text(call, "id");
    if (!key == !id)
        return route_unclear(error, "key or id");
    const char *what =
        arena_format(call->arena, "%s %s", key ? "case" : "customer", key ? key : id);
    if (!review_revealed(context, call->steward, what, error))
        return route_outcome(error, WEB_FAILED);
    return key ? write_case(context, call, key, false, error)
               : write_customer(context, call, id, false, error);
}

const struct web_route review_routes[] = {
    {"/api/queue", WEB_READ, list_queue},
    {"/api/stats", WEB_READ, tell_stats},
    {"/api/case", WEB_READ, tell_case},
    {"/api/preview", WEB_READ, preview},
    {"/api/decisions", WEB_READ, list_decisions},
    {"/api/search", WEB_READ, search},
    {"/api/customer", WEB_READ, tell_customer},
    {"/api/reveal", WEB_NOTE, reveal},
    {"/api/preview_whole", WEB_NOTE, preview_whole},
    {"/api/claim", WEB_CHANGE, claim},
    {"/api/release", WEB_CHANGE, release},
    {"/api/decide", WEB_CHANGE, decide},
    {"/api/undo", WEB_CHANGE, undo},
    {"/api/dismiss", WEB_CHANGE, dismiss},
    {"/api/flag", WEB_CHANGE, flag},
    {"/api/publish", WEB_CHANGE, publish},
    {"/api/alike", WEB_CHANGE, route_alike},
    {"/api/look", WEB_READ, route_look},
    {"/api/decide_bulk", WEB_CHANGE, route_decide_bulk},
    {"/api/undo_bulk", WEB_CHANGE, route_undo_bulk},
    {NULL, WEB_READ, NULL},
};
