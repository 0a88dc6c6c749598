#include "visitor.h"

#include "review/serve/web_fields.h"

#include <string.h>

#define HOST "127.0.0.1:7360"

static void answer(struct visit *visit, const struct web_request *request)
{
    visit->response = (struct web_response){.body = &visit->body, .arena = visit->arena};
    buffer_clear(&visit->body);
    web_answer(visit->site, request, &visit->response);
}

/* Opens a printed address; keeps cookie and proof. */
static void sign_in(struct visit *visit, size_t steward, int cookie)
{
    size_t count = 0;
    struct web_field headers[] = {{SLICE("Host"), SLICE(HOST)}, {SLICE("Cookie"), {NULL, 0}}};
    const char *token = web_site_stewards(visit->site, &count)[steward].token;
    struct web_request request = {.method = SLICE("GET"),
                                  .target =
                                      slice_of(arena_format(visit->arena, "/?token=%s", token)),
                                  .headers = {headers, 1},
                                  .now_s = 1};
    answer(visit, &request);
    const char *given = visit->response.cookie;
    require(given != NULL);
    visit->standins[cookie] = arena_format(visit->arena, "%.*s", (int)strcspn(given, ";"), given);
    headers[1].value = slice_of(visit->standins[cookie]);
    request.headers.count = 2;
    request.target = SLICE("/api/session");
    answer(visit, &request);
    const char *proof = strstr(visit->body.data, "\"proof\":\"");
    require(proof != NULL);
    visit->standins[cookie + 1] =
        arena_format(visit->arena, "%.64s", proof + strlen("\"proof\":\""));
}

void visit_open(struct visit *visit, const struct web_route *routes, void *context)
{
    static const char *const hosts[] = {HOST, NULL};
    static const struct web_steward stewards[] = {
        {"steward", true, ""}, {"viewer", false, ""}, {"another", true, ""}};
    struct error error;
    size_t count = 0;
    *visit = (struct visit){.arena = arena_create()};
    visit->site = web_site_create(
        &(struct web_site_options){"http", hosts, stewards, 3, routes, context}, &error);
    require(visit->site != NULL);
    sign_in(visit, 0, COOKIE);
    sign_in(visit, 1, VIEWERS_COOKIE);
    visit->standins[TOKEN] = web_site_stewards(visit->site, &count)[2].token;
    visit->standins[OUR_HOST] = HOST;
}

void visit_close(struct visit *visit)
{
    buffer_release(&visit->body);
    web_site_destroy(visit->site);
    arena_destroy(visit->arena);
}

struct slice visit_spell_out(const struct visit *visit, const uint8_t *bytes, size_t count)
{
    struct buffer text = BUFFER_EMPTY;
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] > 0 && bytes[i] <= VISIT_STANDINS_MOST && visit->standins[bytes[i]])
            buffer_append_text(&text, visit->standins[bytes[i]]);
        else
            buffer_append_byte(&text, (char)bytes[i]);
    }
    struct slice spelled = arena_copy(visit->arena, buffer_slice(&text));
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

/* A message may quote what was asked for, and so the cookie of whoever has sent it there as well.
 */
static bool tells_cookie(const struct visit *visit)
{
    struct slice cookie = slice_of(visit->standins[COOKIE]);
    return slice_find(buffer_slice(&visit->body), cookie) >= 0 &&
           slice_find(visit->request.target, cookie) < 0 &&
           slice_find(visit->request.body, cookie) < 0;
}

void visit_ask(struct visit *visit, struct slice text)
{
    struct web_request *request = &visit->request;
    struct slice first = cut_until(&text, '\n');
    *request = (struct web_request){.now_s = 2};
    request->method = cut_until(&first, ' ');
    request->target = first;
    while (text.length > 0 && request->headers.count <= WEB_HEADERS_MAX) {
        struct slice line = cut_until(&text, '\n');
        if (line.length == 0)
            break;
        struct web_field *header = &visit->headers[request->headers.count++];
        header->name = cut_until(&line, ':');
        header->value = slice_trim(line);
    }
    request->headers.items = visit->headers;
    request->body_too_large = text.length > WEB_BODY_BYTES_MAX;
    request->body = request->body_too_large ? slice_make(NULL, 0) : text;
    answer(visit, request);
    require(visit->response.status >= 200 && visit->response.status <= 599 &&
            visit->response.content_type && visit->response.policy);
    require(!tells_cookie(visit));
}

/* ---- what it was ---- */

static struct slice only_header(const struct web_request *request, const char *name)
{
    struct slice value;
    return web_header(request->headers, name, &value) ? value : slice_make(NULL, 0);
}

static bool is_with(const struct visit *visit, int cookie)
{
    const struct web_request *request = &visit->request;
    return slice_equal(request->method, SLICE("POST")) &&
           web_name_equal(only_header(request, "Host"), HOST) &&
           slice_find(only_header(request, "Origin"), SLICE("http://" HOST)) == 0 &&
           slice_find(only_header(request, "Cookie"), slice_of(visit->standins[cookie])) >= 0 &&
           slice_equal(only_header(request, "X-Proof"), slice_of(visit->standins[cookie + 1]));
}

bool visit_is_stewards(const struct visit *visit)
{
    return is_with(visit, COOKIE);
}

bool visit_is_somebodys(const struct visit *visit)
{
    return is_with(visit, COOKIE) || is_with(visit, VIEWERS_COOKIE);
}

bool visit_has_cookie(const struct visit *visit)
{
    struct slice cookie = only_header(&visit->request, "Cookie");
    return slice_find(cookie, slice_of(visit->standins[COOKIE])) >= 0 ||
           slice_find(cookie, slice_of(visit->standins[VIEWERS_COOKIE])) >= 0;
}
