#include "cust360/review_json.h"
#include "routes_fields.h"

#include <string.h>

/* One word on several cases. */

/* "KEY SEEN,KEY SEEN…": the cases, each as it was shown. */
static bool read_cases(const struct web_call *call, const struct review_verdict *common,
                       struct review_verdict *verdicts, size_t *count)
{
    enum { KEY_BYTES = REVIEW_KEY_BYTES - 1, CASE_BYTES = 2 * KEY_BYTES + 1 };
    struct slice text = web_field_value(call->fields, "cases");
    for (*count = 0; text.length >= CASE_BYTES && *count < ROUTE_BULK_MOST; (*count)++) {
        verdicts[*count] = *common;
        verdicts[*count].key = arena_text(call->arena, slice_cut(text, 0, KEY_BYTES));
        verdicts[*count].seen = arena_text(call->arena, slice_cut(text, KEY_BYTES + 1, CASE_BYTES));
        text = slice_cut(text, text.length > CASE_BYTES ? CASE_BYTES + 1 : CASE_BYTES, text.length);
    }
    return *count > 0 && text.length == 0;
}

/* Which of them stand in the way, and why; the error is told here, and so nowhere else. */
static enum web_outcome tell_refused(const struct web_call *call, const struct review_bulk *bulk,
                                     struct error *error)
{
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    json_object_begin(&json, NULL);
    json_object_begin(&json, "error");
    json_text(&json, "code", SLICE("conflict"));
    json_text(&json, "message", slice_of(error->message));
    json_object_end(&json);
    review_json_refusals(&json, "refused", bulk->refused, bulk->refused_count);
    json_object_end(&json);
    *error = (struct error){0};
    return WEB_CONFLICT;
}

enum web_outcome route_decide_bulk(void *context, const struct web_call *call, struct error *error)
{
    struct review_bulk bulk;
    size_t count = 0;
    struct review_verdict *verdicts =
        arena_allocate_array(call->arena, ROUTE_BULK_MOST, sizeof(*verdicts));
    const struct review_verdict common = {
        .who = call->steward,
        .word = review_word_find(web_field_value(call->fields, "word")),
        .comment = route_text(call, "comment"),
    };
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (common.word == REVIEW_WORDS || !read_cases(call, &common, verdicts, &count) ||
        web_field_value(call->fields, "comment").length > ROUTE_COMMENT_BYTES_MOST)
        return route_unclear(error, "of the verdict");
    if (!review_decide_bulk(context, verdicts, count, call->arena, &bulk, error))
        return bulk.refused_count ? tell_refused(call, &bulk, error)
                                  : route_outcome(error, WEB_FAILED);
    review_json_bulk(&json, NULL, &bulk);
    return WEB_DONE;
}

/* Those that another has taken meanwhile are not told. */
enum web_outcome route_alike(void *context, const struct web_call *call, struct error *error)
{
    struct review_page page;
    const char *key = route_text(call, "key");
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    size_t kept = 0;
    if (!key)
        return route_unclear(error, "key");
    if (!review_alike(context, call->steward, key, ROUTE_BULK_MOST, call->arena, &page, error))
        return route_outcome(error, WEB_MISSING);
    for (size_t i = 0; i < page.count; i++)
        if (strcmp(page.items[i].leased_by, call->steward) == 0)
            page.items[kept++] = page.items[i];
    page.count = page.total = kept;
    review_json_page(&json, NULL, &page);
    return WEB_DONE;
}

/* "KEY,KEY…": what has to be seen before one word is said on all of them. */
enum web_outcome route_look(void *context, const struct web_call *call, struct error *error)
{
    struct slice text = web_field_value(call->fields, "keys");
    struct review_glance *glances = NULL;
    const char *keys[ROUTE_BULK_MOST];
    size_t count = 0;
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    while (text.length > 0 && count < ROUTE_BULK_MOST) {
        const char *comma = memchr(text.data, ',', text.length);
        size_t length = comma ? (size_t)(comma - text.data) : text.length;
        keys[count++] = arena_text(call->arena, slice_cut(text, 0, length));
        text = slice_cut(text, comma ? length + 1 : length, text.length);
    }
    if (count == 0 || text.length > 0)
        return route_unclear(error, "keys");
    if (!review_glance_at(context, keys, count, call->arena, &glances, error))
        return route_outcome(error, WEB_MISSING);
    review_json_glances(&json, NULL, glances, count);
    return WEB_DONE;
}

enum web_outcome route_undo_bulk(void *context, const struct web_call *call, struct error *error)
{
    size_t count = 0;
    const char *token = route_text(call, "bulk");
    struct json_writer json = JSON_WRITER_COMPACT(call->json);
    if (!token)
        return route_unclear(error, "bulk");
    if (!review_undo_bulk(context, call->steward, token, call->arena, &count, error))
        return route_outcome(error, WEB_MISSING);
    json_object_begin(&json, NULL);
    json_integer(&json, "undone", (int64_t)count);
    json_object_end(&json);
    return WEB_DONE;
}
