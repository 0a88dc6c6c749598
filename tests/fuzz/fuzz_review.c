/* Any bytes as a request to the stewards' page: a line "METHOD TARGET", headers "Name: value", an
 * empty line, a body. The bytes 1 to 6 stand for what cannot be guessed: cookies and proofs of a
 * steward and a viewer, a printed token, our host.
 *
 * Promised: there is always a whole answer; a change is made only by a POST for our host, from our
 * origin, with a steward's cookie and its proof; whoever has no cookie is told nothing personal; a
 * token that was not printed opens nothing. */
#include "support.h"

#include "review/serve/web.h"
#include "review/serve/web_fields.h"

#include <stdio.h>
#include <string.h>

#define HOST   "127.0.0.1:7360"
#define SECRET "13812345678"

enum { COOKIE = 1, PROOF, VIEWERS_COOKIE, VIEWERS_PROOF, TOKEN, OUR_HOST, STANDINS };

struct fuzzed {
    struct arena *arena;
    struct web_site *site;
    const char *standins[STANDINS];
    int reads;
    int changes;
};

static enum web_outcome read_secret(void *context, const struct web_call *call, struct error *error)
{
    struct fuzzed *fuzzed = context;
    (void)error;
    fuzzed->reads++;
    require(call->steward != NULL);
    buffer_append_text(call->json, SECRET);
    return WEB_DONE;
}

static enum web_outcome change(void *context, const struct web_call *call, struct error *error)
{
    struct fuzzed *fuzzed = context;
    fuzzed->changes++;
    require(call->may_change);
    if (web_field_value(call->fields, "fail").length > 0) {
        error_set(error, EXIT_FAILED, "decided by another");
        return WEB_CONFLICT;
    }
    buffer_append_text(call->json, "{}");
    return WEB_DONE;
}

static const struct web_route routes[] = {{"/api/read", WEB_READ, read_secret},
                                          {"/api/note", WEB_NOTE, read_secret},
                                          {"/api/change", WEB_CHANGE, change},
                                          {NULL, WEB_READ, NULL}};

static void ask(const struct fuzzed *fuzzed, const struct web_request *request,
                struct web_response *response, struct buffer *body)
{
    *response = (struct web_response){.body = body, .arena = fuzzed->arena};
    buffer_clear(body);
    web_answer(fuzzed->site, request, response);
}

/* Opens a printed address; keeps cookie and proof. */
static void sign_in(struct fuzzed *fuzzed, size_t steward, int cookie)
{
    size_t count = 0;
    struct buffer body = BUFFER_EMPTY;
    struct web_response response;
    struct web_field headers[] = {{SLICE("Host"), SLICE(HOST)}, {SLICE("Cookie"), {NULL, 0}}};
    const char *token = web_site_stewards(fuzzed->site, &count)[steward].token;
    struct web_request request = {.method = SLICE("GET"),
                                  .target =
                                      slice_of(arena_format(fuzzed->arena, "/?token=%s", token)),
                                  .headers = {headers, 1},
                                  .now_s = 1};
    ask(fuzzed, &request, &response, &body);
    require(response.cookie != NULL);
    fuzzed->standins[cookie] =
        arena_format(fuzzed->arena, "%.*s", (int)strcspn(response.cookie, ";"), response.cookie);
    headers[1].value = slice_of(fuzzed->standins[cookie]);
    request.headers.count = 2;
    request.target = SLICE("/api/session");
    ask(fuzzed, &request, &response, &body);
    const char *proof = strstr(body.data, "\"proof\":\"");
    require(proof != NULL);
    fuzzed->standins[cookie + 1] =
        arena_format(fuzzed->arena, "%.64s", proof + strlen("\"proof\":\""));
    buffer_release(&body);
}

static void open_site(struct fuzzed *fuzzed)
{
    static const char *const hosts[] = {HOST, NULL};
    static const struct web_steward stewards[] = {
        {"steward", true, ""}, {"viewer", false, ""}, {"another", true, ""}};
    struct error error;
    size_t count = 0;
    *fuzzed = (struct fuzzed){.arena = arena_create()};
    fuzzed->site = web_site_create(
        &(struct web_site_options){"http", hosts, stewards, 3, routes, fuzzed}, &error);
    require(fuzzed->site != NULL);
    sign_in(fuzzed, 0, COOKIE);
    sign_in(fuzzed, 1, VIEWERS_COOKIE);
    fuzzed->standins[TOKEN] = web_site_stewards(fuzzed->site, &count)[2].token;
    fuzzed->standins[OUR_HOST] = HOST;
}

/* The input with what the stand-ins stand for. */
static struct slice spell_out(const struct fuzzed *fuzzed, const uint8_t *bytes, size_t count)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] >= COOKIE && bytes[i] < STANDINS)
            buffer_append_text(&text, fuzzed->standins[bytes[i]]);
        else
            buffer_append_byte(&text, (char)bytes[i]);
    }
    struct slice spelled = arena_copy(fuzzed->arena, buffer_slice(&text));
    buffer_release(&text);
    return spelled;
}

static struct slice cut_until(struct slice *rest, char end)
{
    const char *found = rest->length ? memchr(rest->data, end, rest->length) : NULL;
    size_t length = found ? (size_t)(found - rest->data) : rest->length;
    struct slice part = slice_cut(*rest, 0, length);
    *rest = slice_cut(*rest, found ? length + 1 : length, rest->length);
    return part;
}

static struct slice only_header(const struct web_request *request, const char *name)
{
    struct slice value;
    return web_header(request->headers, name, &value) ? value : slice_make(NULL, 0);
}

static bool is_meant(const struct fuzzed *fuzzed, const struct web_request *request)
{
    return slice_equal(request->method, SLICE("POST")) &&
           web_name_equal(only_header(request, "Host"), HOST) &&
           slice_find(only_header(request, "Origin"), SLICE("http://127.0.0.1:7360")) == 0 &&
           slice_find(only_header(request, "Cookie"), slice_of(fuzzed->standins[COOKIE])) >= 0 &&
           slice_equal(only_header(request, "X-Proof"), slice_of(fuzzed->standins[PROOF]));
}

static bool has_a_cookie(const struct fuzzed *fuzzed, const struct web_request *request)
{
    struct slice cookie = only_header(request, "Cookie");
    return slice_find(cookie, slice_of(fuzzed->standins[COOKIE])) >= 0 ||
           slice_find(cookie, slice_of(fuzzed->standins[VIEWERS_COOKIE])) >= 0;
}

static void check(const struct fuzzed *fuzzed, const struct web_request *request, bool had_token,
                  const struct web_response *response)
{
    struct slice body = buffer_slice(response->body);
    require(response->status >= 200 && response->status <= 599 && response->content_type &&
            response->policy);
    require(fuzzed->changes == 0 || is_meant(fuzzed, request));
    require(has_a_cookie(fuzzed, request) ||
            (fuzzed->reads == 0 && slice_find(body, SLICE(SECRET)) < 0));
    require(!response->cookie || had_token || has_a_cookie(fuzzed, request));
    require(slice_find(body, slice_of(fuzzed->standins[COOKIE])) < 0);
}

static void answer(const struct fuzzed *fuzzed, struct slice text)
{
    struct web_field headers[WEB_HEADERS_MAX + 1];
    struct buffer body = BUFFER_EMPTY;
    struct web_response response;
    struct web_request request = {.now_s = 2};
    bool had_token = slice_find(text, slice_of(fuzzed->standins[TOKEN])) >= 0;
    struct slice first = cut_until(&text, '\n');
    request.method = cut_until(&first, ' ');
    request.target = first;
    while (text.length > 0 && request.headers.count <= WEB_HEADERS_MAX) {
        struct slice line = cut_until(&text, '\n');
        if (line.length == 0)
            break;
        headers[request.headers.count].name = cut_until(&line, ':');
        headers[request.headers.count++].value = slice_trim(line);
    }
    request.headers.items = headers;
    request.body_too_large = text.length > WEB_BODY_BYTES_MAX;
    request.body = request.body_too_large ? slice_make(NULL, 0) : text;
    ask(fuzzed, &request, &response, &body);
    check(fuzzed, &request, had_token, &response);
    buffer_release(&body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzzed fuzzed;
    open_site(&fuzzed);
    answer(&fuzzed, spell_out(&fuzzed, bytes, count));
    web_site_destroy(fuzzed.site);
    arena_destroy(fuzzed.arena);
    return 0;
}
